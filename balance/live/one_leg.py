"""Tries on one leg: a hold, and a set of repetitions."""

from balance.live.feet import FootWatch
from balance.live.task import LiveTask
from balance.live.watch import NOTHING, Counter, Moment
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FloatArray

SETTLES_S = 0.7  # a start is told better until then


class OneLegHold:
    """From foot-off to foot-down, or until the standing foot leaves its place."""

    def __init__(self, task: LiveTask) -> None:
        self._stance, self._swing = Side(task.side), task.swing
        self._feet = FootWatch()
        self._start_s = 0.0

    @property
    def is_ready(self) -> bool:
        """Both feet were seen on the floor long enough to compare with."""
        return self._feet.is_ready

    @property
    def is_placed(self) -> bool:
        """Two feet on the floor will do, wherever they stand."""
        return True

    @property
    def shows_place(self) -> bool:
        """A lifted foot is seen."""
        return True

    @property
    def count(self) -> int:
        """A hold counts nothing."""
        return 0

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame in which both feet stand on the floor."""
        self._feet.keep(time_s, body)

    def wait(self, time_s: float, body: FloatArray) -> Moment:
        """Look whether the right foot is lifted, or the wrong one."""
        if not self._feet.look(time_s, body):
            return NOTHING
        start_s = self._feet.lifted(self._swing)
        if start_s is not None:
            self._start_s = start_s
            self._feet.remember(start_s)
        return Moment(
            start_s=start_s,
            standing=self._feet.on_both,
            wrong_foot=self._feet.lifted(self._stance) is not None,
        )

    def follow(self, time_s: float, body: FloatArray) -> Moment:
        """Look for the two ends of every hold on one leg."""
        if not self._feet.look(time_s, body):
            return NOTHING
        down = self._down() or self._tapped()
        if down is not None:
            return down
        moved_s = self._feet.stance_moved(self._stance, self._start_s)
        if moved_s is not None:
            return Moment(end=EndReason.STANCE_FOOT_MOVED, end_s=moved_s)
        return Moment(start_s=self._start_told_better(time_s))

    def _start_told_better(self, time_s: float) -> float | None:
        """Return when the foot left, by what came since; later nothing new is seen."""
        if time_s - self._start_s > SETTLES_S:
            return None
        start_s = self._feet.lifted(self._swing)
        self._start_s = start_s or self._start_s
        return start_s

    def _down(self) -> Moment | None:
        down_s = self._feet.down(self._swing, self._start_s)
        return None if down_s is None else Moment(end=EndReason.TOUCHDOWN, end_s=down_s)

    def _tapped(self) -> Moment | None:
        tap_s = self._feet.tapped(self._swing, self._start_s)
        return None if tap_s is None else Moment(end=EndReason.TOUCHDOWN, end_s=tap_s)


class OneLegSet(OneLegHold):
    """Repetitions on one leg: the foot on the floor ends the set, a tap does not."""

    def __init__(self, task: LiveTask, counter: Counter) -> None:
        super().__init__(task)
        self._counter = counter

    @property
    def count(self) -> int:
        """Repetitions so far."""
        return self._counter.count

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame in which both feet stand on the floor."""
        super().learn(time_s, body)
        self._counter.learn(time_s, body)

    def follow(self, time_s: float, body: FloatArray) -> Moment:
        """Count; the standing foot may move a little, so only the other one ends it."""
        if self._feet.look(time_s, body):
            down = self._down()
            if down is not None:
                return down
        number = self._counter.follow(time_s, body)
        knee = self._counter.knee_in(body, (self._stance,))
        over = self._counter.is_over(time_s)
        end = EndReason.SET_END if over else None
        return Moment(count=number, knee=knee, end=end, end_s=time_s)
