"""When is somebody so quiet that a few frames a second show all that the network sees.

In a quiet stand the landmarks of two frames differ by less than the network's noise,
and sway is followed in the frames themselves. So only every few frames are inferred,
and those between are interpolated, until something moves.
"""

from collections import deque

import numpy as np

from balance.model.landmarks import Landmark
from balance.model.recording import FloatArray
from balance.tracking.subject import HIPS, Body

# So long nothing has moved before a frame is left out, as far as it was seen.
QUIET_S, SEEN_S = 0.5, 0.36
# Frames that are inferred lie at most so far apart, but for rounding of their times: a
# third of the way between two scans for everybody, for which a frame is inferred too.
GAP_S, ROUNDING_S = 0.167, 0.005
# What is quiet: hips and feet stay within so many body heights, the rest within more.
# Network noise on somebody who stands is 0.002 to 0.005.
STILL, CALM = 0.02, 0.1

FEET = list(range(Landmark.LEFT_ANKLE, Landmark.RIGHT_FOOT_INDEX + 1))
NEAR_GROUND = [*HIPS, *FEET]


class QuietWatch:
    """Watches the frames that are inferred, and says which may be left out."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, FloatArray]] = deque()
        self.is_quiet = False

    def see(self, time_s: float, body: Body | None) -> None:
        """Take in an inferred frame; ``body`` is None where nobody was found."""
        self.is_quiet = False
        if body is None:
            self._past.clear()
            return
        self._past.append((time_s, body.xy_px))
        while self._past[-1][0] - self._past[0][0] > QUIET_S + ROUNDING_S:
            self._past.popleft()
        lasted_s = time_s - self._past[0][0]
        if lasted_s < SEEN_S:
            return
        points = np.stack([xy for _, xy in self._past]) / body.height_px
        moved = np.ptp(points, axis=0).max(axis=1)
        self.is_quiet = bool(moved[NEAR_GROUND].max() < STILL and moved.max() < CALM)

    def may_leave_out(self, next_s: float) -> bool:
        """Whether the frame at ``next_s`` is soon enough to be the next inferred."""
        return self.is_quiet and next_s - self._past[-1][0] <= GAP_S + ROUNDING_S
