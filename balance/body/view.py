"""How the camera stood and how large the person is: what holds for the whole clip."""

from dataclasses import dataclass

import numpy as np

from balance.body.camera_yaw import estimate_yaw
from balance.body.contact import UP, Feet, both_planted, find_feet
from balance.body.geometry import camera_roll, facing
from balance.body.scale import BodyScale, body_scale
from balance.pose import BoolArray, PoseSequence, Recording
from balance.results import Measurement

# Roll from quiet standing: bodies are not symmetrical to more than this (SD).
ROLL_SD_DEG = 0.6
# Where nobody stood on two legs, the camera is taken as level within this (SD).
UNKNOWN_ROLL_SD_DEG = 2.0


@dataclass(frozen=True, eq=False)
class View:
    """A recording seen as a whole.

    ``yaw_deg`` is None where nobody stood on two legs; ``body`` where nobody was seen.
    """

    recording: Recording
    feet: Feet
    roll_deg: Measurement
    yaw_deg: Measurement | None
    body: BodyScale | None

    @property
    def side_on(self) -> bool:
        """Whether the camera looks at the person from the side."""
        return self.feet.level_limit > UP

    @property
    def mm_per_px(self) -> Measurement | None:
        """Millimetres per px at the pelvis, None without a height."""
        return self.body.mm_per_px if self.body else None


def see(recording: Recording) -> View:
    """Take in the whole of a trusted recording."""
    feet = find_feet(recording)
    standing = both_planted(feet)
    return View(
        recording=recording,
        feet=feet,
        roll_deg=_roll(recording.pose, standing),
        yaw_deg=_yaw(recording.pose, standing),
        body=body_scale(
            recording.pose,
            recording.person.height_mm,
            standing if standing.any() else None,
        ),
    )


def _roll(pose: PoseSequence, standing: BoolArray) -> Measurement:
    roll = camera_roll(pose, standing)
    if not np.isfinite(roll):
        return Measurement.with_sd(0.0, UNKNOWN_ROLL_SD_DEG, "deg")
    return Measurement.with_sd(roll, ROLL_SD_DEG, "deg")


def _yaw(pose: PoseSequence, standing: BoolArray) -> Measurement | None:
    if not standing.any():
        return None
    sign = float(np.sign(np.nanmedian(facing(pose)[standing])))
    nobody_squats = np.zeros(len(pose), bool)
    yaw = estimate_yaw(pose, standing, nobody_squats, sign or 1.0, None)
    if not np.isfinite(yaw.deg):
        return None
    return Measurement.with_sd(yaw.deg, yaw.sd_deg, "deg")
