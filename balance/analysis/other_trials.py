"""Trials beyond stands on one leg and squats: what a protocol's stages ask for.

Stances on two feet, BESS stages with their errors, heel raises, weight shifts, hops.
"""

from collections.abc import Sequence
from dataclasses import replace

from balance.analysis.events.stance_type import StanceSpan, find_two_leg_stances
from balance.analysis.measures.bess import bess_trial
from balance.analysis.measures.heel_raise import heel_raise_trials
from balance.analysis.measures.hop import hop_trials
from balance.analysis.measures.weight_shift import weight_shift_trials
from balance.model.codes import EndReason, TrialKind
from balance.model.recording import PoseSequence
from balance.model.results import Measurement, Trial
from balance.reference.protocol import Protocol, Stage

TWO_FOOTED = (
    TrialKind.SIDE_BY_SIDE_STANCE,
    TrialKind.SEMI_TANDEM_STANCE,
    TrialKind.TANDEM_STANCE,
    TrialKind.TWO_LEG_STANCE,
)
FINDERS = {
    TrialKind.HEEL_RAISE_SET: heel_raise_trials,
    TrialKind.WEIGHT_SHIFT_SET: weight_shift_trials,
    TrialKind.HOP_SET: hop_trials,
}
# A foot may leave or come so long after a set's start or before its end.
EDGE_S = 1.0


def other_trials(
    pose: PoseSequence, protocol: Protocol, asked: frozenset[TrialKind] = frozenset()
) -> tuple[Trial, ...]:
    """Return the trials that the protocol or the test asks for, in order of time.

    ``asked`` the kinds of the test that was named; empty for "auto", which looks for
    plain heel raises only: standing on two feet and shifting weight happen in every
    recording, and steps look like hops.
    """
    if protocol.error_types:
        return bess_trials(pose, protocol)
    kinds = asked or frozenset(stage.kind for stage in protocol.stages)
    if not kinds:
        return heel_raise_trials(pose, asked=False)
    trials = [trial for kind in kinds for trial in trials_of_kind(pose, kind, protocol)]
    return tuple(sorted(trials, key=lambda trial: trial.start_s))


def trials_of_kind(
    pose: PoseSequence, kind: TrialKind, protocol: Protocol
) -> tuple[Trial, ...]:
    """Return every trial of one kind; none for kinds that are found elsewhere."""
    if kind in FINDERS:
        return FINDERS[kind](pose)
    if kind not in TWO_FOOTED:
        return ()
    spans = (span for span in find_two_leg_stances(pose) if span.reading.kind == kind)
    return tuple(_held(span, protocol) for span in spans)


def bess_trials(
    pose: PoseSequence, protocol: Protocol, stage: Stage | None = None
) -> tuple[Trial, ...]:
    """Return the stages of a BESS that were recognised; ``stage`` narrows to one.

    Firm ground and foam look alike: without a stage the firm one is taken.
    """
    seen = {span.reading.kind for span in find_two_leg_stances(pose)}
    stages = (stage,) if stage else protocol.stages
    first: dict[TrialKind, Stage] = {}
    for one in stages:
        if one.kind in seen:
            first.setdefault(one.kind, one)
    trials = [bess_trial(pose, one, protocol) for one in first.values()]
    return tuple(sorted(trials, key=lambda trial: trial.start_s))


def on_the_same_feet(
    others: tuple[Trial, ...], lifted_s: Sequence[float]
) -> tuple[Trial, ...]:
    """Drop sets of heel raises in whose midst a foot was lifted or set down.

    ``lifted_s`` are the times of foot-off and foot-down. A set is done on both feet or
    on one; a raised thigh that drags the landmarks looks like raises.
    """
    return tuple(
        one
        for one in others
        if one.kind is not TrialKind.HEEL_RAISE_SET
        or not any(one.start_s + EDGE_S < t < one.end_s - EDGE_S for t in lifted_s)
    )


def without_raises(
    squats: tuple[Trial, ...], others: tuple[Trial, ...]
) -> tuple[Trial, ...]:
    """Drop squat sets that are heel raises.

    A heel raise bends the leg in the image, so it can look like a shallow squat. A
    squat never looks like heel raises: there the standing knee stays behind, on every
    rendered and real squat that was tried.
    """
    raises = [trial for trial in others if trial.kind == TrialKind.HEEL_RAISE_SET]
    return tuple(
        one
        for one in squats
        if not any(one.start_s < r.end_s and r.start_s < one.end_s for r in raises)
    )


def _held(span: StanceSpan, protocol: Protocol) -> Trial:
    """Return a stance on two feet as a trial with its hold, capped by the protocol."""
    whole = span.start_seen and span.end_seen
    # Start and end are each known to within the window that tells a step.
    low = max(0.0, span.hold_s - 2 * span.edge_s)
    high = span.hold_s + 2 * span.edge_s if whole else None
    trial = Trial(
        kind=span.reading.kind or TrialKind.TWO_LEG_STANCE,
        side="both",
        start_s=span.start_s,
        end_s=span.end_s,
        start_seen=span.start_seen,
        end_seen=span.end_seen,
        end_reason=(
            EndReason.STANCE_FOOT_MOVED if span.end_seen else EndReason.VIDEO_END
        ),
        measures={
            "hold_s": Measurement(span.hold_s, "s", low, high, censored=not whole)
        },
    )
    cap_s = protocol.cap_s
    if cap_s is None or span.hold_s < cap_s:
        return trial
    capped = Measurement(cap_s, "s", min(low, cap_s), None, censored=True)
    return replace(
        trial,
        end_s=span.start_s + cap_s,
        end_reason=EndReason.TIME_CAP,
        measures={"hold_s": capped},
    )
