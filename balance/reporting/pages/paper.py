"""What of a page is printed on its two sheets of A4; the screen shows everything.

Heights are estimated in lines of the printed text (9.5 pt), from the lengths of the
texts and the sizes that ``report.css`` gives to charts and stills.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from math import ceil
from typing import Any

from balance.model.results import Trial
from balance.reporting.pages.report_view import Card, FindingView, JudgementView

# Two sheets of 62 lines, less what is left empty where a chart does not fit a sheet.
SHEETS = 124.0
LEFT_EMPTY = 14.0
# Letters in a line: of the page, of one of two columns, of one of three facts.
WIDE, HALF, THIRD = 100, 45, 30
STILLS, TIMELINE, SWAY, CURVES, NORM, METHOD, SCORE = 12.0, 14.0, 11.0, 16.0, 18, 9, 6
CARDS_AT_MOST = 46.0
# A trend of a series: its chart with words beside it, or its answer alone.
CHART, CHART_WORDS, ANSWER = 16.5, 30, 2.4


class Level(StrEnum):
    """How much of a trial is printed."""

    FULL = "full"
    IMAGES = "images"
    BRIEF = "brief"
    OFF = "off"


Costs = Mapping[Level, float]


def lines_of(text: str, width: int = WIDE) -> int:
    """Return how many lines a text takes."""
    return max(1, ceil(len(text) / width))


def allot(costs: Sequence[Costs], order: Iterable[int], lines: float) -> list[Level]:
    """Return the level of each part, so that all of them take no more than ``lines``.

    Each gets its least level first, in ``order``; what is left raises the first to its
    highest, then the others step by step. The first is printed whatever it takes.
    """
    order = list(order)
    got = [Level.OFF] * len(costs)
    spent = 0.0
    steps = [(k, Level.BRIEF) for k in order] + [(k, Level.FULL) for k in order[:1]]
    steps += [(k, level) for level in (Level.IMAGES, Level.FULL) for k in order]
    for k, level in steps:
        raised = level is not Level.BRIEF
        if level not in costs[k] or (raised and got[k] in (Level.OFF, Level.FULL)):
            continue
        after = spent - costs[k].get(got[k], 0.0) + costs[k][level]
        if after <= lines or (k == order[0] and level is Level.BRIEF):
            got[k], spent = level, after
    return got


def most_important(trials: Sequence[Trial]) -> list[int]:
    """Return the trials' places: the best of each kind and leg first."""
    best: dict[tuple[str, str], int] = {}
    for k, trial in enumerate(trials):
        key = trial.kind.value, trial.side
        if key not in best or _weight(trial) > _weight(trials[best[key]]):
            best[key] = k
    first = list(best.values())
    return first + [k for k in range(len(trials)) if k not in first]


def _weight(trial: Trial) -> tuple[float, int]:
    hold = trial.measures.get("hold_s")
    return (hold.value if hold else 0.0), len(trial.repetitions)


def levels_of_trials(
    trials: Sequence[Trial], costs: Sequence[Costs], used: float, *, details: bool
) -> list[Level]:
    """Return how much of each trial is printed beside what takes ``used`` lines."""
    if details or len(trials) == 1:
        return [Level.FULL] * len(trials)
    return allot(costs, most_important(trials), SHEETS - LEFT_EMPTY - used)


def levels_of_trends(
    costs: Sequence[Costs], used: float, *, details: bool
) -> list[Level]:
    """Return which courses of a series are printed with their chart."""
    if details:
        return [Level.FULL] * len(costs)
    return allot(costs, range(len(costs)), SHEETS - CHART - used)


def head_lines(facts: Sequence[tuple[str, str]], subtitle: str = "") -> float:
    """Return the height of a page's head with what it is filed by."""
    said = [lines_of(text, THIRD) for _, text in facts]
    rows = (max(said[k : k + 3]) + 1.1 for k in range(0, len(said), 3))
    return 7.0 + lines_of(subtitle) + sum(rows)


def card_lines(card: Card, width: int = HALF) -> float:
    """Return the height of a card."""
    tries = ceil(sum(len(said.value) + 16 for said in card.tries) / width)
    return (
        6.2 + (tries if len(card.tries) > 1 else 0) + answer_lines(card.answers, width)
    )


def cards_printed(cards: Sequence[Card]) -> tuple[int, float]:
    """Return how many cards are printed, two in a row, and their height."""
    if len(cards) == 1:
        return 1, card_lines(cards[0], WIDE)
    printed, height = 0, 0.0
    for k in range(0, len(cards), 2):
        row = max(card_lines(card) for card in cards[k : k + 2])
        if printed and height + row > CARDS_AT_MOST:
            break
        printed, height = min(k + 2, len(cards)), height + row
    return printed, height


def answer_lines(answers: Iterable[JudgementView], width: int) -> float:
    """Return the height of answers one below the other."""
    return sum(
        lines_of(f"{a.question} {a.word}", width) + lines_of(a.because, width) + 0.5
        for a in answers
    )


def finding_lines(findings: Sequence[FindingView]) -> float:
    """Return the height of what to know, with its heading."""
    listed = sum(lines_of(f.text + " " * 24) + 0.2 for f in findings)
    return listed + 2.5 if findings else 0.0


def section_costs(section: Mapping[str, Any], *, alone: bool) -> Costs:
    """Return what a trial of a report takes at each level."""
    brief = 2.4 + lines_of(" " * 60 + section["ended"])
    images = brief + (STILLS if section["stills"] else 0.0)
    answers = answer_lines(section["answers"], HALF)
    repetitions = len(section["repetitions"])
    sway = any(row.said and row.name == "sway_ml_rms_mm" for row in section["rows"])
    full = (
        images
        + (TIMELINE + (SWAY if sway else 0.0) if section["timeline"] else 0.0)
        + (CURVES if section["curves"] and alone else 0.0)
        + (answers / 2 + 2.0 if section["answers"] else 0.0)
        + 2.6 * len(section["healthy"])
        + (4.5 + 2.5 * min(repetitions, 12) if repetitions else 0.0)
        + (2.5 if section["rated"] else 0.0)
        + (2.0 + ceil(len(section["events"]) / 2) if section["events"] else 0.0)
        + (SCORE if section["score"] else 0.0)
    )
    return {Level.BRIEF: brief, Level.IMAGES: images, Level.FULL: full}


def visit_costs(row: Mapping[str, Any]) -> Costs:
    """Return what a trial of a visit takes, with its images and without."""
    said = sum(len(f"{one.plain or one.name}{one.said}") for one in row["first"])
    brief = lines_of(" " * (said + 40) + row["title"] + row["ended"]) + 0.3
    brief += 1.3 * (len(row["overruled"]) + 1) if row["overruled"] else 0.0
    images = brief + 1.0 + (STILLS if row["stills"] else 0.0)
    return {Level.BRIEF: brief, Level.FULL: images}


def verdict_lines(rows: Sequence[Mapping[str, Any]]) -> float:
    """Return the height of answers in two columns, with their heading."""
    half = sum(
        lines_of(row["title"] + " " * 20, HALF) + lines_of(row["text"], HALF) + 0.5
        for row in rows
    )
    return half / 2 + 4.0 if rows else 0.0


def trend_costs(row: Mapping[str, Any]) -> Costs:
    """Return what a trend of a series takes with its chart, and without."""
    words = (row["title"], row["how"], row["text"], row["place"] or " ")
    beside = sum(lines_of(text, CHART_WORDS) for text in words) + 2.5
    return {Level.BRIEF: ANSWER, Level.FULL: max(CHART, beside) + 1.0}


def left_out(levels: Sequence[Level], what: str) -> str:
    """Return the sentence that says how many are not printed, and how to print them."""
    gone = sum(level is Level.OFF for level in levels)
    if not gone:
        return ""
    return (
        f"{gone} of {len(levels)} {what} are not printed here: the page on the screen "
        "has them all, and --details prints them."
    )
