"""Count heel raises, weight shifts and hops while they happen.

For the voice and the clock only: what counts is measured from the video.
"""

from collections import deque

import numpy as np

from balance.live.counting import OutAndBack
from balance.live.frame import ANKLES, HIPS, KNEES, SHOULDERS, foot_px, middle
from balance.model.landmarks import Side
from balance.model.recording import FloatArray

# Leg lengths. A raise lifts the body by 0.05 to 0.1 over the toes, breathing and sway
# by less than 0.01 (see measures/heel_raise.py); a hop lifts the foot by as much.
RAISED, LOWERED = 0.03, 0.013
LEAST_FROM_KNEE = 0.4  # of the body's rise; in a squat the knees stay behind
IN_THE_AIR, LANDED = 0.04, 0.02
# Shares of the distance between the feet: 0.5 is above the foot itself.
SHIFTED, BACK = 0.15, 0.07
# The floor is the lowest of the last seconds: longer than a raise to the beat takes.
FLOOR_S = 5.0
SMOOTH_FRAMES = 3


class _Course:
    """The last seconds of a level, each the mean of three frames."""

    def __init__(self) -> None:
        self._raw: deque[FloatArray] = deque(maxlen=SMOOTH_FRAMES)
        self._kept: deque[tuple[float, FloatArray]] = deque()

    def above_lowest(self, time_s: float, levels: FloatArray) -> FloatArray:
        """Return how far each level is above where the first was lowest."""
        self._raw.append(levels)
        now = np.mean(self._raw, axis=0)
        self._kept.append((time_s, now))
        while time_s - self._kept[0][0] > FLOOR_S:
            self._kept.popleft()
        lowest = min((kept for _, kept in self._kept), key=lambda kept: float(kept[0]))
        return np.asarray(now - lowest)


class _KneesNotWatched(OutAndBack):
    """A counter that has nothing to say of knees."""

    def __init__(self, out: float, back: float) -> None:
        super().__init__(out, back)
        self._leg_px = float("nan")

    def learn(self, _time_s: float, body: FloatArray) -> None:
        """Take the yardstick from the person standing on both feet."""
        self._leg_px = float(middle(body, ANKLES)[1] - middle(body, HIPS)[1])

    def knee_in(self, _body: FloatArray, _sides: tuple[Side, ...]) -> Side | None:
        """Say nothing of knees."""
        return None


class HeelRaiseCount(_KneesNotWatched):
    """Follows hips, shoulders and knees above the standing toes."""

    def __init__(self) -> None:
        super().__init__(RAISED, LOWERED)
        self._course = _Course()
        self._top = np.zeros(2)
        self._standing: deque[float] = deque(maxlen=20)

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Remember how high the body stands; knees that straighten end there."""
        super().learn(time_s, body)
        self._standing.append(float(self._heights(body)[0]))

    def follow(self, time_s: float, body: FloatArray) -> int | None:
        """Return the new number when a raise has just come down."""
        heights = self._heights(body)
        above = self._course.above_lowest(time_s, heights)
        if above[0] > self._top[0]:
            self._top = above
        squatted = self._top[1] < LEAST_FROM_KNEE * self._top[0]
        standing = float(np.median(self._standing)) if self._standing else -np.inf
        if squatted or (not self.is_out and heights[0] < standing + RAISED / 2):
            number = None
        else:
            number = self.take(time_s, float(above[0]))
        if above[0] < LOWERED:
            self._top = np.zeros(2)
        return number

    def _heights(self, body: FloatArray) -> FloatArray:
        """(2,) trunk and knee above the standing toes, in leg lengths."""
        toes = [float(body[side.landmark("foot_index")][1]) for side in Side]
        knees = [float(body[side.landmark("knee")][1]) for side in Side]
        standing = int(np.argmax(toes))
        trunk = float(middle(body, HIPS)[1] + middle(body, SHOULDERS)[1]) / 2
        # On both feet both knees rise; of one leg only the standing one counts.
        level = abs(toes[0] - toes[1]) < 0.1 * self._leg_px
        knee = float(middle(body, KNEES)[1]) if level else knees[standing]
        up = (toes[standing] - trunk, toes[standing] - knee)
        return np.array(up) / self._leg_px


class WeightShiftCount(_KneesNotWatched):
    """Follows the pelvis between the feet, to either side."""

    def __init__(self) -> None:
        super().__init__(SHIFTED, BACK)
        self._middle: deque[float] = deque(maxlen=20)

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Quiet standing is the middle, wherever the camera puts it."""
        super().learn(time_s, body)
        self._middle.append(_place(body))

    def follow(self, time_s: float, body: FloatArray) -> int | None:
        """Return the new number when a shift has just come back."""
        if not self._middle:
            return None
        return self.take(time_s, abs(_place(body) - float(np.median(self._middle))))


class HopCount(_KneesNotWatched):
    """Follows the standing foot off the floor and back."""

    def __init__(self, stance: Side) -> None:
        super().__init__(IN_THE_AIR, LANDED)
        self._stance, self._course = stance, _Course()

    def follow(self, time_s: float, body: FloatArray) -> int | None:
        """Return the new number when a hop has just landed."""
        up = np.array([-float(foot_px(body, self._stance)[1])]) / self._leg_px
        return self.take(time_s, float(self._course.above_lowest(time_s, up)[0]))


def _place(body: FloatArray) -> float:
    """Pelvis from the middle of the feet, in distances between them."""
    left, right = (float(body[side.landmark("ankle")][0]) for side in Side)
    apart = max(abs(left - right), 1.0)
    return (float(middle(body, HIPS)[0]) - (left + right) / 2) / apart
