"""How far a person stands turned away from the camera: feet, trunk, hips and knees.

Seen by a camera beside them, everything that points forward points sideways by the
sine of the yaw: the feet in standing, and in a squat the head that comes forward, the
hips that go back and the knees that come forward. Each of them is also moved by what
a person does (feet that differ, a trunk that leans, knees that cave in), so each is a
guess with its own spread, and they are weighed by it. Knees that turn the same way in
the frame, one in and one out, are the signature of yaw, but also of one knee that
caves in; the other three tell them apart.

What is found is the angle to the line of sight. A camera that looks past the person
is turned by more or less than that (`Pinhole.beside_deg`).
"""

from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.body.geometry import midpoint
from balance.analysis.signals import median
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence

# How far each part reaches forward or back, in leg lengths: the feet in standing; head,
# hips and knees per sine of half the knees' bend. Rendered people, 0 to 15 degrees.
FOOT_PER_LEG, HEAD, HIPS, KNEES = 0.29, 0.53, 0.29, 0.425
# The trunk's own foreshortening says how far the head came forward, too, by this.
HEAD_PER_TRUNK = 0.735
# A difference between the knees (half of right minus left frontal angle, radians)
# moves the knees and the hips by so much.
KNEES_BY_ASYMMETRY, HIPS_BY_ASYMMETRY = -0.165, -0.07
# SD of each guess in leg lengths: rendered people (0.008, 0.008, 0.009, 0.003) and what
# people add: feet turned out by different angles, a trunk that leans, a shift to one
# leg.
FEET_SD, HEAD_SD, HIPS_SD, KNEES_SD = 0.011, 0.009, 0.010, 0.004
# Knees differ between legs by so much (SD) before anything was seen.
ASYMMETRY_SD_DEG = 5.0
# The reach of each part differs between people by this share (SD), alike for all.
REACH_SD_SHARE = 0.1
# Beyond this the widths of the body say more than the small-angle guesses.
WIDE_DEG = 25.0
WIDE_SD_DEG = 7.0
# Seen from the front, in leg lengths; and the share of it that the landmarks keep seen
# from the side, where the feet look so long: rendered and real people.
SHOULDERS_WIDE, HIPS_WIDE = 0.46, 0.25
STILL_WIDE, FOOT_FROM_SIDE = 0.26, 0.25
# People who are filmed from the front face the camera within this (SD).
UNKNOWN_SD_DEG = 15.0
# A squat shallower than this (sine of half the bend) says nothing.
LEAST_SINE = 0.2


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

    def levelled(self, roll_deg: float) -> "Middles":
        """Return the same as a camera without roll would show it, but for a shift."""
        return replace(
            self,
            shoulders=_levelled(self.shoulders, roll_deg),
            head=_levelled(self.head, roll_deg),
            hips=_levelled(self.hips, roll_deg),
            knees=_levelled(self.knees, roll_deg),
            ankles=_levelled(self.ankles, roll_deg),
        )


def _levelled(points: FloatArray, roll_deg: float) -> FloatArray:
    """(…, 2) px turned back by the roll, + = what the frame shows is clockwise."""
    c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return np.asarray(points @ np.array([[c, -s], [s, c]]))


def estimate_yaw(  # noqa: PLR0913
    pose: PoseSequence,
    standing: BoolArray,
    bottom: BoolArray,
    facing: float,
    middles: Middles | None,
    roll_deg: float = 0.0,
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
    roll_deg
        The camera's; what sinks in a tilted frame goes sideways, too.
    """
    leg_px = middles.leg_px if middles else _leg_px(pose, standing)
    feet = _by_feet(pose, standing, leg_px, roll_deg)
    if abs(feet.seen) > FOOT_PER_LEG * np.sin(np.radians(WIDE_DEG)):
        return _wide(pose, standing, leg_px, feet.seen / FOOT_FROM_SIDE)
    guesses = [feet]
    if middles is not None and bottom.any():
        guesses += _by_squatting(middles.levelled(roll_deg), standing, bottom)
    return _weighed([one for one in guesses if np.isfinite(one.seen)], facing)


@dataclass(frozen=True, slots=True)
class _Guess:
    """A sideways displacement in leg lengths, what makes it, and its SD.

    ``by_sine`` is its size per sine of the yaw, ``by_asymmetry`` per radian.
    """

    seen: float
    by_sine: float
    by_asymmetry: float
    sd: float


def _weighed(guesses: list[_Guess], facing: float) -> Yaw:
    """Weigh the guesses: least squares for the yaw's sine and the asymmetry."""
    # People turn to the camera and their legs are alike: both are known that much.
    known = [
        _Guess(0.0, 1.0, 0.0, float(np.radians(UNKNOWN_SD_DEG))),
        _Guess(0.0, 0.0, 1.0, float(np.radians(ASYMMETRY_SD_DEG))),
    ]
    every = [*known, *guesses]
    sd = np.array([one.sd for one in every])
    design = np.array([(one.by_sine, one.by_asymmetry) for one in every]) / sd[:, None]
    spread = np.linalg.inv(design.T @ design)
    sine = (spread @ design.T @ (np.array([one.seen for one in every]) / sd))[0]
    deg = _degrees(float(sine))
    by_reach = REACH_SD_SHARE * deg
    sd_deg = np.hypot(np.degrees(np.sqrt(spread[0, 0])), by_reach)
    return Yaw(facing * deg, float(sd_deg))


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
    return median(parts)


def _degrees(sine: float) -> float:
    return float(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def _by_feet(
    pose: PoseSequence, standing: BoolArray, leg_px: float, roll_deg: float
) -> _Guess:
    """Ask the feet: turned out by as much, they point forward together."""
    forward = midpoint(pose, "foot_index") - midpoint(pose, "heel")
    forward = _levelled(forward, roll_deg)
    seen = -median(forward[standing, 0]) / leg_px
    return _Guess(seen, FOOT_PER_LEG, 0.0, FEET_SD)


def _by_squatting(
    middles: Middles, standing: BoolArray, bottom: BoolArray
) -> list[_Guess]:
    """Ask what comes forward or goes back at the bottoms; nothing if too shallow."""
    height = (middles.ankles - middles.hips)[:, 1]
    cosine = median(height[bottom]) / median(height[standing])
    sine = float(np.sqrt(max(1 - cosine**2, 0.0)))
    if sine < LEAST_SINE:
        return []
    leg = middles.leg_px
    head = -_change(middles.head - middles.hips, standing, bottom) / leg
    hips = _change(middles.hips - middles.ankles, standing, bottom) / leg
    trunk = HEAD_PER_TRUNK * _out_of_picture(middles, standing, bottom) / leg
    return [
        _Guess(head, (HEAD * sine + trunk) / 2, 0.0, HEAD_SD),
        _Guess(hips, HIPS * sine, HIPS_BY_ASYMMETRY, HIPS_SD),
        _Guess(
            _knees_beside(middles, bottom) / leg,
            KNEES * sine,
            KNEES_BY_ASYMMETRY,
            KNEES_SD,
        ),
    ]


def _change(path: FloatArray, standing: BoolArray, bottom: BoolArray) -> float:
    """Sideways change from standing to the bottoms, in px."""
    return median(path[bottom, 0]) - median(path[standing, 0])


def _out_of_picture(middles: Middles, standing: BoolArray, bottom: BoolArray) -> float:
    """How far the shoulders come forward, px, by how much shorter the trunk looks."""
    trunk = middles.shoulders - middles.hips
    length = float(np.nanmedian(np.linalg.norm(trunk[standing], axis=1)))
    height = median(-trunk[bottom, 1])
    return float(np.sqrt(max(length**2 - height**2, 0.0)))


def _knees_beside(middles: Middles, bottom: BoolArray) -> float:
    """How far the middle of the knees lies off the line from hips to ankles, px."""
    hips, knees, ankles = (
        np.nanmedian(path[bottom], axis=0)
        for path in (middles.hips, middles.knees, middles.ankles)
    )
    share = (knees[1] - hips[1]) / (ankles[1] - hips[1])
    return -float(knees[0] - (hips[0] + share * (ankles[0] - hips[0])))


def _wide(pose: PoseSequence, standing: BoolArray, leg_px: float, sine: float) -> Yaw:
    """Ask how narrow shoulders and hips look against how long the feet do."""
    cosines = []
    for joint, usual in (("shoulder", SHOULDERS_WIDE), ("hip", HIPS_WIDE)):
        left, right = (pose.point(side.landmark(joint))[standing] for side in Side)
        seen = median(np.abs(left - right)[:, 0])
        cosines.append((seen / (usual * leg_px) - STILL_WIDE) / (1 - STILL_WIDE))
    degrees = np.degrees(np.arctan2(sine, max(float(np.mean(cosines)), 0.0)))
    return Yaw(float(degrees), WIDE_SD_DEG)
