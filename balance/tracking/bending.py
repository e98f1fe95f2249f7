"""When do knees begin to bend: the hips move against the feet.

The outline of the legs takes half as long again for each frame, and only squats
need it. Feet side by side and one foot raised are watched apart: a thigh that is raised
drags the landmarks of the hips up with it.
"""

from collections import deque

from balance.model.landmarks import LEVEL_ANKLES
from balance.tracking.subject import ANKLES, HIPS, Body

# Own choice, in heights of the hips over the lower ankle: a squat counts from 6 %. Of
# 66 rendered stands 9 go beyond; all 14 squat clips do, before their first bottom.
BENT = 0.05
# A bend is sought among the frames of so many seconds: the longest way down.
WITHIN_S = 4.0
# One frame may be wrong; the middle of so many counts.
MIDDLE_OF = 3


def feet_are_level(body: Body) -> bool:
    """Whether both feet are down, as far as their heights in the image tell."""
    left, right = body.xy_px[ANKLES, 1].tolist()
    return bool(abs(left - right) < LEVEL_ANKLES * _height_px(body))


class BendWatch:
    """Watches the height of the hips over the lower ankle, frame by frame."""

    def __init__(self) -> None:
        self._on_both, self._on_one = _Heights(), _Heights()

    def sees_bend(self, time_s: float, body: Body) -> bool:
        """Whether the hips have sunk, or come up, since a moment in like posture."""
        heights = self._on_both if feet_are_level(body) else self._on_one
        return heights.range_with(time_s, _height_px(body)) > BENT


class _Heights:
    """Heights of the last seconds in one posture."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=MIDDLE_OF)
        self._past: deque[tuple[float, float]] = deque()

    def range_with(self, time_s: float, height_px: float) -> float:
        """Add the latest; return their range as a share of the greatest."""
        self._latest.append(height_px)
        middle = sorted(self._latest)[len(self._latest) // 2]
        self._past.append((time_s, middle))
        while self._past[0][0] < time_s - WITHIN_S:
            self._past.popleft()
        heights = [height for _, height in self._past]
        highest = max(heights)
        return (highest - min(heights)) / max(highest, 1.0)


def _height_px(body: Body) -> float:
    """Height of the hips over the lower ankle in the image."""
    ankles, hips = body.xy_px[ANKLES, 1].tolist(), body.xy_px[HIPS, 1].tolist()
    return float(max(ankles) - sum(hips) / 2)
