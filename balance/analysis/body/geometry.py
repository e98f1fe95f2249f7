"""Angles of the body in the image, seen by a camera in front of the person.

Points are (…, 2) frame coordinates in px, x to the right, y down. Every angle is
in degrees, NaN where a point that it needs is NaN, and the same at every scale.
``facing`` is +1 where the person faces the camera (their left is on the frame's
right) and −1 where they show their back; it may be an array over the frames.

Signs: FPPA + = valgus; trunk lean and pelvis tilt + = towards the person's left,
left side lower; hip adduction + = thigh towards the midline.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from balance.analysis.signals import median
from balance.model.landmarks import Landmark, Side
from balance.model.recording import FloatArray, PoseSequence

Facing = float | FloatArray


def facing(pose: PoseSequence) -> FloatArray:
    """(T,) +1 facing the camera, −1 turned away, NaN where nobody was seen.

    Hips and shoulders vote by their width, so that in a side view, where either may
    cross over for a moment, the wider one decides.
    """
    hips = pose.point(Landmark.LEFT_HIP) - pose.point(Landmark.RIGHT_HIP)
    shoulders = pose.point(Landmark.LEFT_SHOULDER) - pose.point(Landmark.RIGHT_SHOULDER)
    return np.sign(hips[:, 0] + shoulders[:, 0])


def signed_angle(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the turn from one direction to another, + = clockwise in the image."""
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    return np.asarray(np.degrees(np.arctan2(cross, np.sum(first * second, axis=-1))))


def frontal_plane_projection_angle(
    hip: FloatArray,
    knee: FloatArray,
    ankle: FloatArray,
    side: Side,
    facing: Facing = 1.0,
) -> FloatArray:
    """Knee angle in the frontal plane as the camera sees it (FPPA), in degrees.

    0 is a straight leg, positive is valgus (knee towards the midline), negative is
    varus. NaN where any of the three points is NaN.

    References
    ----------
    .. [1] Willson, Ireland & Davis (2006), Med Sci Sports Exerc 38(5):945-952.
    .. [2] Herrington (2014), Knee 21(2):514-517, for the sign.
    """
    turn = signed_angle(knee - hip, ankle - knee)
    # Facing the camera, the person's left leg is on the right of the image: its
    # midline lies towards smaller x, the right leg's towards larger x.
    return np.asarray((-turn if side is Side.LEFT else turn) * facing)


def leg_projection_angle(
    chain: FloatArray, side: Side, facing: Facing = 1.0
) -> FloatArray:
    """FPPA of (…, 3, 2) px hip, knee, ankle in degrees, + = valgus."""
    hip, knee, ankle = (chain[..., joint, :] for joint in range(3))
    return frontal_plane_projection_angle(hip, knee, ankle, side, facing)


def knee_flexion(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    """Return the bend in the image, 0 straight; true only when seen from the side."""
    return np.abs(signed_angle(knee - hip, ankle - knee))


def lean_from_vertical(upper: FloatArray, lower: FloatArray) -> FloatArray:
    """Return the lean of the line lower→upper, + = towards the image's right."""
    line = upper - lower
    return np.asarray(np.degrees(np.arctan2(line[..., 0], -line[..., 1])))


def trunk_lean(
    mid_shoulder: FloatArray, mid_hip: FloatArray, facing: Facing = 1.0
) -> FloatArray:
    """Return the sideways lean of the trunk, + = towards the person's left."""
    return np.asarray(lean_from_vertical(mid_shoulder, mid_hip) * facing)


def pelvis_tilt(
    left_hip: FloatArray, right_hip: FloatArray, facing: Facing = 1.0
) -> FloatArray:
    """Return how far the pelvis leans out of level, + = left side lower.

    The landmarks of someone with one thigh raised do not show it: the raised thigh
    drags its hip point up.
    """
    line = left_hip - right_hip
    across = line[..., 0] * facing
    return np.asarray(np.degrees(np.arctan2(line[..., 1], across)))


def hip_adduction(
    hip: FloatArray,
    knee: FloatArray,
    side: Side,
    tilt_deg: Facing,
    facing: Facing = 1.0,
) -> FloatArray:
    """Return the thigh's angle to the pelvis' upright, + = towards the midline.

    ``tilt_deg`` is the pelvis' own tilt, + = left side lower: a pelvis that drops on
    the other side adds to the adduction of the standing leg.
    """
    outward = lean_from_vertical(hip, knee) * facing  # + = hip to the left of the knee
    turned = np.asarray(outward) - tilt_deg
    return np.asarray(turned if side is Side.LEFT else -turned)


def midpoint(pose: PoseSequence, joint: str) -> FloatArray:
    """(T, 2) the middle between a joint's left and right landmark."""
    left, right = (pose.point(side.landmark(joint)) for side in Side)
    return np.asarray((left + right) / 2)


def leg_length(pose: PoseSequence) -> FloatArray:
    """(T, 2) px from hip over knee to ankle along the leg, left and right.

    It shortens as the knee bends towards the camera; its largest values are those
    of standing.
    """
    legs = []
    for side in Side:
        chain = [pose.point(side.landmark(joint)) for joint in ("hip", "knee", "ankle")]
        parts = [np.linalg.norm(b - a, axis=-1) for a, b in pairwise(chain)]
        legs.append(np.sum(parts, axis=0))
    return np.stack(legs, axis=-1)


def camera_roll(pose: PoseSequence, standing: NDArray[np.bool_]) -> float:
    """Return the camera's turn about its axis from quiet standing on two legs.

    Someone who stands on two legs has level hips, shoulders and ankles on average,
    and a body upright over the feet: all three are asked, the body counts double.
    + = the frame's content is turned clockwise. NaN where nobody stands.
    """
    if not standing.any():
        return float("nan")
    sign = facing(pose)[standing]
    turns = []
    for joint in ("ankle", "hip", "shoulder"):
        left, right = (pose.point(side.landmark(joint))[standing] for side in Side)
        turns.append(median(pelvis_tilt(left, right, sign) * sign))
    feet, shoulders = (
        midpoint(pose, joint)[standing] for joint in ("ankle", "shoulder")
    )
    upright = median(lean_from_vertical(shoulders, feet))
    return float(np.mean([*turns, upright, upright]))
