"""How far a patch of frame has moved, below the pixel.

Direct alignment: the motion is found that makes the new frame, read at the moved
places, equal the patch (Lucas & Kanade 1981; Baker & Matthews 2004, IJCV 56:221–255).
All of a patch's edges take part at once, so that plain clothes are followed by their
outline, and the noise of single pixels averages out. Because every frame is
compared with the same patch, nothing drifts.

Frames are two-dimensional float arrays, row by row; places are (x, y) px.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.linalg import lapack

from balance.model.recording import FloatArray

Image = NDArray[np.float32] | NDArray[np.float64]
Places = NDArray[np.intp] | NDArray[np.float64]

# Residuals beyond 4.685 standard deviations count nothing; 95 % as efficient as
# least squares where there are no outliers (Tukey's biweight, Holland & Welsch 1977).
TUKEY_LIMIT = 4.685
# Grey levels: rounding to whole ones alone leaves 0.3, so no fit is better than this.
LEAST_NOISE = 0.3
# From hip to ankle in lengths of the thigh: thigh 0.245, shank 0.246 of body height
# (Drillis & Contini 1966).
LEG_PER_THIGH = 2.0
# Somebody who stands comes hardly nearer (share of the distance, SD: 6 cm at 3 m, eight
# times the usual sway); what seems to is a sleeve or an arm before the outline.
LIKELY_STRETCH = 0.02
# A step below this (px, at the centre and a reach from it) is smaller than the noise;
# the next would be ten times smaller still.
STILL_PX = 0.01


class Motion(Enum):
    """What a patch may do."""

    SHIFT = "shift"
    # Shift, widening, turn, lengthening: what pelvis and stance leg of somebody do who
    # leans over a foot that stays where it is. Half as high above the foot they come
    # half as far forward, and widen half as much.
    LEANING = "leaning"
    # What a whole scene does when the camera turns: shift in the image's middle and
    # the more the farther from it, stretch (the lens zooms), turn.
    CAMERA = "camera"

    @property
    def size(self) -> int:
        """Number of parameters."""
        return {Motion.SHIFT: 2, Motion.LEANING: 5, Motion.CAMERA: 4}[self]

    def moves(
        self, xy_px: Places, centre_px: FloatArray, reach_px: float
    ) -> FloatArray:
        """(2, N, p) how x and y of places (N, 2) depend on each parameter.

        ``centre_px`` and ``reach_px``: for somebody who leans the hips' middle and the
        thigh's length, for a camera the frame's middle and the focal length.
        """
        one, none = np.ones(len(xy_px)), np.zeros(len(xy_px))
        if self is Motion.SHIFT:
            x, y = [one, none], [none, one]
        else:
            right, down = ((xy_px - centre_px) / reach_px).T
            if self is Motion.LEANING:
                wider = right * (1 - down / LEG_PER_THIGH)
                x, y = [one, none, wider, -down, none], [none, one, none, right, down]
            else:
                both = right * down
                x = [1 + right**2, both, right, -down]
                y = [both, 1 + down**2, down, right]
        return np.ascontiguousarray(np.array([x, y]).transpose(0, 2, 1))


@dataclass(frozen=True, eq=False)
class Patch:
    """Frame elements to be found again.

    ``xy_px`` (2, N) their places, ``value`` (N,) grey levels. ``moves`` (2, N, p): how
    x and y of each depend on the motion's p parameters; ``jacobian`` (p + 2, N): how
    its grey level does, with the light's gain and offset as the last two. ``likely_px``
    (p,): SD of the motion before anything was seen; infinite where nothing is known.
    """

    xy_px: FloatArray
    value: FloatArray
    moves: FloatArray
    jacobian: FloatArray
    likely_px: FloatArray

    def moved_to(self, motion: FloatArray) -> FloatArray:
        """(2, N) px where the patch's elements lie after the motion."""
        return np.asarray(self.xy_px + self.moves @ motion)


@dataclass(frozen=True, eq=False)
class Fit:
    """Where a patch was found.

    ``motion`` (p,): shift of the patch's centre in px, then how far a point one
    ``reach_px`` away is stretched outwards (sideways only, of somebody who leans) and
    turned, then up and down stretched (px). ``sd_px`` of the sideways shift from the
    grey levels left over; ``share`` of the patch's elements that agree.
    """

    motion: FloatArray
    sd_px: float
    share: float


def sample(image: Image, xy_px: FloatArray) -> FloatArray:
    """Read the frame at places (2, N) between its elements (bilinear).

    Beyond an edge it goes on as it is there.
    """
    read = ndimage.map_coordinates(
        image, xy_px[::-1], np.float64, order=1, mode="nearest"
    )
    return np.asarray(read)


def slopes(image: Image) -> Image:
    """(2, H, W) grey levels per px to the right and downwards."""
    slope = np.zeros((2, *image.shape), image.dtype)
    slope[0, :, 1:-1] = (image[:, 2:] - image[:, :-2]) / 2
    slope[1, 1:-1] = (image[2:] - image[:-2]) / 2
    return slope


def make_patch(
    image: Image,
    xy_px: Places,
    centre_px: FloatArray,
    reach_px: float,
    motion: Motion,
) -> Patch:
    """Take the pixels at whole places ``xy_px`` (N, 2) as a patch."""
    column, row = xy_px.astype(np.intp).T
    value = np.asarray(image[row, column], np.float64)
    middle = value.mean() if len(value) else 0.0
    across, along = slopes(image)[:, row, column]
    moves = motion.moves(xy_px, centre_px, reach_px)
    light = np.stack([value - middle, np.ones(len(value))])
    shape = across * moves[0].T + along * moves[1].T
    jacobian = np.concatenate([shape, -light])
    likely_px = np.full(motion.size, np.inf)
    if motion is Motion.LEANING:
        likely_px[[2, 4]] = LIKELY_STRETCH * reach_px
    return Patch(xy_px.T.astype(np.float64), value, moves, jacobian, likely_px)


def align(
    patch: Patch,
    image: Image,
    start: FloatArray,
    steps: int = 12,
    shared_noise: float = 1.0,
) -> Fit:
    """Find the patch in a frame near the motion ``start``.

    ``shared_noise``: so many neighbouring elements have their noise in common, because
    the frame was smoothed.
    """
    size = len(start)
    jacobian = patch.jacobian
    unknown = np.concatenate([start, np.zeros(2)])
    # What is likely counts as much as that many elements would; of the light nothing.
    held = np.concatenate([shared_noise / patch.likely_px**2, np.zeros(2)])
    # Solved for the step and, in the second column, the sideways shift's variance.
    sought = np.zeros((size + 2, 2))
    sought[0, 1] = 1.0
    for _ in range(steps):
        found = sample(image, patch.moved_to(unknown[:size]))
        # The light's rows of the jacobian are linear, so their part is exact.
        residual = patch.value - found - unknown[size:] @ jacobian[size:]
        noise = max(LEAST_NOISE, 1.4826 * _median(np.abs(residual)))
        weight = np.maximum(1 - (residual / (TUKEY_LIMIT * noise)) ** 2, 0) ** 2
        weighted = jacobian * weight
        normal = weighted @ jacobian.T
        likely = noise**2 * held
        sought[:, 0] = weighted @ residual - likely * unknown
        # A direction without any slope must not move: hold it, hardly. What is solved
        # is positive definite by that.
        diagonal = normal.reshape(-1)[:: size + 3]
        diagonal *= 1 + 1e-6
        diagonal += 1e-9 + likely
        _, solved, _ = lapack.dposv(normal, sought)
        step = solved[:, 0]
        unknown += step
        if np.abs(step[:size]).max() < STILL_PX:
            break
    sd_px = noise * float(np.sqrt(shared_noise * solved[0, 1]))
    return Fit(unknown[:size], sd_px, float(weight.mean()))


def _median(values: FloatArray) -> float:
    """Return the upper median, in half the time of ``np.median``."""
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle]) if len(values) else 0.0
