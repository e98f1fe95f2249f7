"""Frames as videos are coded: brightness in full, both colours at half the size.

A video that is read, drawn on and written again need not become RGB on the way: two
conversions of every pixel are saved, and what is not drawn on stays as it
was. The layout is I420: one array (3 H / 2, W) uint8, H rows of brightness, below them
the two quarters of colour one after the other. H and W are even.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balance.video.hdr import coding_of
from balance.video.upright import SAYS_FULL, Display, RgbImage, pixels, turned

if TYPE_CHECKING:
    from av import VideoFrame

CodedImage = NDArray[np.uint8]
Plane = NDArray[np.uint8]

# What OpenCV converts by: ITU-R BT.601, brightness from 16 to 235.
BT601 = 6
# The values of a pixel without light, in the three planes.
NO_LIGHT = (16, 128, 128)


@dataclass(frozen=True, eq=False)
class CodedFrame:
    """One frame as `Frame`, as it is coded.

    ``coded`` may be drawn on: ``rgb`` is the frame as it was read. ``colours`` is
    the number of the colour matrix that it was coded by (2 where the video is silent).
    """

    index: int
    time_s: float
    coded: CodedImage
    as_rgb: Callable[[], RgbImage]
    colours: int = BT601

    @property
    def rgb(self) -> RgbImage:
        """The frame (H, W, 3), made anew each time."""
        return self.as_rgb()


def planes(coded: CodedImage) -> tuple[Plane, Plane, Plane]:
    """Brightness (H, W) and the two colours (H / 2, W / 2); none is a copy."""
    width, height = size_of(coded)
    half = height // 2, width // 2
    first, second = coded[height:].reshape(2, -1)
    return coded[:height], first.reshape(half), second.reshape(half)


def size_of(coded: CodedImage) -> tuple[int, int]:
    """Width and height of the image."""
    return coded.shape[1], coded.shape[0] * 2 // 3


@cache
def coded_colour(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """Brightness and the two colours of a colour."""
    coded = coded_from_rgb(np.full((2, 2, 3), rgb, np.uint8))
    first, second, third = (int(plane[0, 0]) for plane in planes(coded))
    return first, second, third


def coded_from_rgb(rgb: RgbImage) -> CodedImage:
    """Code a frame (H, W, 3); an odd last row or column is left out."""
    import cv2

    height, width = (length // 2 * 2 for length in rgb.shape[:2])
    coded = cv2.cvtColor(rgb[:height, :width], cv2.COLOR_RGB2YUV_I420)
    return np.asarray(coded, np.uint8)


def upright_coded(
    decoded: "VideoFrame", display: Display, mirrored: bool
) -> CodedImage | None:
    """Show a decoded frame as `upright` does; None where it must go by way of RGB."""
    stored = decoded.width, decoded.height
    if (
        decoded.format.name != "yuv420p"
        or decoded.color_range == SAYS_FULL
        or coding_of(decoded) is not None
        or stored != display.stored_size
        or any(length % 2 for length in stored)
    ):
        return None
    width, height = display.size_px
    coded = np.empty((height * 3 // 2, width), np.uint8)
    for plane, read in zip(planes(coded), decoded.planes, strict=True):
        plane[:] = turned(pixels(read), display, mirrored)
    return coded
