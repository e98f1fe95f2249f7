"""Score a protocol from its recordings: which stage, how it ended, what it gives.

Pure: a ``Take`` is one recording with its assessment. Recordings as many as there are
steps are taken in the order of the steps; otherwise each is put where the stance that
was recognised belongs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from balance.codes import Answer, TrialKind
from balance.events.protocol_trials import (
    FINDERS,
    TWO_FOOTED,
    bess_trials,
    trials_of_kind,
)
from balance.pose import Recording
from balance.protocols.protocol import Protocol, Stage
from balance.results import Assessment, Measurement, Trial


@dataclass(frozen=True, eq=False)
class Take:
    """One recording and what was measured in it."""

    recording: Recording
    assessment: Assessment

    @property
    def name(self) -> str:
        """Name of the recorded file."""
        return self.recording.source.name


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
    in_order = len(takes) == len(protocol.stages) > 1
    scores: list[StageScore] = []
    ended_at = None
    for index, stage in enumerate(protocol.stages):
        given = (takes[index],) if in_order else tuple(takes)
        trials = tuple(t for take in given for t in _trials(protocol, stage, take))
        if not in_order and protocol.error_types:
            # One recording of a whole BESS: firm and foam look alike, firm is first.
            same = [s for s in protocol.stages[:index] if s.kind == stage.kind]
            trials = trials[len(same) : len(same) + 1]
        found = [_score(stage, leg, trials, protocol) for leg in _legs(stage, trials)]
        scores += found
        if protocol.stop_at_first_failure and all(
            score.passed == Answer.NO for score in found
        ):
            ended_at = stage
            break
    return ProtocolScore(protocol, tuple(scores), ended_at, _total(protocol, scores))


def _legs(stage: Stage, trials: Sequence[Trial]) -> tuple[str, ...]:
    if stage.legs == "each" and stage.kind not in TWO_FOOTED:
        return ("left", "right")
    return (trials[0].side,) if trials else ("both",)


def _trials(protocol: Protocol, stage: Stage, take: Take) -> tuple[Trial, ...]:
    """Return the trials of a stage's kind in one recording."""
    pose = take.recording.pose
    if protocol.error_types:
        return bess_trials(pose, protocol, stage)
    if stage.kind in FINDERS or stage.kind in TWO_FOOTED:
        return trials_of_kind(pose, stage.kind, protocol)
    return tuple(t for t in take.assessment.trials if t.kind == stage.kind)


def _score(
    stage: Stage, leg: str, trials: Sequence[Trial], protocol: Protocol
) -> StageScore:
    mine = tuple(t for t in trials if leg in (t.side, "both"))
    name = "errors" if protocol.error_types else _measure_of(stage)
    values = [m for t in mine if (m := _value(t, name)) is not None]
    if not values:
        why = f"{stage.title}: not found in the recordings."
        return StageScore(stage, leg, mine, None, Answer.CANNOT_TELL, why)
    if name == "errors":
        best = min(values, key=lambda m: m.value)
        words = f"{stage.title}: {best.value:.0f} errors seen."
        return StageScore(stage, leg, mine, best, Answer.YES, words)
    best = max(values, key=lambda m: m.value)
    goal = stage.seconds if name == "hold_s" else stage.repetitions
    passed, because = _passed(stage, best, goal)
    return StageScore(stage, leg, mine, best, passed, because)


def _measure_of(stage: Stage) -> str:
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
