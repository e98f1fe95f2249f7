"""How a decoded frame is to be shown: turned, unmirrored, with square pixels.

Phones store frames as the sensor sees them and add a display matrix that says how
to turn them; some selfie recordings add a mirror image to it. Players follow it, so
it is followed here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balance.video.door import scaled_size
from balance.video.hdr import coding_of, in_ordinary_range

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.plane import VideoPlane
    from av.video.reformatter import VideoReformatter

RgbImage = NDArray[np.uint8]
GreyImage = NDArray[np.uint8]

# Formats whose first plane is brightness, eight bits a pixel: from 16 to 235
# unless the stream says otherwise, and always from 0 to 255.
_NARROW = frozenset({"yuv420p", "yuv422p", "yuv444p", "nv12", "nv21"})
_FULL = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "gray"})
SAYS_FULL = 2  # AVCOL_RANGE_JPEG
_NARROW_GAIN = 255 / 219


@dataclass(frozen=True, slots=True)
class Display:
    """How the frames of a stream are shown.

    ``size_px`` width and height after square pixels and the turn; ``turn_deg``
    clockwise (0, 90, 180, 270), after left and right were exchanged if ``flipped``;
    ``ignored_deg`` what the file asks for beyond that: players do not follow it.
    """

    size_px: tuple[int, int]
    turn_deg: int = 0
    flipped: bool = False
    ignored_deg: float = 0.0

    @classmethod
    def of(
        cls,
        frame: "VideoFrame",
        pixel_aspect: float = 1.0,
        before: "Display | None" = None,
    ) -> "Display":
        """Read it from one frame, for all that have the same ``rotation``.

        The frame stays in memory until garbage is collected, because it and its
        display matrix hold each other: asked of each frame, that is hundreds of MB.

        Parameters
        ----------
        pixel_aspect
            Width of a stored pixel over its height.
        before
            How the stream was shown so far: it keeps its size.
        """
        asked_deg, flipped = _turn_and_flip(frame)
        turn_deg = round(asked_deg / 90) % 4 * 90
        ignored_deg = (asked_deg - turn_deg + 180) % 360 - 180
        width = max(1, round(frame.width * pixel_aspect))
        stored = scaled_size((width, frame.height))
        size = before.size_px if before else _after(turn_deg, stored)
        return cls(size, turn_deg, flipped, ignored_deg)

    @property
    def stored_size(self) -> tuple[int, int]:
        """Width and height before the turn."""
        return _after(self.turn_deg, self.size_px)


def _after(turn_deg: int, size: tuple[int, int]) -> tuple[int, int]:
    return size[::-1] if turn_deg % 180 else size


def _turn_and_flip(frame: "VideoFrame") -> tuple[float, bool]:
    """Read the display matrix: clockwise turn in degrees, after a left-right flip."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return 0.0, False
    matrix = np.frombuffer(bytes(data), np.int32).reshape(3, 3)  # type: ignore[call-overload]
    (a, b), (c, d) = matrix[:2, :2].astype(float)
    flipped = bool(a * d - b * c < 0)
    # The first column is where the stored x axis goes, after the mirroring.
    angle = np.degrees(np.arctan2(-b, -a) if flipped else np.arctan2(b, a))
    return float(angle), flipped


def upright(
    frame: "VideoFrame",
    display: Display,
    mirrored: bool,
    converter: "VideoReformatter",
) -> RgbImage:
    """Convert to RGB (H, W, 3): turned, unmirrored and of the size given.

    A stream may change its size on the way (a phone turned, a call adapting); all
    its frames are brought to one size. ``converter`` is kept from frame to
    frame: a new one starts threads of its own, and takes three times as long.
    """
    width, height = display.stored_size
    if (frame.width, frame.height) != (width, height):
        # Scaled to 572 px of RGB the program died in FFmpeg (exit 139): widths that
        # its vector code fills whole, and the rest by OpenCV.
        width = -(-width // 64) * 64
    shown = converter.reformat(frame, width, height, "rgb24", threads=1)
    rgb = in_ordinary_range(np.asarray(shown.to_ndarray(), np.uint8), frame)
    return turned(_sized(rgb, display), display, mirrored)


def _sized(image: NDArray[np.uint8], display: Display) -> NDArray[np.uint8]:
    import cv2

    width, height = display.stored_size
    if image.shape[:2] == (height, width):
        return image
    return np.asarray(cv2.resize(image, (width, height)), np.uint8)


def upright_grey(
    frame: "VideoFrame", display: Display, mirrored: bool
) -> tuple[GreyImage, float]:
    """Return its brightness (H, W) as it was coded, shown as `upright` does.

    A coded frame keeps it apart from its colours, so this costs far less than RGB.
    The number is how many grey levels, 0 black to 255 white, one level of it is.
    """
    import cv2

    name = frame.format.name
    if name in _NARROW | _FULL and coding_of(frame) is None:
        grey = pixels(frame.planes[0])
        is_full = name in _FULL or frame.color_range == SAYS_FULL
        gain = 1.0 if is_full else _NARROW_GAIN
    else:
        rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
        rgb = in_ordinary_range(rgb, frame)
        grey, gain = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8), 1.0
    return turned(_sized(grey, display), display, mirrored), gain


def pixels(plane: "VideoPlane") -> NDArray[np.uint8]:
    """(H, W) values of one plane of eight bits; no copy."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def turned(
    image: NDArray[np.uint8], display: Display, mirrored: bool
) -> NDArray[np.uint8]:
    """Turn and unmirror a frame (H, W) or (H, W, 3), or one plane of it."""
    import cv2

    if display.flipped:
        image = np.asarray(cv2.flip(image, 1), np.uint8)
    if display.turn_deg:
        # Several times faster than numpy's rot90 made contiguous.
        image = np.asarray(cv2.rotate(image, display.turn_deg // 90 - 1), np.uint8)
    if mirrored:
        image = np.asarray(cv2.flip(image, 1), np.uint8)
    return np.ascontiguousarray(image)
