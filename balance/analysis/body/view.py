"""How the camera stood and how large the person is: what holds for the whole clip."""

from dataclasses import dataclass

import numpy as np

from balance.analysis.body.camera_yaw import Yaw, estimate_yaw
from balance.analysis.body.contact import Feet, find_feet
from balance.analysis.body.geometry import camera_roll, facing, midpoint
from balance.analysis.body.scale import BodyScale, body_scale
from balance.analysis.contact import BOTH, Contact
from balance.analysis.signals import median
from balance.model.camera import FOCAL_SD_SHARE, Pinhole
from balance.model.recording import BoolArray, PoseSequence, Recording
from balance.model.results import Measurement

# Roll from quiet standing: bodies are not symmetrical to more than this (SD).
ROLL_SD_DEG = 0.6
# Where nobody stood on two legs, the camera is taken as level within this (SD).
UNKNOWN_ROLL_SD_DEG = 2.0


@dataclass(frozen=True, eq=False)
class SceneGeometry:
    """A recording seen as a whole.

    ``yaw_deg``, of the line of sight, and ``axis_yaw_deg``, of the camera's axis, are
    None where nobody stood on two legs; ``body`` where nobody was seen.
    """

    recording: Recording
    feet: Feet
    roll_deg: Measurement
    yaw_deg: Measurement | None
    axis_yaw_deg: Measurement | None
    body: BodyScale | None

    @property
    def side_on(self) -> bool:
        """Whether the camera looks at the person from the side."""
        return self.feet.side_on

    @property
    def mm_per_px(self) -> Measurement | None:
        """Millimetres per px at the pelvis, None without a height."""
        return self.body.mm_per_px if self.body else None


def estimate_geometry(recording: Recording, contact: Contact) -> SceneGeometry:
    """Take in the whole of a trusted recording."""
    feet = find_feet(recording, contact.state == BOTH)
    pose, standing = recording.pose, feet.planted
    sign = float(np.sign(median(facing(pose)[standing]))) if standing.any() else 0
    roll = _roll(pose, standing)
    yaw = _yaw(pose, standing, sign or 1.0, roll.value)
    return SceneGeometry(
        recording=recording,
        feet=feet,
        roll_deg=roll,
        yaw_deg=Measurement.with_sd(yaw.deg, yaw.sd_deg, "deg") if yaw else None,
        axis_yaw_deg=_of_axis(yaw, pose, standing, sign or 1.0) if yaw else None,
        body=body_scale(
            pose,
            recording.person.height_mm,
            standing if standing.any() else None,
        ),
    )


def _roll(pose: PoseSequence, standing: BoolArray) -> Measurement:
    roll = camera_roll(pose, standing)
    if not np.isfinite(roll):
        return Measurement.with_sd(0.0, UNKNOWN_ROLL_SD_DEG, "deg")
    return Measurement.with_sd(roll, ROLL_SD_DEG, "deg")


def _yaw(
    pose: PoseSequence, standing: BoolArray, facing_sign: float, roll_deg: float
) -> Yaw | None:
    if not standing.any():
        return None
    yaw = estimate_yaw(pose, standing, facing_sign, roll_deg)
    return yaw if np.isfinite(yaw.deg) else None


def _of_axis(
    yaw: Yaw, pose: PoseSequence, standing: BoolArray, facing_sign: float
) -> Measurement:
    """Yaw of the camera's axis: somebody off it is seen from beside."""
    hips_x = median(midpoint(pose, "hip")[standing, 0])
    beside_deg = facing_sign * Pinhole.usual(pose.size_px).beside_deg(hips_x)
    sd_deg = float(np.hypot(yaw.sd_deg, FOCAL_SD_SHARE * beside_deg))
    return Measurement.with_sd(yaw.deg + beside_deg, sd_deg, "deg")
