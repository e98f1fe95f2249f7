"""What all measures of one squat set share: the legs, the camera, the upright body."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from balance.analysis.body.geometry import facing, midpoint
from balance.analysis.body.squat_yaw import Middles
from balance.analysis.events.repetitions import SquatSet
from balance.analysis.measures.leg_lines import LegLine, Upright, find_leg_lines
from balance.analysis.signals import median
from balance.model.camera import FOCAL_SD_SHARE, Pinhole
from balance.model.landmarks import LEVEL_ANKLES, Side
from balance.model.leg_outline import outline_read
from balance.model.recording import BoolArray, FloatArray, PoseSequence

# Hips within 3 % of their greatest height over the ankles: upright.
UPRIGHT = 0.97
# Upright frames are looked for so long before and after the set.
AROUND_S = 4.0
# Beyond this the frontal plane is not seen any more.
MOST_YAW_DEG, MOST_YAW_SD_DEG = 20.0, 6.0


@dataclass(frozen=True, eq=False)
class SquatView:
    """One squat set as the camera saw it.

    ``sides``: both legs, or the stance leg. ``facing`` +1 or −1. ``yaw_deg``: how far
    the line of sight is turned from the person's front, + = towards their left.
    ``beside_deg``: how far right of the camera's axis they stand in the image.
    """

    pose: PoseSequence
    sides: tuple[Side, ...]
    standing: BoolArray
    legs: Mapping[Side, LegLine]
    camera: Pinhole
    facing: float
    roll_deg: float = 0.0
    roll_sd_deg: float = 1.0
    yaw_deg: float = 0.0
    yaw_sd_deg: float = 3.0
    beside_deg: float = 0.0

    @property
    def axis_yaw_deg(self) -> float:
        """How far the camera's axis is turned; somebody off it is seen from beside."""
        return self.yaw_deg + self.facing * self.beside_deg

    @property
    def axis_yaw_sd_deg(self) -> float:
        """Its SD: that of the line of sight, and the angle of view is a guess."""
        return float(np.hypot(self.yaw_sd_deg, FOCAL_SD_SHARE * self.beside_deg))

    @property
    def single_leg(self) -> bool:
        """Whether one leg squats and the other is raised."""
        return len(self.sides) == 1

    @property
    def is_frontal(self) -> bool:
        """Whether the frontal plane of the person can be seen."""
        turned = abs(self.yaw_deg) > MOST_YAW_DEG
        return not turned and self.yaw_sd_deg <= MOST_YAW_SD_DEG


def standing_frames(pose: PoseSequence, squat_set: SquatSet) -> BoolArray:
    """(T,) upright on both feet, near the set; the straightest frames where none is.

    For a single-leg set that is before foot-off or after foot-down; where both were
    not recorded, upright on the stance leg has to do.
    """
    height, uneven = _height(pose)
    near = (pose.time_s >= squat_set.start_s - AROUND_S) & (
        pose.time_s <= squat_set.end_s + AROUND_S
    )
    if not np.isfinite(height[near]).any():
        return np.zeros(len(pose), bool)
    leg = np.nanpercentile(height[near], 95)
    upright = near & (height > UPRIGHT * leg)
    both = upright & (uneven < LEVEL_ANKLES * leg)
    chosen = both if squat_set.side is None else both & ~_within(pose, squat_set)
    return chosen if chosen.any() else upright


def _within(pose: PoseSequence, squat_set: SquatSet) -> BoolArray:
    after = pose.time_s > squat_set.start_s - 0.15
    return np.asarray(after & (pose.time_s < squat_set.end_s + 0.15))


def _height(pose: PoseSequence) -> tuple[FloatArray, FloatArray]:
    """(T,) height of the hips over the lower ankle, and how uneven the ankles are."""
    left, right = (pose.point(side.landmark("ankle"))[:, 1] for side in Side)
    lower = np.maximum(left, right)
    return lower - midpoint(pose, "hip")[:, 1], np.abs(left - right)


def see_squats(
    pose: PoseSequence,
    leg_edges_px: FloatArray | None,
    squat_set: SquatSet,
) -> SquatView | None:
    """Collect what the measures of a set need; None where nobody was seen upright."""
    standing = standing_frames(pose, squat_set)
    if not standing.any():
        return None
    if leg_edges_px is not None:
        # Landmarks and outline are off by unlike amounts: only like with like.
        read = standing & outline_read(leg_edges_px)
        standing = read if read.any() else standing
    sign = float(np.sign(median(facing(pose)[standing])) or 1.0)
    stance = squat_set.side
    sides = tuple(Side) if stance is None else (stance,)
    legs = find_leg_lines(pose, leg_edges_px, Upright(standing, sign), stance)
    camera = Pinhole.usual(pose.size_px)
    beside = camera.beside_deg(median(midpoint(pose, "hip")[standing, 0]))
    return SquatView(pose, sides, standing, legs, camera, sign, beside_deg=beside)


def joint_middles(view: SquatView) -> Middles | None:
    """Middles of shoulders, hips, knees and ankles; None where one leg squats."""
    if view.single_leg:
        return None
    chains = np.mean([leg.chain for leg in view.legs.values()], axis=0)
    hips, knees, ankles = np.moveaxis(chains, 1, 0)
    leg_px = float(np.mean([leg.leg_px for leg in view.legs.values()]))
    shoulders = midpoint(view.pose, "shoulder")
    return Middles(shoulders, hips, knees, ankles, leg_px)
