"""The items that raters tick in a single-leg squat, as far as one camera sees them.

Yes is the fault. What a camera cannot see stays "cannot tell" with the reason, and
there is no sum: the items come from several published lists.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from balance.analysis.judging.scoring_squat import answer_of, chance_beyond, in_words
from balance.model.codes import (
    Answer,
    EndReason,
    FindingCode,
    JudgementCode,
    RatingCode,
    TrialKind,
)
from balance.model.results import Finding, Rating, Trial
from balance.reference.thresholds import RatingRule

# A foot that comes down this long before the last repetition ends did so within it.
WITHIN_S = 0.1


@dataclass(frozen=True, slots=True)
class _RatingEvidence:
    """An answer, why, and when it shows."""

    answer: Answer
    because: str
    time_s: float | None = None


def rate_squat(
    trial: Trial, rules: Iterable[RatingRule], findings: Iterable[Finding] = ()
) -> tuple[Rating, ...]:
    """Rate a single-leg squat set item by item; other trials have no ratings.

    ``findings`` are those of the recording: a foot that may have touched the floor.
    """
    if trial.kind is not TrialKind.SINGLE_LEG_SQUAT_SET:
        return ()
    near_floor_s = [
        one.time_s
        for one in findings
        if one.code is FindingCode.UNDECIDED_TOUCH and one.time_s is not None
    ]
    rated = []
    for rule in rules:
        if rule.code is RatingCode.FREE_FOOT_DOWN:
            evidence = _free_foot(trial, near_floor_s)
        elif rule.code in _LOOKS:
            evidence = _LOOKS[rule.code](trial, rule)
        else:
            evidence = _RatingEvidence(Answer.CANNOT_TELL, _UNSEEN[rule.code])
        rated.append(
            Rating(
                rule.code,
                evidence.answer,
                evidence.because,
                rule.source,
                evidence.time_s,
            )
        )
    return tuple(rated)


# What no single camera in front of the person sees.
_UNSEEN: Mapping[RatingCode, str] = {
    RatingCode.PELVIS_TURN: "a turn of the pelvis does not show in one flat image",
    RatingCode.OVERALL_IMPRESSION: "this needs a person’s eye",
}


def _judged(
    code: str, unasked: str = "this view does not show it"
) -> "Callable[[Trial, RatingRule], _RatingEvidence]":
    """Take the answer of the set's judgement; ``{side}`` is the stance leg's.

    ``unasked`` says why the view may not have allowed the question.
    """

    def look(trial: Trial, _rule: RatingRule) -> _RatingEvidence:
        wanted = JudgementCode(code.format(side=trial.side))
        for judgement in trial.judgements:
            if judgement.code is wanted:
                return _RatingEvidence(
                    judgement.answer, judgement.because, judgement.time_s
                )
        return _RatingEvidence(Answer.CANNOT_TELL, unasked)

    return look


def _measured(
    name: str, words: str
) -> "Callable[[Trial, RatingRule], _RatingEvidence]":
    """Hold a measure of the set against the item's number; ``words`` say it."""

    def look(trial: Trial, rule: RatingRule) -> _RatingEvidence:
        measured = trial.measures.get(name.format(side=trial.side))
        if measured is None or rule.beyond is None:
            return _RatingEvidence(Answer.CANNOT_TELL, "it was not seen from this view")
        answer = answer_of(chance_beyond(measured, rule.beyond))
        said = words.format(value=in_words(measured), limit=rule.beyond)
        return _RatingEvidence(answer, said)

    return look


def _foot_moves(trial: Trial, _rule: RatingRule) -> _RatingEvidence:
    if trial.end_reason is EndReason.STANCE_FOOT_MOVED:
        return _RatingEvidence(
            Answer.YES, "the standing foot left its place", trial.end_s
        )
    return _RatingEvidence(Answer.NO, "the standing foot kept its place")


def _free_foot(trial: Trial, near_floor_s: Iterable[float]) -> _RatingEvidence:
    last = trial.repetitions[-1]
    down = trial.end_reason is EndReason.TOUCHDOWN
    if down and trial.end_s < last.end_s - WITHIN_S:
        return _RatingEvidence(
            Answer.YES, "it came down before you stood again", trial.end_s
        )
    near = [at for at in near_floor_s if trial.start_s < at < last.end_s]
    if near:
        because = "it came close to the floor; look at that moment"
        return _RatingEvidence(Answer.CANNOT_TELL, because, near[0])
    return _RatingEvidence(Answer.NO, "it stayed in the air through every repetition")


_LOOKS: Mapping[RatingCode, "Callable[[Trial, RatingRule], _RatingEvidence]"] = {
    RatingCode.ARMS: _measured(
        "arm_movement_pct_trunk_worst",
        "a hand moved by {value} of the trunk’s length; {limit:g} % counts",
    ),
    RatingCode.TRUNK: _judged("trunk_lean"),
    RatingCode.PELVIS_LEVEL: _judged("pelvic_drop", "the raised thigh hides it"),
    RatingCode.THIGH_INWARDS: _judged("hip_adduction_{side}"),
    RatingCode.KNEE_INWARDS: _judged("knee_valgus_{side}"),
    RatingCode.KNEE_PAST_TOES: _measured(
        "knee_past_toes_{side}_pct_leg_mean",
        "{value} of the leg inside the big toe (less than 0: outside)",
    ),
    RatingCode.KNEE_SHAKE: _measured(
        "knee_wobble_{side}_pct_leg_mean",
        "{value} of the leg, RMS; {limit:g} % counts",
    ),
    RatingCode.FOOT_MOVES: _foot_moves,
    RatingCode.HEEL_LIFTS: _judged("heel_lift_{side}", "it is seen from the side"),
}
