"""Has the person dropped or left the image.

Who may do which test at all is asked before, in ``balance/protocols/safety.py``.
"""

from collections import deque

from balance.live.frame import HIPS, LiveFrame, leg_length_px, middle

# Leg lengths (about 0.85 m). Nobody who still stands on one leg has the pelvis this
# much lower; a deep squat has, but not with this speed. Chosen to rather ask once
# too often: the question costs one press.
DROP_STANDING = 0.35
DROP_SQUATTING = 0.80
SPEED_STANDING = 1.2  # per second
SPEED_SQUATTING = 2.4
SPEED_OVER_S = 0.3
GONE_S = 0.6
# A hole in the frames: nobody watched, so nobody knows.
BLIND_S = 1.5


class SafetyWatch:
    """Looks at the pelvis only: down fast, down far, or not there."""

    def __init__(self, squatting: bool) -> None:
        self._drop = DROP_SQUATTING if squatting else DROP_STANDING
        self._speed = SPEED_SQUATTING if squatting else SPEED_STANDING
        self._standing_y: float | None = None
        self._leg_px = 1.0
        self._seen: deque[tuple[float, float]] = deque()
        self._last_seen_s: float | None = None

    def learn(self, frame: LiveFrame) -> None:
        """Take a frame in which the person stands as they should."""
        body = frame.body
        if body is not None and leg_length_px(body) > 0:
            self._standing_y = float(middle(body, HIPS)[1])
            self._leg_px = leg_length_px(body)
            self._last_seen_s = frame.time_s

    def dropped(self, frame: LiveFrame) -> bool:
        """Tell whether the pelvis went down too fast or too far."""
        body = frame.body
        if body is None or self._standing_y is None:
            return False
        y = float(middle(body, HIPS)[1])
        while self._seen and frame.time_s - self._seen[0][0] > SPEED_OVER_S:
            self._seen.popleft()
        drop = (y - self._standing_y) / self._leg_px
        before = [(t, y0) for t, y0 in self._seen if frame.time_s - t > 0.12]
        self._seen.append((frame.time_s, y))
        speed = 0.0
        if before:
            elapsed_s = frame.time_s - before[0][0]
            speed = (y - before[0][1]) / self._leg_px / elapsed_s
        return drop > self._drop or (drop > 0.15 and speed > self._speed)

    def gone(self, frame: LiveFrame, on_one_leg: bool) -> bool:
        """Tell whether the person has been out of sight for too long.

        A hole in the frames counts only while the clock runs: before that a slow
        computer is no danger.
        """
        blind = on_one_leg and (
            self._last_seen_s is not None and frame.time_s - self._last_seen_s > BLIND_S
        )
        if frame.body is not None and not blind:
            self._last_seen_s = frame.time_s
            return False
        if self._last_seen_s is None:
            self._last_seen_s = frame.time_s
        return frame.time_s - self._last_seen_s > GONE_S
