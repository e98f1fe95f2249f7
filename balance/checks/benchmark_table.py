"""Measured values beside the truth, and tables of how wrong they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from balance import error_model
from balance.codes import Answer
from balance.error_model import Known
from balance.results import Measurement

ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value and the truth; ``measured`` None where none was given.

    ``groups`` names what is special about the clip.
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
    def known(self) -> Known | None:
        """Value, truth and person, for learning errors."""
        if self.measured is None:
            return None
        return Known(self.person, self.measured.value, self.truth)


def as_answer(answer: Answer) -> Measurement | None:
    """Return a judgement's answer as a row's value: 1 yes, 0 no, None cannot tell."""
    if answer is Answer.CANNOT_TELL:
        return None
    return Measurement(float(answer is Answer.YES), ANSWER, None, None)


def table(rows: Sequence[Row], *, by_clip: bool = False) -> str:
    """Print errors, coverage, width and interval score, one measure a line.

    With ``by_clip`` one measure of one clip a line.
    """
    lines = [
        f"{'measure':40}{'given':>8}{'mean err':>10}{'median':>9}{'worst':>9}"
        f"{'worst %':>9}{'covered':>9}{'width':>8}{'score':>8}{'left out':>10}"
    ]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        name = f"{row.clip}: {row.measure}" if by_clip else row.measure
        groups.setdefault(name, []).append(row)
    lines += [_line(name, group) for name, group in groups.items()]
    return "\n".join(lines)


def _line(name: str, rows: Sequence[Row]) -> str:
    given = [(row.measured, row.truth) for row in rows if row.measured is not None]
    line = f"{name:40}{f'{len(given)}/{len(rows)}':>8}"
    if not given:
        return f"{line}  not given"
    if given[0][0].unit == ANSWER:
        right = sum(answer.value == truth for answer, truth in given)
        return f"{line}  right {right}, wrong {len(given) - right}"
    errors = np.abs([m.value - truth for m, truth in given])
    truths = np.abs([truth for _, truth in given])
    line += f"{errors.mean():10.3f}{np.median(errors):9.3f}{errors.max():9.3f}"
    line += f"{(100 * errors / truths).max():9.1f}" if truths.min() > 0 else " " * 9
    return line + _intervals(rows)


def _intervals(rows: Sequence[Row]) -> str:
    """Coverage, median width and score of the intervals, where there are any."""
    bounds = [
        (row.measured.low, row.measured.high, row.truth)
        for row in rows
        if row.measured is not None
        and row.measured.low is not None
        and row.measured.high is not None
    ]
    if not bounds:
        return ""
    inside = np.mean([low <= truth <= high for low, high, truth in bounds])
    width = np.median([high - low for low, high, _ in bounds])
    score = np.mean([error_model.interval_score(*bound) for bound in bounds])
    text = f"{100 * inside:8.0f}%{width:8.2f}{score:8.2f}"
    known = [row.known for row in rows if row.known is not None]
    if rows[0].measure.startswith("sway") and len({k.person for k in known}) > 2:
        text += f"{100 * error_model.left_out_coverage(known):9.0f}%"
    return text
