"""Slow weight shifts: how far the pelvis goes to each side, and how smoothly.

Seen from the front, both feet on the floor. The way is given as a share of the
distance between the feet, which needs no scale: 50 % is above the foot itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body.geometry import facing, midpoint
from balance.analysis.events.stance_type import find_two_leg_stances
from balance.analysis.signals import (
    fill_gaps,
    median,
    runs,
    smooth_at_own_times,
    speed,
    white_noise_sd,
)
from balance.model.codes import EndReason, TrialKind
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.model.results import Measurement, Repetition, Trial

FloatArray = NDArray[np.float64]

SMOOTH_HZ = 3.0
# A shift goes at least this share of the distance between the feet to one side;
# quiet standing sways by a twentieth of it.
SMALLEST = 0.12
# Where a shift begins and ends, as a share of its way.
EDGE = 0.2
SHORTEST_S = 0.6
# Feet nearer than this share of a leg leave nothing to shift between.
NARROWEST = 0.12


@dataclass(frozen=True, slots=True)
class WeightShift:
    """One shift. ``reach`` in distances between the feet, + to the person's left.

    ``reversals`` counts how often the way there turned back: 0 is one smooth move.
    """

    side: Side
    start_s: float
    peak_s: float
    end_s: float
    reach: float
    reach_sd: float
    reversals: int


def weight_shift_trials(pose: PoseSequence) -> tuple[Trial, ...]:
    """Return the weight shifts of each time in which both feet stay, as trials."""
    trials = []
    for span in find_two_leg_stances(pose):
        if span.reading.kind != TrialKind.TWO_LEG_STANCE:
            continue
        shifts = find_weight_shifts(pose, (span.start_s, span.end_s))
        if len(shifts) >= 2:
            trials.append(_trial(pose, shifts))
    return tuple(trials)


def find_weight_shifts(
    pose: PoseSequence, span_s: tuple[float, float]
) -> tuple[WeightShift, ...]:
    """Return every shift while the feet stay where they are."""
    inside = (pose.time_s >= span_s[0]) & (pose.time_s <= span_s[1])
    place, noise = _place(pose, inside)
    if place is None:
        return ()
    shifts = []
    for side, sign in ((Side.LEFT, 1.0), (Side.RIGHT, -1.0)):
        away = np.where(inside, sign * place, np.nan)
        for run in runs(away > SMALLEST):
            peak = run.start + int(np.nanargmax(away[run]))
            top = float(away[peak])
            start = _edge(away, peak, -1, EDGE * top)
            end = _edge(away, peak, 1, EDGE * top)
            start_s, peak_s, end_s = (float(pose.time_s[k]) for k in (start, peak, end))
            if end_s - start_s < SHORTEST_S:
                continue
            back = _reversals(pose.time_s, away, start, peak)
            shifts.append(WeightShift(side, start_s, peak_s, end_s, top, noise, back))
    return tuple(sorted(shifts, key=lambda shift: shift.start_s))


def _place(
    pose: PoseSequence, inside: NDArray[np.bool_]
) -> tuple[FloatArray | None, float]:
    """(T,) pelvis from the middle of the feet in feet distances, and its noise."""
    left, right = (pose.point(side.landmark("ankle")) for side in Side)
    apart_px = median(np.abs(left[inside, 0] - right[inside, 0]))
    leg_px = median((midpoint(pose, "ankle") - midpoint(pose, "hip"))[inside, 1])
    if not np.isfinite(apart_px) or apart_px < NARROWEST * leg_px:
        return None, 0.0
    pelvis = midpoint(pose, "hip")[:, 0] - (left[:, 0] + right[:, 0]) / 2
    place = pelvis * facing(pose) / apart_px
    bridged = fill_gaps(pose.time_s, place, 0.3)
    smooth = smooth_at_own_times(pose.time_s, bridged, SMOOTH_HZ)
    # Quiet standing is the middle, wherever the camera puts it.
    rest = median(smooth[inside])
    noise = float(np.nan_to_num(white_noise_sd(place[inside])))
    return smooth - rest, noise


def _edge(away: FloatArray, peak: int, step: int, level: float) -> int:
    k = peak
    while 0 <= k + step < len(away) and away[k + step] > level:
        k += step
    return k


def _reversals(time_s: FloatArray, away: FloatArray, start: int, peak: int) -> int:
    """Count how often the way out turns back by a tenth of it or more."""
    way = away[start : peak + 1]
    if len(way) < 3:
        return 0
    pace = speed(time_s[start : peak + 1], way)
    backwards = runs(pace < 0)
    return sum(float(np.ptp(way[run])) > 0.1 * float(way[-1]) for run in backwards)


def _trial(pose: PoseSequence, shifts: tuple[WeightShift, ...]) -> Trial:
    start_s, end_s = shifts[0].start_s, shifts[-1].end_s
    measures: dict[str, Measurement | None] = {
        "repetitions": Measurement(len(shifts), "count", len(shifts), len(shifts))
    }
    for side in Side:
        mine = [shift for shift in shifts if shift.side is side]
        measures[f"excursion_{side.value}_pct_stance"] = _mean_reach(mine)
    turned = sum(shift.reversals for shift in shifts)
    measures["reversals"] = Measurement(turned, "count", None, None)
    return Trial(
        kind=TrialKind.WEIGHT_SHIFT_SET,
        side="both",
        start_s=start_s,
        end_s=end_s,
        start_seen=bool(start_s > pose.time_s[0]),
        end_seen=bool(end_s < pose.time_s[-1]),
        end_reason=EndReason.SET_END,
        measures=measures,
        repetitions=tuple(_repetition(shift) for shift in shifts),
    )


def _mean_reach(shifts: list[WeightShift]) -> Measurement | None:
    if not shifts:
        return None
    reach = np.array([100 * shift.reach for shift in shifts])
    spread = float(np.std(reach, ddof=1)) if len(reach) > 1 else 0.0
    noise = 100 * shifts[0].reach_sd
    sd = float(np.hypot(spread, noise) / np.sqrt(len(reach)))
    return Measurement.with_sd(float(reach.mean()), sd, "%")


def _repetition(shift: WeightShift) -> Repetition:
    sign = 1 if shift.side is Side.LEFT else -1
    value, sd = 100 * sign * shift.reach, 100 * shift.reach_sd
    return Repetition(
        shift.start_s,
        shift.peak_s,
        shift.end_s,
        {
            "excursion_pct_stance": Measurement.with_sd(
                value, sd, "%", at_s=shift.peak_s
            ),
            "reversals": Measurement(shift.reversals, "count", None, None),
        },
    )
