"""The simplest agenda: one task on a list of legs, whatever comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from balance.live.events import LiveTrial
from balance.live.task import NORM_CAP_S, LiveTask
from balance.model.codes import TrialKind


@dataclass(frozen=True, slots=True)
class LivePlan:
    """One sitting: ``sides`` holds one entry a trial, ``both`` for squats on two legs.

    ``cap_s`` ends a hold; the default is that of the norms (45 s). ``squats`` is how
    many are asked for.
    """

    kind: TrialKind = TrialKind.SINGLE_LEG_STANCE
    sides: tuple[str, ...] = ("left",)
    cap_s: float = NORM_CAP_S
    squats: int = 5
    rest_s: float = 30.0
    countdown_s: float = 5.0
    say_every_s: int = 5
    eyes_closed: bool = False

    def next_task(self, done: Sequence[LiveTrial]) -> LiveTask | None:
        """Return the next leg's try; one that did not count comes again."""
        number = sum(trial.counted for trial in done)
        if number >= len(self.sides):
            return None
        return LiveTask(
            kind=self.kind,
            side=self.sides[number],
            seconds=self.cap_s,
            repetitions=self.squats,
            rest_s=self.rest_s,
            countdown_s=self.countdown_s,
            say_every_s=self.say_every_s,
            eyes_closed=self.eyes_closed,
            number=number + 1,
            of=len(self.sides),
        )
