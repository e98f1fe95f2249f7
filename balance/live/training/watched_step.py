"""One set of a training block as the camera sees it: how long, how many, how clean."""

from dataclasses import dataclass

from balance.live.attempt import watch_for
from balance.live.safety import SafetyWatch
from balance.live.task import LiveTask
from balance.live.training.session import SessionStep
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FloatArray


@dataclass(frozen=True, slots=True)
class StepUpdate:
    """What one frame told that is worth a word."""

    started: bool = False
    count: int | None = None
    knee: Side | None = None
    broken: bool = False


NOTHING_NEW = StepUpdate()


class WatchedStep:
    """Watches a set from the frames before it to its end.

    ``held_s`` the longest unbroken hold, ``count`` the repetitions, ``clean`` whether
    no foot came down or moved in a hold and no knee fell inwards.
    """

    def __init__(self, step: SessionStep) -> None:
        assert step.counted is not None
        self._task = LiveTask(
            kind=step.counted,
            side=step.leg,
            seconds=step.seconds,
            repetitions=step.repetitions,
        )
        self._watch = watch_for(self._task)
        self._since_s: float | None = None
        self._counted_before = 0
        self.safety = SafetyWatch(squatting=not self.is_hold)
        self.started = False
        self.held_s = 0.0
        self.clean = True

    @property
    def is_hold(self) -> bool:
        """A hold is timed, a set is counted."""
        return self._task.is_hold

    @property
    def on_one_leg(self) -> bool:
        """Whether a foot has to leave the floor."""
        return self._task.on_one_leg

    @property
    def is_running(self) -> bool:
        """Whether the person is at it now."""
        return self._since_s is not None

    @property
    def is_placed(self) -> bool:
        """Whether the feet stand as asked, as far as the view shows it."""
        return self._watch.is_placed

    @property
    def count(self) -> int:
        """Repetitions so far."""
        return self._counted_before + self._watch.count

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame in which both feet stand on the floor."""
        self._watch.learn(time_s, body)

    def follow(self, time_s: float, body: FloatArray, standing: bool) -> StepUpdate:
        """Look at a frame; ``standing`` whether both feet are on the floor."""
        if self._since_s is None:
            return self._wait(time_s, body, standing)
        moment = self._watch.follow(time_s, body)
        if moment.knee is not None:
            self.clean = False
        if self.is_hold:
            end_s = moment.end_s if moment.end else time_s
            self.held_s = max(self.held_s, end_s - self._since_s)
        broken = moment.end in (EndReason.TOUCHDOWN, EndReason.STANCE_FOOT_MOVED)
        if broken:
            self._again(broken_hold=self.is_hold)
        number = None if moment.count is None else self.count
        return StepUpdate(
            count=number, knee=moment.knee, broken=broken and self.is_hold
        )

    def _wait(self, time_s: float, body: FloatArray, standing: bool) -> StepUpdate:
        if not (self._watch.is_ready and self._watch.is_placed):
            if standing or not self.on_one_leg:
                self._watch.learn(time_s, body)
            return NOTHING_NEW
        moment = self._watch.wait(time_s, body)
        if moment.standing:
            self._watch.learn(time_s, body)
        if moment.start_s is None:
            return NOTHING_NEW
        self._since_s = moment.start_s
        first, self.started = not self.started, True
        return StepUpdate(started=first)

    def _again(self, *, broken_hold: bool) -> None:
        """Wait for the next trial within the same set."""
        self.clean = self.clean and not broken_hold
        self._counted_before = self.count
        self._watch = watch_for(self._task)
        self._since_s = None
