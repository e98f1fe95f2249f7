"""How far a patch of picture has moved, below the picture element.

Direct alignment: the motion is found that makes the new picture, read at the moved
places, equal the patch (Lucas & Kanade 1981; Baker & Matthews 2004, IJCV 56:221–255).
All of a patch's edges take part at once, so that plain clothes are followed by their
outline, and the noise of single picture elements averages out. Because every frame is
compared with the same patch, nothing drifts.

Pictures are two-dimensional float arrays, row by row; places are (x, y) px.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from balance.pose import FloatArray

Picture = NDArray[np.float32] | NDArray[np.float64]
Places = NDArray[np.intp] | NDArray[np.float64]

# Residuals beyond 4.685 standard deviations count nothing; 95 % as efficient as
# least squares where there are no outliers (Tukey's biweight, Holland & Welsch 1977).
TUKEY_LIMIT = 4.685
# Grey levels: rounding to whole ones alone leaves 0.3, so no fit is better than this.
LEAST_NOISE = 0.3
# A step below this (px at the centre) is smaller than the noise; the next would be ten
# times smaller still.
STILL_PX = 0.01


class Motion(Enum):
    """What a patch may do."""

    SHIFT = "shift"
    # shift, stretch, turn: what a rigid thing in front of a camera does, nearly.
    SIMILARITY = "similarity"
    # What a whole scene does when the camera turns: shift in the picture's middle and
    # the more the farther from it, stretch (the lens zooms), turn.
    CAMERA = "camera"

    @property
    def size(self) -> int:
        """Number of parameters."""
        return 2 if self is Motion.SHIFT else 4

    def moves(
        self, xy_px: Places, centre_px: FloatArray, reach_px: float
    ) -> FloatArray:
        """(2, N, p) how x and y of places (N, 2) depend on each parameter.

        ``centre_px`` and ``reach_px`` for a camera: the picture's middle and the focal
        length.
        """
        one, none = np.ones(len(xy_px)), np.zeros(len(xy_px))
        if self is Motion.SHIFT:
            return np.array([[one, none], [none, one]]).transpose(0, 2, 1)
        right, down = ((xy_px - centre_px) / reach_px).T
        x, y = [one, none, right, -down], [none, one, down, right]
        if self is Motion.CAMERA:
            both = right * down
            x[:2], y[:2] = [1 + right**2, both], [both, 1 + down**2]
        return np.array([x, y]).transpose(0, 2, 1)


@dataclass(frozen=True, eq=False)
class Patch:
    """Picture elements to be found again.

    ``xy_px`` (N, 2) their places, ``value`` (N,) grey levels. ``moves`` (2, N, p): how
    x and y of each depend on the motion's p parameters; ``jacobian`` (N, p + 2): how
    its grey level does, with the light's gain and offset as the last two.
    """

    xy_px: FloatArray
    value: FloatArray
    moves: FloatArray
    jacobian: FloatArray

    def moved_to(self, motion: FloatArray) -> FloatArray:
        """(N, 2) px where the patch's elements lie after the motion."""
        return np.asarray(self.xy_px + (self.moves @ motion).T)


@dataclass(frozen=True, eq=False)
class Fit:
    """Where a patch was found.

    ``motion`` (p,): shift of the patch's centre in px, then for a similarity how far
    a point one ``reach_px`` away is stretched outwards and turned (px). ``sd_px`` of
    the sideways shift from the grey levels left over; ``share`` of the patch's
    elements that agree.
    """

    motion: FloatArray
    sd_px: float
    share: float


def sample(picture: Picture, xy_px: FloatArray) -> FloatArray:
    """Read the picture between its elements (bilinear); edges are held."""
    height, width = picture.shape
    x = np.minimum(np.maximum(xy_px[:, 0], 0), width - 1.001)
    y = np.minimum(np.maximum(xy_px[:, 1], 0), height - 1.001)
    column, row = x.astype(np.intp), y.astype(np.intp)
    right, down = x - column, y - row
    flat, first = picture.ravel(), row * width + column
    upper, lower = flat[first], flat[first + width]
    upper = upper + right * (flat[first + 1] - upper)
    lower = lower + right * (flat[first + width + 1] - lower)
    return np.asarray(upper + down * (lower - upper))


def slopes(picture: Picture) -> Picture:
    """(2, H, W) grey levels per px to the right and downwards."""
    slope = np.zeros((2, *picture.shape), picture.dtype)
    slope[0, :, 1:-1] = (picture[:, 2:] - picture[:, :-2]) / 2
    slope[1, 1:-1] = (picture[2:] - picture[:-2]) / 2
    return slope


def make_patch(
    picture: Picture,
    xy_px: Places,
    centre_px: FloatArray,
    reach_px: float,
    motion: Motion,
) -> Patch:
    """Take the picture elements at whole places ``xy_px`` (N, 2) as a patch."""
    column, row = xy_px.astype(np.intp).T
    value = np.asarray(picture[row, column], np.float64)
    middle = value.mean() if len(value) else 0.0
    across, along = slopes(picture)[:, row, column]
    moves = motion.moves(xy_px, centre_px, reach_px)
    light = np.stack([value - middle, np.ones(len(value))], axis=1)
    shape = across[:, None] * moves[0] + along[:, None] * moves[1]
    jacobian = np.concatenate([shape, -light], axis=1)
    return Patch(xy_px.astype(np.float64), value, moves, jacobian)


def align(patch: Patch, picture: Picture, start: FloatArray, steps: int = 6) -> Fit:
    """Find the patch in a picture near the motion ``start``.

    ``sd_px`` takes neighbouring elements as independent; whoever has smoothed the
    picture multiplies it by the root of the number of elements that share noise.
    """
    size = len(start)
    unknown = np.concatenate([start, np.zeros(2)])
    light = patch.jacobian[:, size:]
    for _ in range(steps):
        found = sample(picture, patch.moved_to(unknown[:size]))
        # The light's columns of the jacobian are linear, so their part is exact.
        residual = patch.value - found - light @ unknown[size:]
        noise = max(LEAST_NOISE, 1.4826 * _median(np.abs(residual)))
        weight = np.maximum(1 - (residual / (TUKEY_LIMIT * noise)) ** 2, 0) ** 2
        weighted = (patch.jacobian * weight[:, None]).T
        normal = weighted @ patch.jacobian
        # A direction without any slope must not move: hold it, hardly.
        normal.flat[:: size + 3] *= 1 + 1e-6
        normal.flat[:: size + 3] += 1e-9
        step = np.linalg.solve(normal, weighted @ residual)
        unknown += step
        if np.abs(step[:2]).max() < STILL_PX:
            break
    spread = np.linalg.inv(normal)[0, 0] * noise**2
    return Fit(unknown[:size], float(np.sqrt(spread)), float(weight.mean()))


def _median(values: FloatArray) -> float:
    """Return the upper median, in half the time of ``np.median``."""
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle]) if len(values) else 0.0
