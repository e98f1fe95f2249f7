"""Chair stands: how many, how long each took, and the two tests that clinics do."""

from typing import NamedTuple

import numpy as np

from balance.analysis.events.bending_sets import BendingRepetition, BendingSet
from balance.model.codes import EndReason, TrialKind
from balance.model.recording import FloatArray
from balance.model.results import Measurement, Measures, Repetition, Trial
from balance.reference.repetition_model import BendKind

# SD of a moment at which the hips begin or end to move: two frames at 30 Hz.
MOMENT_SD_S = 0.07
SPAN_SD_S = float(np.hypot(MOMENT_SD_S, MOMENT_SD_S))
# The tests of CLINICAL practice: five stands against the clock, stands within 30 s.
FIVE, COUNTED_S = 5, 30.0
# Share of the way from the seat (0) to standing (1): on the seat, upright.
ON_SEAT, UPRIGHT = 0.25, 0.85


class _Rise(NamedTuple):
    """From the seat to standing; ``down_s`` is None where sitting down was not seen."""

    down_s: float | None
    start_s: float
    end_s: float
    end_seen: bool


def sit_to_stand_trials(sets: tuple[BendingSet, ...]) -> tuple[Trial, ...]:
    """Return the sets of chair stands, each a trial.

    ``five_times_s``: from the first rise to upright after the fifth, None where fewer
    were done. ``stands_in_30_s``: rises ended within 30 s of the first one's start;
    censored where the recording ends before.
    """
    return tuple(_trial(one) for one in sets if one.kind is BendKind.SIT_TO_STAND)


def _trial(found: BendingSet) -> Trial:
    reps = found.repetitions
    first = _rise_from_the_start(reps[0])
    rises = [*([] if first is None else [first]), *map(_rise, reps)]
    count = len(rises)
    measures: Measures = {
        "repetitions": Measurement(count, "count", count, count),
        "five_times_s": _five_times(rises),
        "stands_in_30_s": _stands_in_30_s(
            rises, float(reps[-1].bend.course.time_s[-1])
        ),
        "repetition_s_mean": _mean([rep.end_s - rep.start_s for rep in reps]),
    }
    last_seen = rises[-1].end_seen
    return Trial(
        kind=TrialKind.SIT_TO_STAND_SET,
        side="both",
        start_s=rises[0].start_s if first else reps[0].start_s,
        end_s=reps[-1].end_s,
        start_seen=first is not None or reps[0].bend.start_seen,
        end_seen=last_seen,
        end_reason=EndReason.SET_END if last_seen else EndReason.VIDEO_END,
        measures=measures,
        repetitions=tuple(_repetition(rise) for rise in rises),
    )


def _rise(rep: BendingRepetition) -> _Rise:
    bend = rep.bend
    height = bend.course.height[bend.low : bend.end + 1]
    share = (height - height[0]) / (bend.drop * bend.standing)
    start_s = float(bend.course.time_s[bend.low]) + _leaves_seat_s(share, rep)
    return _Rise(rep.start_s, start_s, rep.end_s, bend.end_seen)


def _rise_from_the_start(rep: BendingRepetition) -> _Rise | None:
    """Return the rise before the first repetition where the course begins seated."""
    bend, time_s = rep.bend, rep.bend.course.time_s
    before = bend.course.height[: bend.start + 1]
    seat = bend.course.height[bend.low]
    share = (before - seat) / (bend.drop * bend.standing)
    up = np.flatnonzero(share > UPRIGHT)
    if share[0] > ON_SEAT or not len(up):
        return None
    start_s = float(time_s[0]) + _leaves_seat_s(share[: up[0] + 1], rep)
    # As much beyond the last 15 % as the first 15 % lie before: rises are symmetric.
    half = int(np.flatnonzero(share[: up[0] + 1] < 0.5)[-1])
    end_s = 2 * float(time_s[half]) - start_s
    return _Rise(None, start_s, min(end_s, rep.start_s), True)


def _leaves_seat_s(share: FloatArray, rep: BendingRepetition) -> float:
    """Return when the hips leave the seat, s from the first sample of ``share`` (T,).

    The first of the way takes long, so the moment is extrapolated from 15 % and 40 %
    of it, which grows about as the square of time there.
    """
    step_s = float(np.diff(rep.bend.course.time_s[:2])[0])
    at_15, at_40 = (
        int(np.flatnonzero(share <= at).max(initial=0)) for at in (0.15, 0.4)
    )
    back = np.sqrt(0.15) * (at_40 - at_15) / (np.sqrt(0.40) - np.sqrt(0.15))
    return max(float(at_15 - back), 0.0) * step_s


def _repetition(rise: _Rise) -> Repetition:
    down_s = rise.start_s if rise.down_s is None else rise.down_s
    measures: Measures = {
        "ascent_s": Measurement.with_sd(rise.end_s - rise.start_s, SPAN_SD_S, "s")
    }
    return Repetition(down_s, rise.start_s, rise.end_s, measures)


def _five_times(rises: list[_Rise]) -> Measurement | None:
    if len(rises) < FIVE or not rises[FIVE - 1].end_seen:
        return None
    seconds = rises[FIVE - 1].end_s - rises[0].start_s
    return Measurement.with_sd(seconds, SPAN_SD_S, "s")


def _stands_in_30_s(rises: list[_Rise], seen_until_s: float) -> Measurement:
    until_s = rises[0].start_s + COUNTED_S
    # More than half way up at the end counts.
    count = sum((rise.start_s + rise.end_s) / 2 <= until_s for rise in rises)
    if seen_until_s < until_s:
        return Measurement(count, "count", count, None, censored=True)
    return Measurement(count, "count", count, count)


def _mean(times_s: list[float]) -> Measurement:
    sd_s = SPAN_SD_S / float(np.sqrt(len(times_s)))
    return Measurement.with_sd(float(np.mean(times_s)), sd_s, "s")
