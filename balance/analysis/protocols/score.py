"""Score a protocol from its recordings: which stage, how it ended, what it gives.

Pure: a ``Take`` is one recording with its assessment. Recordings as many as there are
steps are taken in the order of the steps, unless the steps differ in stance and more
are found where the stance that was recognised belongs. Who recorded step by step knows
the stage (``score_stages``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from balance.analysis.body.clean_recording import clean
from balance.analysis.events.stance_type import why_not_read
from balance.analysis.other_trials import (
    FINDERS,
    TWO_FOOTED,
    bess_trials,
    trials_of_kind,
)
from balance.analysis.protocols.run import EXAMINER_FAILURES
from balance.model.codes import Answer, EndReason, TrialKind
from balance.model.recording import PoseSequence, Recording
from balance.model.results import Assessment, Measurement, Trial
from balance.reference.protocol import Protocol, Stage

FAILURE_WORDS = {
    EndReason.HAND_SUPPORT: "a hand held on",
    EndReason.EYES_OPENED: "the eyes opened",
}


@dataclass(frozen=True, eq=False)
class Take:
    """One recording and what was measured in it."""

    recording: Recording
    assessment: Assessment

    @cached_property
    def pose(self) -> PoseSequence:
        """What is believed of the landmarks: no feet below the image."""
        return clean(self.recording).recording.pose


@dataclass(frozen=True, slots=True)
class StageScore:
    """What came of a stage on one leg.

    ``best`` the best hold or the greatest count, None where nothing was found;
    ``passed`` cannot tell where the recording does not decide it.
    """

    stage: Stage
    leg: str
    trials: tuple[Trial, ...]
    best: Measurement | None
    passed: Answer
    because: str

    @property
    def best_trial(self) -> Trial | None:
        """The trial that ``best`` was taken from."""
        names = ("errors", "hold_s", "repetitions")
        return next(
            (
                trial
                for trial in self.trials
                if self.best is not None
                and self.best in [_value(trial, name) for name in names]
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class ProtocolScore:
    """A protocol's result: each stage, the stage that ended it, and the total.

    ``total`` sums BESS errors (None for other protocols or where a stage is missing).
    """

    protocol: Protocol
    stages: tuple[StageScore, ...]
    ended_at: Stage | None
    total: Measurement | None

    @property
    def found(self) -> int:
        """How many stages, each leg by itself, were found in the recordings."""
        return sum(score.best is not None for score in self.stages)

    @property
    def reached(self) -> Stage | None:
        """Last stage passed before the first that was not."""
        last = None
        for score in self.stages:
            if score.passed != Answer.YES:
                break
            last = score.stage
        return last


def score_protocol(protocol: Protocol, takes: Sequence[Take]) -> ProtocolScore:
    """Score every stage; where the protocol stops at a failure, later ones are left."""
    stages = protocol.stages
    by_stance = _by_stance(protocol, takes)
    if not len(takes) == len(stages) > 1:
        return by_stance
    taken = zip(stages, takes, strict=True)
    in_order = score_stages(protocol, {stage.code: (one,) for stage, one in taken})
    # Open and closed eyes, floor and foam look alike: there the order alone tells.
    all_differ = len({stage.kind for stage in stages}) == len(stages)
    return by_stance if all_differ and by_stance.found > in_order.found else in_order


def _by_stance(protocol: Protocol, takes: Sequence[Take]) -> ProtocolScore:
    """Put each recording where its stance belongs."""
    found: dict[str, tuple[Trial, ...]] = {}
    for index, stage in enumerate(protocol.stages):
        trials = tuple(t for take in takes for t in _trials(protocol, stage, take))
        if protocol.error_types:
            # One recording of a whole BESS: firm and foam look alike, firm is first.
            same = [s for s in protocol.stages[:index] if s.kind == stage.kind]
            trials = trials[len(same) : len(same) + 1]
        found[stage.code] = trials
    everywhere = dict.fromkeys(found, takes)
    return _explained(_scored(protocol, found), everywhere)


def score_stages(
    protocol: Protocol, takes: Mapping[str, Sequence[Take]]
) -> ProtocolScore:
    """Score recordings of which somebody knows the stage, by its code."""
    found = {
        stage.code: tuple(
            trial
            for take in takes.get(stage.code, ())
            for trial in _trials(protocol, stage, take)
        )
        for stage in protocol.stages
    }
    return _explained(_scored(protocol, found), takes)


def _explained(
    score: ProtocolScore, takes: Mapping[str, Sequence[Take]]
) -> ProtocolScore:
    """Say where a position was not found because the view did not show it."""

    def explained(one: StageScore) -> StageScore:
        if one.best is not None or one.stage.kind not in TWO_FOOTED:
            return one
        whys = (why_not_read(take.pose) for take in takes.get(one.stage.code, ()))
        why = next(filter(None, whys), None)
        return replace(one, because=f"{_not_found(one.stage)}: {why}.") if why else one

    return replace(score, stages=tuple(map(explained, score.stages)))


def _scored(
    protocol: Protocol, found: Mapping[str, tuple[Trial, ...]]
) -> ProtocolScore:
    scores: list[StageScore] = []
    ended_at = None
    for stage in protocol.stages:
        trials = found[stage.code]
        mine = [_score(stage, leg, trials, protocol) for leg in _legs(stage, trials)]
        scores += mine
        if protocol.stop_at_first_failure and all(
            score.passed == Answer.NO for score in mine
        ):
            ended_at = stage
            break
    return ProtocolScore(protocol, tuple(scores), ended_at, _total(protocol, scores))


def _legs(stage: Stage, trials: Sequence[Trial]) -> tuple[str, ...]:
    if stage.legs == "each" and stage.kind not in TWO_FOOTED:
        return ("left", "right")
    return (trials[0].side,) if trials else ("both",)


def _trials(protocol: Protocol, stage: Stage, take: Take) -> tuple[Trial, ...]:
    """Return the trials of a stage's kind in one recording.

    What was assessed by this protocol is taken as it stands, overrules included.
    """
    if take.assessment.protocol != protocol.code:
        if protocol.error_types:
            return bess_trials(take.pose, protocol, stage)
        if stage.kind in FINDERS or stage.kind in TWO_FOOTED:
            return trials_of_kind(take.pose, stage.kind, protocol)
    return tuple(t for t in take.assessment.trials if t.kind == stage.kind)


def _score(
    stage: Stage, leg: str, trials: Sequence[Trial], protocol: Protocol
) -> StageScore:
    mine = tuple(t for t in trials if leg in (t.side, "both"))
    name = "errors" if protocol.error_types else _measure_of(stage, protocol, mine)
    failed = [t for t in mine if t.end_reason in EXAMINER_FAILURES]
    values = [m for t in mine if t not in failed and (m := _value(t, name)) is not None]
    if failed and not values:
        because = f"{stage.title}: {FAILURE_WORDS[failed[-1].end_reason]}."
        best = _value(failed[-1], name)
        return StageScore(stage, leg, mine, best, Answer.NO, because)
    if not values:
        why = f"{_not_found(stage)}."
        return StageScore(stage, leg, mine, None, Answer.CANNOT_TELL, why)
    if name == "errors":
        best = min(values, key=lambda m: m.value)
        words = f"{stage.title}: {best.value:.0f} errors seen."
        return StageScore(stage, leg, mine, best, Answer.YES, words)
    if name == "five_times_s":
        best = min(values, key=lambda m: m.value)
        words = f"{stage.title}: {best.value:.1f} {best.unit}."
        return StageScore(stage, leg, mine, best, Answer.YES, words)
    best = max(values, key=lambda m: m.value)
    goal = stage.seconds if name == "hold_s" else stage.repetitions
    passed, because = _passed(stage, best, goal)
    return StageScore(stage, leg, mine, best, passed, because)


def _not_found(stage: Stage) -> str:
    return f"{stage.title}: not found in the recordings"


def _measure_of(stage: Stage, protocol: Protocol, trials: Sequence[Trial]) -> str:
    if stage.kind is TrialKind.SIT_TO_STAND_SET:
        # What the protocol names first counts; without it, how many there were.
        name = next(iter(protocol.scored), "repetitions")
        measured = any(_value(trial, name) is not None for trial in trials)
        return name if measured else "repetitions"
    held = (*TWO_FOOTED, TrialKind.SINGLE_LEG_STANCE)
    return "hold_s" if stage.kind in held else "repetitions"


def _value(trial: Trial, name: str) -> Measurement | None:
    """Return a trial's measure; sets without a count have their repetitions."""
    found = trial.measures.get(name)
    if found is None and name == "repetitions":
        count = len(trial.repetitions)
        return Measurement(count, "count", count, count)
    return found


def _passed(stage: Stage, best: Measurement, goal: float | None) -> tuple[Answer, str]:
    """Answer whether the goal was met by the interval: yes, no, or cannot tell."""
    what = f"{stage.title}: {best.value:.1f} {best.unit}"
    if best.unit == "count":
        what = f"{stage.title}: {best.value:.0f}"
    if goal is None:
        return Answer.YES, f"{what}."
    if best.low is not None and best.low >= goal:
        return Answer.YES, f"{what} of {goal:g}."
    if best.high is not None and best.high < goal:
        return Answer.NO, f"{what} of {goal:g}."
    if best.censored and best.value < goal:
        words = f"at least {what.split(': ')[1]} seen, the recording shows no more"
        return Answer.CANNOT_TELL, f"{stage.title}: {words}."
    # The interval holds the goal: the clock of the test counts whole tenths.
    answer = Answer.YES if best.value >= goal else Answer.CANNOT_TELL
    return answer, f"{what} of {goal:g}, too close for certainty."


def _total(protocol: Protocol, scores: Sequence[StageScore]) -> Measurement | None:
    if not protocol.error_types or any(score.best is None for score in scores):
        return None
    bests = [score.best for score in scores if score.best is not None]
    value = sum(best.value for best in bests)
    highs = [best.high for best in bests]
    high = sum(h for h in highs if h is not None) if None not in highs else None
    return Measurement(value, "count", value, high)
