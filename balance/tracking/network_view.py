"""What of a frame the pose network is shown: made smaller, or one part at a time."""

import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]

# The network looks at the person in 256 x 256 px. A frame whose shorter side stays
# above this when divided tells it nothing more, but its mask costs by the area.
LARGE_ENOUGH_PX = 360
# The library ends the whole process when it hands out the mask of another width.
WIDTH_STEP_PX = 4

# Width by height: the network sees a frame in a square, so in one that is wider people
# are too small for it. Parts of the second width show somebody whole.
WIDE, PART = 2.4, 1.4


def for_network(rgb: RgbImage) -> tuple[RgbImage, int]:
    """Return the frame as the network is to see it, and how much smaller.

    The number is how many px of the image, across and down, one of its px stands
    for: their mean. A rim on the right that repeats the last column makes the width
    one that the library can take; one of less than a px of the result is left off.
    """
    import cv2

    height, width = rgb.shape[:2]
    times = max(1, min(height, width) // LARGE_ENOUGH_PX)
    if times > 1:
        height, width = height // times, width // times
        rgb = rgb[: height * times, : width * times]
        small = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
        rgb = np.asarray(small, np.uint8)
    if missing := -width % WIDTH_STEP_PX:
        rim = cv2.copyMakeBorder(rgb, 0, 0, 0, missing, cv2.BORDER_REPLICATE)
        rgb = np.asarray(rim, np.uint8)
    return rgb, times


def part_width(rgb: RgbImage) -> int:
    """Return how many px of a frame are shown at a time: all but of a wide one."""
    height, width = rgb.shape[:2]
    return round(PART * height) if width > WIDE * height else int(width)


def parts_of(rgb: RgbImage) -> list[tuple[int, RgbImage]]:
    """Return parts of a very wide frame that overlap, each with its left edge (px)."""
    width, part = rgb.shape[1], part_width(rgb)
    if part == width:
        return []
    steps = int(np.ceil((width - part) / (part / 2)))
    lefts = np.linspace(0, width - part, steps + 1).astype(int).tolist()
    return [(left, np.ascontiguousarray(rgb[:, left : left + part])) for left in lefts]
