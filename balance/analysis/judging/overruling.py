"""Correct a result by hand: what it was stays readable, the score is made anew."""

from collections.abc import Callable
from dataclasses import replace

from balance.analysis.judging.rating_squat import rate_squat
from balance.analysis.judging.scoring import judge_hold, score_stance
from balance.analysis.judging.scoring_squat import score_squat
from balance.analysis.measures.bess import recount
from balance.model.codes import SQUAT_SETS, Answer, EndReason, TrialKind
from balance.model.corrections import (
    ADDED,
    REMOVED,
    Correction,
    EventTarget,
    JudgementTarget,
    TrialField,
)
from balance.model.errors import InputError
from balance.model.landmarks import Side
from balance.model.results import (
    Assessment,
    Event,
    Judgement,
    Measurement,
    Overrule,
    Trial,
)
from balance.reference.thresholds import Norms

Rescore = Callable[[Assessment, int], Assessment]


def overrule(
    assessment: Assessment, correction: Correction, rescore: Rescore | None = None
) -> Assessment:
    """Return the assessment with one correction made and noted.

    ``rescore`` makes norm, judgements and score of the trial at an index anew from
    what it now says.
    """
    position = correction.position
    if not correction.by.strip():
        raise InputError("a correction needs the name or code of who makes it")
    if not 1 <= position <= len(assessment.trials):
        raise InputError(
            f"there is no trial {position}; the recording has {len(assessment.trials)}"
        )
    trial = assessment.trials[position - 1]
    parts: tuple[Trial, ...]
    if correction.target is TrialField.SPLIT:
        parts, was = _split(trial, correction.becomes), "one stand"
    else:
        corrected, was = _correct(trial, correction)
        parts = (corrected,)
    entry = Overrule(
        str(correction.target), was, correction.by, correction.at, correction.becomes
    )
    trials = list(assessment.trials)
    trials[position - 1 : position] = [
        replace(_recounted(trial, part), overruled=(*trial.overruled, entry))
        for part in parts
    ]
    result = replace(assessment, trials=tuple(trials))
    for index in range(position - 1, position - 1 + len(parts)):
        result = result if rescore is None else rescore(result, index)
    return result


def _recounted(trial: Trial, corrected: Trial) -> Trial:
    errors = recount(trial, corrected)
    if errors is None:
        return corrected
    return replace(corrected, measures={**corrected.measures, "errors": errors})


def rescore_by(norms: Norms) -> Rescore:
    """Return what makes judgement and score anew, from the norms of the day.

    An answer that a person gave is not judged again.
    """

    def rescore(assessment: Assessment, index: int) -> Assessment:
        trials = list(assessment.trials)
        trials[index] = _rescored(assessment, trials[index], norms)
        return replace(assessment, trials=tuple(trials))

    return rescore


def _rescored(assessment: Assessment, trial: Trial, norms: Norms) -> Trial:
    if trial.kind in SQUAT_SETS:
        if norms.squats is None or trial.score is None:
            return trial
        return replace(
            trial,
            ratings=rate_squat(trial, norms.ratings, assessment.findings),
            score=score_squat(trial.judgements, norms.squats),
        )
    hold = trial.measures.get("hold_s")
    if hold is None or trial.score is None:
        return trial
    person, conditions = assessment.person, assessment.conditions
    judgements = _judged_again(trial, judge_hold(norms, person, conditions, hold))
    lean = trial.measures.get("trunk_lean_deg")
    score = score_stance(norms, trial.norm, hold, lean, trial.events)
    return replace(trial, judgements=judgements, score=score)


def _judged_again(trial: Trial, fresh: Judgement | None) -> tuple[Judgement, ...]:
    by_hand = {entry.what for entry in trial.overruled}
    return tuple(
        fresh
        if fresh is not None
        and judgement.code == fresh.code
        and str(JudgementTarget(fresh.code)) not in by_hand
        else judgement
        for judgement in trial.judgements
    )


def _correct(trial: Trial, correction: Correction) -> tuple[Trial, str]:
    """Return the corrected trial and what stood there before, as text."""
    target, becomes = correction.target, correction.becomes
    if isinstance(target, JudgementTarget):
        return _answer(trial, target, becomes)
    if isinstance(target, EventTarget):
        return _change_event(trial, target, becomes)
    if target is TrialField.SIDE:
        return replace(trial, side=_one_of(becomes, [*Side, "both"])), trial.side
    if target is TrialField.END_REASON:
        reason = EndReason(_one_of(becomes, list(EndReason)))
        return replace(trial, end_reason=reason), trial.end_reason.value
    return _move_time(trial, target, becomes), f"{getattr(trial, target.value):g}"


def _split(trial: Trial, becomes: str) -> tuple[Trial, Trial]:
    """Make two stands of one whose foot came down in between, at a second.

    What hangs on the times is unknown until it is measured from the recording.
    """
    if trial.kind is not TrialKind.SINGLE_LEG_STANCE:
        raise InputError("only a stand on one leg can be split")
    first = _move_time(trial, TrialField.END, becomes)
    second = _move_time(trial, TrialField.START, becomes)

    def part(moved: Trial) -> Trial:
        inside = (e for e in trial.events if moved.start_s <= e.time_s <= moved.end_s)
        unknown = dict.fromkeys(trial.measures)
        hold = moved.measures.get("hold_s")
        return replace(
            moved,
            events=tuple(inside),
            measures={**unknown, "hold_s": hold},
            signal=None,
        )

    return replace(part(first), end_reason=EndReason.TOUCHDOWN), part(second)


def _move_time(trial: Trial, what: TrialField, becomes: str) -> Trial:
    """Move start or end; a hold follows, known to the second hand of a person."""
    try:
        seconds = float(becomes)
    except ValueError:
        raise InputError(f"{what} must be seconds, got {becomes!r}") from None
    moved = (
        replace(trial, start_s=seconds, start_seen=True)
        if what is TrialField.START
        else replace(trial, end_s=seconds, end_seen=True)
    )
    if not moved.start_s < moved.end_s:
        raise InputError("a trial must end after it starts")
    old = trial.measures.get("hold_s")
    if old is None:
        return moved
    value = moved.end_s - moved.start_s
    # The width is kept: a person points at a frame, as the measurement does.
    below = old.value - old.low if old.low is not None else None
    above = old.high - old.value if old.high is not None else below
    censored = not (moved.start_seen and moved.end_seen)
    hold = Measurement(
        value,
        old.unit,
        None if below is None else value - below,
        None if censored or above is None else value + above,
        censored,
    )
    return replace(moved, measures={**trial.measures, "hold_s": hold})


def _answer(trial: Trial, target: JudgementTarget, becomes: str) -> tuple[Trial, str]:
    answer = Answer(_one_of(becomes, list(Answer)))
    for index, judgement in enumerate(trial.judgements):
        if judgement.code == target.code:
            changed = list(trial.judgements)
            changed[index] = replace(judgement, answer=answer, grade=None, chance=None)
            return replace(trial, judgements=tuple(changed)), judgement.answer.value
    raise InputError(f"the trial has no judgement {target.code.value!r}")


def _change_event(trial: Trial, target: EventTarget, becomes: str) -> tuple[Trial, str]:
    """Take out an event that was not so, or add one that was missed."""
    if _one_of(becomes, [REMOVED, ADDED]) == ADDED:
        events = (*trial.events, _new_event(trial, target))
        ordered = tuple(sorted(events, key=lambda event: event.time_s))
        return replace(trial, events=ordered), "not seen"
    for index, event in enumerate(trial.events):
        # The text form of a time is rounded.
        if str(EventTarget(event.code, event.time_s)) == str(target):
            left = trial.events[:index] + trial.events[index + 1 :]
            return replace(trial, events=left), f"{event.code} at {event.time_s:g} s"
    raise InputError(f"the trial has no {target}")


def _new_event(trial: Trial, target: EventTarget) -> Event:
    if not trial.start_s <= target.time_s <= trial.end_s:
        raise InputError(
            f"{target.time_s:g} s is outside the trial, {trial.start_s:g} to "
            f"{trial.end_s:g} s"
        )
    return Event(target.code, target.time_s)


def _one_of(text: str, choices: list[str]) -> str:
    if text not in choices:
        raise InputError(f"must be one of {', '.join(choices)}; got {text!r}")
    return text
