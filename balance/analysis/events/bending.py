"""Where do the knees bend and straighten again: candidates for squats and their kin.

The height of the hips over the lower ankle falls with the bend of the knees from every
side of the person. Every dip of it that is deep enough is a candidate; what kind of
movement it is (squat, chair stand, lunge, something else) is told in
``bending_sets`` from what ``repetition_features`` measures.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, find_peaks, sosfiltfilt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

GRID_HZ = 30.0
CUTOFF_HZ = 4.0
# A gap that is longer is never bridged (0.3 s: issue 20, point 6).
LONGEST_GAP_S = 0.3
# cos(15 deg) is 0.035 less than 1: the least knee flexion asked for is 30 deg.
LEAST_DROP = 0.035
SHORTEST_S, LONGEST_S = 0.35, 20.0
# A dip that rises by less than this share of its depth before the next one goes on.
SAME_DIP_SHARE = 0.4
# Cut by the start or end of the video: so much of the way must have been seen.
SEEN_SHARE, WHOLE_SHARE = 0.35, 0.85
# An upright position is sought this far from the bottom at most.
REACH_S = 6.0

# Rows of ``BodyCourse.joints``; each left, then right.
MEDIAPIPE_ROWS = (11, 12, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)
SHOULDERS, HIPS, KNEES = slice(0, 2), slice(2, 4), slice(4, 6)
ANKLES, HEELS, TOES = slice(6, 8), slice(8, 10), slice(10, 12)
NEEDED = 8  # shoulders to ankles
HEAD = slice(0, 11)  # of MediaPipe's 33
# The trunk leans forward in a squat, so the head sinks at least as far as the hips
# (1.03 times in the least of 90 squats and chair stands on video). Where it sinks less,
# not the hips sank but their landmarks (arms raised in a tree pose: 0.6 and less).
HEAD_SINKS_BY = 0.8


@dataclass(frozen=True, eq=False)
class BodyCourse:
    """A stretch without gaps, evenly sampled and low-passed.

    ``joints`` (G, 12, 2) px, ``contact`` (G, 2) chance that each foot is on the floor,
    ``height`` (G,) px of the mid-hip over the lower ankle, ``head_y`` (G,) px, NaN in a
    course that does not show the head throughout.
    """

    time_s: FloatArray
    joints: FloatArray
    contact: FloatArray
    height: FloatArray
    head_y: FloatArray


@dataclass(frozen=True, eq=False)
class Bend:
    """One bending and straightening of the knees.

    ``start``, ``low`` and ``end`` are samples of ``course``; ``drop`` is how far the
    hips sank in units of ``standing`` (px).
    """

    course: BodyCourse
    start: int
    low: int
    end: int
    standing: float
    drop: float
    start_seen: bool
    end_seen: bool

    @property
    def start_s(self) -> float:
        """When the knees began to bend."""
        return float(self.course.time_s[self.start])

    @property
    def end_s(self) -> float:
        """When the knees were straight again."""
        return float(self.course.time_s[self.end])

    @property
    def head_stays(self) -> bool:
        """Whether the head was seen not to sink with the hips."""
        course, edges = self.course, [self.start, self.end]
        hips_y = course.joints[:, HIPS, 1].mean(axis=1)
        by_hips, by_head = (
            float(y[self.low] - y[edges].mean()) for y in (hips_y, course.head_y)
        )
        return by_head < HEAD_SINKS_BY * by_hips

    @cached_property
    def bottom_s(self) -> float:
        """Middle of the time spent within 1 degree of the greatest bend."""
        return _bottom_s(self)


def body_courses(
    time_s: FloatArray, xy_px: FloatArray, contact: FloatArray | None = None
) -> tuple[BodyCourse, ...]:
    """Sample a recording evenly; one course for each stretch without gaps.

    Parameters
    ----------
    time_s
        (T,) time stamps.
    xy_px
        (T, 33, 2) landmarks in the order of MediaPipe Pose, NaN where not seen.
    contact
        (T, 2) chance that the left and the right foot is on the floor; None: always.
    """
    if len(time_s) < 5:
        return ()
    joints = np.asarray(xy_px, float)[:, MEDIAPIPE_ROWS]
    head_y = np.asarray(xy_px, float)[:, HEAD, 1].mean(axis=1)
    known = np.isfinite(joints[:, :NEEDED]).all(axis=(1, 2))
    contact = np.ones((len(time_s), 2)) if contact is None else contact
    return tuple(
        _course(time_s[rows], joints[rows], contact[rows], head_y[rows])
        for rows in _stretches(time_s, known)
    )


def _stretches(
    time_s: FloatArray, known: npt.NDArray[np.bool_]
) -> list[npt.NDArray[np.intp]]:
    rows = np.flatnonzero(known)
    if not len(rows):
        return []
    parts = np.split(rows, np.flatnonzero(np.diff(time_s[rows]) > LONGEST_GAP_S) + 1)
    return [
        part
        for part in parts
        if len(part) > 4 and time_s[part[-1]] - time_s[part[0]] > SHORTEST_S
    ]


def _course(
    time_s: FloatArray, joints: FloatArray, contact: FloatArray, head_y: FloatArray
) -> BodyCourse:
    grid = np.arange(time_s[0], time_s[-1] + 1e-9, 1 / GRID_HZ)
    flat = joints.reshape(len(joints), -1)
    # Heels and toes that are not seen stay with the ankle.
    missing = ~np.isfinite(flat)
    spare = np.tile(joints[:, ANKLES].reshape(len(joints), -1), 6)
    flat = np.where(missing, spare, flat)
    even = np.column_stack([np.interp(grid, time_s, column) for column in flat.T])
    even = low_pass(even, CUTOFF_HZ).reshape(len(grid), -1, 2)
    feet = np.column_stack([np.interp(grid, time_s, one) for one in contact.T])
    floor_y = even[:, ANKLES, 1].max(axis=1)
    height = floor_y - even[:, HIPS, 1].mean(axis=1)
    head = low_pass(np.interp(grid, time_s, head_y), CUTOFF_HZ)
    return BodyCourse(grid, even, np.nan_to_num(feet, nan=0.5), height, head)


def low_pass(values: FloatArray, cutoff_hz: float) -> FloatArray:
    """Filter along the first axis, both ways (no shift in time)."""
    sos = butter(2, min(2 * cutoff_hz / GRID_HZ, 0.95), output="sos")
    pad = min(len(values) - 1, int(GRID_HZ))
    return np.asarray(sosfiltfilt(sos, values, axis=0, padlen=pad))


def mirrored(bend: Bend) -> Bend:
    """Return the same movement seen in a mirror: left and right exchanged."""
    course = bend.course
    swapped = np.arange(course.joints.shape[1]) ^ 1
    joints = course.joints[:, swapped] * [-1.0, 1.0]
    turned = replace(course, joints=joints, contact=course.contact[:, ::-1])
    return replace(bend, course=turned)


def find_bends(courses: tuple[BodyCourse, ...]) -> tuple[Bend, ...]:
    """Return every bending of the knees in the order of time."""
    return tuple(bend for course in courses for bend in _bends(course))


def _bends(course: BodyCourse) -> list[Bend]:
    height = course.height
    leg = float(np.percentile(height, 95))
    if leg <= 0:
        return []
    lows = _merge(height, _low_points(height, leg), leg)
    edges = [0, *lows, len(height) - 1]
    found = [
        _bend(course, low, before, after)
        for before, low, after in zip(edges, lows, edges[2:], strict=False)
    ]
    return [one for one in found if one is not None]


def _low_points(height: FloatArray, leg: float) -> list[int]:
    # Upright walls at both ends let a video begin or end before somebody stood up.
    walled = np.concatenate([[leg], height, [leg]])
    peaks, _ = find_peaks(-walled, prominence=LEAST_DROP * leg)
    return [int(peak) - 1 for peak in peaks]


def _merge(height: FloatArray, lows: list[int], leg: float) -> list[int]:
    """Join dips between which the hips hardly rose: a bounce at the bottom."""
    merged: list[int] = []
    for low in lows:
        while merged:
            before = merged[-1]
            top = float(height[before : low + 1].max())
            standing = max(leg, top)
            shallow = max(height[before], height[low])
            if top - shallow >= SAME_DIP_SHARE * (standing - shallow):
                break
            merged.pop()
            low = before if height[before] < height[low] else low
        merged.append(low)
    return merged


def _bend(course: BodyCourse, low: int, before: int, after: int) -> Bend | None:
    height = course.height
    top_in = low - _climb(height[before : low + 1][::-1])
    top_out = low + _climb(height[low : after + 1])
    standing = float(max(height[top_in], height[top_out]))
    drop = standing - float(height[low])
    fall, rise = height[top_in] - height[low], height[top_out] - height[low]
    if drop < LEAST_DROP * standing or min(fall, rise) < SEEN_SHARE * drop:
        return None
    start = max(low - _onset(height[top_in : low + 1][::-1]), before)
    end = min(low + _onset(height[low : top_out + 1]), after)
    seconds = course.time_s[end] - course.time_s[start]
    if not SHORTEST_S <= seconds <= LONGEST_S:
        return None
    whole = WHOLE_SHARE * drop
    return Bend(
        course,
        start,
        low,
        end,
        standing,
        drop / standing,
        bool(fall > whole),
        bool(rise > whole),
    )


def _climb(height: FloatArray) -> int:
    """Count samples from the bottom to where half a second more adds no height."""
    height = height[: int(REACH_S * GRID_HZ)]
    gain = float(height.max() - height[0])
    ahead = int(0.5 * GRID_HZ)
    for k in np.flatnonzero(height - height[0] > 0.6 * gain):
        if height[k : k + ahead].max() - height[k] < 0.02 * gain:
            return int(k)
    return int(np.argmax(height))


def _onset(height: FloatArray) -> int:
    """Count samples from the bottom to straight knees.

    The first degrees of bend hardly lower the hips, so the moment is extrapolated
    from 40 % and 15 % of the bend, which grows about as the square of time there.
    """
    bend = np.arccos(np.clip(height / height.max(), 0, 1))
    share = bend / max(float(bend[0]), 1e-6)
    at_40, at_15 = (int(np.argmax(share < level)) for level in (0.40, 0.15))
    reach = at_15 + np.sqrt(0.15) * (at_15 - at_40) / (np.sqrt(0.40) - np.sqrt(0.15))
    return int(min(round(reach), len(height) - 1 + int(0.4 * GRID_HZ)))


def planted_height(bend: Bend) -> FloatArray:
    """(end - start + 1,) px: hip height with the ankles' own wander taken out."""
    course, beside = bend.course, int(GRID_HZ)
    first = max(bend.start - beside, 0)
    rows = slice(first, bend.end + 1 + beside)
    own = slice(bend.start - first, bend.end + 1 - first)
    floor_y = course.joints[rows, ANKLES, 1].max(axis=1)
    seconds = (bend.end - bend.start) / GRID_HZ
    height = course.height[rows] + float(np.median(floor_y[own])) - floor_y
    return low_pass(height, min(4.0 / seconds, CUTOFF_HZ))[own]


def _bottom_s(bend: Bend) -> float:
    height = planted_height(bend)
    angle = np.degrees(2 * np.arccos(np.clip(height / bend.standing, 0, 1)))
    time = bend.course.time_s[bend.start : bend.end + 1]
    # Only the stretch about the lowest point: a cut video may be as low at its edge.
    low = int(np.argmax(angle))
    near = angle > angle[low] - 1.0
    first = low - int(np.argmin(near[low::-1])) if not near[: low + 1].all() else -1
    last = low + int(np.argmin(near[low:])) if not near[low:].all() else len(near)
    return float((time[first + 1] + time[last - 1]) / 2)
