"""A stick figure that squats in front of a pinhole camera: every answer is known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from balance.model.landmarks import LANDMARK_COUNT, Landmark, Side
from balance.model.recording import PoseSequence

THIGH_M, SHANK_M, TRUNK_M = 0.42, 0.42, 0.5


@dataclass(frozen=True)
class Figure:
    """How it moves and from where it is seen; x to its left, y backwards, z up."""

    rate_hz: float = 15.0
    turn_left_deg: float = 0.0  # of the leg's plane about the hip-ankle line, + = in
    turn_right_deg: float = 0.0
    shank_share: float = 0.4  # of the knee's bend; the thigh leans back by the rest
    trunk_pitch_share: float = 0.45
    yaw_deg: float = 0.0  # the camera's, + = towards the figure's left
    roll_deg: float = 0.0
    distance_m: float = 3.0
    camera_height_m: float = 1.0
    focal_px: float = 530.0
    raised: Side | None = None
    noise_px: float = 0.0

    def pose(self, duration_s: float, bend: Callable[[float], float]) -> PoseSequence:
        """Landmarks of somebody whose knees bend by ``bend(time)`` degrees."""
        time = np.arange(0, duration_s, 1 / self.rate_hz)
        xyz = np.stack([self.body(bend(t)) for t in time])
        xy = self.project(xyz)
        noise = np.random.default_rng(1).normal(0, 1, xy.shape) * self.noise_px
        return PoseSequence(time, xy + noise, np.ones(xy.shape[:2]), (640, 480), "fig")

    def body(self, bend_deg: float) -> np.ndarray:
        """(33, 3) m."""
        at = np.full((LANDMARK_COUNT, 3), np.nan)
        for side, sign in ((Side.LEFT, 1), (Side.RIGHT, -1)):
            self._leg(at, side, sign, bend_deg)
        hips = (at[Landmark.LEFT_HIP] + at[Landmark.RIGHT_HIP]) / 2
        pitch = np.radians(self.trunk_pitch_share * bend_deg)
        neck = hips + TRUNK_M * np.array([0, -np.sin(pitch), np.cos(pitch)])
        at[: Landmark.LEFT_HIP] = neck
        at[Landmark.LEFT_SHOULDER] = neck + np.array([0.18, 0, 0])
        at[Landmark.RIGHT_SHOULDER] = neck - np.array([0.18, 0, 0])
        return at

    def _leg(self, at: np.ndarray, side: Side, sign: int, bend_deg: float) -> None:
        bend = np.radians(bend_deg)
        lean, back = self.shank_share * bend, (1 - self.shank_share) * bend
        ankle = np.array([0.1 * sign, 0, 0.08])
        knee = ankle + SHANK_M * np.array([0, -np.sin(lean), np.cos(lean)])
        hip = knee + THIGH_M * np.array([0, np.sin(back), np.cos(back)])
        turn = self.turn_left_deg if side is Side.LEFT else self.turn_right_deg
        knee = _turned(knee, ankle, hip, np.radians(turn) * sign)
        if side is self.raised:
            knee = hip + THIGH_M * np.array([0, -np.sin(1.0), -np.cos(1.0)])
            ankle = knee - np.array([0, 0, SHANK_M])
        at[side.landmark("hip")], at[side.landmark("knee")] = hip, knee
        at[side.landmark("ankle")] = ankle
        at[side.landmark("heel")] = ankle + np.array([0, 0.05, -0.06])
        at[side.landmark("foot_index")] = ankle + np.array([0, -0.15, -0.07])

    def project(self, xyz: np.ndarray) -> np.ndarray:
        """(…, 3) m to (…, 2) px."""
        yaw, roll = np.radians(self.yaw_deg), np.radians(self.roll_deg)
        towards = np.array([np.sin(yaw), -np.cos(yaw), 0])
        right = np.array([np.cos(yaw), np.sin(yaw), 0])
        depth = self.distance_m - xyz @ towards
        x = self.focal_px * (xyz @ right) / depth
        y = self.focal_px * (self.camera_height_m - xyz[..., 2]) / depth
        c, s = np.cos(roll), np.sin(roll)
        return np.stack([320 + c * x - s * y, 240 + s * x + c * y], axis=-1)


def _turned(
    point: np.ndarray, ankle: np.ndarray, hip: np.ndarray, angle: float
) -> np.ndarray:
    axis = (hip - ankle) / np.linalg.norm(hip - ankle)
    arm = point - ankle
    along = axis * (arm @ axis)
    across = arm - along
    turned = across * np.cos(angle) + np.cross(across, axis) * np.sin(angle)
    return ankle + along + turned


def squats(
    count: int, depth_deg: float = 80.0, seconds: float = 3.0, pause_s: float = 0.5
) -> Callable[[float], float]:
    """Bends that start 1 s into the clip; bottoms at 1 + seconds / 2 and so on."""

    def bend(time: float) -> float:
        phase = (time - 1.0) % (seconds + pause_s)
        index = int((time - 1.0) // (seconds + pause_s))
        if time < 1.0 or index >= count or phase > seconds:
            return 3.0
        return 3.0 + (depth_deg - 3.0) * np.sin(np.pi * phase / seconds) ** 2

    return bend
