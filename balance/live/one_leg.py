"""Tries on one leg: a hold, and a set of repetitions."""

from balance.live.feet import ON_THE_FLOOR, FootWatch
from balance.live.task import LiveTask
from balance.live.watch import NOTHING, Counter, Moment
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FloatArray

WRONG_FOOT = 0.08  # of a leg length
RUN_IN_S = 0.7  # after foot-off, before the standing foot's place is kept


class OneLegHold:
    """From foot-off to foot-down, or until the standing foot leaves its place."""

    def __init__(self, task: LiveTask) -> None:
        self._stance, self._swing = Side(task.side), task.swing
        self._feet = FootWatch()
        self._start_s: float | None = None
        self._stood = False

    @property
    def is_ready(self) -> bool:
        """Both feet were seen on the floor long enough to compare with."""
        return self._feet.has_base

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
        self._feet.learn(time_s, body)

    def wait(self, time_s: float, body: FloatArray) -> Moment:
        """Look whether the right foot is lifted, or the wrong one."""
        height = self._feet.follow(time_s, body, self._swing)
        self._start_s = self._feet.lifted_at()
        return Moment(
            start_s=self._start_s,
            standing=abs(height) < ON_THE_FLOOR,
            wrong_foot=height < -WRONG_FOOT,
        )

    def follow(self, time_s: float, body: FloatArray) -> Moment:
        """Look for the two ends of every hold on one leg."""
        down = self._touched_down(time_s, body)
        if down is not None:
            return down
        if not self._stood and time_s - (self._start_s or time_s) > RUN_IN_S:
            self._stood = True
            self._feet.stand_on(body, self._stance)
        if self._feet.stance_moved(body, self._stance):
            return Moment(end=EndReason.STANCE_FOOT_MOVED, end_s=time_s)
        return NOTHING

    def _touched_down(self, time_s: float, body: FloatArray) -> Moment | None:
        self._feet.follow(time_s, body, self._swing)
        down_s = self._feet.down_at()
        if down_s is not None and down_s > (self._start_s or 0.0):
            return Moment(end=EndReason.TOUCHDOWN, end_s=down_s)
        return None


class OneLegSet(OneLegHold):
    """Repetitions on one leg: the foot on the floor ends the set."""

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
        down = self._touched_down(time_s, body)
        if down is not None:
            return down
        number = self._counter.follow(time_s, body)
        knee = self._counter.knee_in(body, (self._stance,))
        over = self._counter.is_over(time_s)
        end = EndReason.SET_END if over else None
        return Moment(count=number, knee=knee, end=end, end_s=time_s)
