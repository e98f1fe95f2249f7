"""Measured values beside the truth, and tables of how wrong they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from balance.analysis import error_model
from balance.analysis.error_model import Scored
from balance.model.codes import Answer
from balance.model.results import SDS_95, Measurement

ANSWER = "answer"
# Where a video of a stand came from: the renderer, what another camera, light or hand
# would have made of it, a browser that recorded it.
ORIGINAL, DEGRADED, BROWSER = "original", "degraded", "browser"
SOURCES = (ORIGINAL, DEGRADED, BROWSER)
# Fewer people say nothing about a new one.
LEAST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value and the truth; ``measured`` None where none was given.

    ``groups`` names where a stand's video came from and what is special about it.
    """

    clip: str
    person: str
    measure: str
    measured: Measurement | None
    truth: float
    groups: tuple[str, ...] = ()

    @property
    def is_bounded(self) -> bool:
        """Whether the value has an interval, closed on both sides."""
        m = self.measured
        return m is not None and m.low is not None and m.high is not None

    @property
    def is_covered(self) -> bool:
        """Whether the interval holds the truth; False where there is none."""
        m = self.measured
        if m is None or m.low is None or m.high is None:
            return False
        return m.low <= self.truth <= m.high

    @property
    def width(self) -> float:
        """Width of the interval, NaN where there is none."""
        m = self.measured
        if m is None or m.low is None or m.high is None:
            return float("nan")
        return m.high - m.low

    @property
    def score(self) -> float:
        """Interval score, lower is better; NaN where there is no interval."""
        m = self.measured
        if m is None or m.low is None or m.high is None:
            return float("nan")
        return error_model.interval_score(m.low, m.high, self.truth)

    @property
    def scored(self) -> Scored:
        """The error in stated standard deviations, of a value with an interval."""
        value = self.measured.value if self.measured else float("nan")
        sd = self.width / (2 * SDS_95)
        return Scored(self.person, (value - self.truth) / max(sd, 1e-9))


@dataclass(frozen=True, slots=True)
class Figure:
    """How wrong one measure is, over ``given`` of ``asked`` values.

    Errors are absolute and in ``unit``. ``bounded`` values had an interval,
    ``covered`` of them held the truth, ``width`` is the median one. Of answers
    (unit ``answer``) only ``right`` is told, the number of right ones. None: there is
    no such figure.
    """

    measure: str
    unit: str
    given: int
    asked: int
    mean: float | None = None
    median: float | None = None
    worst: float | None = None
    worst_pct: float | None = None
    bounded: int = 0
    covered: int | None = None
    width: float | None = None
    score: float | None = None
    left_out: float | None = None
    right: int | None = None


def as_answer(answer: Answer) -> Measurement | None:
    """Return a judgement's answer as a row's value: 1 yes, 0 no, None cannot tell."""
    if answer is Answer.CANNOT_TELL:
        return None
    return Measurement(float(answer is Answer.YES), ANSWER, None, None)


def figures(
    rows: Sequence[Row], *, by_clip: bool = False, among: Sequence[Row] | None = None
) -> list[Figure]:
    """Return one figure a measure; with ``by_clip`` one a measure of a clip.

    ``among`` are the rows that errors are learned from, leaving each person out; None:
    the same.
    """
    learned: dict[str, list[Row]] = {}
    for row in rows if among is None else among:
        if row.is_bounded:
            learned.setdefault(row.measure, []).append(row)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        name = f"{row.clip}: {row.measure}" if by_clip else row.measure
        groups.setdefault(name, []).append(row)
    return [
        _figure(name, group, [] if by_clip else learned.get(name, []))
        for name, group in groups.items()
    ]


def _figure(name: str, rows: Sequence[Row], learned: Sequence[Row]) -> Figure:
    given = [(row.measured, row.truth) for row in rows if row.measured is not None]
    if not given:
        return Figure(name, "", 0, len(rows))
    counts = (name, given[0][0].unit, len(given), len(rows))
    if given[0][0].unit == ANSWER:
        right = sum(bool(answer.value == truth) for answer, truth in given)
        return Figure(*counts, right=right)
    errors = np.abs([m.value - truth for m, truth in given])
    truths = np.abs([truth for _, truth in given])
    share = float((100 * errors / truths).max()) if truths.min() > 0 else None
    middle = float(errors.mean()), float(np.median(errors)), float(errors.max())
    return Figure(*counts, *middle, share, **_intervals(rows, learned))


def _intervals(rows: Sequence[Row], learned: Sequence[Row]) -> dict[str, Any]:
    """Return what a figure tells of the intervals; nothing where there are none."""
    bounded = [row for row in rows if row.is_bounded]
    if not bounded:
        return {}
    row = {
        "bounded": len(bounded),
        "covered": sum(bool(row.is_covered) for row in bounded),
        "width": float(np.median([row.width for row in bounded])),
        "score": float(np.mean([row.score for row in bounded])),
    }
    left_out = _left_out(bounded, learned)
    return row if left_out is None else row | {"left_out": left_out}


def _left_out(rows: Sequence[Row], learned: Sequence[Row]) -> float | None:
    """Coverage with each person left out of learning; None for too few people."""
    if len({row.person for row in learned}) < LEAST_PEOPLE:
        return None
    scored, others = ([row.scored for row in part] for part in (rows, learned))
    return error_model.left_out_coverage(scored, others)


def table(rows: Sequence[Row], *, by_clip: bool = False) -> str:
    """Print errors, coverage, width and interval score, one measure a line.

    With ``by_clip`` one measure of one clip a line.
    """
    head = (
        f"{'measure':40}{'given':>8}{'mean err':>10}{'median':>9}{'worst':>9}"
        f"{'worst %':>9}{'covered':>9}{'width':>8}{'score':>8}{'left out':>10}"
    )
    return "\n".join([head, *map(_line, figures(rows, by_clip=by_clip))])


def _line(figure: Figure) -> str:
    one = figure
    line = f"{one.measure:40}{f'{one.given}/{one.asked}':>8}"
    if not one.given:
        return f"{line}  not given"
    if one.right is not None:
        return f"{line}  right {one.right}, wrong {one.given - one.right}"
    line += f"{one.mean:10.3f}{one.median:9.3f}{one.worst:9.3f}"
    line += " " * 9 if one.worst_pct is None else f"{one.worst_pct:9.1f}"
    if one.covered is None:
        return line
    line += f"{100 * one.covered / one.bounded:8.0f}%{one.width:8.2f}{one.score:8.2f}"
    return line if one.left_out is None else f"{line}{100 * one.left_out:9.0f}%"
