"""What of a result a person can decide who looks at the video.

A value that the camera cannot show from where it stood is not among it: looking again
does not help. A moment that may be read either way is.
"""

from collections.abc import Iterator

from balance.model.codes import Answer, FindingCode, JudgementCode
from balance.model.results import Assessment, Finding, Judgement, Trial
from balance.model.tables import Row

REVIEW_COLUMNS = (
    "clip",
    "person",
    "path",
    "folder",
    "trial",
    "side",
    "time_s",
    "what",
    "chance",
    "reason",
)
# Findings that are settled by looking: who it was, when it was, whether it was one.
DECIDABLE = frozenset(
    {
        FindingCode.CUT_IN_VIDEO,
        FindingCode.VIDEO_ENDS_EARLY,
        FindingCode.SECOND_PERSON,
        FindingCode.SUBJECT_CHANGED,
        FindingCode.LEGS_SWAPPED,
        FindingCode.LOST_SIGHT,
        FindingCode.SHORT_ATTEMPT,
        FindingCode.UNDECIDED_TOUCH,
    }
)


def review_rows(assessment: Assessment) -> Iterator[Row]:
    """Return a row for each question, with the trial's number and the second."""
    for finding in assessment.findings:
        if finding.code in DECIDABLE:
            yield _finding(finding)
    for number, trial in enumerate(assessment.trials, start=1):
        of_trial = {"trial": number, "side": trial.side}
        for finding in trial.findings:
            if finding.code in DECIDABLE:
                yield {**of_trial, **_finding(finding)}
        for judgement in trial.judgements:
            if _undecided(judgement, trial):
                yield {**of_trial, **_judgement(judgement)}


def _undecided(judgement: Judgement, trial: Trial) -> bool:
    """Whether something was measured that may be read either way."""
    if judgement.answer is not Answer.CANNOT_TELL:
        return False
    if judgement.code is JudgementCode.HOLD_BELOW_AGE_BAND:
        hold = trial.measures.get("hold_s")
        return hold is not None and not hold.censored
    return judgement.chance is not None


def _finding(finding: Finding) -> Row:
    return {
        "time_s": finding.time_s,
        "what": finding.code.value,
        "reason": finding.text,
    }


def _judgement(judgement: Judgement) -> Row:
    return {
        "time_s": judgement.time_s,
        "what": f"judgement:{judgement.code.value}",
        "chance": judgement.chance,
        "reason": judgement.because,
    }
