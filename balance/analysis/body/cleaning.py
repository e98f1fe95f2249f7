"""Landmarks made trustworthy: own confidence, swapped legs, bridged gaps.

The model's own visibility stays near 0.99 for joints that cannot be seen, and it
draws feet that are out of the image. What is believed is decided here, from the
landmarks alone. Where legs were swapped is decided in `leg_swaps.py`.
"""

from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.signals import length, nan_median
from balance.model.landmarks import LANDMARK_COUNT, Landmark
from balance.model.recording import BoolArray, FloatArray, PoseSequence

# The end of each bone that is judged by its length.
BONES = {
    Landmark.LEFT_ELBOW: Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_ELBOW: Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_WRIST: Landmark.LEFT_ELBOW,
    Landmark.RIGHT_WRIST: Landmark.RIGHT_ELBOW,
    Landmark.LEFT_KNEE: Landmark.LEFT_HIP,
    Landmark.RIGHT_KNEE: Landmark.RIGHT_HIP,
    Landmark.LEFT_ANKLE: Landmark.LEFT_KNEE,
    Landmark.RIGHT_ANKLE: Landmark.RIGHT_KNEE,
    Landmark.LEFT_HEEL: Landmark.LEFT_ANKLE,
    Landmark.RIGHT_HEEL: Landmark.RIGHT_ANKLE,
    Landmark.LEFT_FOOT_INDEX: Landmark.LEFT_ANKLE,
    Landmark.RIGHT_FOOT_INDEX: Landmark.RIGHT_ANKLE,
}
# A bone may look shorter than it is, pointing at the camera, but hardly longer. In
# shares of the person's usual length: believed up to the first, not from the second.
BONE_BELIEVED, BONE_IMPOSSIBLE = 1.4, 1.9
# Heel and toe lie close to the ankle, where a px of noise is a large share.
BONE_NOISE_HEIGHTS = 0.04
# Believed from so far inside the image, in body heights; at the edge not at all.
EDGE_HEIGHTS = 0.02
# No joint of a person moves faster, in body heights per second: 10 m/s is a hard
# kick. The allowance covers the noise of two neighbouring frames.
FASTEST_HEIGHTS_S = 6.0
JUMP_NOISE_HEIGHTS = 0.08


def landmark_confidence(pose: PoseSequence) -> FloatArray:
    """How far each landmark can be believed: (T, 33), 0 to 1.

    0 where a landmark is missing, on or beyond the edge of the image, at the end of
    a bone much longer than the person's own, or further from where it was than a
    person can move. Bones that look short are no fault: they point at the camera.
    """
    if not np.isfinite(pose.xy_px).any():
        return np.zeros((len(pose), LANDMARK_COUNT))
    height = body_height_px(pose)
    confidence = np.minimum(_inside(pose, height), _bone_length(pose, height))
    confidence = np.where(_jumped(pose, height), 0.0, confidence)
    return np.asarray(np.where(_there(pose), confidence, 0.0))


def body_height_px(pose: PoseSequence) -> float:
    """Usual extent of the landmarks from top to bottom, in px; at least 1."""
    there = _there(pose)
    # Usually all are there, and a view is enough.
    y = pose.xy_px[..., 1]
    seen = y if there.all() else y[_whole_body(there)][:, there.any(axis=0)]
    if not seen.size:
        return 1.0
    return max(float(np.quantile(seen.max(axis=1) - seen.min(axis=1), 0.8)), 1.0)


def _there(pose: PoseSequence) -> BoolArray:
    """(T, 33) True where a landmark has a place."""
    finite = np.isfinite(pose.xy_px)
    return np.asarray(finite[..., 0] & finite[..., 1])


def _whole_body(there: BoolArray) -> BoolArray:
    """Frames (T,) in which no landmark is missing that is there in any frame.

    A program that finds fewer landmarks than MediaPipe lacks some in all of them.
    """
    known = there.any(axis=0)
    return np.asarray(there[:, known].all(axis=1) & bool(known.any()))


def _inside(pose: PoseSequence, height: float) -> FloatArray:
    x, y = pose.xy_px[..., 0], pose.xy_px[..., 1]
    right, lower = np.array(pose.size_px) - 1
    room = np.minimum(np.minimum(x, right - x), np.minimum(y, lower - y))
    return np.asarray(np.clip(room / (EDGE_HEIGHTS * height), 0, 1))


def _bone_length(pose: PoseSequence, height: float) -> FloatArray:
    ends, starts = list(BONES), list(BONES.values())
    bones = pose.xy_px[:, ends] - pose.xy_px[:, starts]
    long = length(bones)
    with np.errstate(invalid="ignore"):
        usual = _of_both_sides(nan_median(long, axis=0))
        # A person who comes closer makes all bones longer, and none suspicious.
        closer = np.maximum(nan_median(long / usual, axis=1), 1.0)[:, None]
        over = (long - BONE_NOISE_HEIGHTS * height) / (usual * closer)
    belief = (BONE_IMPOSSIBLE - over) / (BONE_IMPOSSIBLE - BONE_BELIEVED)
    confidence = np.ones((len(pose), LANDMARK_COUNT))
    confidence[:, ends] = np.clip(belief, 0, 1)
    return confidence


def _of_both_sides(usual: FloatArray) -> FloatArray:
    """Give each bone the longer of its own and the other side's usual length.

    Legs are alike, and the shank of a raised leg points away from the camera for
    most of a stand: short as it looks then, it is no shorter than the other.
    """
    ends = list(BONES)
    other = [ends.index(_other_side(end)) for end in ends]
    return np.fmax(usual, usual[other])


def _other_side(landmark: Landmark) -> Landmark:
    side, joint = landmark.name.split("_", 1)
    return Landmark[f"{'RIGHT' if side == 'LEFT' else 'LEFT'}_{joint}"]


def _jumped(pose: PoseSequence, height: float) -> BoolArray:
    """(T, 33) True where a landmark is not where it could have got to."""
    jumped = np.zeros((len(pose), LANDMARK_COUNT), bool)
    jumped[1:] = _beyond_reach(pose, height, 1)
    # One frame out of line makes two jumps. The frame after it is innocent when
    # it is back within reach of the frame before.
    back = ~_beyond_reach(pose, height, 2)
    jumped[2:] &= ~(jumped[1:-1] & back)
    return jumped


def _beyond_reach(pose: PoseSequence, height: float, steps: int) -> BoolArray:
    """(T − frames, 33) True where the way since so many frames ago is too far."""
    way = pose.xy_px[steps:] - pose.xy_px[:-steps]
    passed_s = pose.time_s[steps:] - pose.time_s[:-steps]
    reach = FASTEST_HEIGHTS_S * passed_s + JUMP_NOISE_HEIGHTS
    with np.errstate(invalid="ignore"):
        return np.asarray(length(way) / height > reach[:, None])


@dataclass(frozen=True, eq=False)
class Bridged:
    """Landmarks with short gaps filled.

    ``filled`` (T,) is True on rows that were interpolated; ``lost_s`` lists start and
    end of every gap that was left, in seconds: the first and the last moment without
    a person.
    """

    pose: PoseSequence
    filled: BoolArray
    lost_s: tuple[tuple[float, float], ...]


def bridge_gaps(pose: PoseSequence, longest_s: float) -> Bridged:
    """Interpolate over frames in which nobody was found.

    Only gaps between two sightings at most ``longest_s`` apart are bridged, in
    straight lines; others stay NaN. Bridged rows have a visibility of 0.
    """
    seen = _whole_body(_there(pose))
    filled = np.zeros(len(pose), bool)
    lost = []
    for first, last in _runs(np.asarray(~seen)):
        inner = first > 0 and last < len(pose) - 1
        if inner and pose.time_s[last + 1] - pose.time_s[first - 1] <= longest_s:
            filled[first : last + 1] = True
        else:
            lost.append((float(pose.time_s[first]), float(pose.time_s[last])))
    if not filled.any():
        return Bridged(pose, filled, tuple(lost))
    xy, visibility = pose.xy_px.copy(), pose.visibility.copy()
    flat = xy.reshape(len(pose), -1)
    for column in flat.T:
        column[filled] = np.interp(pose.time_s[filled], pose.time_s[seen], column[seen])
    visibility[filled] = 0.0
    return Bridged(replace(pose, xy_px=xy, visibility=visibility), filled, tuple(lost))


def _runs(mask: BoolArray) -> list[tuple[int, int]]:
    """First and last index of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
