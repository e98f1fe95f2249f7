"""Where a video is cut, so that its segments can be followed at the same time.

The model looks for the person where the last frame had him, so a segment begins
with a warm-up of frames before it. In a squat the landmarks of two runs never meet
to the last bit, however long the warm-up. So the cuts depend on the video alone and
never on the number of cores: the same video gives the same bits everywhere.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from balance.model.recording import BoolArray, FloatArray

# A shorter video is not cut: each half would be little more than its warm-up.
SHORTEST_CUT_S = 5.0
# Up to this length there are two segments, beyond it a multiple of four.
TWO_UNTIL_S = 40.0
# The number of segments grows with the square root of the length, four for each of
# these: 11 s long in a video of 46 s, 25 s in one of 5 min, 50 s in one of 20 min. Each
# costs a warm-up and models of its own, and the shorter they are the sooner all cores
# have done their last one.
ROOT_OF_S_FOR_FOUR = 6.0
# A longer recording is a lie of its clock.
LONGEST_CUT_S = 6 * 3600.0
# A fresh start has found its way after 6 frames of somebody who stands (measured);
# the rest of the warm-up is there to be faded over.
RUN_IN_S = 1.0
# Over the end of the warm-up the landmarks of both segments are mixed: no step is left.
FADE_S = 0.5
# People are looked for on this grid, and cuts lie on it.
GRID_S = 0.5


@dataclass(frozen=True, slots=True)
class Segment:
    """Seconds ``start_s`` <= t < ``end_s`` of a video; None is its start or end."""

    start_s: float | None = None
    end_s: float | None = None

    @property
    def read_from_s(self) -> float | None:
        """Where reading begins: the warm-up before."""
        return None if self.start_s is None else self.start_s - RUN_IN_S

    def holds(self, time_s: FloatArray) -> BoolArray:
        """(T,) True for the times that are this segment's own."""
        after = True if self.start_s is None else time_s >= self.start_s
        before = True if self.end_s is None else time_s < self.end_s
        return np.broadcast_to(np.asarray(after) & before, time_s.shape)


WHOLE = (Segment(),)


def cut_into_segments(start_s: float, end_s: float | None) -> tuple[Segment, ...]:
    """Cut a video into an even number of segments of nearly one length.

    Parameters
    ----------
    start_s, end_s
        What is to be followed, in the video's own seconds; None where the header
        does not say how long the video is, which is then not cut.
    """
    if end_s is None or not end_s - start_s <= LONGEST_CUT_S:
        return WHOLE
    count = _count_for(end_s - start_s)
    if count == 1:
        return WHOLE
    # With its warm-up each segment is as much work; the first has none.
    work_s = (end_s - start_s + (count - 1) * RUN_IN_S) / count
    cuts = start_s + RUN_IN_S + (work_s - RUN_IN_S) * np.arange(1, count)
    on_grid: list[float] = (np.round(cuts / GRID_S) * GRID_S).tolist()
    return tuple(
        Segment(start, end)
        for start, end in zip([None, *on_grid], [*on_grid, None], strict=True)
    )


def _count_for(length_s: float) -> int:
    """Return into how many segments a video of this length is cut.

    Even, because three segments on two cores take as long as four.
    """
    if length_s < SHORTEST_CUT_S:
        return 1
    if length_s < TWO_UNTIL_S:
        return 2
    return 4 * max(1, round(sqrt(length_s) / ROOT_OF_S_FOR_FOUR))


def share_of_next(time_s: FloatArray, cut_s: float) -> FloatArray:
    """(T,) How much the next segment counts before a cut: 0 up to 1 at the cut."""
    return np.clip((time_s - (cut_s - FADE_S)) / FADE_S, 0.0, 1.0)
