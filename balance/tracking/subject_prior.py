"""Where the subject is between the looks; with it the others are hidden."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balance.model.recording import FloatArray
from balance.tracking.subject import TORSO, Body, PersonScan, PersonTrack
from balance.video.segments import GRID_S

# The subject's place is known between two looks that lie at most so far apart.
LONGEST_BLIND_S = 2.0
# The person followed is the subject when the trunk lies within this many body
# heights of where the looks saw it.
SAME_PERSON = 0.3
# Room left round the subject when the others are hidden, in body heights.
ROOM = 0.35


class SubjectPrior:
    """Where the subject is, as the scans of an earlier pass have it."""

    def __init__(self, scans: Sequence[PersonScan], subject: PersonTrack) -> None:
        numbers = sorted(subject.seen)
        self._time_s = np.array([scans[n].time_s for n in numbers])
        self._xy = np.stack([subject.seen[n].xy_px for n in numbers])

    def xy_at(self, time_s: float) -> FloatArray | None:
        """(33, 2) px of the subject, None where nobody knows."""
        after = int(np.searchsorted(self._time_s, time_s))
        if after == 0 or after == len(self._time_s):
            edge = self._xy[min(after, len(self._time_s) - 1)]
            near = np.min(np.abs(self._time_s - time_s)) <= GRID_S
            return edge if near else None
        gap_s = self._time_s[after] - self._time_s[after - 1]
        if gap_s > LONGEST_BLIND_S:
            return None
        share = (time_s - self._time_s[after - 1]) / gap_s
        return np.asarray((1 - share) * self._xy[after - 1] + share * self._xy[after])


def is_same(body: Body, expected: FloatArray) -> bool:
    """Whether a body stands where (33, 2) px say that it should."""
    off_px = np.linalg.norm(body.middle_px - expected[TORSO].mean(axis=0))
    return bool(off_px <= SAME_PERSON * max(np.ptp(expected[:, 1]), 1.0))


def others_hidden(rgb: NDArray[np.uint8], expected: FloatArray) -> NDArray[np.uint8]:
    """Keep the frame round the subject, grey elsewhere."""
    room = ROOM * np.ptp(expected[:, 1])
    size = np.array(rgb.shape[1::-1])
    low = np.clip(expected.min(axis=0) - room, 0, size).astype(int)
    high = np.clip(expected.max(axis=0) + room, 0, size).astype(int)
    hidden = np.full_like(rgb, 128)
    part = np.s_[low[1] : high[1], low[0] : high[0]]
    hidden[part] = rgb[part]
    return hidden
