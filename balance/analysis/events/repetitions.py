"""Squats of a recording: which repetitions are squats, and the sets they form.

What a bending of the knees was is told in `bending_sets`; here sets on two legs become
squat sets, and those within a single-leg stance single-leg sets.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from balance.analysis.events.bending_sets import BendingRepetition, BendingSet
from balance.analysis.events.trials import Stance
from balance.model.codes import EndReason, FindingCode, Severity, TrialKind
from balance.model.landmarks import Side
from balance.model.results import Finding, Measurement
from balance.reference.repetition_model import BendKind

PARTIAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class SquatRepetition:
    """One squat; ``drop`` is how far the hips sank, in leg lengths.

    ``flexion``: knee flexion at the bottom in deg, mean of both legs or of the stance
    leg. ``partial``: less than half as deep as the set's deepest. ``start_seen`` and
    ``end_seen`` tell whether the recording holds the upright positions.
    """

    start_s: float
    bottom_s: float
    end_s: float
    drop: float
    flexion: Measurement | None = None
    partial: bool = False
    start_seen: bool = True
    end_seen: bool = True


@dataclass(frozen=True, slots=True)
class SquatSet:
    """Squats that belong together; ``side`` is the stance leg, None for two legs."""

    kind: TrialKind
    side: Side | None
    repetitions: tuple[SquatRepetition, ...]
    start_s: float
    end_s: float
    end_reason: EndReason = EndReason.SET_END

    @property
    def start_seen(self) -> bool:
        """Whether the first repetition began within the recording."""
        return self.repetitions[0].start_seen

    @property
    def end_seen(self) -> bool:
        """Whether the last repetition ended within the recording."""
        return self.repetitions[-1].end_seen


def find_squat_sets(
    sets: Iterable[BendingSet], stances: Iterable[Stance] = ()
) -> tuple[SquatSet, ...]:
    """Return the squat sets of a recording in the order of time.

    A single-leg stance that holds single-leg squats becomes a set from foot-off to
    foot-down; squats on two legs count where both feet were down.
    """
    sets, stances = tuple(sets), tuple(stances)
    on_one_leg = [
        rep
        for one in sets
        if one.kind is BendKind.SINGLE_LEG_SQUAT
        for rep in one.repetitions
    ]
    found = [
        _single_leg_set(stance, inside)
        for stance in stances
        if (inside := [rep for rep in on_one_leg if _within(rep, stance)])
    ]
    for one in sets:
        if one.kind is BendKind.SQUAT:
            reps = [
                r for r in one.repetitions if not any(_within(r, s) for s in stances)
            ]
            found += [_two_leg_set(reps)] if reps else []
    return tuple(sorted(found, key=lambda one: one.start_s))


def undecided_findings(sets: Iterable[BendingSet]) -> list[Finding]:
    """Say of repetitions that were squats or chair stands that it cannot be told."""
    return [
        Finding(
            FindingCode.UNDECIDED_REPETITIONS,
            Severity.WARNING,
            f"From {one.repetitions[0].start_s:.1f} to "
            f"{one.repetitions[-1].end_s:.1f} s squats cannot be told from chair "
            "stands; neither is measured. Record from the front or from the side, with "
            "the chair in the image.",
            one.repetitions[0].start_s,
        )
        for one in sets
        if one.kind is BendKind.UNDECIDED and _squat_or_seat(one)
    ]


def _squat_or_seat(one: BendingSet) -> bool:
    return one.chances[BendKind.SQUAT] + one.chances[BendKind.SIT_TO_STAND] > 0.5


def _within(rep: BendingRepetition, stance: Stance) -> bool:
    return stance.start_s < rep.bottom_s < stance.end_s


def _single_leg_set(stance: Stance, reps: list[BendingRepetition]) -> SquatSet:
    return SquatSet(
        TrialKind.SINGLE_LEG_SQUAT_SET,
        stance.side,
        _squats(reps),
        stance.start_s,
        stance.end_s,
        EndReason.TOUCHDOWN,
    )


def _two_leg_set(reps: list[BendingRepetition]) -> SquatSet:
    seen = reps[-1].bend.end_seen
    return SquatSet(
        TrialKind.SQUAT_SET,
        None,
        _squats(reps),
        reps[0].start_s,
        reps[-1].end_s,
        EndReason.SET_END if seen else EndReason.VIDEO_END,
    )


def _squats(reps: list[BendingRepetition]) -> tuple[SquatRepetition, ...]:
    deepest = max(rep.bend.drop for rep in reps)
    return tuple(
        SquatRepetition(
            rep.start_s,
            rep.bottom_s,
            rep.end_s,
            rep.bend.drop,
            Measurement(
                rep.knee_flexion_deg, "deg", rep.flexion_low_deg, rep.flexion_high_deg
            ),
            rep.bend.drop < PARTIAL_SHARE * deepest,
            rep.bend.start_seen,
            rep.bend.end_seen,
        )
        for rep in reps
    )
