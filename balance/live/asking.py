"""After a fall or out of sight: the question, asked again until it is answered.

An arm held up is an answer from across the room, standing or lying.
"""

import numpy as np

from balance.live import words
from balance.live.frame import HIPS, SHOULDERS, LiveFrame, middle
from balance.model.landmarks import Landmark

# Held so long it is meant; arms thrown up in a fall come down sooner.
HELD_S = 1.2
# So much higher than nose and shoulders, in trunk lengths of this frame.
ABOVE_TRUNKS = 0.25
ASK_EVERY_S = 10.0  # to ask takes eight seconds
ANSWER_AFTER_S = 2.0  # an arm flung up in a fall is no answer
WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)


class Question:
    """What is asked after a halt, and whether it was answered by an arm."""

    def __init__(self, emergency: str) -> None:
        self.emergency = emergency
        self._begin(0.0)

    def _begin(self, now_s: float) -> None:
        self._halted_s = self._asked_s = now_s
        self._arm = RaisedArm()

    @property
    def advice(self) -> str:
        """What to do, in words for the screen."""
        return f"{words.if_hurt(self.emergency)} {words.ANSWER}"

    def ask(self, now_s: float, why: str = "") -> str:
        """Return what is said; with a reason it is asked for the first time."""
        if why:
            self._begin(now_s)
        self._asked_s = now_s
        return f"{why} {words.ALL_RIGHT} {self.advice}".strip()

    def answered(self, frame: LiveFrame) -> bool:
        """Take a frame; True when an arm has answered."""
        up = self._arm.seen(frame)
        return up and frame.time_s - self._halted_s > ANSWER_AFTER_S

    def is_due(self, now_s: float) -> bool:
        """Whether it is time to ask again."""
        return now_s - self._asked_s > ASK_EVERY_S


class RaisedArm:
    """Tells once that a wrist has been above the head for long enough."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def seen(self, frame: LiveFrame) -> bool:
        """Take a frame; True when the arm has been up all the time."""
        if not _is_up(frame):
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = frame.time_s
        return frame.time_s - self._since_s >= HELD_S


def _is_up(frame: LiveFrame) -> bool:
    body = frame.body
    if body is None:
        return False
    trunk = float(np.linalg.norm(middle(body, HIPS) - middle(body, SHOULDERS)))
    heads = [Landmark.NOSE, *SHOULDERS]
    top = float(body[heads, 1].min()) - ABOVE_TRUNKS * trunk
    wrists = body[list(WRISTS)]
    inside = (wrists[:, 1] >= 0) & (wrists[:, 0] >= 0)
    inside &= wrists[:, 0] <= frame.size_px[0]
    return bool((inside & (wrists[:, 1] < top)).any())
