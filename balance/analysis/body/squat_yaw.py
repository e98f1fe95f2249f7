"""The camera's yaw from somebody who squats: standing and all bottoms together.

What points forward points sideways by the sine of the yaw: the feet in standing and,
at the bottoms, the shoulders that come forward, the hips that go back and the knees
that come forward. The farther foot of a turned person stands higher in the image.
Each of them is moved by what people do as well: feet that differ, a shift to one leg, a
knee that caves in. How much, and what goes together, was learned on real and rendered
people (`YawModel`): a tilted camera shows in feet, hips, shoulders and trunk at once,
one-sidedness in a squat and not in standing. Where the signs of a person disagree more
than people's usually do, the interval is wider by as much.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from balance.analysis.body.camera_yaw import (
    UNKNOWN_SD_DEG,
    Yaw,
    as_degrees,
    feet_forward,
    standing_leg_px,
    wide_yaw,
)
from balance.analysis.body.geometry import midpoint
from balance.analysis.signals import median
from balance.model.camera import Pinhole
from balance.model.landmarks import LEVEL_ANKLES, Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence
from balance.reference.camera_yaw import YawModel

# A squat shallower than this (sine of half the bend) says nothing.
LEAST_SINE = 0.2
FEET = ("ankle", "heel", "foot_index")


@dataclass(frozen=True, eq=False)
class Middles:
    """(T, 2) px middles of both sides' joints; ``leg_px`` the standing leg's length."""

    shoulders: FloatArray
    hips: FloatArray
    knees: FloatArray
    ankles: FloatArray
    leg_px: float


@dataclass(frozen=True, slots=True)
class Sign:
    """A displacement in leg lengths, and what it would be per sine of the yaw.

    ``by`` goes with the coefficients of `YawModel`, which says how.
    """

    seen: float
    by: tuple[float, ...]


def estimate_squat_yaw(  # noqa: PLR0913
    pose: PoseSequence,
    standing: BoolArray,
    bottom: BoolArray,
    facing: float,
    middles: Middles | None,
    model: YawModel,
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
        only standing is asked.
    """
    leg_px = middles.leg_px if middles else standing_leg_px(pose, standing)
    wide = wide_yaw(pose, standing, leg_px, feet_forward(pose, standing, leg_px, 0.0))
    if wide is not None:
        return wide
    signs = signs_of_yaw(pose, standing, bottom, facing, middles)
    return weigh(signs, model)


def weigh(signs: Mapping[str, Sign], model: YawModel) -> Yaw:
    """Weigh the signs by the errors that they have together.

    Least squares for the sine of the yaw, people facing the camera within
    `UNKNOWN_SD_DEG`; its SD grows with the misfit as that of Student's t does.
    """
    used = [k for k, name in enumerate(model.names) if name in signs]
    known = [signs[model.names[k]] for k in used]
    reach = np.array(
        [
            np.dot(model.by_sine[k][: len(one.by)], one.by)
            for k, one in zip(used, known, strict=True)
        ]
    )
    seen = np.array([one.seen for one in known])
    weight = np.linalg.inv(np.array(model.covariance)[np.ix_(used, used)])
    precision = reach @ weight @ reach + np.sin(np.radians(UNKNOWN_SD_DEG)) ** -2
    sine = float(reach @ weight @ seen / precision)
    rest = seen - reach * sine
    freedom = model.freedom
    misfit = (freedom + rest @ weight @ rest) / (freedom + max(len(used) - 1, 0))
    sd = model.widened * np.sqrt(misfit / precision)
    return Yaw(as_degrees(sine), float(np.degrees(sd)))


def signs_of_yaw(
    pose: PoseSequence,
    standing: BoolArray,
    bottom: BoolArray,
    facing: float,
    middles: Middles | None,
) -> dict[str, Sign]:
    """Everything that a turned camera moves, by the names of `YawModel`."""
    leg_px = middles.leg_px if middles else standing_leg_px(pose, standing)
    feet = facing * feet_forward(pose, standing, leg_px, 0.0)
    signs = {"feet": Sign(feet, (1.0,))}
    if _on_both_feet(pose, standing, leg_px):
        signs |= _standing_signs(pose, standing, facing, leg_px)
    if middles is not None and bottom.any():
        signs |= _squatting_signs(middles, standing, bottom, facing)
    return {name: one for name, one in signs.items() if np.isfinite(one.seen)}


def _on_both_feet(pose: PoseSequence, standing: BoolArray, leg_px: float) -> bool:
    left, right = (pose.point(side.landmark("ankle"))[standing, 1] for side in Side)
    return median(np.abs(left - right)) < LEVEL_ANKLES * leg_px


def _standing_signs(
    pose: PoseSequence, standing: BoolArray, facing: float, leg_px: float
) -> dict[str, Sign]:
    """Heights of left over right, and the lean of the body, which tell of the roll.

    The farther foot stands higher by its distance times how far down the camera looks.
    """

    def across(joint: str) -> FloatArray:
        left, right = (pose.point(side.landmark(joint)) for side in Side)
        return np.asarray(np.nanmedian((left - right)[standing], axis=0) / leg_px)

    feet = np.mean([across(joint) for joint in FEET], axis=0)
    camera = Pinhole.usual(pose.size_px)
    ankle_y = median(midpoint(pose, "ankle")[standing, 1])
    down = (ankle_y - camera.centre_px[1]) / camera.focal_px
    body = midpoint(pose, "shoulder") - midpoint(pose, "ankle")
    lean = facing * median(body[standing, 0]) / leg_px
    return {
        "floor": Sign(float(feet[1]), (float(down * feet[0] * facing),)),
        "hips_level": Sign(float(across("hip")[1]), (1.0,)),
        "shoulders_level": Sign(float(across("shoulder")[1]), (1.0,)),
        "lean": Sign(lean, (1.0,)),
    }


def _squatting_signs(
    middles: Middles, standing: BoolArray, bottom: BoolArray, facing: float
) -> dict[str, Sign]:
    """Ask what comes forward or goes back at the bottoms; nothing if too shallow."""
    height = (middles.ankles - middles.hips)[:, 1]
    cosine = median(height[bottom]) / median(height[standing])
    sine = float(np.sqrt(max(1 - cosine**2, 0.0)))
    if not sine >= LEAST_SINE:
        return {}
    leg = facing * middles.leg_px
    shoulders = -_change(middles.shoulders - middles.hips, standing, bottom)
    hips = _change(middles.hips - middles.ankles, standing, bottom)
    trunk = _out_of_frame(middles, standing, bottom) / middles.leg_px
    return {
        "shoulders": Sign(shoulders / leg, (sine, trunk)),
        "hips": Sign(hips / leg, (sine,)),
        "knees": Sign(_knees_beside(middles, bottom) / leg, (sine,)),
    }


def _change(path: FloatArray, standing: BoolArray, bottom: BoolArray) -> float:
    """Sideways change from standing to the bottoms, in px."""
    return median(path[bottom, 0]) - median(path[standing, 0])


def _out_of_frame(middles: Middles, standing: BoolArray, bottom: BoolArray) -> float:
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
