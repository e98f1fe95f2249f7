"""What the frame round the person does: light, sharpness, cuts.

`SceneWatch` looks at each frame once, cheaply, on a small grey copy; `find_cuts`
decides afterwards, with the landmarks at hand.
"""

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from balance.model.recording import BoolArray, FloatArray, PoseSequence
from balance.tracking.subject import ENDS, TORSO, Body

# The whole frame is compared at this width, in px: coarse enough that a shaking
# camera and a moving person change little.
SMALL_WIDTH_PX = 64
# About so many of the image's lines are enough for that.
LINES = 180
# Sharpness is read with the body brought to this height in px, so that a small
# sharp person and a large one compare.
BODY_HEIGHT_PX = 256

# Correlation of one frame's structure with the last one's. Frames of one shot
# stay above 0.8 even with a light switched on; unrelated ones lie round 0.
OTHER_SCENE = 0.25
CHANGED_SCENE = 0.7
# A trunk moves at most so far between two frames, in body heights; and at most so
# fast, in heights/s (a sprinter makes 6). Beyond both it is another person or a cut.
JUMP_HEIGHTS = 0.25
JUMP_HEIGHTS_S = 4.0
# With the frame changed too, a smaller step of the trunk is enough.
STEP_HEIGHTS = 0.08


@dataclass(eq=False)
class SceneWatch:
    """Collects brightness, sharpness and likeness to the last frame."""

    luma: "array[float]" = field(default_factory=lambda: array("d"))
    sharpness: "array[float]" = field(default_factory=lambda: array("d"))
    likeness: "array[float]" = field(default_factory=lambda: array("d"))
    _last: FloatArray | None = None

    def see(
        self, rgb: NDArray[np.uint8], body: Body | None, *, closely: bool = True
    ) -> None:
        """Look at the next frame; its sharpness is read only ``closely``.

        Sharpness changes with focus and light, not from frame to frame, and
        takes as long to read as all the rest together.
        """
        grey = small_grey(rgb)
        self.luma.append(float(grey.mean()))
        structure = _structure(grey)
        self.likeness.append(_correlation(structure, self._last))
        self._last = structure
        read = sharpness(rgb, body) if closely and body is not None else float("nan")
        self.sharpness.append(read)

    def pass_by(self, rgb: NDArray[np.uint8]) -> None:
        """Take a frame only as the one that the next is compared with."""
        self._last = _structure(small_grey(rgb))

    def append(self, later: "SceneWatch") -> None:
        """Take on what was seen of the frames that follow."""
        self.luma += later.luma
        self.sharpness += later.sharpness
        self.likeness += later.likeness


def small_grey(rgb: NDArray[np.uint8]) -> FloatArray:
    """Return the whole frame in grey, 64 px wide."""
    import cv2

    height, width = rgb.shape[:2]
    small_height = max(8, round(SMALL_WIDTH_PX * height / width))
    lines = rgb[:: max(1, height // LINES)]
    small = cv2.resize(
        cv2.cvtColor(lines, cv2.COLOR_RGB2GRAY),
        (SMALL_WIDTH_PX, small_height),
        interpolation=cv2.INTER_AREA,
    )
    return np.asarray(small, np.float64)


def sharpness(rgb: NDArray[np.uint8], body: Body) -> float:
    """Variance of the Laplacian on the person, as a share of the grey variance.

    The body is brought to one height first, so that its size in the image does not
    count, and the share is free of light and contrast. NaN where the person is out of
    the frame.
    """
    import cv2

    size = np.array(rgb.shape[1::-1])
    low = np.clip(np.floor(body.xy_px.min(axis=0)), 0, size).astype(int)
    high = np.clip(np.ceil(body.xy_px.max(axis=0)), 0, size).astype(int)
    if np.any(high - low < 8):
        return float("nan")
    patch = cv2.cvtColor(
        np.ascontiguousarray(rgb[low[1] : high[1], low[0] : high[0]]),
        cv2.COLOR_RGB2GRAY,
    )
    scale = BODY_HEIGHT_PX / body.height_px
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = cv2.resize(patch, None, fx=scale, fy=scale, interpolation=method)
    edges = cv2.Laplacian(grey, cv2.CV_64F)
    return float(edges.var() / max(float(grey.var()), 1.0))


def _structure(grey: FloatArray) -> FloatArray:
    """Grey differences to the neighbourhood, free of light and its slow changes."""
    import cv2

    return grey - cv2.GaussianBlur(grey, (0, 0), 4.0)


def _correlation(now: FloatArray, last: FloatArray | None) -> float:
    """Likeness of two structures, 1 for the first frame and for empty ones."""
    if last is None or last.shape != now.shape:
        return 1.0
    # One grey level of noise is added to both, so that two dark or empty frames
    # count as alike.
    noise = float(now.size)
    up = float((now * last).sum()) + noise
    return up / float(np.sqrt(((now**2).sum() + noise) * ((last**2).sum() + noise)))


def find_cuts(likeness: FloatArray, pose: PoseSequence) -> BoolArray:
    """(T,) True on the first frame after a cut.

    A cut is another frame altogether; a changed frame in which the person stands
    elsewhere; or a person who moves further than people can.
    """
    step, limit = _trunk_steps(pose)
    with np.errstate(invalid="ignore"):
        moved = (step > STEP_HEIGHTS) | np.isnan(step)
        jumped = step > limit
    cut = (likeness < OTHER_SCENE) | ((likeness < CHANGED_SCENE) & moved) | jumped
    cut[:1] = False
    return np.asarray(cut, bool)


def _trunk_steps(pose: PoseSequence) -> tuple[FloatArray, FloatArray]:
    """How far the trunk moved since the last frame, and how far it could.

    Both (T,) in body heights; the step is NaN where one of the two shows nobody.
    """
    frames = len(pose)
    step, limit = np.full(frames, np.nan), np.full(frames, np.inf)
    if frames < 2 or np.isnan(pose.xy_px).all():
        return step, limit
    middle = pose.xy_px[:, TORSO].mean(axis=1)
    ends = pose.xy_px[:, ENDS, 1]
    height = np.maximum(np.nanmedian(ends.max(axis=1) - ends.min(axis=1)), 1.0)
    step[1:] = np.linalg.norm(np.diff(middle, axis=0), axis=1) / height
    limit[1:] = np.maximum(JUMP_HEIGHTS, JUMP_HEIGHTS_S * np.diff(pose.time_s))
    return step, limit
