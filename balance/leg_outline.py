"""The outline of both legs, read from the mask of the person.

MediaPipe's knee point strays from the knee by up to 5 % of the leg's length, most in
deep squats; the middle between the two edges of the leg in the mask that the same
network draws does not (see the accuracy table of the README). So the edges are kept
beside the landmarks.
"""

import numpy as np
from numpy.typing import NDArray

from balance.landmarks import Side
from balance.pose import FloatArray

# Rows from the hip (share 0) to the ankle (share 1) of each leg, evenly spaced.
ROW_SHARES = np.linspace(0.0, 1.0, 21)
ROWS = len(ROW_SHARES)
INSIDE = 0.5
# The leg's expected place may lie outside of the mask by so much of the leg's height.
REACH = 0.12

_CHAINS = [
    [side.landmark(joint) for joint in ("hip", "knee", "ankle")] for side in Side
]


def no_edges(frames: int) -> FloatArray:
    """(T, 2, ROWS, 2) of NaN: no outline was read."""
    return np.full((frames, 2, ROWS, 2), np.nan)


def row_heights(chain: FloatArray) -> FloatArray:
    """(…, ROWS) px: height in the picture of each row of a leg.

    ``chain`` (…, 3, 2) holds hip, knee and ankle of the same frame's landmarks.
    """
    top, bottom = chain[..., 0, 1:2], chain[..., 2, 1:2]
    return np.asarray(top + ROW_SHARES * (bottom - top))


def find_leg_edges(mask: NDArray[np.floating], xy_px: FloatArray) -> FloatArray:
    """Return the picture x of both edges of both legs, row by row.

    Parameters
    ----------
    mask
        (H, W) chance that a pixel shows the person, 0 to 1.
    xy_px
        (33, 2) the landmarks of the same picture.

    Returns
    -------
    (2, ROWS, 2) px: left and right leg; rows from hip to ankle; edge towards the
    picture's left and right. NaN outside of the picture, where no mask is near the
    leg, and for an edge that lies against the other leg.
    """
    edges = no_edges(1)[0]
    chains = [xy_px[chain] for chain in _CHAINS]
    for leg, (own, other) in enumerate([chains, chains[::-1]]):
        heights = row_heights(own)
        reach = REACH * abs(heights[-1] - heights[0])
        own_x = np.interp(heights, own[:, 1], own[:, 0])
        other_x = np.interp(heights, other[:, 1], other[:, 0])
        for row, y in enumerate(heights):
            if 0 <= y < len(mask):
                line = mask[int(y)]
                edges[leg, row] = _edges_of_run(line, own_x[row], other_x[row], reach)
    return np.asarray(edges, np.float64)


def _edges_of_run(
    line: NDArray[np.floating], x: float, other_x: float, reach: float
) -> tuple[float, float]:
    """Edges, to a fraction of a pixel, of the run of the mask at or next to ``x``."""
    inside = np.concatenate([[False], line > INSIDE, [False]])
    starts = np.flatnonzero(inside[1:] & ~inside[:-1])
    ends = np.flatnonzero(~inside[1:] & inside[:-1]) - 1
    if not len(starts):
        return np.nan, np.nan
    away = np.maximum(np.maximum(starts - (x - 0.5), (x - 0.5) - ends), 0)
    nearest = int(np.argmin(away))
    if away[nearest] > reach:
        return np.nan, np.nan
    first, last = int(starts[nearest]), int(ends[nearest])
    left, right = _crossing(line, first, -1), _crossing(line, last, +1)
    # One run for both legs: the inner edge of this one cannot be seen.
    if first <= other_x - 0.5 <= last:
        return (np.nan, right) if other_x < x else (left, np.nan)
    return left, right


def _crossing(line: NDArray[np.floating], last: int, step: int) -> float:
    """Where the mask falls through one half beyond its last inner pixel, in px."""
    beyond = last + step
    if not 0 <= beyond < len(line):
        return float("nan")
    inner, outer = float(line[last]), float(line[beyond])
    return last + 0.5 + step * (inner - INSIDE) / (inner - outer)
