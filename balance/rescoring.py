"""Score a trial anew from what it now says, after somebody has corrected it."""

from dataclasses import replace

from balance.codes import JudgementCode
from balance.results import Assessment
from balance.scoring import Norms, judge_hold, score_stance


def rescore_trial(assessment: Assessment, index: int, norms: Norms) -> Assessment:
    """Judge the hold and score the trial at an index (from 0) by its present facts.

    A judgement that somebody has overruled by hand stays as they said. A trial that
    had no score, a set of squats for example, keeps its judgements.
    """
    trial = assessment.trials[index]
    hold = trial.measures.get("hold_s")
    if trial.score is None or hold is None:
        return assessment
    lean = trial.measures.get("trunk_lean_deg")
    judgements = trial.judgements
    by_hand = any("hold_below_age_band" in note.what for note in trial.overruled)
    if not by_hand:
        judged = judge_hold(norms, assessment.person, assessment.conditions, hold)
        others = [j for j in judgements if j.code != JudgementCode.HOLD_BELOW_AGE_BAND]
        judgements = (*((judged,) if judged else ()), *others)
    score = score_stance(norms, trial.norm, hold, lean, trial.events)
    trials = list(assessment.trials)
    trials[index] = replace(trial, judgements=judgements, score=score)
    return replace(assessment, trials=tuple(trials))
