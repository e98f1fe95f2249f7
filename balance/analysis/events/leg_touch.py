"""When the raised leg seems to rest against the standing one."""

import numpy as np

from balance.analysis.body.contact import Feet, hysteresis
from balance.analysis.events.trials import Stance
from balance.analysis.signals import length, runs
from balance.model.recording import FloatArray, PoseSequence

# Own choice, in leg lengths: a foot whose middle is this near to the middle of the
# standing leg covers it in the image (half a calf is 0.07 to 0.08 wide).
NEAR, APART = 0.07, 0.10
# A foot that only passes in front of or behind the leg is gone sooner.
RESTING_S = 1.0


def first_leg_touch(pose: PoseSequence, feet: Feet, stance: Stance) -> float | None:
    """Time at which the raised foot came to rest against the standing leg.

    Seen from one camera a foot just in front of or behind the leg looks the same, so
    this is a moment to look at. None where there was none.
    """
    first = np.searchsorted(pose.time_s, stance.start_s)
    during = slice(first, np.searchsorted(pose.time_s, stance.end_s, side="right"))
    t, distance = pose.time_s[during], _distance(pose.xy_px[during], feet, stance)
    for run in runs(hysteresis(-distance, high=-NEAR, low=-APART)):
        if t[run.stop - 1] - t[run.start] >= RESTING_S:
            return float(t[run.start])
    return None


def _distance(xy_px: FloatArray, feet: Feet, stance: Stance) -> FloatArray:
    """(T,) from the raised foot to the line of the standing leg, in leg lengths."""
    hip, knee, ankle = (
        xy_px[:, stance.side.landmark(joint)] for joint in ("hip", "knee", "ankle")
    )
    # The uppermost part of the thigh is as near to both legs.
    thigh = hip + 0.3 * (knee - hip)
    raised = [stance.side.other.landmark(j) for j in ("ankle", "heel", "foot_index")]
    parts = np.stack([xy_px[:, landmark] for landmark in raised])
    nearest = np.minimum(_to_line(parts, thigh, knee), _to_line(parts, knee, ankle))
    return np.asarray(nearest.min(axis=0) / feet.leg_px)


def _to_line(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(…, T) distance from points (…, T, 2) to the stretch between two others."""
    way = end - start
    square = np.maximum(length(way) ** 2, 1e-9)
    from_start = point - start
    along = from_start[..., 0] * way[:, 0] + from_start[..., 1] * way[:, 1]
    share = np.clip(along / square, 0, 1)
    return length(from_start - share[..., None] * way)
