"""The knee's angle over the depth of a squat, corrected as the one at the bottom is."""

from collections.abc import Callable, Mapping

import numpy as np

from balance.analysis.events.repetitions import SquatRepetition
from balance.analysis.measures.knee import (
    bend,
    frontal_knee,
    out_of_sight,
    projected_knee,
)
from balance.analysis.measures.squat_body import thigh_inwards
from balance.analysis.measures.squat_view import SquatView
from balance.analysis.signals import fill_gaps, median, smooth_at_own_times
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, IntArray
from balance.model.results import SDS_95, Curve, CurvePoint, Measurement

# One point for so many degrees of knee flexion. From the front a smaller bend than
# the first hardly lowers the hips.
STEP_DEG, FIRST_DEG = 5.0, 30.0
# Willson 2006: single-leg squats to 45 degrees are compared there.
SAME_DEPTH_DEG = 45.0
# So deep, thigh and knee still show from the front.
SHOWS_DEG = 60.0
# A squat takes about a second or more; landmark noise is white.
CUTOFF_HZ = 4.0
# The angle at a depth is that of the frames so near to its moment.
AROUND_S = 0.07


def knee_curves(view: SquatView, repetition: SquatRepetition) -> tuple[Curve, ...]:
    """FPPA of each leg over its knee flexion, way down, in steps of 5 degrees.

    As projected and in the person's frontal plane. ``measure`` is named as at the
    bottom; a leg that is not seen has no curve.
    """
    found = []
    flexion = repetition.flexion
    if flexion is None or flexion.low is None or flexion.high is None:
        return ()
    flexion_sd_deg = (flexion.high - flexion.low) / (2 * SDS_95)
    for side in view.sides:
        moments = _moments(view, side, repetition)
        for name, measure in _MEASURES.items():
            if points := _points(view, side, moments, measure, flexion_sd_deg):
                found.append(Curve(name.format(side), "knee_flexion_deg", points))
    return tuple(found)


_Measure = Callable[[SquatView, Side, IntArray], Measurement | None]
_MEASURES: Mapping[str, _Measure] = {
    "fppa_{}_deg": projected_knee,
    "fppa_frontal_{}_deg": frontal_knee,
}


def _moments(
    view: SquatView, side: Side, repetition: SquatRepetition
) -> dict[float, IntArray]:
    """Frames in which each depth is first reached on the way down."""
    time = view.pose.time_s
    on_way = (time >= repetition.start_s) & (time <= repetition.bottom_s)
    down = np.flatnonzero(on_way)
    depth = _calm(view, bend(view, side))[down] * _stretch(view, repetition)
    if not np.isfinite(depth).any():
        return {}
    # The way down: what was reached once is not passed again.
    reached = np.fmax.accumulate(depth)
    out = {}
    for at in np.arange(FIRST_DEG, np.nanmax(reached), STEP_DEG):
        first = down[np.argmax(reached >= at)]
        out[float(at)] = down[np.abs(time[down] - time[first]) <= AROUND_S]
    return out


def _stretch(view: SquatView, repetition: SquatRepetition) -> float:
    """Flexion at the bottom over what the course says there: one depth, not two."""
    if repetition.flexion is None:
        return float("nan")
    rows = np.abs(view.pose.time_s - repetition.bottom_s) <= AROUND_S
    there = np.mean([median(bend(view, side)[rows]) for side in view.sides])
    return float(repetition.flexion.value / there)


def _points(
    view: SquatView,
    side: Side,
    moments: Mapping[float, IntArray],
    measure: _Measure,
    flexion_sd_deg: float,
) -> tuple[CurvePoint, ...]:
    seen = {
        at: None if out_of_sight(view, side, rows) else measure(view, side, rows)
        for at, rows in moments.items()
    }
    values = np.array([one.value if one else np.nan for one in seen.values()])
    slopes = np.gradient(values, STEP_DEG) if len(values) > 1 else 0 * values
    points = []
    for (at, angle), slope in zip(seen.items(), slopes, strict=True):
        if angle is None or angle.low is None:
            continue
        # An error of the depth is one of the angle that goes with it.
        by_depth = SDS_95 * flexion_sd_deg * np.nan_to_num(slope)
        half = float(np.hypot(angle.value - angle.low, by_depth))
        points.append(
            CurvePoint(at, angle.value, angle.value - half, angle.value + half)
        )
    return tuple(points)


def hip_at_depth(
    view: SquatView, side: Side, repetition: SquatRepetition
) -> Measurement | None:
    """Hip adduction where the thigh still shows on the way into a deep squat."""
    rows = _moments(view, side, repetition).get(SHOWS_DEG)
    if rows is None or not view.is_frontal or view.single_leg:
        return None
    return thigh_inwards(view, side, rows, SHOWS_DEG)


def _calm(view: SquatView, values: FloatArray) -> FloatArray:
    time = view.pose.time_s
    return smooth_at_own_times(time, fill_gaps(time, values, 0.2), CUTOFF_HZ)


def at_depth(
    curves: tuple[Curve, ...], measure: str, depth_deg: float
) -> Measurement | None:
    """Angle of a leg at so much knee flexion; None where it was not seen there."""
    for curve in curves:
        for point in curve.points:
            if curve.measure == measure and point.at == depth_deg:
                return Measurement(point.value, "deg", point.low, point.high)
    return None
