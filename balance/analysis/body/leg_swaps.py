"""Left and right legs that the model exchanged: put back, or flagged.

The model sometimes gives the left leg's name to the right leg, for a frame or for
seconds. A swap shows twice: both legs jump across at once where it begins and ends,
and while it lasts the hips point the other way than the shoulders. The cheapest
history over the whole recording decides (two states, Viterbi's algorithm).
"""

from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.body.cleaning import body_height_px
from balance.analysis.signals import length
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence

CHAIN = ("hip", "knee", "ankle", "heel", "foot_index")
LEFT = [Side.LEFT.landmark(joint) for joint in CHAIN]
RIGHT = [Side.RIGHT.landmark(joint) for joint in CHAIN]
TRUNK = [side.landmark(joint) for joint in ("shoulder", "hip") for side in Side]

# All costs are in body heights. A joint's way counts up to this; more says no more.
FARTHEST_WAY = 0.3
# The model is right unless something speaks against it: cost of a swapped frame.
SWAPPED_COST = 0.004
# A swap is put back when the other history costs at least so much more; where the
# costs differ by less, it is flagged.
CLEAR_MARGIN = 0.25


@dataclass(frozen=True, eq=False)
class LegSwaps:
    """Landmarks with the legs put back.

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
    stay, cross = _transition_costs(xy[:, LEFT] / height, xy[:, RIGHT] / height)
    state = _state_costs(xy[:, TRUNK] / height)
    swapped = _cheapest_history(stay, cross, state)
    for first, last in _stretches(swapped):
        rows = seen[first : last + 1]
        clear = _margin(first, last, stay, cross, state) >= CLEAR_MARGIN
        (repaired if clear else doubtful)[rows] = True
    for first, last in _unexplained(stay, cross, swapped):
        doubtful[seen[first : last + 1]] = True
    return LegSwaps(exchange_legs(pose, repaired), repaired, doubtful & ~repaired)


def exchange_legs(pose: PoseSequence, where: BoolArray) -> PoseSequence:
    """Exchange the names of the two legs in the frames given, (T,) bool."""
    if not where.any():
        return pose
    rows = np.flatnonzero(where)[:, None]
    xy, visibility = pose.xy_px.copy(), pose.visibility.copy()
    for values, original in ((xy, pose.xy_px), (visibility, pose.visibility)):
        values[rows, LEFT] = original[rows, RIGHT]
        values[rows, RIGHT] = original[rows, LEFT]
    return replace(pose, xy_px=xy, visibility=visibility)


def _transition_costs(
    left: FloatArray, right: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Ways of all joints of both legs since the last frame, (T,), the first 0.

    With the legs' names kept, and with their names exchanged.
    """

    def way(one: FloatArray, other: FloatArray) -> FloatArray:
        distance = length(one[1:] - other[:-1])
        return np.asarray(np.minimum(distance, FARTHEST_WAY).sum(axis=1))

    start = np.zeros(1)
    stay = np.concatenate([start, way(left, left) + way(right, right)])
    cross = np.concatenate([start, way(left, right) + way(right, left)])
    return stay, cross


def _state_costs(trunk: FloatArray) -> FloatArray:
    """Cost of each frame (T, 2) as it is and swapped, by hips against shoulders."""
    shoulders = trunk[:, 0] - trunk[:, 1]
    hips = trunk[:, 2] - trunk[:, 3]
    width = np.maximum(length(shoulders), 1e-6)
    along = (hips * shoulders).sum(axis=1) / width
    return np.column_stack([np.maximum(-along, 0), SWAPPED_COST + np.maximum(along, 0)])


def _cheapest_history(
    stay: FloatArray, cross: FloatArray, state: FloatArray
) -> BoolArray:
    """(T,) True where the cheapest history has the legs swapped."""
    if np.all(stay <= cross) and np.all(state[:, 0] <= state[:, 1]):
        return np.zeros(len(stay), bool)  # nothing ever speaks for a swap
    as_is, swapped = (float(cost) for cost in state[0])
    came_across: list[tuple[bool, bool]] = [(False, False)]
    # Plain numbers: two states are too few for arrays to pay.
    for same, over, here in zip(
        stay[1:].tolist(), cross[1:].tolist(), state[1:].tolist(), strict=True
    ):
        to_as_is = swapped + over < as_is + same
        to_swapped = as_is + over < swapped + same
        as_is, swapped = (
            here[0] + min(as_is + same, swapped + over),
            here[1] + min(swapped + same, as_is + over),
        )
        came_across.append((to_as_is, to_swapped))
    history = np.zeros(len(stay), bool)
    now = swapped < as_is
    for number in range(len(stay) - 1, -1, -1):
        history[number] = now
        now ^= came_across[number][int(now)]
    return history


def _margin(
    first: int, last: int, stay: FloatArray, cross: FloatArray, state: FloatArray
) -> float:
    """How much dearer the history is in which this stretch is not swapped."""
    inside = state[first : last + 1].sum(axis=0)
    extra = float(inside[0] - inside[1])
    for edge in (first, last + 1):
        if 0 < edge < len(stay):
            extra += float(stay[edge] - cross[edge])
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
