"""The knee's angle over the depth of a squat, corrected as the one at the bottom is."""

import numpy as np

from balance.analysis.events.repetitions import SquatRepetition
from balance.analysis.measures.knee import (
    bend,
    bend_sd_deg,
    out_of_sight,
    projected_knee,
)
from balance.analysis.measures.squat_view import SquatView
from balance.analysis.signals import fill_gaps, smooth_at_own_times
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, IntArray
from balance.model.results import Curve, CurvePoint, Measurement

# One point for so many degrees of knee flexion. From the front a smaller bend than
# the first hardly lowers the hips.
STEP_DEG, FIRST_DEG = 5.0, 30.0
# Willson 2006: single-leg squats to 45 degrees are compared there.
SAME_DEPTH_DEG = 45.0
# A squat takes about a second or more; landmark noise is white.
CUTOFF_HZ = 4.0
# The angle at a depth is that of the frames so near to its moment.
AROUND_S = 0.07


def knee_curves(view: SquatView, repetition: SquatRepetition) -> tuple[Curve, ...]:
    """FPPA of each leg over its knee flexion, way down, in steps of 5 degrees.

    ``measure`` is named as at the bottom; a leg that is not seen has no curve.
    """
    time = view.pose.time_s
    down = (time >= repetition.start_s) & (time <= repetition.bottom_s)
    found = []
    for side in view.sides:
        points = _points(view, side, np.flatnonzero(down))
        if points:
            name = f"fppa_{side}_deg"
            found.append(Curve(name, "knee_flexion_deg", points))
    return tuple(found)


def _points(view: SquatView, side: Side, down: IntArray) -> tuple[CurvePoint, ...]:
    depth = _calm(view, bend(view, side))[down]
    if not np.isfinite(depth).any():
        return ()
    # The way down: what was reached once is not passed again.
    reached = np.fmax.accumulate(depth)
    steps = np.arange(FIRST_DEG, np.nanmax(reached), STEP_DEG)
    seen = [(at, _angle(view, side, down, reached, at)) for at in steps]
    values = np.array([one.value if one else np.nan for _, one in seen])
    slopes = np.gradient(values, STEP_DEG) if len(values) > 1 else 0 * values
    points = []
    for (at, angle), slope in zip(seen, slopes, strict=True):
        if angle is None or angle.low is None:
            continue
        # An error of the depth is one of the angle that goes with it.
        by_depth = 1.96 * bend_sd_deg(view) * np.nan_to_num(slope)
        half = float(np.hypot(angle.value - angle.low, by_depth))
        value = angle.value
        points.append(CurvePoint(float(at), value, value - half, value + half))
    return tuple(points)


def _calm(view: SquatView, values: FloatArray) -> FloatArray:
    time = view.pose.time_s
    return smooth_at_own_times(time, fill_gaps(time, values, 0.2), CUTOFF_HZ)


def _angle(
    view: SquatView, side: Side, down: IntArray, reached: FloatArray, at: float
) -> Measurement | None:
    first = down[np.argmax(reached >= at)]
    time = view.pose.time_s
    rows = down[np.abs(time[down] - time[first]) <= AROUND_S]
    return None if out_of_sight(view, side, rows) else projected_knee(view, side, rows)


def at_same_depth(curves: tuple[Curve, ...], side: Side) -> Measurement | None:
    """FPPA of a leg at 45 degrees of knee flexion; None where it was not seen there."""
    for curve in curves:
        for point in curve.points:
            if curve.measure == f"fppa_{side}_deg" and point.at == SAME_DEPTH_DEG:
                return Measurement(point.value, "deg", point.low, point.high)
    return None
