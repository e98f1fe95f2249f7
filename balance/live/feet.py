"""When does a foot leave the floor and come back, told while it happens.

The signal is how far one foot is higher than the other, against the seconds before
with both on the floor, in leg lengths: it needs no scale, and swaying, breathing and
a small camera movement cancel in the difference.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from balance.live.frame import foot_px, leg_length_px
from balance.model.landmarks import Side
from balance.model.recording import FloatArray

# Noise of the signal on rendered people at 640×480 is 0.003–0.013 leg lengths, a
# raised foot stands at 0.15 and more. 0.05 is about four centimetres.
UP = 0.05
DOWN = 0.03
ON_THE_FLOOR = 0.03  # below this the foot may be standing
CLEAR = 0.08
MOVED = 0.055  # of a leg length: a hop or a turn of the standing foot
BASE_S = 2.5
SETTLED_S = 0.4  # samples younger than this may belong to the beginning rise
CONFIRM = 2  # frames in a row: one bad frame must not end a test


@dataclass(frozen=True, slots=True)
class _Sample:
    time_s: float
    left: FloatArray
    right: FloatArray
    leg_px: float


class FootWatch:
    """Follows both feet; ask it after every frame."""

    def __init__(self) -> None:
        self._base: deque[_Sample] = deque()
        self._recent: deque[tuple[float, float]] = deque(maxlen=40)
        self._zero = np.zeros((2, 2))
        self._leg_px = float("nan")
        self._stood: FloatArray | None = None
        self._moved_frames = 0

    @property
    def has_base(self) -> bool:
        """Both feet were seen on the floor long enough to compare with."""
        return bool(np.isfinite(self._leg_px))

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame in which both feet stand on the floor."""
        self._base.append(
            _Sample(
                time_s,
                foot_px(body, Side.LEFT),
                foot_px(body, Side.RIGHT),
                leg_length_px(body),
            )
        )
        while time_s - self._base[0].time_s > BASE_S:
            self._base.popleft()
        settled = [s for s in self._base if time_s - s.time_s >= SETTLED_S]
        if len(settled) >= 4:
            self._zero = np.median([(s.left, s.right) for s in settled], axis=0)
            self._leg_px = float(np.median([s.leg_px for s in settled]))

    def follow(self, time_s: float, body: FloatArray, swing: Side) -> float:
        """Return how much higher the swing foot is, in leg lengths, and keep it."""
        feet = np.stack([foot_px(body, Side.LEFT), foot_px(body, Side.RIGHT)])
        rise = (self._zero[:, 1] - feet[:, 1]) / self._leg_px
        of_left = float(rise[0] - rise[1])
        height = of_left if swing is Side.LEFT else -of_left
        self._recent.append((time_s, height))
        return height

    def lifted_at(self) -> float | None:
        """When the swing foot left the floor, once that is certain."""
        last = [h for _, h in self._recent][-CONFIRM:]
        if len(last) < CONFIRM or min(last) < UP:
            return None
        return _touch_time(list(self._recent)[::-1])

    def down_at(self) -> float | None:
        """When the swing foot came back to the floor, once that is certain."""
        samples = list(self._recent)
        if len(samples) < CONFIRM or max(h for _, h in samples[-CONFIRM:]) > DOWN:
            return None
        # From the last moment the foot was clear, on to where it came down.
        clear = [i for i, (_, h) in enumerate(samples) if h > CLEAR]
        return _touch_time(samples[clear[-1] :] if clear else samples[-CONFIRM:])

    def stand_on(self, body: FloatArray, stance: Side) -> None:
        """Remember where the standing foot is."""
        self._stood, self._moved_frames = foot_px(body, stance), 0

    def stance_moved(self, body: FloatArray, stance: Side) -> bool:
        """Has the standing foot left its place for three frames running."""
        if self._stood is None:
            return False
        away = foot_px(body, stance) - self._stood
        moved = float(np.abs(away).max()) / self._leg_px > MOVED
        self._moved_frames = self._moved_frames + 1 if moved else 0
        return self._moved_frames > CONFIRM


def _touch_time(samples: list[tuple[float, float]]) -> float:
    """When the foot met the floor, from samples that lead from the air to it.

    A straight line through the heights of two and six centimetres, drawn on to the
    floor: a plain threshold would call foot-off late and foot-down early.
    """
    low_s = _crossing(samples, ON_THE_FLOOR)
    clear_s = _crossing(samples, CLEAR)
    return low_s + (low_s - clear_s) * ON_THE_FLOOR / (CLEAR - ON_THE_FLOOR)


def _crossing(samples: list[tuple[float, float]], level: float) -> float:
    """When the line through the samples first comes down to a level."""
    for (t0, h0), (t1, h1) in pairwise(samples):
        if h1 <= level < h0:
            return t0 + (h0 - level) / (h0 - h1) * (t1 - t0)
    return samples[-1][0] if samples[-1][1] > level else samples[0][0]
