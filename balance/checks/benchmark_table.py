"""Measured values beside the truth, and one table of how wrong they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from balance import error_model
from balance.error_model import Known
from balance.results import Measurement


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value and the truth; ``measured`` None where none was given."""

    clip: str
    person: str
    measure: str
    measured: Measurement | None
    truth: float

    @property
    def known(self) -> Known | None:
        """Value, truth and person, for learning errors."""
        if self.measured is None:
            return None
        return Known(self.person, self.measured.value, self.truth)


def table(rows: Sequence[Row]) -> str:
    """Print errors, coverage, width and interval score, one measure a line."""
    lines = [
        f"{'measure':28}{'n':>4}{'median err':>12}{'worst err':>11}{'worst %':>9}"
        f"{'covered':>9}{'width':>8}{'score':>8}{'left out':>10}"
    ]
    lines += [
        _line(name, [row for row in rows if row.measure == name])
        for name in dict.fromkeys(row.measure for row in rows)
    ]
    return "\n".join(lines)


def _line(name: str, rows: Sequence[Row]) -> str:
    given = [(row.measured, row.truth) for row in rows if row.measured is not None]
    if not given:
        return f"{name:28}{0:4d}  none of {len(rows)} given"
    errors = np.array([m.value - truth for m, truth in given])
    truths = np.array([truth for _, truth in given])
    line = f"{name:28}{len(given):4d}{np.median(np.abs(errors)):12.3f}"
    line += f"{np.abs(errors).max():11.3f}"
    share = 100 * np.abs(errors) / np.maximum(np.abs(truths), 1e-9)
    line += f"{share.max():9.1f}" if np.abs(truths).min() > 0 else " " * 9
    bounds = [
        (m.low, m.high, truth)
        for m, truth in given
        if m.low is not None and m.high is not None
    ]
    if not bounds:
        return line
    inside = np.mean([low <= truth <= high for low, high, truth in bounds])
    width = np.median([high - low for low, high, _ in bounds])
    score = np.mean([error_model.interval_score(*bound) for bound in bounds])
    line += f"{100 * inside:8.0f}%{width:8.2f}{score:8.2f}"
    known = [row.known for row in rows if row.known is not None]
    if name.startswith("sway") and len({k.person for k in known}) > 2:
        line += f"{100 * error_model.left_out_coverage(known):9.0f}%"
    return line
