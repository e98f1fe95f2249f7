"""Everything that is measured of a squat set: each repetition, then the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from balance.analysis.body.squat_yaw import estimate_squat_yaw
from balance.analysis.events.repetitions import SquatRepetition, SquatSet
from balance.analysis.measures.knee import knee_beyond_ankle, measure_knees
from balance.analysis.measures.leg_lengths import fit_lengths
from balance.analysis.measures.leg_lines import Upright, find_leg_lines
from balance.analysis.measures.squat_body import (
    measure_heels,
    measure_pelvis,
    measure_trunk,
)
from balance.analysis.measures.squat_view import SquatView, joint_middles, see_squats
from balance.analysis.signals import median
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, IntArray, PoseSequence
from balance.model.results import SDS_95, Measurement, Measures
from balance.reference.camera_yaw import YawModel

# Frames so close to the bottom are its frames. Within 0.17 s real squats have come up
# so far that their knees' angle is 3 degrees off.
BOTTOM_S = 0.1
# The moments of start and end are extrapolated from the bend: SD on rendered squats.
PHASE_SD_S = 0.2


def view_squats(
    pose: PoseSequence,
    leg_edges_px: FloatArray | None,
    squat_set: SquatSet,
    yaw_model: YawModel,
    roll: Measurement | None = None,
) -> SquatView | None:
    """See a set through its camera: legs, facing, roll and yaw.

    ``roll`` is the camera's, from quiet standing. None where nobody stood upright.
    """
    view = see_squats(pose, leg_edges_px, squat_set)
    if view is None:
        return None
    bottom = np.zeros(len(pose), bool)
    for repetition in squat_set.repetitions:
        bottom[bottom_rows(pose, repetition)] = True
    yaw = estimate_squat_yaw(
        pose, view.standing, bottom, view.facing, joint_middles(view), yaw_model
    )
    stance = view.sides[0] if view.single_leg else None
    upright = Upright(view.standing, view.facing, yaw.deg)
    legs = find_leg_lines(pose, leg_edges_px, upright, stance)
    view = replace(view, legs=legs, yaw_deg=yaw.deg, yaw_sd_deg=yaw.sd_deg)
    bottoms = [(bottom_rows(pose, one), one.flexion) for one in squat_set.repetitions]
    view = replace(view, legs=fit_lengths(view, bottoms))
    if roll is None or roll.low is None or roll.high is None:
        return view
    sd = (roll.high - roll.low) / (2 * SDS_95)
    return replace(view, roll_deg=roll.value, roll_sd_deg=sd)


def bottom_rows(pose: PoseSequence, repetition: SquatRepetition) -> IntArray:
    """Return the indices of the frames at the bottom, at least the nearest one."""
    away = np.abs(pose.time_s - repetition.bottom_s)
    return np.flatnonzero(away <= max(BOTTOM_S, float(away.min())))


def measure_repetition(
    view: SquatView, repetition: SquatRepetition, mm_per_px: Measurement | None = None
) -> Measures:
    """Every measure of one repetition; None where the view does not show it."""
    rows = bottom_rows(view.pose, repetition)
    flexion = repetition.flexion
    bend_deg = flexion.value if flexion else float("nan")
    return {
        **measure_knees(view, rows),
        "knee_flexion_deg": flexion,
        **_early_shift(view, repetition),
        **_wobble(view, repetition),
        **measure_pelvis(view, rows, bend_deg),
        **measure_trunk(view, rows),
        **measure_heels(view, rows, mm_per_px),
        "descent_s": _seconds(
            repetition.bottom_s - repetition.start_s, repetition.start_seen
        ),
        "ascent_s": _seconds(
            repetition.end_s - repetition.bottom_s, repetition.end_seen
        ),
    }


def _seconds(seconds: float, seen: bool) -> Measurement | None:
    return Measurement.with_sd(seconds, PHASE_SD_S, "s") if seen else None


def _early_shift(
    view: SquatView, repetition: SquatRepetition
) -> dict[str, Measurement | None]:
    """Medial knee shift where the hips have sunk by 15 % of the leg (Uhlár 2021)."""
    out: dict[str, Measurement | None] = {}
    for side in view.sides:
        name = f"medial_knee_shift_at_15pct_depth_{side}_pct_leg"
        leg = view.legs[side]
        height = (leg.raw[:, 2, 1] - leg.raw[:, 0, 1]) / leg.leg_px
        time = view.pose.time_s
        down = (time >= repetition.start_s) & (time <= repetition.bottom_s)
        reached = np.flatnonzero(down & (height <= 0.85))
        out[name] = None
        if reached.size and view.is_frontal:
            medial = knee_beyond_ankle(view, side)
            rows = np.arange(max(reached[0] - 1, 0), reached[0] + 1)
            shift = median(medial[rows]) - median(medial[view.standing])
            sd = float(median(leg.sd_px[rows, 1]) / leg.leg_px * 100)
            if np.isfinite(shift):
                out[name] = Measurement.with_sd(float(shift), sd, "%")
    return out


def _wobble(
    view: SquatView, repetition: SquatRepetition
) -> dict[str, Measurement | None]:
    """RMS of the knee's sideways path round a smooth one, in % of the leg."""
    out: dict[str, Measurement | None] = {}
    during = (view.pose.time_s >= repetition.start_s) & (
        view.pose.time_s <= repetition.end_s
    )
    for side in view.sides:
        name = f"knee_wobble_{side}_pct_leg"
        out[name] = None
        beside = view.legs[side].chain[during, 1, 0] / view.legs[side].leg_px * 100
        time = view.pose.time_s[during]
        seen = np.isfinite(beside)
        if (outlined := view.legs[side].outlined[during]).any():
            # From the landmark to the outline is a step that no knee makes.
            seen &= outlined
        if not view.is_frontal or seen.sum() < 12:
            continue
        # A squat without wobble follows a curve of low order there and back.
        phase = 2 * (time - time[0]) / (time[-1] - time[0]) - 1
        smooth = np.polynomial.Polynomial.fit(phase[seen], beside[seen], 6)
        rest = beside[seen] - smooth(phase[seen])
        out[name] = Measurement.with_sd(
            float(np.sqrt(np.mean(rest**2))), NOISE_SD_PCT, "%"
        )
    return out


# Noise of the outline and the landmarks as wobble.
NOISE_SD_PCT = 0.3


def summarise(repetitions: Iterable[Measures]) -> dict[str, Measurement | None]:
    """Mean, worst, spread and trend over the repetitions of each measure.

    The worst is the one of greatest size. Errors of one set are mostly the same in
    each repetition, so the mean's interval is as wide as a single one's.
    """
    collected: dict[str, list[Measurement]] = {}
    names: list[str] = []
    for measures in repetitions:
        for name, value in measures.items():
            names.append(name)
            if value is not None:
                collected.setdefault(name, []).append(value)
    out: dict[str, Measurement | None] = {}
    for name in dict.fromkeys(names):
        out |= _summary(name, collected.get(name, []))
    return out


def _summary(name: str, found: list[Measurement]) -> dict[str, Measurement | None]:
    keys = [f"{name}_{part}" for part in ("mean", "worst", "sd", "trend_per_rep")]
    if not found:
        return dict.fromkeys(keys)
    values = np.array([one.value for one in found])
    unit = found[0].unit
    half = median([_half_width(one) for one in found])
    mean = float(values.mean())
    worst = found[int(np.argmax(_badness(name, values)))]
    spread: Measurement | None = None
    trend: Measurement | None = None
    if len(found) >= 2:
        sd = float(values.std(ddof=1))
        spread = Measurement(sd, unit, None, None)
    if len(found) >= 3:
        trend = _trend(values, unit)
    out = dict.fromkeys(keys)
    return out | {
        keys[0]: Measurement(mean, unit, mean - half, mean + half),
        keys[1]: worst,
        keys[2]: spread,
        keys[3]: trend,
    }


def _badness(name: str, values: FloatArray) -> FloatArray:
    if name == "knee_ankle_separation_ratio" or name == "knee_flexion_deg":
        return -values
    if name.startswith(("fppa", "medial")):
        return values
    return np.abs(values)


def _half_width(one: Measurement) -> float:
    if one.low is None or one.high is None:
        return 0.0
    return (one.high - one.low) / 2


def _trend(values: FloatArray, unit: str) -> Measurement:
    """Slope per repetition with the interval of a straight line."""
    from scipy.stats import t

    count = len(values)
    place = np.arange(count) - (count - 1) / 2
    slope = float(np.sum(place * values) / np.sum(place**2))
    rest = values - values.mean() - slope * place
    error = np.sqrt(np.sum(rest**2) / (count - 2) / np.sum(place**2))
    half = float(t.ppf(0.975, count - 2) * error)
    return Measurement(slope, unit, slope - half, slope + half)


def left_right_difference(
    measures: Mapping[str, Measurement | None], name: str
) -> Measurement | None:
    """Left minus right of a measure such as ``fppa_{side}_deg_mean``."""
    left, right = (measures.get(name.format(side=side)) for side in Side)
    if left is None or right is None:
        return None
    half = float(np.hypot(_half_width(left), _half_width(right)))
    value = left.value - right.value
    return Measurement(value, left.unit, value - half, value + half)
