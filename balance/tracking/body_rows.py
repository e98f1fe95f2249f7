"""The bodies of all frames as arrays: a long video takes no more than its numbers.

As objects of their own, bodies take half as much again, and lie scattered among the
frames that come and go, so that what these free cannot be used as a whole again.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from balance.model.landmarks import LANDMARK_COUNT
from balance.model.leg_outline import ROWS
from balance.model.recording import BoolArray, FloatArray
from balance.tracking.subject import Body

Kind = TypeVar("Kind", bound=np.generic)

# Rows that are had at first; then so many times as many as there are.
FIRST_ROWS, GROWTH = 256, 1.5
# What is known of a row; nobody was seen where it is none of it.
SEEN, INFERRED, OUTLINED = 1, 2, 4


class BodyRows(Sequence[Body | None]):
    """A list of bodies, None where nobody was seen; rows can be set and appended."""

    def __init__(self) -> None:
        self._count = 0
        self._xy_px = np.empty((FIRST_ROWS, LANDMARK_COUNT, 2))
        self._visibility = np.empty((FIRST_ROWS, LANDMARK_COUNT))
        self._known = np.zeros(FIRST_ROWS, np.uint8)
        # Only where an outline was ever read.
        self._edges_px: FloatArray | None = None

    def __len__(self) -> int:
        """Count the frames."""
        return self._count

    def __getitem__(self, row: int) -> Body | None:  # type: ignore[override]
        """Return the body of a frame; its arrays are those kept here."""
        row = range(self._count)[row]
        known = self._known[row]
        if not known & SEEN:
            return None
        edges = None
        if known & OUTLINED and self._edges_px is not None:
            edges = self._edges_px[row]
        is_inferred = bool(known & INFERRED)
        return Body(self._xy_px[row], self._visibility[row], edges, is_inferred)

    def __iter__(self) -> Iterator[Body | None]:
        """Go through the bodies."""
        return (self[row] for row in range(self._count))

    def __setitem__(self, row: int, body: Body | None) -> None:
        """Put a body, or nobody, in the place of another."""
        row = range(self._count)[row]
        if body is None:
            self._known[row] = 0
            self._xy_px[row] = self._visibility[row] = np.nan
        else:
            self._known[row] = SEEN | INFERRED * body.inferred
            self._xy_px[row], self._visibility[row] = body.xy_px, body.visibility
        self._set_edges(row, None if body is None else body.leg_edges_px)

    def _set_edges(self, row: int, edges: FloatArray | None) -> None:
        if edges is not None:
            self._make_room_for_edges()
        if self._edges_px is not None:
            self._edges_px[row] = np.nan if edges is None else edges
            self._known[row] |= OUTLINED * (edges is not None)

    def _make_room_for_edges(self) -> None:
        if self._edges_px is None:
            self._edges_px = np.empty((len(self._known), 2, ROWS, 2))
            self._edges_px[: self._count] = np.nan

    def append(self, body: Body | None) -> None:
        """Add the body of the next frame."""
        if self._count == len(self._known):
            self.reserve(int(GROWTH * self._count))
        self._count += 1
        self[self._count - 1] = body

    def extend(self, later: "BodyRows") -> None:
        """Add the bodies of the frames that follow."""
        start, end = self._count, self._count + len(later)
        self.reserve(end)
        self._count = end
        new, own = slice(start, end), slice(len(later))
        self._xy_px[new] = later._xy_px[own]
        self._visibility[new] = later._visibility[own]
        self._known[new] = later._known[own]
        if later._edges_px is not None:
            self._make_room_for_edges()
        if self._edges_px is not None:
            read = later._edges_px
            self._edges_px[new] = np.nan if read is None else read[own]

    def reserve(self, rows: int) -> None:
        """Have room for so many rows in all, at least."""
        if rows <= len(self._known):
            return
        self._xy_px = _with_room(self._xy_px, rows, self._count)
        self._visibility = _with_room(self._visibility, rows, self._count)
        self._known = _with_room(self._known, rows, self._count)
        if self._edges_px is not None:
            self._edges_px = _with_room(self._edges_px, rows, self._count)

    @property
    def xy_px(self) -> FloatArray:
        """(T, 33, 2) px, NaN where nobody was seen; no copy, as the following."""
        return self._xy_px[: self._count]

    @property
    def visibility(self) -> FloatArray:
        """(T, 33)."""
        return self._visibility[: self._count]

    @property
    def leg_edges_px(self) -> FloatArray | None:
        """(T, 2, rows, 2), NaN where it was not read; None where it was in no frame."""
        if self._edges_px is None or not (self._known[: self._count] & OUTLINED).any():
            return None
        return self._edges_px[: self._count]

    @property
    def inferred(self) -> BoolArray:
        """(T,) True where the frame itself was looked at, not interpolated."""
        known = self._known[: self._count]
        return np.asarray((known & SEEN == 0) | (known & INFERRED > 0))

    @property
    def is_empty(self) -> bool:
        """Whether nobody was seen in any frame."""
        return not (self._known[: self._count] & SEEN).any()


def _with_room(array: NDArray[Kind], rows: int, count: int) -> NDArray[Kind]:
    larger = np.empty((rows, *array.shape[1:]), array.dtype)
    larger[:count] = array[:count]
    return larger
