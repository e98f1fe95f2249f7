"""Count squats while they happen, and notice a knee that falls inwards."""

from collections import deque

import numpy as np

from balance.live.counting import OutAndBack
from balance.live.frame import HIPS, leg_length_px, middle
from balance.model.landmarks import Side
from balance.model.recording import FloatArray

# How far the pelvis goes down, in leg lengths: 1 − cos(knee flexion / 2) for thigh
# and shank of one length. 0.06 is 40° of knee flexion, 0.03 is 28°.
DEEP = 0.06
UPRIGHT = 0.03
# From 11° a knee is said to drift inwards (Herrington 2014; Park 2024). Unsmoothed
# landmarks show about 0.64 of the change from standing, so 7° of theirs.
KNEE_IN_DEG = 7.0
BASE_S = 2.0


class SquatCount(OutAndBack):
    """Follows the pelvis down and up again."""

    def __init__(self) -> None:
        super().__init__(DEEP, UPRIGHT)
        self._base: deque[tuple[float, float, float, float, float]] = deque()
        self._knee_said_in = -1

    def learn(self, time_s: float, body: FloatArray) -> None:
        """Take a frame of the person standing as before the first squat."""
        angles = [knee_inwards_deg(body, side) for side in Side]
        height = float(middle(body, HIPS)[1])
        self._base.append((time_s, height, leg_length_px(body), angles[0], angles[1]))
        while time_s - self._base[0][0] > BASE_S:
            self._base.popleft()

    def follow(self, time_s: float, body: FloatArray) -> int | None:
        """Return the new number when a squat has just been completed."""
        if not self._base:
            return None
        _, standing_y, leg_px, *_ = np.median(np.asarray(self._base), axis=0)
        drop = (float(middle(body, HIPS)[1]) - standing_y) / leg_px
        return self.take(time_s, drop)

    def knee_in(self, body: FloatArray, sides: tuple[Side, ...]) -> Side | None:
        """Return the knee that falls inwards in this squat; each squat says it once."""
        if not self.is_out or self._knee_said_in == self.count or not self._base:
            return None
        standing = np.median(np.asarray(self._base), axis=0)[3:]
        for side in sides:
            was = float(standing[0 if side is Side.LEFT else 1])
            if knee_inwards_deg(body, side) - was > KNEE_IN_DEG:
                self._knee_said_in = self.count
                return side
        return None


def knee_inwards_deg(body: FloatArray, side: Side) -> float:
    """Angle between thigh and shank in the image, degrees; + = towards the midline.

    For a cue only; the measured angle comes from the recorded clip.
    """
    hip, knee, ankle = (body[side.landmark(j)] for j in ("hip", "knee", "ankle"))
    thigh, shank = knee - hip, ankle - knee
    turn = thigh[0] * shank[1] - thigh[1] * shank[0]
    angle = float(np.degrees(np.arctan2(turn, float(np.dot(thigh, shank)))))
    # The left leg is on the right of the image: its midline lies to smaller x, so
    # a thigh that runs inwards turns the other way round.
    return -angle if side is Side.LEFT else angle
