"""How accurate this version was found to be: a data file that the package carries.

Written by ``balance benchmark FOLDER --store FILE``, never by hand; a test holds the
file of the package against the recordings it was made from.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from balance import __version__
from balance.checks.benchmark_table import Figure, Row, figures
from balance.contract import write_whole

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Figures with the day, the version and the recordings they were had from."""

    measured_on: date
    version: str
    clips: tuple[str, ...]
    people: int
    figures: tuple[Figure, ...]

    def of(self, measure: str) -> Figure | None:
        """Return the figure of a measure; None where it was never given."""
        found = [one for one in self.figures if one.measure == measure and one.given]
        return found[0] if found else None


def accuracy_of(rows: Sequence[Row], on: date) -> Accuracy:
    """Sum up measured values beside their truth, as of a day."""
    return Accuracy(
        on,
        __version__,
        tuple(dict.fromkeys(row.clip for row in rows)),
        len({row.person for row in rows}),
        tuple(figures(rows)),
    )


def write_accuracy(accuracy: Accuracy, path: Path) -> None:
    """Write the figures as JSON, rounded to what a reader can use."""
    told = asdict(accuracy) | {"measured_on": accuracy.measured_on.isoformat()}
    told["figures"] = [
        {name: _rounded(value) for name, value in one.items() if value is not None}
        for one in told["figures"]
    ]
    text = json.dumps(told, indent=1, ensure_ascii=False)
    write_whole(path, lambda file: file.write(f"{text}\n".encode()))


@cache
def load_accuracy() -> Accuracy:
    """Return the figures that came with this version."""
    path = files("balance").joinpath("data", "accuracy.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    return Accuracy(
        date.fromisoformat(told["measured_on"]),
        told["version"],
        tuple(told["clips"]),
        told["people"],
        tuple(Figure(**one) for one in told["figures"]),
    )


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else value
