"""A person corrects what the machine saw; the record keeps what was, by whom, when.

Pure: the time of the correction is given, never looked up.
"""

from dataclasses import replace

from balance.errors import InputError
from balance.measures.bess import recount
from balance.results import Assessment, Overrule, Trial
from balance.scoring import Norms, score_stance


def overrule_event(  # noqa: PLR0913 - what, by whom, when: all of it is kept
    assessment: Assessment, trial: int, event: int, *, by: str, at: str, norms: Norms
) -> Assessment:
    """Take one event out of a trial as not so, and score the trial again.

    ``trial`` and ``event`` count from 0; ``at`` is an ISO time. What was taken out
    stays readable in ``overruled``.
    """
    try:
        before = assessment.trials[trial]
        gone = before.events[event]
    except IndexError as error:
        raise InputError(f"there is no event {event} in trial {trial}") from error
    if not by.strip():
        raise InputError("say who overrules it: a name or initials")
    events = tuple(e for i, e in enumerate(before.events) if i != event)
    note = Overrule(
        what=f"event {gone.code} at {gone.time_s:.2f} s", was="seen", by=by, at=at
    )
    after = _rescored(replace(before, events=events), norms)
    after = replace(after, overruled=(*before.overruled, note))
    trials = list(assessment.trials)
    trials[trial] = after
    return replace(assessment, trials=tuple(trials))


def _rescored(trial: Trial, norms: Norms) -> Trial:
    if trial.measures.get("errors") is not None:
        trial = replace(trial, measures={**trial.measures, "errors": recount(trial)})
    hold = trial.measures.get("hold_s")
    if trial.score is None or hold is None:
        return trial
    lean = trial.measures.get("trunk_lean_deg")
    return replace(
        trial, score=score_stance(norms, trial.norm, hold, lean, trial.events)
    )
