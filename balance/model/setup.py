"""What is asked of an analysis."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from balance.model.results import Conditions, Options, Person

# Called with what is being done, frames done, and frames in all where known.
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Setup:
    """What was told about the person and the test; everything that changes a number.

    Parameters
    ----------
    person, conditions, options
        See there.
    protocol
        Code of a named protocol; "auto" sets no time limit.
    model
        File of another pose model; None is the one that ships.
    recorded_at
        ISO 8601; goes before the date that the video carries, and changes no number.
    """

    person: Person = field(default_factory=Person)
    conditions: Conditions = field(default_factory=Conditions)
    options: Options = field(default_factory=Options)
    protocol: str = "auto"
    model: Path | None = None
    recorded_at: str | None = None
