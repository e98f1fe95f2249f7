"""Tries on two feet: a hold in a position of the feet, and a set of repetitions."""

from collections import deque

import numpy as np

from balance.analysis.events.stance_type import StanceReading, read_stance
from balance.live.frame import foot_px, leg_length_px
from balance.live.task import LiveTask
from balance.live.watch import NOTHING, Counter, Moment
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, PoseSequence

READ_S = 1.0
READ_EVERY_S = 0.3  # reading takes as long as eight frames
FEWEST = 4
# Of a leg length (about 5 cm): landmarks of a foot hidden behind the other wander by
# less than half of it on rendered people in tandem.
MOVED = 0.055
CONFIRM = 3  # frames in a row
UNKNOWN = StanceReading(None, "not looked at long enough")


class TwoFootHold:
    """From "begin" until a foot leaves its place; the position is read before it."""

    def __init__(self, task: LiveTask) -> None:
        self._wanted = task.kind
        self._errors_end = task.errors_end
        self._seen: deque[tuple[float, FloatArray]] = deque()
        self._stood: FloatArray | None = None
        self._leg_px = 1.0
        self._away = 0
        self._read_at_s = float("-inf")
        self.reading = UNKNOWN

    @property
    def is_ready(self) -> bool:
        """The feet were looked at long enough to know their place."""
        return len(self._seen) >= FEWEST

    @property
    def is_placed(self) -> bool:
        """The feet stand as asked, or the view does not show how they stand."""
        return self.reading.kind in (None, self._wanted)

    @property
    def shows_place(self) -> bool:
        """The feet were seen to stand as asked."""
        return self.reading.kind is self._wanted

    @property
    def count(self) -> int:
        """A hold counts nothing."""
        return 0

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Read how the feet stand over the last second."""
        if self._seen and time_s <= self._seen[-1][0]:
            return
        self._seen.append((time_s, body))
        while time_s - self._seen[0][0] > READ_S:
            self._seen.popleft()
        if self.is_ready and time_s - self._read_at_s >= READ_EVERY_S:
            self._read_at_s = time_s
            self.reading = _read(self._seen)

    def wait(self, time_s: float, body: FloatArray) -> Moment:
        """Begin at once: the countdown's end is the "begin" of the test."""
        recent = [seen for _, seen in self._seen] or [body]
        self._stood = np.median([_feet(seen) for seen in recent], axis=0)
        self._leg_px = float(np.median([leg_length_px(seen) for seen in recent]))
        return Moment(start_s=time_s)

    def follow(self, time_s: float, body: FloatArray) -> Moment:
        """Look whether a foot has left its place."""
        if self._stood is None:
            return NOTHING
        away = float(np.abs(_feet(body) - self._stood).max()) / self._leg_px
        self._away = self._away + 1 if away > MOVED else 0
        if self._away >= CONFIRM:
            return Moment(end=EndReason.STANCE_FOOT_MOVED, end_s=time_s)
        return NOTHING


class TwoFootSet:
    """Repetitions on both feet: the last one ends the set, or a long pause."""

    def __init__(self, task: LiveTask, counter: Counter) -> None:
        self._counter = counter
        self._enough = task.repetitions
        self._learned = False

    @property
    def is_ready(self) -> bool:
        """The person was seen standing."""
        return self._learned

    @property
    def is_placed(self) -> bool:
        """Two feet on the floor will do."""
        return True

    @property
    def shows_place(self) -> bool:
        """Nothing is asked of how the feet stand."""
        return True

    @property
    def count(self) -> int:
        """Repetitions so far."""
        return self._counter.count

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame of the person standing."""
        self._learned = True
        self._counter.learn(time_s, body)

    def wait(self, time_s: float, body: FloatArray) -> Moment:
        """Begin with the first movement of the first repetition."""
        self._counter.follow(time_s, body)
        start_s = self._counter.first_s
        return Moment(start_s=start_s)

    def follow(self, time_s: float, body: FloatArray) -> Moment:
        """Count, and end after the last repetition or a long pause."""
        number = self._counter.follow(time_s, body)
        knee = self._counter.knee_in(body, tuple(Side))
        enough = self._enough is not None and self._counter.count >= self._enough
        over = enough or self._counter.is_over(time_s)
        end = EndReason.SET_END if over else None
        return Moment(count=number, knee=knee, end=end, end_s=time_s)


def _feet(body: FloatArray) -> FloatArray:
    """(2, 2) px where both feet are."""
    return np.stack([foot_px(body, side) for side in Side])


def _read(seen: deque[tuple[float, FloatArray]]) -> StanceReading:
    time_s = np.array([time for time, _ in seen])
    xy_px = np.stack([body for _, body in seen])
    pose = PoseSequence(time_s, xy_px, np.ones(xy_px.shape[:2]), (0, 0))
    return read_stance(pose, slice(None))
