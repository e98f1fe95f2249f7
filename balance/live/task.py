"""One trial of a live test: what to do, how long or how often, in what words.

An agenda says which task comes next once some tries are done. A plan repeats one task
on a list of legs; a protocol's agenda (``agenda.py``) decides by what came of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from balance.live.events import LiveTrial
from balance.model.codes import TrialKind
from balance.model.landmarks import Side

ON_TWO_FEET = (
    TrialKind.SIDE_BY_SIDE_STANCE,
    TrialKind.SEMI_TANDEM_STANCE,
    TrialKind.TANDEM_STANCE,
    TrialKind.TWO_LEG_STANCE,
)
ALWAYS_ON_ONE_LEG = (
    TrialKind.SINGLE_LEG_STANCE,
    TrialKind.SINGLE_LEG_SQUAT_SET,
    TrialKind.HOP_SET,
)

# The ceiling of the norms for stands on one leg (protocols.toml names the source).
NORM_CAP_S = 45.0


@dataclass(frozen=True, slots=True)
class LiveTask:
    """One trial.

    ``side`` is the stance leg, "both" on two feet; in tandem it may name the foot in
    front. ``seconds`` ends a hold, ``repetitions`` a set (None: as many as go).
    ``errors_end`` False: only the time ends it (BESS). ``beats_hz`` of the metronome.
    ``say`` is spoken before the countdown, ``position`` shown meanwhile.
    ``asks`` are the buttons for what the camera cannot see: "held_on", "eyes_opened".
    """

    kind: TrialKind = TrialKind.SINGLE_LEG_STANCE
    side: str = "left"
    seconds: float = NORM_CAP_S
    repetitions: int | None = None
    rest_s: float = 30.0
    countdown_s: float = 5.0
    say_every_s: int = 5
    beats_hz: float | None = None
    eyes_closed: bool = False
    errors_end: bool = True
    asks: tuple[str, ...] = ()
    protocol: str = ""
    stage: str = ""
    title: str = ""
    position: str = ""
    say: str = ""
    number: int = 1
    of: int = 1

    @property
    def is_hold(self) -> bool:
        """A hold is timed, a set is counted."""
        return self.kind is TrialKind.SINGLE_LEG_STANCE or self.on_two_feet

    @property
    def on_two_feet(self) -> bool:
        """Whether it is a stand on both feet."""
        return self.kind in ON_TWO_FEET

    @property
    def on_one_leg(self) -> bool:
        """Whether a foot has to leave the floor."""
        if self.kind is TrialKind.HEEL_RAISE_SET:
            return self.side != "both"
        return self.kind in ALWAYS_ON_ONE_LEG

    @property
    def swing(self) -> Side:
        """The foot that leaves the floor; of no meaning on two feet."""
        return Side(self.side).other if self.on_one_leg else Side.LEFT


class Agenda(Protocol):
    """Says what comes next."""

    def next_task(self, done: Sequence[LiveTrial]) -> LiveTask | None:
        """Return the task after these tries; None when that was all."""
        ...
