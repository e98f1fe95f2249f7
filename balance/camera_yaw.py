"""How far the camera is turned round the person, from feet, trunk, hips and knees.

In a picture that is turned by the yaw, everything that points forward points
sideways by its sine: the feet in standing, and in a squat the trunk that leans
forward, the hips that go back and the knees that come forward. Each of them is also
turned by what a person does (feet that differ, a trunk that leans, knees that cave
in), so each is a guess with its own spread, and they are weighed by it. Knees that
turn the same way in the picture, one in and one out, are the signature of yaw, but
also of one knee that caves in; the other three tell them apart.
"""

from dataclasses import dataclass

import numpy as np

from balance.geometry import midpoint
from balance.landmarks import Side
from balance.pose import BoolArray, FloatArray, PoseSequence

# Length of the foot from heel to toe landmark as it points at a camera at hip height,
# in leg lengths: rendered people, 3 to 40 degrees of yaw.
FOOT_PER_LEG = 0.26
# SD in degrees of each guess: what rendered people show, and what people add (feet
# that are turned out by different angles, a trunk that leans, a shift to one leg).
FOOT_SD_DEG, TRUNK_SD_DEG, KNEES_SD_DEG, HIPS_SD_DEG = 2.5, 2.5, 5.0, 4.0
# Guesses by the trunk, the hips and the knees read too little by these factors.
TRUNK_GAIN, KNEES_GAIN, HIPS_GAIN = 1.4, 1.3, 1.3
# Beyond this the widths of the body say more than the small-angle guesses.
WIDE_DEG = 25.0
WIDE_SD_DEG = 7.0
# Without any bend and without feet nothing is known but that people face cameras.
UNKNOWN_SD_DEG = 8.0
LEAST_FORWARD = 0.35


@dataclass(frozen=True, slots=True)
class Yaw:
    """Degrees with their SD, + = the camera stands towards the person's left."""

    deg: float
    sd_deg: float


def estimate_yaw(
    pose: PoseSequence,
    standing: BoolArray,
    bottom: BoolArray,
    facing: float,
    two_legs: bool,
) -> Yaw:
    """Estimate the yaw from upright frames and from the bottoms of squats.

    Parameters
    ----------
    standing, bottom
        (T,) True in upright frames and at the bottoms; ``bottom`` may be empty.
    facing
        +1 where the person faces the camera, −1 where they show their back.
    two_legs
        Whether the bottoms are those of squats on both legs: someone on one leg
        leans and shifts over it, so only the feet are asked.
    """
    leg_px = _leg_px(pose, standing)
    guesses = [(_by_feet(pose, standing, leg_px), FOOT_SD_DEG)]
    if abs(guesses[0][0]) > WIDE_DEG:
        return _wide(pose, standing, leg_px, guesses[0][0])
    if two_legs and bottom.any():
        guesses.append((_by_trunk(pose, standing, bottom), TRUNK_SD_DEG))
        guesses.append((_by_hips(pose, standing, bottom, leg_px), HIPS_SD_DEG))
        guesses.append((_by_knees(pose, bottom, leg_px), KNEES_SD_DEG))
    known = [(deg, sd) for deg, sd in guesses if np.isfinite(deg)]
    if not known:
        return Yaw(0.0, UNKNOWN_SD_DEG)
    # People turn to the camera: the wide prior matters only where little is seen.
    values, sds = np.array([*known, (0.0, 2 * UNKNOWN_SD_DEG)]).T
    weights = sds**-2.0
    return Yaw(
        float(facing * np.sum(weights * values) / weights.sum()),
        float(weights.sum() ** -0.5),
    )


def _leg_px(pose: PoseSequence, standing: BoolArray) -> float:
    parts = []
    for side in Side:
        hip, knee, ankle = (
            pose.point(side.landmark(joint))[standing]
            for joint in ("hip", "knee", "ankle")
        )
        parts.append(
            np.linalg.norm(knee - hip, axis=1) + np.linalg.norm(ankle - knee, axis=1)
        )
    return float(np.nanmedian(parts))


def _degrees(sine: float) -> float:
    return float(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def _by_feet(pose: PoseSequence, standing: BoolArray, leg_px: float) -> float:
    """Ask the feet: turned out by as much, they point forward together."""
    forward = midpoint(pose, "foot_index") - midpoint(pose, "heel")
    return _degrees(
        -float(np.nanmedian(forward[standing, 0])) / (FOOT_PER_LEG * leg_px)
    )


def _change(path: FloatArray, standing: BoolArray, bottom: BoolArray) -> FloatArray:
    return np.asarray(
        np.nanmedian(path[bottom], axis=0) - np.nanmedian(path[standing], axis=0)
    )


def _by_trunk(pose: PoseSequence, standing: BoolArray, bottom: BoolArray) -> float:
    """Ask the trunk: leaning forward, its upper end goes sideways."""
    trunk = midpoint(pose, "shoulder") - midpoint(pose, "hip")
    length = float(np.nanmedian(np.linalg.norm(trunk[standing], axis=1)))
    height = float(np.nanmedian(-trunk[bottom, 1]))
    forward = np.sqrt(max(length**2 - height**2, 0.0))
    if forward < LEAST_FORWARD * length:
        return float("nan")
    sideways = float(_change(trunk, standing, bottom)[0])
    return TRUNK_GAIN * _degrees(-sideways / forward)


def _by_hips(
    pose: PoseSequence, standing: BoolArray, bottom: BoolArray, leg_px: float
) -> float:
    """Ask the hips: about a quarter of a leg behind the ankles at the bottom."""
    hips = midpoint(pose, "hip") - midpoint(pose, "ankle")
    back = 0.25 * leg_px
    return HIPS_GAIN * _degrees(float(_change(hips, standing, bottom)[0]) / back)


def _by_knees(pose: PoseSequence, bottom: BoolArray, leg_px: float) -> float:
    """Ask the knees: their mean sits off the mean line from hips to ankles."""
    hips, knees, ankles = (
        np.nanmedian(midpoint(pose, joint)[bottom], axis=0)
        for joint in ("hip", "knee", "ankle")
    )
    share = (knees[1] - hips[1]) / (ankles[1] - hips[1])
    beside = knees[0] - (hips[0] + share * (ankles[0] - hips[0]))
    # Half a leg's length each: in front of the line by the height of the triangle.
    half = (ankles[1] - hips[1]) / 2
    forward = np.sqrt(max((leg_px / 2) ** 2 - half**2, 0.0))
    if forward < 0.1 * leg_px:
        return float("nan")
    return KNEES_GAIN * _degrees(-beside / forward)


def _wide(
    pose: PoseSequence, standing: BoolArray, leg_px: float, by_feet: float
) -> Yaw:
    """Ask how narrow shoulders and hips look; the feet give the sign."""
    widths = []
    # Seen from the front, in leg lengths: rendered and real people.
    for joint, usual in (("shoulder", 0.46), ("hip", 0.25)):
        left, right = (pose.point(side.landmark(joint))[standing] for side in Side)
        seen = float(np.nanmedian(np.abs(left - right)[:, 0]))
        widths.append(np.degrees(np.arccos(np.clip(seen / (usual * leg_px), 0, 1))))
    degrees = np.sign(by_feet) * np.mean([*widths, abs(by_feet)])
    return Yaw(float(degrees), WIDE_SD_DEG)
