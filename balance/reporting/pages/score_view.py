"""A score in words, or which facts it lacks."""

from dataclasses import dataclass

from balance.model.codes import Answer, JudgementCode
from balance.model.results import LostPoint, Trial
from balance.reporting.words import wording

# A score as wide as this is not shown.
_WIDEST_SCORE = 30


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score; ``missing`` names the facts without which it would say nothing."""

    low: int
    high: int
    out_of: int
    reasons: tuple[LostPoint, ...]
    missing: tuple[str, ...]


def scored(trial: Trial) -> ScoreView | None:
    """Return a trial's score, or what is missing where it is too wide to show."""
    score = trial.score
    if score is None:
        return None
    missing: tuple[str, ...] = ()
    if score.high - score.low >= _WIDEST_SCORE:
        open_codes = {
            one.code.value
            for one in trial.judgements
            if one.answer is Answer.CANNOT_TELL
        }
        lost = [one for one in score.reasons if one.code in open_codes]
        lost.sort(key=lambda one: -one.points_lost)
        names = [wording.JUDGEMENT_WORDS[JudgementCode(one.code)][1] for one in lost]
        missing = tuple(names[:2]) or ("a narrower measurement",)
    return ScoreView(score.low, score.high, score.out_of, score.reasons, missing)
