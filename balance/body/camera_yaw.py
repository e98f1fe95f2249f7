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

from balance.body.geometry import midpoint
from balance.landmarks import Side
from balance.pose import BoolArray, FloatArray, PoseSequence

# Length of the foot from heel to toe landmark as it points at a camera at hip height,
# in leg lengths: rendered people, 3 to 40 degrees of yaw.
FOOT_PER_LEG = 0.26
# What each guess reads, in degrees per degree of yaw and of knee asymmetry (right
# minus left FPPA, halved), from rendered people whose joints are known; and its SD
# in degrees: theirs, with what people add (feet turned out by different angles, a
# trunk that leans, a shift to one leg).
FEET = (1.0, 0.0, 2.5)
TRUNK = (0.95, 0.0, 1.6)
HIPS = (0.64, -0.29, 2.6)
KNEES = (0.78, -0.62, 1.7)
# Knees differ between legs by so much (SD) before anything was seen.
ASYMMETRY_SD_DEG = 5.0
# Beyond this the widths of the body say more than the small-angle guesses.
WIDE_DEG = 25.0
WIDE_SD_DEG = 7.0
# People who are filmed from the front face the camera within this (SD).
UNKNOWN_SD_DEG = 15.0
LEAST_FORWARD = 0.35
HIPS_BACK = 0.25  # of a leg behind the ankles at the bottom


@dataclass(frozen=True, slots=True)
class Yaw:
    """Degrees with their SD, + = the camera stands towards the person's left."""

    deg: float
    sd_deg: float


@dataclass(frozen=True, eq=False)
class Middles:
    """(T, 2) px middles of both sides' joints; ``leg_px`` the standing leg's length.

    ``head`` lies two thirds of the way from shoulders to ears.
    """

    shoulders: FloatArray
    head: FloatArray
    hips: FloatArray
    knees: FloatArray
    ankles: FloatArray
    leg_px: float


def estimate_yaw(
    pose: PoseSequence,
    standing: BoolArray,
    bottom: BoolArray,
    facing: float,
    middles: Middles | None,
) -> Yaw:
    """Estimate the yaw from upright frames and from the bottoms of squats.

    Parameters
    ----------
    standing, bottom
        (T,) True in upright frames and at the bottoms.
    facing
        +1 where the person faces the camera, −1 where they show their back.
    middles
        None where one leg squats: someone on one leg leans and shifts over it, so
        only the feet are asked.
    """
    leg_px = middles.leg_px if middles else _leg_px(pose, standing)
    by_feet = _by_feet(pose, standing, leg_px)
    if abs(by_feet) > WIDE_DEG:
        return _wide(pose, standing, leg_px, by_feet)
    guesses = [(by_feet, FEET)]
    if middles is not None and bottom.any():
        guesses.append((_by_trunk(middles, standing, bottom), TRUNK))
        guesses.append((_by_hips(middles, standing, bottom), HIPS))
        guesses.append((_by_knees(middles, bottom), KNEES))
    return _weighed([one for one in guesses if np.isfinite(one[0])], facing)


def _weighed(
    guesses: list[tuple[float, tuple[float, float, float]]], facing: float
) -> Yaw:
    """Weigh the guesses: least squares for the yaw and the knees' asymmetry."""
    # People turn to the camera and their legs are alike: both are known that much.
    rows = [(1.0, 0.0, 0.0, UNKNOWN_SD_DEG), (0.0, 1.0, 0.0, ASYMMETRY_SD_DEG)]
    rows += [(*parts[:2], seen, parts[2]) for seen, parts in guesses]
    per_yaw, per_asymmetry, seen, sd = np.array(rows).T
    design = np.stack([per_yaw, per_asymmetry], axis=1) / sd[:, None]
    spread = np.linalg.inv(design.T @ design)
    yaw = (spread @ design.T @ (seen / sd))[0]
    return Yaw(float(facing * yaw), float(np.sqrt(spread[0, 0])))


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


def _change(path: FloatArray, standing: BoolArray, bottom: BoolArray) -> float:
    """Sideways change from standing to the bottoms, in px."""
    return float(np.nanmedian(path[bottom, 0]) - np.nanmedian(path[standing, 0]))


def _by_trunk(middles: Middles, standing: BoolArray, bottom: BoolArray) -> float:
    """Ask the trunk: leaning forward, shoulders and head go sideways."""
    trunk = middles.shoulders - middles.hips
    length = float(np.nanmedian(np.linalg.norm(trunk[standing], axis=1)))
    height = float(np.nanmedian(-trunk[bottom, 1]))
    forward = np.sqrt(max(length**2 - height**2, 0.0))
    if forward < LEAST_FORWARD * length:
        return float("nan")
    head = middles.head - middles.hips
    return _degrees(-_change(head, standing, bottom) / forward)


def _by_hips(middles: Middles, standing: BoolArray, bottom: BoolArray) -> float:
    """Ask the hips: about a quarter of a leg behind the ankles at the bottom."""
    over = middles.hips - middles.ankles
    back = HIPS_BACK * middles.leg_px
    return _degrees(_change(over, standing, bottom) / back)


def _by_knees(middles: Middles, bottom: BoolArray) -> float:
    """Ask the knees: their mean sits off the mean line from hips to ankles."""
    hips, knees, ankles = (
        np.nanmedian(path[bottom], axis=0)
        for path in (middles.hips, middles.knees, middles.ankles)
    )
    share = (knees[1] - hips[1]) / (ankles[1] - hips[1])
    beside = knees[0] - (hips[0] + share * (ankles[0] - hips[0]))
    # Half a leg's length each: in front of the line by the height of the triangle.
    half = (ankles[1] - hips[1]) / 2
    forward = np.sqrt(max((middles.leg_px / 2) ** 2 - half**2, 0.0))
    if forward < 0.1 * middles.leg_px:
        return float("nan")
    return _degrees(-beside / forward)


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
