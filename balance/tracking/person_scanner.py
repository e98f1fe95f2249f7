"""Everybody in the image, about twice a second.

A look costs as much as following through half a frame. Nobody can have come in while
the frame round the person who is followed stays as it was, so then the last look
still holds.
"""

import numpy as np
from numpy.typing import NDArray

from balance.model.recording import FloatArray
from balance.tracking.detector import Detector
from balance.tracking.scene import small_grey
from balance.tracking.subject import SAME_BODY, Body, PersonScan, apart
from balance.tracking.subject_prior import is_same
from balance.video.segments import GRID_S

# Between two looks a person cannot come in, take over the skeleton and be gone again
# unseen. The cuts between segments lie on the same grid, so the scans do not depend on
# them.
LOOK_EVERY_S = GRID_S
# Who stands in front of a wall of the very same grey is found so much later at most.
LONGEST_TRUST_S = 2.0
# Grey levels of the small frame. Coding and a webcam's noise leave 1 to 3 where
# nothing moves (rendered clips); a person who walks in makes tens, in dim light ten.
CHANGED_GREY = 5.0
# What the followed body itself moves and darkens, in body heights round it.
ROOM = 0.25


class PersonScanner:
    """Looks for everybody with the detector of one segment."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._next_s = -np.inf
        # The last time that everybody was really looked for.
        self._looked_s = -np.inf
        self._grey: FloatArray = np.zeros((0, 0))
        self._known: Body | None = None
        self._others: tuple[Body, ...] = ()

    def is_due(self, time_s: float) -> bool:
        """Whether it is time for a look."""
        return time_s >= self._next_s

    def scan(
        self, time_s: float, rgb: NDArray[np.uint8], known: Body | None
    ) -> PersonScan:
        """Tell who is there; ``known`` is the one followed, None where nobody is."""
        self._next_s = (np.floor(time_s / LOOK_EVERY_S) + 1) * LOOK_EVERY_S
        grey = small_grey(rgb)
        if known is not None and self._still_holds(time_s, grey, rgb.shape, known):
            return PersonScan(time_s, (known, *self._others))
        everybody = self._detector.find_all(rgb, known)
        self._looked_s, self._grey, self._known = time_s, grey, known
        self._others = tuple(body for body in everybody if body is not known)
        return PersonScan(time_s, everybody)

    def _still_holds(
        self, time_s: float, grey: FloatArray, shape: tuple[int, ...], known: Body
    ) -> bool:
        before = self._known
        if before is None or time_s - self._looked_s >= LONGEST_TRUST_S:
            return False
        if not is_same(known, before.xy_px):
            return False
        if any(apart(known, other) <= SAME_BODY for other in self._others):
            return False
        changed = np.abs(grey - self._grey) > CHANGED_GREY
        for body in (before, known):
            changed[_place_of(body, shape, changed.shape)] = False
        return not changed.any()


def _place_of(
    body: Body, shape: tuple[int, ...], small: tuple[int, ...]
) -> tuple[slice, slice]:
    """Rows and columns of a small frame that a body and its shadow may take."""
    room = ROOM * body.height_px
    scale = np.array([small[1] / shape[1], small[0] / shape[0]])
    low = np.floor((body.xy_px.min(axis=0) - room) * scale)
    high = np.ceil((body.xy_px.max(axis=0) + room) * scale)
    (x0, y0), (x1, y1) = np.maximum(np.stack([low, high]), 0).astype(int).tolist()
    return slice(y0, y1), slice(x0, x1)
