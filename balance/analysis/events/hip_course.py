"""How high the hips are over the feet, evenly in time: what squats are read from."""

from dataclasses import dataclass

import numpy as np

from balance.analysis.body.geometry import midpoint
from balance.analysis.signals import both_ways
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, PoseSequence

GRID_HZ = 50.0
CUTOFF_HZ = 4.0  # a squat takes about a second or more; landmark noise is white
# No filtered course goes up and down by more than its input over this share.
UNFILTERED = 0.7


@dataclass(frozen=True, eq=False)
class HipCourse:
    """Evenly sampled: hip height and the posture beside it, in px."""

    time_s: FloatArray
    height: FloatArray  # of the hips over the lower (or the stance) ankle
    ankles: FloatArray  # (G, n, 2), those that must stay
    trunk: FloatArray  # height of the shoulders over the hips
    shank: FloatArray  # height of the knees over the ankles
    width: FloatArray  # of shoulders and hips in the image, the mean of both


def _rows(pose: PoseSequence, start_s: float, end_s: float) -> slice:
    first = np.searchsorted(pose.time_s, start_s)
    return slice(first, max(first, np.searchsorted(pose.time_s, end_s, side="right")))


def hips_sink(
    pose: PoseSequence, side: Side | None, start_s: float, end_s: float
) -> float:
    """Return by which share the hips sink over the lower ankle, noise included.

    A quick look, which never says less than the course does; ``side`` is the stance
    leg, None on two feet.
    """
    rows = _rows(pose, start_s, end_s)
    sides = [side] if side else list(Side)
    hips, ankles = (
        np.array([pose.point(one.landmark(joint))[rows, 1] for one in sides])
        for joint in ("hip", "ankle")
    )
    height = ankles.max(axis=0) - hips.mean(axis=0)
    height = height[np.isfinite(height)]
    if not len(height):
        return 0.0
    return float(np.ptp(height) / max(UNFILTERED * height.max(), 1e-9))


def hip_course(
    pose: PoseSequence, side: Side | None, start_s: float, end_s: float
) -> HipCourse:
    """Read a part of a recording; ``side`` is the stance leg, None on two feet."""
    # Only the part that is looked at: there is a call for every stand of a long clip.
    pose = pose[_rows(pose, start_s, end_s)]
    time = pose.time_s
    if len(time) < 5:
        empty = np.zeros(0)
        return HipCourse(empty, empty, np.zeros((0, 1, 2)), empty, empty, empty)
    grid = np.arange(time[0], time[-1], 1 / GRID_HZ)

    sides = [side] if side else list(Side)
    joints = {
        joint: np.stack([pose.point(one.landmark(joint)) for one in sides], axis=1)
        for joint in ("hip", "knee", "ankle")
    }
    floor_y = joints["ankle"][..., 1].max(axis=1)
    hip_y = joints["hip"][..., 1].mean(axis=1)
    shoulder_y = midpoint(pose, "shoulder")[:, 1]
    shank = (joints["ankle"] - joints["knee"])[..., 1].mean(axis=1)
    # All in one go: a filter costs more to begin than to run.
    lines = [floor_y - hip_y, hip_y - shoulder_y, shank, _width(pose)]
    ankles = joints["ankle"].reshape(len(time), -1)
    even = _evenly(time, np.column_stack([*lines, ankles]), grid)
    height, trunk, shank, width = even[:, :4].T.copy()
    places = even[:, 4:].reshape(len(grid), -1, 2)
    return HipCourse(grid, height, places, trunk, shank, width)


def _width(pose: PoseSequence) -> FloatArray:
    left, right = (
        pose.point(side.landmark("shoulder")) + pose.point(side.landmark("hip"))
        for side in Side
    )
    return np.asarray(np.abs(left - right)[:, 0] / 2)


def _evenly(time: FloatArray, values: FloatArray, grid: FloatArray) -> FloatArray:
    """Interpolate over short gaps on an even grid and take the noise out."""
    columns = values.reshape(len(values), -1)
    out = np.full((len(grid), columns.shape[1]), np.nan)
    seen = np.isfinite(columns)
    enough = np.flatnonzero(seen.sum(axis=0) > 4)
    for k in enough:
        out[:, k] = np.interp(grid, time[seen[:, k]], columns[seen[:, k], k])
    if len(enough):
        pad = min(len(grid) - 1, 25)
        out[:, enough] = both_ways(out[:, enough], 2 * CUTOFF_HZ / GRID_HZ, pad)
    return out.reshape(len(grid), *values.shape[1:])
