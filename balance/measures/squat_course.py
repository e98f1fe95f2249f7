"""The knee's angle over the depth of a squat, corrected as the one at the bottom is."""

import numpy as np

from balance.events.repetitions import SquatRepetition
from balance.landmarks import Side
from balance.measures.knee import bend, out_of_sight, projected_knee
from balance.measures.squat_view import SquatView
from balance.pose import FloatArray
from balance.results import Curve, CurvePoint, Measurement

# One point for so many degrees of knee flexion. From the front a smaller bend than
# the first hardly lowers the hips.
STEP_DEG, FIRST_DEG = 5.0, 30.0
# Willson 2006: single-leg squats to 45 degrees are compared there.
SAME_DEPTH_DEG = 45.0


def knee_curves(view: SquatView, repetition: SquatRepetition) -> tuple[Curve, ...]:
    """FPPA of each leg over its knee flexion, way down, in steps of 5 degrees.

    ``measure`` is named as at the bottom; a leg that is not seen has no curve.
    """
    time = view.pose.time_s
    down = (time >= repetition.start_s) & (time <= repetition.bottom_s)
    found = []
    for side in view.sides:
        flexion = np.where(down, bend(view, side), np.nan)
        points = [
            point
            for depth in _steps(flexion)
            if (point := _point(view, side, flexion, depth)) is not None
        ]
        if points:
            name = f"fppa_{side}_deg"
            found.append(Curve(name, "knee_flexion_deg", tuple(points)))
    return tuple(found)


def _steps(flexion: FloatArray) -> FloatArray:
    known = flexion[np.isfinite(flexion)]
    if not known.size or known.max() < FIRST_DEG:
        return np.zeros(0)
    return np.arange(FIRST_DEG, known.max() + STEP_DEG / 2, STEP_DEG)


def _point(
    view: SquatView, side: Side, flexion: FloatArray, depth: float
) -> CurvePoint | None:
    rows = np.flatnonzero(np.abs(flexion - depth) <= STEP_DEG / 2)
    if not rows.size or out_of_sight(view, side, rows):
        return None
    angle = projected_knee(view, side, rows)
    if angle is None or angle.low is None or angle.high is None:
        return None
    return CurvePoint(depth, angle.value, angle.low, angle.high)


def at_same_depth(curves: tuple[Curve, ...], side: Side) -> Measurement | None:
    """FPPA of a leg at 45 degrees of knee flexion; None where it was not seen there."""
    for curve in curves:
        for point in curve.points:
            if curve.measure == f"fppa_{side}_deg" and point.at == SAME_DEPTH_DEG:
                return Measurement(point.value, "deg", point.low, point.high)
    return None
