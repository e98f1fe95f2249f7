"""What a protocol scores, in words: as it is announced, and as it came out."""

from balance.analysis.protocols.score import ProtocolScore, StageScore
from balance.model.codes import Answer, JudgementCode
from balance.model.landmarks import Side
from balance.model.results import Judgement, Trial
from balance.reference.protocol import Protocol
from balance.reporting.words.measure_words import measure_words
from balance.reporting.words.wording import (
    ANSWER_WORDS,
    GRADE_WORDS,
    JUDGEMENT_WORDS,
    LIKELY,
    answer_words,
    say,
    say_number,
)

CANNOT_TELL = ANSWER_WORDS[Answer.CANNOT_TELL]


def scored_words(protocol: Protocol) -> tuple[str, ...]:
    """Return everything that a protocol scores, in plain words."""
    names = (name.replace("_{side}", "") for name in protocol.scored)
    return tuple(measure_words(name)[0] for name in names)


def scored_lines(protocol: Protocol, score: StageScore) -> list[tuple[str, str]]:
    """Return what the trial that counts says beside the count or the hold itself.

    Each line is a measure or a fault in words and what was found: a value with its
    95 % interval, or "cannot tell". Faults are listed where the answer is yes or
    likely. Empty where no trial was found.
    """
    trial = score.best_trial
    if trial is None:
        return []
    names = [name for given in protocol.scored for name in _of_legs(given, trial)]
    lines = []
    for name in names:
        measured = trial.measures.get(name)
        if name in ("errors", "repetitions") or measured == score.best:
            continue
        words = CANNOT_TELL if measured is None else str(say(measured))
        lines.append((measure_words(name)[0], words))
    seen = [one for one in trial.judgements if _is_likely(one)]
    return lines + [_fault(one) for one in seen if one.code in JUDGEMENT_WORDS]


def _is_likely(judgement: Judgement) -> bool:
    """Whether a fault is seen, or likelier than not by as much as is put into words."""
    if judgement.answer is not Answer.CANNOT_TELL:
        return judgement.answer is Answer.YES
    return answer_words(judgement).startswith(LIKELY)


def _of_legs(name: str, trial: Trial) -> list[str]:
    sides = [side.value for side in Side if trial.side in (side.value, "both")]
    return [name.format(side=side) for side in sides] if "{side}" in name else [name]


def _fault(judgement: Judgement) -> tuple[str, str]:
    grade = GRADE_WORDS[judgement.grade] if judgement.grade else ""
    answer = answer_words(judgement)
    question = JUDGEMENT_WORDS[JudgementCode(judgement.code)][0]
    return question, f"{answer}, {grade}" if grade else answer


def symmetry_lines(score: ProtocolScore) -> list[str]:
    """Compare the legs of each position that both did: the lower as % of the higher."""
    lines = []
    for stage in score.protocol.stages:
        best = {
            one.leg: one.best.value
            for one in score.stages
            if one.stage == stage and one.best is not None
        }
        if not {"left", "right"} <= best.keys() or max(best.values()) <= 0:
            continue
        share = 100 * min(best.values()) / max(best.values())
        left, right = (say_number(best[side.value], 1) for side in Side)
        lines.append(
            f"{stage.title}: left {left.removesuffix('.0')}, right "
            f"{right.removesuffix('.0')}; the lower is {share:.0f} % of the higher."
        )
    return lines
