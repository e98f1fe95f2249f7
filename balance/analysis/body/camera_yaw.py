"""How far a person stands turned away from the camera, from quiet standing.

Seen by a camera beside them, everything that points forward points sideways by the
sine of the yaw: the feet in standing and, in a squat, more than them (`squat_yaw`).
Seen from far beside, shoulders and hips look narrow.

What is found is the angle to the line of sight. A camera that looks past the person
is turned by more or less than that (`Pinhole.beside_deg`).
"""

from dataclasses import dataclass

import numpy as np

from balance.analysis.body.geometry import midpoint
from balance.analysis.signals import median
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence

# How far the feet reach forward, in leg lengths: rendered people, 0 to 15 degrees.
FOOT_PER_LEG = 0.29
# SD of that in leg lengths: rendered people 0.008, and feet turned out by different
# angles.
FEET_SD = 0.011
# It differs between people by this share (SD).
REACH_SD_SHARE = 0.1
# Beyond this the widths of the body say more than the small-angle guesses.
WIDE_DEG = 25.0
WIDE_SD_DEG = 7.0
# Seen from the front, in leg lengths; and the share of it that the landmarks keep seen
# from the side, where the feet look so long: rendered and real people.
SHOULDERS_WIDE, HIPS_WIDE = 0.46, 0.25
STILL_WIDE, FOOT_FROM_SIDE = 0.26, 0.25
# People who are recorded from the front face the camera within this (SD).
UNKNOWN_SD_DEG = 15.0


@dataclass(frozen=True, slots=True)
class Yaw:
    """Degrees with their SD, + = the camera stands towards the person's left."""

    deg: float
    sd_deg: float


def levelled(points: FloatArray, roll_deg: float) -> FloatArray:
    """(…, 2) px turned back by the roll, + = what the frame shows is clockwise."""
    c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return np.asarray(points @ np.array([[c, -s], [s, c]]))


def estimate_yaw(
    pose: PoseSequence, standing: BoolArray, facing: float, roll_deg: float = 0.0
) -> Yaw:
    """Estimate the yaw from upright frames.

    Parameters
    ----------
    standing
        (T,) True in upright frames.
    facing
        +1 where the person faces the camera, −1 where they show their back.
    roll_deg
        The camera's.
    """
    leg_px = standing_leg_px(pose, standing)
    seen = feet_forward(pose, standing, leg_px, roll_deg)
    wide = wide_yaw(pose, standing, leg_px, seen)
    if wide is not None:
        return wide
    # People turn to the camera: that much is known before anything is seen.
    weights = np.array(
        [np.radians(UNKNOWN_SD_DEG) ** -2, (FOOT_PER_LEG / FEET_SD) ** 2]
    )
    deg = as_degrees(float(weights[1] / weights.sum() * seen / FOOT_PER_LEG))
    sd_deg = np.hypot(np.degrees(weights.sum() ** -0.5), REACH_SD_SHARE * deg)
    return Yaw(facing * deg, float(sd_deg))


def wide_yaw(
    pose: PoseSequence, standing: BoolArray, leg_px: float, feet: float
) -> Yaw | None:
    """Yaw of somebody seen from far beside; None where they are about square.

    ``feet`` is that of `feet_forward`.
    """
    if abs(feet) <= FOOT_PER_LEG * np.sin(np.radians(WIDE_DEG)):
        return None
    return _wide(pose, standing, leg_px, feet / FOOT_FROM_SIDE)


def standing_leg_px(pose: PoseSequence, standing: BoolArray) -> float:
    """Length of the legs as seen in upright frames, px."""
    parts = []
    for side in Side:
        hip, knee, ankle = (
            pose.point(side.landmark(joint))[standing]
            for joint in ("hip", "knee", "ankle")
        )
        parts.append(
            np.linalg.norm(knee - hip, axis=1) + np.linalg.norm(ankle - knee, axis=1)
        )
    return median(parts)


def as_degrees(sine: float) -> float:
    """Angle of a sine that noise may have taken beyond 1."""
    return float(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def feet_forward(
    pose: PoseSequence, standing: BoolArray, leg_px: float, roll_deg: float
) -> float:
    """How far the feet point to the image's left, in legs.

    Turned out by as much, they point forward together.
    """
    forward = midpoint(pose, "foot_index") - midpoint(pose, "heel")
    forward = levelled(forward, roll_deg)
    return -median(forward[standing, 0]) / leg_px


def _wide(pose: PoseSequence, standing: BoolArray, leg_px: float, sine: float) -> Yaw:
    """Ask how narrow shoulders and hips look against how long the feet do."""
    cosines = []
    for joint, usual in (("shoulder", SHOULDERS_WIDE), ("hip", HIPS_WIDE)):
        left, right = (pose.point(side.landmark(joint))[standing] for side in Side)
        seen = median(np.abs(left - right)[:, 0])
        cosines.append((seen / (usual * leg_px) - STILL_WIDE) / (1 - STILL_WIDE))
    degrees = np.degrees(np.arctan2(sine, max(float(np.mean(cosines)), 0.0)))
    return Yaw(float(degrees), WIDE_SD_DEG)
