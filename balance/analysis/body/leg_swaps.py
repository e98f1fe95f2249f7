"""Left and right that the model exchanged: put back, or flagged.

The model sometimes gives the left leg's name to the right leg, for a frame or for
seconds, or takes the whole body for one seen from behind. A swap shows where it begins
and ends: both legs jump across at once, of a mirrored body the shoulders as well. While
only the legs are swapped, the hips point the other way than the shoulders. The cheapest
history over the whole recording decides (three states, Viterbi's algorithm).
"""

from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.body.cleaning import body_height_px
from balance.analysis.signals import cheapest_path, length
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, IntArray, PoseSequence

CHAIN = ("hip", "knee", "ankle", "heel", "foot_index")
LEFT, RIGHT = ([side.landmark(joint) for joint in CHAIN] for side in Side)
LEFT_SHOULDER, RIGHT_SHOULDER = ([side.landmark("shoulder")] for side in Side)
# Eyes by threes, then pair by pair: the same point on the body's other side.
OTHER_SIDE = np.array([0, 4, 5, 6, 1, 2, 3, *(k + (k % 2 or -1) for k in range(7, 33))])
OTHER_LEG = np.arange(33)
OTHER_LEG[LEFT + RIGHT] = RIGHT + LEFT
TRUNK = [side.landmark(joint) for joint in ("shoulder", "hip") for side in Side]

# All costs are in body heights. A joint's way counts up to this; more says no more.
FARTHEST_WAY = 0.3
# The model is right unless something speaks against it: cost of a swapped frame.
SWAPPED_COST = 0.004
# States of the history: as the model has it, legs exchanged, whole body mirrored.
AS_IS, LEGS, BODY = range(3)
# A swap is put back when the other history costs at least so much more; where the
# costs differ by less, it is flagged.
CLEAR_MARGIN = 0.25


@dataclass(frozen=True, eq=False)
class LegSwaps:
    """Landmarks with the legs (of a mirrored body, all of it) put back.

    ``repaired`` and ``doubtful`` are (T,) True where legs were exchanged, and where
    they may be swapped but the history does not tell.
    """

    pose: PoseSequence
    repaired: BoolArray
    doubtful: BoolArray


def repair_leg_swaps(pose: PoseSequence) -> LegSwaps:
    """Put swapped legs back where the history is clear, flag them where it is not."""
    frames = len(pose)
    repaired, doubtful = np.zeros(frames, bool), np.zeros(frames, bool)
    seen = np.flatnonzero(np.isfinite(pose.xy_px).all(axis=(1, 2)))
    if len(seen) < 2:
        return LegSwaps(pose, repaired, doubtful)
    xy = pose.xy_px if len(seen) == frames else pose.xy_px[seen]
    height = body_height_px(pose)
    xy = xy / height
    legs = _ways(xy[:, LEFT], xy[:, RIGHT])
    steps = _transition_costs(legs, _ways(xy[:, LEFT_SHOULDER], xy[:, RIGHT_SHOULDER]))
    costs = _state_costs(xy[:, TRUNK])
    history = _as_feet_point(_cheapest_history(steps, costs), xy)
    for first, last in _stretches(history != AS_IS):
        rows = seen[first : last + 1]
        clear = _margin(first, last, history, steps, costs) >= CLEAR_MARGIN
        (repaired if clear else doubtful)[rows] = True
    for first, last in _unexplained(*legs, history != AS_IS):
        doubtful[seen[first : last + 1]] = True
    state = np.zeros(frames, int)
    state[seen] = history
    put_back = exchange_legs(pose, repaired & (state == LEGS))
    put_back = mirror_body(put_back, repaired & (state == BODY))
    return LegSwaps(put_back, repaired, doubtful & ~repaired)


def exchange_legs(pose: PoseSequence, where: BoolArray) -> PoseSequence:
    """Exchange the names of the two legs in the frames given, (T,) bool."""
    return _renamed(pose, where, OTHER_LEG)


def mirror_body(pose: PoseSequence, where: BoolArray) -> PoseSequence:
    """Exchange the names of both sides of the body in the frames given, (T,) bool."""
    return _renamed(pose, where, OTHER_SIDE)


def _renamed(pose: PoseSequence, where: BoolArray, names: IntArray) -> PoseSequence:
    if not where.any():
        return pose
    xy, visibility = pose.xy_px.copy(), pose.visibility.copy()
    xy[where] = xy[where][:, names]
    visibility[where] = visibility[where][:, names]
    return replace(pose, xy_px=xy, visibility=visibility)


def _ways(left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ways of all joints of both sides since the last frame, (T,), the first 0.

    With the legs' names kept, and with their names exchanged.
    """

    def way(one: FloatArray, other: FloatArray) -> FloatArray:
        distance = length(one[1:] - other[:-1])
        return np.asarray(np.minimum(distance, FARTHEST_WAY).sum(axis=1))

    start = np.zeros(1)
    stay = np.concatenate([start, way(left, left) + way(right, right)])
    cross = np.concatenate([start, way(left, right) + way(right, left)])
    return stay, cross


def _transition_costs(
    legs: tuple[FloatArray, FloatArray], shoulders: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """(T, 3, 3) cost of going from one state to another at each frame."""
    out = np.empty((len(legs[0]), 3, 3))
    for before in range(3):
        for now in range(3):
            crossed = (before == AS_IS) != (now == AS_IS)
            turned = (before == BODY) != (now == BODY)
            out[:, before, now] = legs[crossed] + shoulders[turned]
    return out


def _state_costs(trunk: FloatArray) -> FloatArray:
    """Cost of each frame (T, 3) in each state, by hips against shoulders."""
    shoulders = trunk[:, 0] - trunk[:, 1]
    hips = trunk[:, 2] - trunk[:, 3]
    width = np.maximum(length(shoulders), 1e-6)
    along = (hips * shoulders).sum(axis=1) / width
    against, agree = np.maximum(-along, 0), np.maximum(along, 0)
    swapped = [SWAPPED_COST + agree, SWAPPED_COST + against]
    return np.column_stack([against, *swapped])


def _cheapest_history(steps: FloatArray, costs: FloatArray) -> IntArray:
    """(T,) states of the cheapest history."""
    steps = steps + costs[:, None, :]
    if np.all(steps[:, AS_IS, AS_IS, None, None] <= steps):
        return np.zeros(len(steps), int)  # nothing ever speaks for a swap
    return cheapest_path(costs[0], steps[1:])


def _as_feet_point(history: IntArray, xy: FloatArray) -> IntArray:
    """Exchange as-is and mirrored where the feet say that it is the other way round.

    Of somebody who faces the camera the left side is on the right of the image and the
    toes of the lower foot are below its heel; seen from behind both are reversed.
    """
    if not (history == BODY).any():
        return history
    feet = xy[:, [LEFT[-2:], RIGHT[-2:]], 1]  # heel and toe
    rows = np.arange(len(xy))
    lower = feet[rows, feet[..., 0].argmax(axis=1)]
    towards = lower[:, 1] - lower[:, 0]
    across = (xy[:, LEFT_SHOULDER, 0] - xy[:, RIGHT_SHOULDER, 0])[:, 0]
    agrees = towards * across * np.where(history == BODY, -1, 1)
    if agrees.sum() >= 0:
        return history
    return np.select([history == AS_IS, history == BODY], [BODY, AS_IS], history)


def _margin(
    first: int, last: int, history: IntArray, steps: FloatArray, costs: FloatArray
) -> float:
    """How much dearer the history is in which this stretch is as the model has it."""
    rows = np.arange(first, last + 1)
    extra = float((costs[rows, AS_IS] - costs[rows, history[rows]]).sum())
    for edge in (first, last + 1):
        if 0 < edge < len(history):
            taken = steps[edge, history[edge - 1], history[edge]]
            extra += float(steps[edge, AS_IS, AS_IS] - taken)
    return extra


def _unexplained(
    stay: FloatArray, cross: FloatArray, swapped: BoolArray
) -> list[tuple[int, int]]:
    """Stretches between two crossings of the legs that the history left as they are."""
    kept = np.concatenate([[False], swapped[1:] == swapped[:-1]])
    edges = np.flatnonzero(kept & (stay - cross >= CLEAR_MARGIN))
    ends = [*edges[1::2].tolist(), len(stay)]
    return [
        (int(a), int(b) - 1) for a, b in zip(edges[::2].tolist(), ends, strict=False)
    ]


def _stretches(mask: BoolArray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
