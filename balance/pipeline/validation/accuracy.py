"""How accurate this version was found to be: a data file that the package carries.

Written by ``balance benchmark FOLDER --out FILE``, never by hand; a test holds the
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

from balance.model.publish import write_whole
from balance.model.version import __version__
from balance.pipeline.validation.benchmark_table import SOURCES, Figure, Row, figures

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Figures of the stands whose videos came from one source, and how many of whom."""

    source: str
    clips: int
    people: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Figures with the day, the version and the recordings they were had from.

    ``figures`` are of all recordings; ``sources`` tell those of stands apart by where
    the videos came from.
    """

    measured_on: date
    version: str
    clips: tuple[str, ...]
    people: int
    figures: tuple[Figure, ...]
    sources: tuple[SourceFigures, ...]

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
        tuple(_of_source(source, rows) for source in SOURCES),
    )


def _of_source(source: str, rows: Sequence[Row]) -> SourceFigures:
    own = [row for row in rows if source in row.groups]
    clips, people = {row.clip for row in own}, {row.person for row in own}
    found = figures(own, among=rows)
    return SourceFigures(source, len(clips), len(people), tuple(found))


def write_accuracy(accuracy: Accuracy, path: Path) -> None:
    """Write the figures as JSON, rounded to what a reader can use."""
    data = asdict(accuracy) | {"measured_on": accuracy.measured_on.isoformat()}
    for part in (data, *data["sources"]):
        part["figures"] = [
            {name: _rounded(value) for name, value in one.items() if value is not None}
            for one in part["figures"]
        ]
    text = json.dumps(data, indent=1, ensure_ascii=False)
    write_whole(path, lambda file: file.write(f"{text}\n".encode()))


@cache
def load_accuracy() -> Accuracy:
    """Return the figures that came with this version."""
    path = files("balance").joinpath("data", "accuracy.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    return Accuracy(
        date.fromisoformat(data["measured_on"]),
        data["version"],
        tuple(data["clips"]),
        data["people"],
        tuple(Figure(**one) for one in data["figures"]),
        tuple(
            SourceFigures(
                one["source"],
                one["clips"],
                one["people"],
                tuple(Figure(**figure) for figure in one["figures"]),
            )
            for one in data["sources"]
        ),
    )


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else value
