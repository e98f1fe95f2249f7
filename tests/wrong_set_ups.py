"""Frames of a person recorded wrongly, each in one way, made from a good clip."""

from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import av
import cv2
import numpy as np

Image = np.ndarray
Change = Callable[[Image], Image]

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "stand_left.mp4"
# A rendered person seen from the side.
SIDE_VIEW = Path(__file__).parent / "data" / "side_view.jpg"
# Standing on both feet: the first second of the sample, at the rate of a slow camera.
CALM_S, EVERY = 1.0, 3


def standing(path: Path = SAMPLE) -> list[Image]:
    """Return frames (H, W, 3) RGB of someone who stands still and well."""
    with av.open(str(path)) as video:
        rate_hz = float(video.streams.video[0].average_rate or 30)
        frames = islice(video.decode(video=0), int(CALM_S * rate_hz))
        return [f.to_ndarray(format="rgb24") for f in frames][::EVERY]


def to_and_fro(images: list[Image], count: int) -> list[Image]:
    """Return ``count`` frames, played forwards and backwards."""
    return list(islice(cycle([*images, *images[-2:0:-1]]), count))


def zoomed(times: float, about: tuple[float, float] = (0.5, 0.5)) -> Change:
    """Bring the person nearer (> 1) or farther (< 1), the wall going on all round."""

    def change(image: Image) -> Image:
        height, width = image.shape[:2]
        x, y = about[0] * width, about[1] * height
        return _warped(image, [[times, 0, x - times * x], [0, times, y - times * y]])

    return change


def shifted(right: float = 0.0, down: float = 0.0) -> Change:
    """Move the frame by shares of its sides."""

    def change(image: Image) -> Image:
        height, width = image.shape[:2]
        return _warped(image, [[1, 0, right * width], [0, 1, down * height]])

    return change


def tilted(degrees: float) -> Change:
    """Turn the camera about its axis."""

    def change(image: Image) -> Image:
        height, width = image.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.85)
        return _warped(image, turn)

    return change


def squeezed(share: float) -> Change:
    """Make everything narrower, as someone who is turned away looks."""

    def change(image: Image) -> Image:
        width = image.shape[1]
        return _warped(image, [[share, 0, (1 - share) * width / 2], [0, 1, 0]])

    return change


def from_the_side(_: Image) -> Image:
    """Return somebody seen from the side instead."""
    image = cv2.imread(str(SIDE_VIEW))
    assert image is not None
    return np.ascontiguousarray(image[:, :, ::-1])


def darker(times: float) -> Change:
    """Dim the light."""
    return lambda image: (image * times).astype(np.uint8)


def with_a_twin(image: Image) -> Image:
    """Put a second person, the mirror image of the first, beside them."""
    width = image.shape[1]
    middle = image[:, width // 4 : 3 * width // 4]
    return np.ascontiguousarray(np.hstack([middle, middle[:, ::-1]]))


def nobody(image: Image) -> Image:
    """Only the wall and the floor, as they are at the image's left edge."""
    width = image.shape[1]
    return np.ascontiguousarray(np.repeat(image[:, :8], width // 8, axis=1))


def _warped(image: Image, matrix: object) -> Image:
    height, width = image.shape[:2]
    return cv2.warpAffine(
        image,
        np.asarray(matrix, float),
        (width, height),
        borderMode=cv2.BORDER_REPLICATE,
    )
