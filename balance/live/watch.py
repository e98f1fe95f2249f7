"""What every kind of trial watches for, and says of one frame."""

from dataclasses import dataclass
from typing import Protocol

from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FloatArray


@dataclass(frozen=True, slots=True)
class Moment:
    """What one frame told; most frames tell nothing.

    ``start_s`` the trial began at that time, or did so by what was seen since;
    ``standing`` both feet still wait on the floor; ``wrong_foot`` the stance leg was
    lifted. While it runs: ``count`` the number of a repetition just completed, ``knee``
    one that falls inwards, ``end`` and ``end_s`` why and when it was over.
    """

    start_s: float | None = None
    standing: bool = False
    wrong_foot: bool = False
    count: int | None = None
    knee: Side | None = None
    end: EndReason | None = None
    end_s: float = 0.0


NOTHING = Moment()


class Watch(Protocol):
    """Looks at one trial from its set-up to its end, frame by frame."""

    @property
    def is_ready(self) -> bool:
        """Whether enough was seen to begin."""
        ...

    @property
    def is_placed(self) -> bool:
        """Whether the feet stand as the trial asks, as far as the view shows it."""
        ...

    @property
    def shows_place(self) -> bool:
        """Whether the view shows that they do."""
        ...

    @property
    def count(self) -> int:
        """Repetitions so far; 0 for a hold."""
        ...

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame of the person standing before it begins."""
        ...

    def wait(self, time_s: float, body: FloatArray) -> Moment:
        """Look whether it begins."""
        ...

    def follow(self, time_s: float, body: FloatArray) -> Moment:
        """Look at a frame of the running try."""
        ...


class Counter(Protocol):
    """Counts the repetitions of a set."""

    count: int

    @property
    def first_s(self) -> float | None:
        """When the first repetition began."""
        ...

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame of the person standing before the set."""
        ...

    def follow(self, time_s: float, body: FloatArray) -> int | None:
        """Return the new number when a repetition has just been completed."""
        ...

    def knee_in(self, body: FloatArray, sides: tuple[Side, ...]) -> Side | None:
        """Return the knee that falls inwards; each repetition says it once."""
        ...

    def is_over(self, time_s: float) -> bool:
        """Tell whether nobody has moved for long enough after the last one."""
        ...
