"""What the background does is the camera's doing: follow it below the px."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balance.model.camera import Pinhole
from balance.model.landmarks import Landmark
from balance.model.recording import BoolArray, FloatArray, PoseSequence
from balance.tracking import alignment, body_regions
from balance.tracking.alignment import Image, Motion, Patch

if TYPE_CHECKING:
    from balance.video.video import GreyFrame

# Smoothing before the comparison, px of the compared frame: takes out what coding
# and noise do to single pixels, and makes slopes straight over one px.
BLUR_PX = 1.0
# Grey levels per px: less is noise.
LEAST_SLOPE = 1.2
# Below this share of agreeing elements the region is not the same any more.
LEAST_SHARE = 0.5
# Elements that take part in telling how the camera moved.
CAMERA_ELEMENTS = 400
# Half a webcam frame: larger elements tell the camera better, and four times quicker.
CAMERA_WIDTH_PX = 320
# A shaken camera moves it by whole px; smoothed like this it is still found to 0.1 px.
CAMERA_BLUR_PX = 2.0
# A still camera is found in one step, one that shakes by 0.3° in four or five.
CAMERA_STEPS = 8
# A camera that surely stands still is found to wander by so much (RMS, px of the
# compared frame; ten rendered clips: 0.001 to 0.018, by how coding treats the wall).
STILL_PX = 0.02

Grey = NDArray[np.uint8]


class CameraWatch:
    """The background, compared with the first frame that was looked at.

    Parameters
    ----------
    watched
        (T,) True in the frames that are looked at.

    ``shift_px`` (T, 2) at the hips and ``stretch`` (T,) as a share, against the first
    frame that was looked at; NaN where the background could not be found. A turned
    camera shifts what is far from the frame's middle by more: see ``shift_at``.
    """

    def __init__(self, pose: PoseSequence, watched: BoolArray) -> None:
        self.box = body_regions.body_box(pose.xy_px[watched])
        hips = pose.xy_px[watched][:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
        seen = hips[np.isfinite(hips).all(axis=(1, 2))]
        self.centre = np.median(seen, axis=(0, 1)) if len(seen) else np.zeros(2)
        self._motion = np.full((len(pose), Motion.CAMERA.size), np.nan)
        # The share of what is seen that is taken for true, of x and y.
        self._true = np.ones(2)
        self.shrink = max(1, round(pose.size_px[0] / CAMERA_WIDTH_PX))
        lens = Pinhole.usual(pose.size_px)
        # Middle of the compared frame and the focal length in its px.
        middle = shrunk(np.array(lens.centre_px), self.shrink)
        self._lens = middle, lens.focal_px / self.shrink
        self._patch: Patch | None = None
        self._last = np.zeros(Motion.CAMERA.size)

    def see(self, row: int, frame: "GreyFrame") -> None:
        """Compare a frame with the first one."""
        image = smoothed(frame.grey, self.shrink, CAMERA_BLUR_PX, frame.gain)
        if self._patch is None:
            self._patch = self._background(image)
        if len(self._patch.value) < 100:
            return
        fit = alignment.align(self._patch, image, self._last, CAMERA_STEPS)
        if fit.share >= LEAST_SHARE:
            self._last = self._motion[row] = fit.motion

    def settle(self) -> None:
        """Take out of the camera's motion what may as well be none.

        What is seen is true motion and error together; the share that is true is what
        exceeds the error of a still camera, so that a camera on a table adds nothing.
        """
        is_found = np.isfinite(self._motion).any()
        seen_px = np.nanstd(self.shift_px, axis=0) if is_found else np.zeros(2)
        error_px = STILL_PX * self.shrink
        self._true = 1 - (error_px / np.maximum(seen_px, error_px)) ** 2

    @property
    def shift_px(self) -> FloatArray:
        """(T, 2) px at the hips, NaN where the background could not be found."""
        return self.shift_at(self.centre)

    @property
    def stretch(self) -> FloatArray:
        """(T,) by what share the frame has become larger."""
        return np.asarray(self._motion[:, 2] / self._lens[1] * self._true.max())

    def shift_at(self, place_px: FloatArray, rows: slice = slice(None)) -> FloatArray:
        """(T, 2) px by which what is at a place (2,) has moved, in all rows or some."""
        place = shrunk(place_px, self.shrink)[None]
        moves = Motion.CAMERA.moves(place, *self._lens)[:, 0]
        return np.asarray(self._motion[rows] @ moves.T * self.shrink * self._true)

    def _background(self, image: Image) -> Patch:
        slope = np.hypot(*alignment.slopes(image))
        # Nothing at the rim, and nothing where the body ever is.
        slope[[0, -1]] = slope[:, [0, -1]] = 0
        if np.isfinite(self.box).all():
            (x0, y0), (x1, y1) = np.maximum(self.box / self.shrink, 0).astype(int)
            slope[y0 : y1 + 1, x0 : x1 + 1] = 0
        strong = max(LEAST_SLOPE, 3 * float(np.median(slope)))
        y, x = np.nonzero(slope > strong)
        every = max(1, -(-len(x) // CAMERA_ELEMENTS))
        places = np.stack([x, y], axis=1)[::every]
        return alignment.make_patch(image, places, *self._lens, Motion.CAMERA)


def shrunk(places: FloatArray, factor: int) -> FloatArray:
    """Places in a frame brought down by a whole factor."""
    return (places + 0.5) / factor - 0.5


def smoothed(
    grey: Grey, shrink: int, blur_px: float = BLUR_PX, gain: float = 1.0
) -> Image:
    """Return a frame brought down by a whole factor, smoothed, times ``gain``."""
    import cv2

    height, width = (length // shrink for length in grey.shape)
    grey = grey[: height * shrink, : width * shrink]
    while shrink > 1:
        # Halving has a path of its own in OpenCV, several times quicker than others.
        step = 2 if shrink % 2 == 0 else shrink
        shrink //= step
        size = (width * shrink, height * shrink)
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    bell = _bell(blur_px)
    return np.asarray(cv2.sepFilter2D(grey, cv2.CV_32F, gain * bell, bell), np.float32)


@cache
def _bell(blur_px: float) -> NDArray[np.float32]:
    """Weights of a Gaussian out to four standard deviations."""
    import cv2

    length = 2 * round(4 * blur_px) + 1
    return np.asarray(cv2.getGaussianKernel(length, blur_px, cv2.CV_32F), np.float32)
