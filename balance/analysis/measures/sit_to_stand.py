"""Chair stands: how many, how long each took, and the two tests that clinics do."""

import numpy as np

from balance.analysis.events.bending_sets import BendingRepetition, BendingSet
from balance.model.codes import EndReason, TrialKind
from balance.model.results import Measurement, Measures, Repetition, Trial
from balance.reference.repetition_model import BendKind

# SD of a moment at which the hips begin or end to move: two frames at 30 Hz.
MOMENT_SD_S = 0.07
# The tests of CLINICAL practice: five stands against the clock, stands within 30 s.
FIVE, COUNTED_S = 5, 30.0


def sit_to_stand_trials(sets: tuple[BendingSet, ...]) -> tuple[Trial, ...]:
    """Return the sets of chair stands, each a trial.

    ``five_times_s``: from the first rise to upright after the fifth, None where fewer
    were done. ``stands_in_30_s``: rises ended within 30 s of the first one's start;
    censored where the recording ends before.
    """
    return tuple(_trial(one) for one in sets if one.kind is BendKind.SIT_TO_STAND)


def _trial(found: BendingSet) -> Trial:
    reps = found.repetitions
    times = [rep.end_s - rep.start_s for rep in reps]
    count = len(reps)
    measures: Measures = {
        "repetitions": Measurement(count, "count", count, count),
        "five_times_s": _five_times(reps),
        "stands_in_30_s": _stands_in_30_s(reps),
        "repetition_s_mean": _mean(times),
    }
    return Trial(
        kind=TrialKind.SIT_TO_STAND_SET,
        side="both",
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        start_seen=reps[0].bend.start_seen,
        end_seen=reps[-1].bend.end_seen,
        end_reason=(
            EndReason.SET_END if reps[-1].bend.end_seen else EndReason.VIDEO_END
        ),
        measures=measures,
        repetitions=tuple(_repetition(rep) for rep in reps),
    )


def _repetition(rep: BendingRepetition) -> Repetition:
    sd_s = float(np.hypot(MOMENT_SD_S, MOMENT_SD_S))
    return Repetition(
        rep.start_s,
        rep.bottom_s,
        rep.end_s,
        {
            "descent_s": Measurement.with_sd(rep.bottom_s - rep.start_s, sd_s, "s"),
            "ascent_s": Measurement.with_sd(rep.end_s - rep.bottom_s, sd_s, "s"),
        },
    )


def _five_times(reps: tuple[BendingRepetition, ...]) -> Measurement | None:
    if len(reps) < FIVE or not reps[FIVE - 1].bend.end_seen:
        return None
    seconds = reps[FIVE - 1].end_s - reps[0].bottom_s
    return Measurement.with_sd(seconds, float(np.hypot(MOMENT_SD_S, MOMENT_SD_S)), "s")


def _stands_in_30_s(reps: tuple[BendingRepetition, ...]) -> Measurement | None:
    begin_s = reps[0].bottom_s
    # More than half way up at the end counts.
    half_up = [(rep.bottom_s + rep.end_s) / 2 for rep in reps]
    count = sum(time_s <= begin_s + COUNTED_S for time_s in half_up)
    if reps[-1].end_s < begin_s + COUNTED_S:
        return None  # they stopped, or the recording did, before 30 s
    return Measurement(count, "count", count, count)


def _mean(times_s: list[float]) -> Measurement:
    sd_s = float(np.hypot(MOMENT_SD_S, MOMENT_SD_S)) / float(np.sqrt(len(times_s)))
    return Measurement.with_sd(float(np.mean(times_s)), sd_s, "s")
