"""What the background does is the camera's doing: follow it below the px."""

import numpy as np
from numpy.typing import NDArray

from balance.follow import alignment, body_regions
from balance.follow.alignment import Motion, Patch, Picture
from balance.landmarks import Landmark
from balance.pose import BoolArray, FloatArray, PoseSequence

# Smoothing before the comparison, px of the compared picture: takes out what coding
# and noise do to single picture elements, and makes slopes straight over one px.
BLUR_PX = 1.0
# Grey levels per px: less is noise.
LEAST_SLOPE = 1.2
# Below this share of agreeing elements the region is not the same any more.
LEAST_SHARE = 0.5
# Elements that take part in telling how the camera moved.
CAMERA_ELEMENTS = 400
# Half a webcam picture: larger elements tell the camera better, and four times quicker.
CAMERA_WIDTH_PX = 320

Grey = NDArray[np.uint8]


class CameraWatch:
    """The background, compared with the first frame that was looked at.

    Parameters
    ----------
    watched
        (T,) True in the frames that are looked at.
    """

    def __init__(self, pose: PoseSequence, watched: BoolArray) -> None:
        self.box = body_regions.body_box(pose.xy_px[watched])
        hips = pose.xy_px[watched][:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
        seen = hips[np.isfinite(hips).all(axis=(1, 2))]
        self.centre = np.median(seen, axis=(0, 1)) if len(seen) else np.zeros(2)
        self.shift_px = np.full((len(pose), 2), np.nan)
        self.shrink = max(1, round(pose.size_px[0] / CAMERA_WIDTH_PX))
        self._patch: Patch | None = None
        self._last = np.zeros(Motion.SIMILARITY.value)

    def see(self, row: int, grey: Grey) -> None:
        """Compare a frame with the first one."""
        picture = smoothed(grey, self.shrink)
        if self._patch is None:
            self._patch = self._background(picture)
        if len(self._patch.value) < 100:
            return
        fit = alignment.align(self._patch, picture, self._last, steps=4)
        if fit.share >= LEAST_SHARE:
            self._last = fit.motion
            self.shift_px[row] = fit.motion[:2] * self.shrink

    def _background(self, picture: Picture) -> Patch:
        slope = np.hypot(*alignment.slopes(picture))
        # Nothing at the rim, and nothing where the body ever is.
        slope[[0, -1]] = slope[:, [0, -1]] = 0
        if np.isfinite(self.box).all():
            (x0, y0), (x1, y1) = np.maximum(self.box / self.shrink, 0).astype(int)
            slope[y0 : y1 + 1, x0 : x1 + 1] = 0
        strong = max(LEAST_SLOPE, 3 * float(np.median(slope)))
        y, x = np.nonzero(slope > strong)
        every = max(1, -(-len(x) // CAMERA_ELEMENTS))
        places = np.stack([x, y], axis=1)[::every]
        centre = shrunk(self.centre, self.shrink)
        reach = picture.shape[1] / 4
        return alignment.make_patch(picture, places, centre, reach, Motion.SIMILARITY)


def shrunk(places: FloatArray, factor: int) -> FloatArray:
    """Places in a picture brought down by a whole factor."""
    return (places + 0.5) / factor - 0.5


def smoothed(grey: Grey, shrink: int) -> Picture:
    """Return a picture brought down by a whole factor, and smoothed."""
    import cv2

    height, width = (length // shrink for length in grey.shape)
    grey = grey[: height * shrink, : width * shrink]
    while shrink > 1:
        # Halving has a path of its own in OpenCV, several times quicker than others.
        step = 2 if shrink % 2 == 0 else shrink
        shrink //= step
        size = (width * shrink, height * shrink)
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), BLUR_PX)
    return np.asarray(smooth, np.float32)
