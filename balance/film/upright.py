"""How a decoded picture is to be shown: turned, unmirrored, with square pixels.

Phones store pictures as the sensor sees them and add a display matrix that says how
to turn them; some selfie recordings add a mirror image to it. Players follow it, so
it is followed here.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av import VideoFrame

RgbImage = NDArray[np.uint8]


def turn_deg(frame: "VideoFrame") -> int:
    """Clockwise turn (0, 90, 180, 270) that shows the picture upright."""
    return _turn_and_flip(frame)[0]


def displayed_size(frame: "VideoFrame", pixel_aspect: float = 1.0) -> tuple[int, int]:
    """Width and height in px after square pixels and the turn.

    ``pixel_aspect`` is the width of a stored pixel over its height.
    """
    width, height = round(frame.width * pixel_aspect), frame.height
    return (height, width) if turn_deg(frame) % 180 else (width, height)


def upright(frame: "VideoFrame", size: tuple[int, int], mirrored: bool) -> RgbImage:
    """Convert to RGB (H, W, 3): turned, unmirrored and of the size given.

    A stream may change its size on the way (a phone turned, a call adapting); all
    its pictures are brought to one size.
    """
    import cv2

    turn, flipped = _turn_and_flip(frame)
    width, height = size[::-1] if turn % 180 else size
    rgb: RgbImage = np.asarray(
        frame.to_ndarray(format="rgb24", width=width, height=height), np.uint8
    )
    if flipped:
        rgb = np.asarray(cv2.flip(rgb, 1), np.uint8)
    if turn:
        # Several times faster than numpy's rot90 made contiguous.
        rgb = np.asarray(cv2.rotate(rgb, turn // 90 - 1), np.uint8)
    if mirrored:
        rgb = np.asarray(cv2.flip(rgb, 1), np.uint8)
    return np.ascontiguousarray(rgb)


def _turn_and_flip(frame: "VideoFrame") -> tuple[int, bool]:
    """Read the display matrix: clockwise turn in degrees, after a left-right flip."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return 0, False
    matrix = np.frombuffer(bytes(data), np.int32).reshape(3, 3)  # type: ignore[call-overload]
    (a, b), (c, d) = matrix[:2, :2].astype(float)
    flipped = bool(a * d - b * c < 0)
    angle = np.degrees(np.arctan2(b, -a if flipped else a))
    return round(float(angle) / 90) % 4 * 90, flipped
