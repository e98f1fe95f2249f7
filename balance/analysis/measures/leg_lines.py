"""Where hip, knee and ankle of each leg are in the image, and how well that is known.

The landmarks' own knee is not good enough for a knee angle: in deep squats it strays
by up to 5 % of the leg. Where the outline of the legs was read (see ``leg_outline``),
the knee is the middle of it, and the hips lie on both sides of the middle of the
outline at their height. Ankles are the landmarks with their mean bias taken out.

That holds for a thigh that hangs down. A level cut through a thigh that slopes
sideways is no cut across the knee, and hips that are spread carry their landmarks
with them: the more the thigh slopes, the more the plain landmarks are taken instead
(`_trust`). They alone are taken where no outline was read.
Biases and standard deviations are shares of the leg's length, from rendered people
whose joints are known exactly; how many, and what is left, is in the accuracy table
of the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from balance.analysis.signals import median
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, PoseSequence

# The hip landmarks lie too close together by this factor.
HIPS_WIDER = 1.12
# The outline at the hips is that of something in front of the joints, at the knees of
# something behind them, by so much of the leg: seen from beside, it lies beside them.
HIPS_IN_FRONT, LANDMARKS_IN_FRONT, KNEES_IN_FRONT = 0.056, 0.10, -0.034
# The two middles of the hips, landmarks and outline, differ by less than this share
# of the leg unless an arm is in the way.
ARM_IN_THE_WAY = 0.035
# Sideways bias, + = too far from the midline.
HIP_BIAS, ANKLE_BIAS, OUTLINE_BIAS = -0.015, 0.006, -0.004
# The landmark of a bent knee lies too low, by this share of the way hip-ankle.
KNEE_LOW = 0.02
# A leg nearer the camera looks wider: by so much per share of hip drop; and the hip
# of the stance leg lies nearer its outline than in standing.
WIDER_PER_DROP = 0.5
STANCE_HIP_NEARER = 0.93
# A thigh that slopes sideways by this (tangent) is followed half by outline and half by
# landmarks; the power says how quickly that changes. Chosen on scripted and real squats
# together; from 0.35 to 0.45 and powers from 4 to 8 hardly differ.
HALF_SLOPE, SLOPE_POWER = 0.38, 6
LEAST_HEIGHT = 0.05  # of the leg: a thigh is never taken as flatter
# Landmarks of a spread thigh: the hip's too high, the knee's too low, in shares of the
# leg.
PLAIN_HIP_HIGH, PLAIN_KNEE_LOW = 0.01, 0.01
# Thigh and shank are known from standing by this share (SD).
LONGER_SD = 0.05
# SD of what is left.
HIP_SD, LANDMARK_HIP_SD, ONE_EDGE_HIP_SD = 0.0073, 0.012, 0.0115
KNEE_SD, ONE_EDGE_KNEE_SD = 0.005, 0.0085
ANKLE_SD = 0.0055
PLAIN_HIP_SD, PLAIN_KNEE_SD, PLAIN_ANKLE_SD = 0.010, 0.010, 0.006
HIPS_IN_FRONT_SD, KNEES_IN_FRONT_SD = 0.04, 0.02
PIXEL_SD = 0.25  # px, of any point


@dataclass(frozen=True, eq=False)
class Upright:
    """(T,) True where the person stands upright, and from where they are seen.

    ``facing`` +1 towards the camera; ``yaw_deg`` how far the line of sight is turned,
    + = towards the person's left.
    """

    frames: BoolArray
    facing: float
    yaw_deg: float = 0.0

    @property
    def beside(self) -> float:
        """How far to the image's left something in front of a joint is seen."""
        return self.facing * float(np.sin(np.radians(self.yaw_deg)))


@dataclass(frozen=True, eq=False)
class LegLine:
    """One leg over time.

    ``chain`` (T, 3, 2) px hip, knee, ankle; ``raw`` the same as the landmarks have
    it; ``sd_px`` (T, 3) sideways; ``outlined`` (T,) True where the knee is the
    outline's. ``leg_px``, ``thigh_px``, ``shank_px``: as seen in standing; thigh and
    shank are ``longer`` than that by this factor, see `leg_lengths`.
    """

    chain: FloatArray
    raw: FloatArray
    sd_px: FloatArray
    outlined: BoolArray
    leg_px: float
    thigh_px: float
    shank_px: float
    longer: float = 1.0
    longer_sd: float = LONGER_SD


@dataclass(frozen=True, eq=False)
class _Leg:
    """One leg's landmarks and outline; ``outward`` is ±1 in the image."""

    raw: FloatArray
    outer: FloatArray  # (T, rows)
    inner: FloatArray
    outward: float
    thigh_px: float
    shank_px: float

    @property
    def leg_px(self) -> float:
        return self.thigh_px + self.shank_px

    @property
    def drop(self) -> FloatArray:
        height = self.raw[:, 2, 1] - self.raw[:, 0, 1]
        return np.asarray(np.clip(1 - height / self.leg_px, 0, 1))


def find_leg_lines(
    pose: PoseSequence,
    leg_edges_px: FloatArray | None,
    upright: Upright,
    stance: Side | None = None,
) -> Mapping[Side, LegLine]:
    """Follow both legs, or the stance leg of someone on one leg.

    Parameters
    ----------
    leg_edges_px
        (T, 2, rows, 2) of ``leg_outline``; None where it was not read.
    upright
        When the person stood upright, and from where they are seen.
    """
    legs = {side: _leg(pose, leg_edges_px, side, upright) for side in Side}
    sides = list(Side) if stance is None else [stance]
    share = np.mean([_knee_share(legs[side].raw) for side in sides], axis=0) - KNEE_LOW
    knees = {side: _knee(legs[side], share, upright) for side in sides}
    if stance is None:
        hips = _hips(legs, upright.beside)
        beside = LANDMARKS_IN_FRONT * upright.beside
    else:
        hips = {stance: _stance_hip(legs, stance, upright.frames)}
        beside = 0.0
    return {side: _line(legs[side], hips[side], knees[side], beside) for side in sides}


def _leg(
    pose: PoseSequence, edges: FloatArray | None, side: Side, upright: Upright
) -> _Leg:
    joints = ("hip", "knee", "ankle")
    raw = np.stack([pose.point(side.landmark(joint)) for joint in joints], axis=1)
    outward = upright.facing if side is Side.LEFT else -upright.facing
    if edges is None:
        left = right = np.full((len(pose), 2), np.nan)
    else:
        left, right = np.moveaxis(edges[:, 0 if side is Side.LEFT else 1], -1, 0)
    outer, inner = (right, left) if outward > 0 else (left, right)
    segments = np.linalg.norm(np.diff(raw, axis=1), axis=-1)[upright.frames]
    thigh_px, shank_px = (median(part) for part in segments.T)
    return _Leg(raw, outer, inner, outward, thigh_px, shank_px)


def _knee_share(raw: FloatArray) -> FloatArray:
    """(T,) how far down the way from hip to ankle the knee is in the image."""
    return np.asarray((raw[:, 1, 1] - raw[:, 0, 1]) / (raw[:, 2, 1] - raw[:, 0, 1]))


def _at(edge: FloatArray, share: FloatArray) -> FloatArray:
    """(T,) edge x so far down the leg, between the rows; NaN next to an unknown one."""
    place = np.clip(np.nan_to_num(share), 0, 1) * (edge.shape[1] - 1)
    below = np.minimum(place.astype(int), edge.shape[1] - 2)
    part = place - below
    frames = np.arange(len(edge))
    x = (1 - part) * edge[frames, below] + part * edge[frames, below + 1]
    return np.asarray(np.where(np.isfinite(share), x, np.nan))


def _knee(
    leg: _Leg, share: FloatArray, upright: Upright
) -> tuple[FloatArray, FloatArray]:
    """(T, 2) px middle of the outline at the knee, and its SD in shares of the leg.

    Where the inner edge lies against the other leg, half the width from standing is
    taken off the outer one. NaN where neither is known.
    """
    outer, inner = _at(leg.outer, share), _at(leg.inner, share)
    both = np.isfinite(outer) & np.isfinite(inner)
    wide = np.abs(outer - inner)[both & upright.frames]
    half = median(wide) / 2 if wide.size else np.nan
    one = outer - leg.outward * half * (1 + WIDER_PER_DROP * leg.drop)
    x = np.where(both, (outer + inner) / 2, one)
    x = x - leg.outward * OUTLINE_BIAS * leg.leg_px
    x = x + KNEES_IN_FRONT * upright.beside * leg.leg_px
    height = leg.raw[:, 0, 1] + share * (leg.raw[:, 2, 1] - leg.raw[:, 0, 1])
    sd = np.where(both, KNEE_SD, ONE_EDGE_KNEE_SD)
    sd = np.hypot(sd, KNEES_IN_FRONT_SD * upright.beside)
    return np.stack([x, height], axis=1), sd


def _hips(
    legs: Mapping[Side, _Leg], beside: float
) -> Mapping[Side, tuple[FloatArray, FloatArray]]:
    """(T,) px hip x of both legs, and its SD in shares of the leg."""
    left, right = legs[Side.LEFT], legs[Side.RIGHT]
    leg_px = (left.leg_px + right.leg_px) / 2
    middle = (left.outer[:, 0] + right.outer[:, 0]) / 2
    middle = middle + HIPS_IN_FRONT * beside * leg_px
    landmarks = (left.raw[:, 0, 0] + right.raw[:, 0, 0]) / 2
    landmarks = landmarks + LANDMARKS_IN_FRONT * beside * leg_px
    apart = np.abs(middle - landmarks) / leg_px
    known = np.isfinite(middle) & (apart < ARM_IN_THE_WAY)
    half = HIPS_WIDER * np.abs(left.raw[:, 0, 0] - right.raw[:, 0, 0]) / 2
    out = {}
    for side in Side:
        leg = legs[side]
        x = np.where(known, middle, landmarks) + leg.outward * half
        sd = np.where(known, HIP_SD, LANDMARK_HIP_SD)
        out[side] = x, np.hypot(sd, HIPS_IN_FRONT_SD * beside)
    return out


def _stance_hip(
    legs: Mapping[Side, _Leg], stance: Side, standing: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """(T,) px hip x of the stance leg, and its SD in shares of the leg.

    The raised thigh drags the hip landmarks with it; the outline on the other side
    does not move with it. How far inside the outline the hip lies is taken from
    standing on two legs.
    """
    leg = legs[stance]
    left, right = legs[Side.LEFT], legs[Side.RIGHT]
    middle = (left.outer[:, 0] + right.outer[:, 0]) / 2
    half = HIPS_WIDER * np.abs(left.raw[:, 0, 0] - right.raw[:, 0, 0]) / 2
    inside = leg.outward * (leg.outer[:, 0] - middle) - half
    depth = inside[standing][np.isfinite(inside[standing])]
    plain = leg.raw[:, 0, 0] - leg.outward * HIP_BIAS * leg.leg_px
    if not depth.size:
        return plain, np.full(len(plain), LANDMARK_HIP_SD)
    x = leg.outer[:, 0] - leg.outward * STANCE_HIP_NEARER * median(depth)
    known = np.isfinite(x)
    sd = np.where(known, ONE_EDGE_HIP_SD, LANDMARK_HIP_SD)
    return np.where(known, x, plain), sd


def _trust(leg: _Leg) -> FloatArray:
    """(T,) share of the outline in what is taken: 1 hanging thigh, 0 spread thigh."""
    thigh = leg.raw[:, 1] - leg.raw[:, 0]
    height = np.maximum(np.abs(thigh[:, 1]), LEAST_HEIGHT * leg.leg_px)
    slope = np.abs(thigh[:, 0]) / height
    return np.asarray(1 / (1 + (slope / HALF_SLOPE) ** SLOPE_POWER))


def _line(
    leg: _Leg,
    hip: tuple[FloatArray, FloatArray],
    knee: tuple[FloatArray, FloatArray],
    hip_beside: float,
) -> LegLine:
    """Combine outline and landmarks of a leg.

    ``hip_beside`` is how far the hip's landmark is seen beside the joint, in legs.
    """
    outlined = np.asarray(np.isfinite(knee[0]).all(axis=1))
    plain, traced = leg.raw.copy(), leg.raw.copy()
    plain[outlined, 0, 0] += hip_beside * leg.leg_px
    plain[outlined, 0, 1] += PLAIN_HIP_HIGH * leg.leg_px
    plain[outlined, 1, 1] -= PLAIN_KNEE_LOW * leg.leg_px
    traced[:, 0, 0] = hip[0]
    traced[:, 1] = knee[0]
    plain[outlined, 2, 0] -= leg.outward * ANKLE_BIAS * leg.leg_px
    traced[:, 2, 0] = plain[:, 2, 0]
    trust = np.where(outlined, _trust(leg), 0.0)
    share = trust[:, None, None]
    chain = np.where(share > 0, share * traced + (1 - share) * plain, plain)
    parts_px = leg.leg_px, leg.thigh_px, leg.shank_px
    sd_px = _sd_px(leg, hip[1], knee[1], trust, (traced - plain)[..., 0])
    return LegLine(chain, leg.raw, sd_px, outlined, *parts_px)


def _sd_px(
    leg: _Leg,
    hip_sd: FloatArray,
    knee_sd: FloatArray,
    trust: FloatArray,
    apart_px: FloatArray,
) -> FloatArray:
    """(T, 3) SD of the points: that of either source, and of which of them is right."""
    ankle = np.full(len(trust), ANKLE_SD)
    traced = np.stack([hip_sd, knee_sd, ankle], axis=1)
    plain = np.array([PLAIN_HIP_SD, PLAIN_KNEE_SD, PLAIN_ANKLE_SD])
    share = trust[:, None]
    inside = np.where(share > 0, share * traced**2, 0.0) + (1 - share) * plain**2
    between = np.where(share > 0, share * (1 - share) * apart_px**2, 0.0)
    return np.asarray(np.sqrt(inside * leg.leg_px**2 + between + PIXEL_SD**2))
