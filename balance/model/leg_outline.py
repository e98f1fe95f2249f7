"""The outline of both legs beside the landmarks: rows from hip to ankle, two edges."""

import numpy as np

from balance.model.recording import BoolArray, FloatArray

# Rows from the hip (share 0) to the ankle (share 1) of each leg, evenly spaced.
ROW_SHARES = np.linspace(0.0, 1.0, 21)


ROWS = len(ROW_SHARES)


def no_edges(frames: int) -> FloatArray:
    """(T, 2, ROWS, 2) of NaN: no outline was read."""
    return np.full((frames, 2, ROWS, 2), np.nan)


def outline_read(edges: FloatArray) -> BoolArray:
    """(T,) True in frames in which the outline (T, 2, ROWS, 2) was read."""
    return np.asarray(np.isfinite(edges).any(axis=(1, 2, 3)))


def row_heights(chain: FloatArray) -> FloatArray:
    """(…, ROWS) px: height in the image of each row of a leg.

    ``chain`` (…, 3, 2) holds hip, knee and ankle of the same frame's landmarks.
    """
    top, bottom = chain[..., 0, 1:2], chain[..., 2, 1:2]
    return np.asarray(top + ROW_SHARES * (bottom - top))
