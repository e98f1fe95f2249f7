"""The outline of both legs, read from the mask of the person.

MediaPipe's knee point strays from the knee by up to 5 % of the leg's length, most in
deep squats; the middle between the two edges of the leg in the mask that the same
network draws does not (see the accuracy table of the README). So the edges are kept
beside the landmarks.
"""

import numpy as np
from numpy.typing import NDArray

from balance.model.landmarks import Side
from balance.model.leg_outline import (
    ROWS,
    row_heights,
)
from balance.model.recording import FloatArray

INSIDE = 0.5
# The leg's expected place may lie outside of the mask by so much of the leg's height.
REACH = 0.12

# The body lies so near to the outermost landmarks, in heights of all of them.
BODY_ROOM = 0.25

_CHAINS = np.array(
    [[side.landmark(joint) for joint in ("hip", "knee", "ankle")] for side in Side]
)


def find_leg_edges(mask: NDArray[np.floating], xy_px: FloatArray) -> FloatArray:
    """Return the image x of both edges of both legs, row by row.

    Parameters
    ----------
    mask
        (H, W) chance that a pixel shows the person, 0 to 1.
    xy_px
        (33, 2) the landmarks of the same frame.

    Returns
    -------
    (2, ROWS, 2) px: left and right leg; rows from hip to ankle; edge towards the
    image's left and right. NaN outside of the image, where no mask is near the
    leg, and for an edge that lies against the other leg.
    """
    chains = xy_px[_CHAINS]
    # Nothing of the body lies further out, and the frame may be wide.
    room = BODY_ROOM * np.ptp(xy_px[:, 1])
    left = int(np.clip(xy_px[:, 0].min() - room, 0, mask.shape[1] - 1))
    mask = mask[:, left : max(int(xy_px[:, 0].max() + room), left) + 1]
    heights = row_heights(chains)
    own_x = _along(chains, heights)
    other_x = _along(chains[::-1], heights)
    reach = np.repeat(REACH * np.abs(heights[:, -1:] - heights[:, :1]), ROWS, axis=1)
    seen = (heights >= 0) & (heights < len(mask))
    edges: FloatArray = np.full((*heights.shape, 2), np.nan)
    edges[seen] = left + _edges_of_runs(
        mask[heights[seen].astype(np.intp)],
        own_x[seen] - left,
        other_x[seen] - left,
        reach[seen],
    )
    return edges


def _along(chains: FloatArray, heights: FloatArray) -> FloatArray:
    """(2, ROWS) px: x of each of two legs at the heights given with it."""
    legs = zip(heights, chains, strict=True)
    return np.stack([np.interp(y, leg[:, 1], leg[:, 0]) for y, leg in legs])


def _edges_of_runs(
    lines: NDArray[np.floating], x: FloatArray, other_x: FloatArray, reach: FloatArray
) -> FloatArray:
    """(R, 2) Edges, to a fraction of a pixel, of each line's run at or next to ``x``.

    All lines at once: a frame has 42 of them, and there are thousands of frames.
    """
    inside = lines > INSIDE
    column = np.arange(lines.shape[1])
    # Pixel n is centred on n + 0.5.
    away = np.where(inside, np.abs(column - (x - 0.5)[:, None]), np.inf)
    nearest = np.argmin(away, axis=1)[:, None]
    gap_before = np.where(~inside & (column < nearest), column, -1)
    gap_after = np.where(~inside & (column > nearest), column, len(column))
    first, last = gap_before.max(axis=1) + 1, gap_after.min(axis=1) - 1
    outside = np.maximum(np.maximum(first - (x - 0.5), (x - 0.5) - last), 0)
    found = inside.any(axis=1) & (outside <= reach)
    edges = np.stack([_crossing(lines, first, -1), _crossing(lines, last, +1)], axis=1)
    edges[~found] = np.nan
    # One run for both legs: the inner edge of this one cannot be seen.
    shared = (first <= other_x - 0.5) & (other_x - 0.5 <= last)
    edges[shared & (other_x < x), 0] = np.nan
    edges[shared & ~(other_x < x), 1] = np.nan
    return edges


def _crossing(
    lines: NDArray[np.floating], last: NDArray[np.intp], step: int
) -> FloatArray:
    """(R,) px where each line falls through one half beyond its last inner pixel.

    NaN where that is the rim of the image.
    """
    row, width = np.arange(len(lines)), lines.shape[1]
    beyond = last + step
    at_rim = (beyond < 0) | (beyond >= width)
    inner = lines[row, last].astype(np.float64)
    outer = lines[row, np.clip(beyond, 0, width - 1)].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = last + 0.5 + step * (inner - INSIDE) / (inner - outer)
    return np.where(at_rim, np.nan, crossing)
