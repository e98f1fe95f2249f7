"""When the raised leg seems to rest against the standing one."""

import numpy as np

from balance.body.contact import Feet, hysteresis
from balance.events.trials import Stance
from balance.pose import FloatArray, PoseSequence
from balance.signals import runs

# Own choice, in leg lengths: a foot whose middle is this near to the middle of the
# standing leg covers it in the picture (half a calf is 0.07 to 0.08 wide).
NEAR, APART = 0.07, 0.10
# A foot that only passes in front of or behind the leg is gone sooner.
RESTING_S = 1.0


def first_leg_touch(pose: PoseSequence, feet: Feet, stance: Stance) -> float | None:
    """Time at which the raised foot came to rest against the standing leg.

    Seen from one camera a foot just in front of or behind the leg looks the same, so
    this is a moment to look at. None where there was none.
    """
    rows = (pose.time_s >= stance.start_s) & (pose.time_s <= stance.end_s)
    t, distance = pose.time_s[rows], _distance(pose, feet, stance)[rows]
    for run in runs(hysteresis(-distance, high=-NEAR, low=-APART)):
        if t[run.stop - 1] - t[run.start] >= RESTING_S:
            return float(t[run.start])
    return None


def _distance(pose: PoseSequence, feet: Feet, stance: Stance) -> FloatArray:
    """(T,) from the raised foot to the line of the standing leg, in leg lengths."""
    hip, knee, ankle = (
        pose.point(stance.side.landmark(joint)) for joint in ("hip", "knee", "ankle")
    )
    # The uppermost part of the thigh is as near to both legs.
    thigh = hip + 0.3 * (knee - hip)
    parts = [
        np.minimum(_to_line(point, thigh, knee), _to_line(point, knee, ankle))
        for point in (
            pose.point(stance.side.other.landmark(joint))
            for joint in ("ankle", "heel", "foot_index")
        )
    ]
    return np.asarray(np.min(parts, axis=0) / feet.leg_px)


def _to_line(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(T,) distance from points to the stretch between two others."""
    way = end - start
    length = np.maximum(np.sum(way**2, axis=1), 1e-9)
    share = np.clip(np.sum((point - start) * way, axis=1) / length, 0, 1)
    return np.asarray(np.linalg.norm(point - start - share[:, None] * way, axis=1))
