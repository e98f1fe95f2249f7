"""A stick person that stands, rises, shifts and hops before a pinhole camera.

x to the person's left, y backwards, z up, metres; every answer is known by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from balance.model.landmarks import LANDMARK_COUNT, Landmark, Side
from balance.model.recording import PoseSequence

Motion = Callable[[float], float]
THIGH_M, SHANK_M, ANKLE_M, TRUNK_M = 0.42, 0.43, 0.07, 0.5
# Ankle to ball and to heel along the foot; the heel turns about the ball.
BALL_M, HEEL_M, TOE_M = 0.13, 0.06, 0.19
SIGN = {Side.LEFT: 1.0, Side.RIGHT: -1.0}


def still(_: float) -> float:
    return 0.0


@dataclass(frozen=True)
class Standing:
    """Where the feet are (sideways, forward) m, and what moves over time.

    ``heel_deg`` heel up by an angle about the ball, ``shift_m`` pelvis to the left,
    ``lift_m`` a foot off the floor, ``jump_m`` the whole body, ``spread_deg`` the
    free leg's abduction, ``hands_off_m`` wrists away from the hip bones.
    """

    feet: dict[Side, tuple[float, float]] = field(
        default_factory=lambda: {Side.LEFT: (0.1, 0.0), Side.RIGHT: (-0.1, 0.0)}
    )
    heel_deg: dict[Side, Motion] = field(default_factory=dict)
    lift_m: dict[Side, Motion] = field(default_factory=dict)
    hands_off_m: dict[Side, Motion] = field(default_factory=dict)
    spread_deg: dict[Side, Motion] = field(default_factory=dict)
    bend_deg: Motion = still
    shift_m: Motion = still
    jump_m: Motion = still
    slide_m: dict[Side, Motion] = field(default_factory=dict)
    rate_hz: float = 15.0
    distance_m: float = 3.0
    camera_height_m: float = 1.0
    focal_px: float = 530.0
    yaw_deg: float = 0.0
    noise_px: float = 0.3

    def pose(self, duration_s: float) -> PoseSequence:
        time = np.arange(0, duration_s, 1 / self.rate_hz)
        xy = self.project(np.stack([self.body(t) for t in time]))
        noise = np.random.default_rng(7).normal(0, 1, xy.shape) * self.noise_px
        return PoseSequence(time, xy + noise, np.ones(xy.shape[:2]), (640, 480), "fig")

    def body(self, t: float) -> np.ndarray:
        at = np.zeros((LANDMARK_COUNT, 3))
        ankles = {side: self._foot(at, side, t) for side in Side}
        middle = np.mean(list(ankles.values()), axis=0)
        reach = (THIGH_M + SHANK_M) * np.cos(np.radians(self.bend_deg(t)) / 2)
        apart = abs(ankles[Side.LEFT][0] - ankles[Side.RIGHT][0]) / 2
        standing = min(ankles[side][2] for side in Side)
        top = max(ankles[s][2] for s in Side if not self._is_free(s, t))
        height = max(standing, top) + np.sqrt(reach**2 - max(apart - 0.09, 0) ** 2)
        pelvis = np.array([middle[0] + self.shift_m(t), middle[1], height])
        for side in Side:
            self._leg(at, side, t, pelvis, ankles[side])
            self._arm(at, side, t, pelvis)
        neck = pelvis + np.array([0, 0, TRUNK_M])
        at[: Landmark.LEFT_SHOULDER] = neck + np.array([0, -0.05, 0.2])
        return at

    def _is_free(self, side: Side, t: float) -> bool:
        return self.lift_m.get(side, still)(t) > 0

    def _foot(self, at: np.ndarray, side: Side, t: float) -> np.ndarray:
        x, forward = self.feet[side]
        x += self.slide_m.get(side, still)(t)
        up = self.lift_m.get(side, still)(t) + self.jump_m(t)
        turn = np.radians(self.heel_deg.get(side, still)(t))
        ball = np.array([x, -forward - BALL_M, 0.02 + up])
        for name, back, high in (
            ("ankle", BALL_M, ANKLE_M),
            ("heel", BALL_M + HEEL_M, 0.0),
        ):
            y = back * np.cos(turn) - high * np.sin(turn)
            z = back * np.sin(turn) + high * np.cos(turn)
            at[side.landmark(name)] = ball + np.array([0, y, z])
        at[side.landmark("foot_index")] = ball + np.array([0, BALL_M - TOE_M, 0])
        return at[side.landmark("ankle")]

    def _leg(self, at, side, t, pelvis, ankle) -> None:
        hip = pelvis + np.array([0.09 * SIGN[side], 0, 0])
        spread = np.radians(self.spread_deg.get(side, still)(t))
        if spread:
            out = np.array([SIGN[side] * np.sin(spread), 0, -np.cos(spread)])
            knee = hip + THIGH_M * out
            shift = knee + SHANK_M * out - at[side.landmark("ankle")]
            for joint in ("ankle", "heel", "foot_index"):
                at[side.landmark(joint)] += shift
        else:
            span = np.linalg.norm(ankle - hip)
            half = np.sqrt(max(0.425**2 - (span / 2) ** 2, 0))
            knee = (hip + ankle) / 2 + [0, -half, 0]
        at[side.landmark("hip")], at[side.landmark("knee")] = hip, knee

    def _arm(self, at, side, t, pelvis) -> None:
        sign = SIGN[side]
        shoulder = pelvis + np.array([0.18 * sign, 0, TRUNK_M])
        off = self.hands_off_m.get(side, still)(t)
        wrist = pelvis + np.array([(0.14 + off) * sign, -0.02, 0.1])
        at[side.landmark("shoulder")] = shoulder
        at[side.landmark("elbow")] = (shoulder + wrist) / 2 + [0.12 * sign, 0, 0]
        for joint in ("wrist", "index", "pinky", "thumb"):
            at[side.landmark(joint)] = wrist

    def project(self, xyz: np.ndarray) -> np.ndarray:
        yaw = np.radians(self.yaw_deg)
        x = np.cos(yaw) * xyz[..., 0] + np.sin(yaw) * xyz[..., 1]
        y = -np.sin(yaw) * xyz[..., 0] + np.cos(yaw) * xyz[..., 1]
        depth = self.distance_m + y
        u = 320 + self.focal_px * x / depth
        v = 240 - self.focal_px * (xyz[..., 2] - self.camera_height_m) / depth
        return np.stack([u, v], axis=-1)
