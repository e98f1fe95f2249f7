"""Scripted movements on the builds and feet of recorded people, for learning.

People squat, sit down, lunge, bend over and jump in more ways than the few recorded
ones did. A squat keeps the weight over the feet, whatever its style; sitting puts it
behind them; bending over hardly bends the knees.
"""

from dataclasses import dataclass

import numpy as np
from training_recordings import RATE_HZ, SIDES, FloatArray, Joints, Motion, knee_flexion

UP = np.array([0, 1.0, 0])
SIGN = {"left": 1.0, "right": -1.0}
KINDS = ("squat", "sit", "lunge", "hinge", "jump")
SHARES = (0.30, 0.25, 0.12, 0.22, 0.11)
# How far the hips sink, in legs, and how long people stay down.
DEPTHS = {
    "squat": (0.12, 0.78),
    "sit": (0.42, 0.60),
    "lunge": (0.20, 0.50),
    "hinge": (0.02, 0.28),
    "jump": (0.05, 0.40),
}
RESTS_S = {
    "squat": (0.0, 0.0, 0.1, 0.4, 1.5),
    "sit": (0.05, 0.3, 1.0, 2.5),
    "lunge": (0.0, 0.3, 1.0),
    "hinge": (0.0, 0.3, 1.0),
    "jump": (0.0,),
}
# Shank tilt as a share of the angle that the hip height asks of a leg.
TILTS = {"squat": (0.35, 0.75), "sit": (0.1, 0.45), "hinge": (-0.2, 0.3)}
LEGS_MASS, TRUNK_MASS, TRUNK_CENTRE = 0.35, 0.65, 0.55


@dataclass(frozen=True, eq=False)
class Build:
    """A person standing: joints (3,) m, who it is."""

    person: str
    joints: Joints


def builds(motions: list[Motion]) -> list[Build]:
    """Return the most upright moment of each person who stands on both feet."""
    out: dict[str, Build] = {}
    for motion in motions:
        both = motion.contact.min(axis=1) > 0.9
        bend = np.where(both, knee_flexion(motion.joints), 999.0)
        row = int(np.argmin(bend))
        if bend[row] < 20 and motion.person not in out:
            standing = {name: one[row] for name, one in motion.joints.items()}
            out[motion.person] = Build(motion.person, standing)
    return [out[name] for name in sorted(out)]


@dataclass(frozen=True, eq=False)
class _Script:
    """Course of depth (0 to 1 of ``depth``, in m) and the rows of each bottom."""

    share: FloatArray
    bottoms: list[tuple[int, int, int]]
    depth: float


def scripted(kind: str, build: Build, rng: np.random.Generator) -> Motion:
    """One to six repetitions of a kind in a style of their own."""
    thigh, shank = segment_lengths(build.joints) * np.exp(rng.normal(0, 0.04, 2))
    script = _script(kind, thigh + shank, rng)
    feet = _feet(kind, build.joints, thigh + shank, rng)
    height, ahead = _hips(kind, script, feet, (thigh, shank), rng)
    lean = _lean(kind, script, (ahead, height), build, rng)
    if kind == "sit":
        ahead = ahead - script.share * (thigh + shank) * rng.uniform(0, 0.05)
    lift, contact = np.zeros(len(height)), np.ones((len(height), 2))
    if kind == "jump":
        height, lift, contact = _jumps(script, height, thigh + shank, rng)
    across, front = axes(build.joints)
    wander = _wander(len(height), rng)
    aside = script.share * feet.aside + wander[:, 0]
    hips = feet.middle + UP * (height + lift + wander[:, 1] / 2)[:, None]
    hips = hips + front * (ahead + wander[:, 2])[:, None] + across * aside[:, None]
    joints = _legs(hips, (lift, script.share), feet, build.joints, (thigh, shank))
    joints |= _upper_body(hips, lean, build.joints, rng)
    bottoms = tuple((first + last) / 2 / RATE_HZ for first, last, _ in script.bottoms)
    time = np.arange(len(height)) / RATE_HZ
    return Motion(time, joints, contact, build.person, kind, bottoms)


def segment_lengths(joints: Joints) -> FloatArray:
    """(2,) m: thigh and shank, mean of both legs."""
    pairs = (("hip", "knee"), ("knee", "ankle"))
    return np.array(
        [
            np.mean(
                [np.linalg.norm(joints[f"{s}_{a}"] - joints[f"{s}_{b}"]) for s in SIDES]
            )
            for a, b in pairs
        ]
    )


def axes(joints: Joints) -> tuple[FloatArray, FloatArray]:
    """Return the directions to the left hip and ahead, level."""
    across = (joints["left_hip"] - joints["right_hip"]) * [1, 0, 1]
    across = across / np.linalg.norm(across)
    return across, np.cross(across, UP)


def _script(kind: str, leg: float, rng: np.random.Generator) -> _Script:
    speed, rest = np.exp(rng.normal(0, 0.35)), rng.choice(RESTS_S[kind])
    down, up = (0.35, 0.3) if kind == "jump" else (1.1, 1.0)
    top = 0.3 if kind == "jump" else rng.uniform(0.05, 1.2)

    def rows(seconds: float, spread: float) -> int:
        return int(RATE_HZ * seconds * np.exp(rng.normal(0, spread)))

    parts = [np.zeros(int(RATE_HZ * rng.uniform(0.1, 1.5)))]
    bottoms, at = [], len(parts[0])
    for _ in range(int(rng.integers(1, 7))):
        most = 1 + rng.normal(0, 0.04)
        fall, stay = max(rows(down * speed, 0.1), 3), rows(rest, 0.3)
        rise, stand = max(rows(up * speed, 0.1), 3), rows(top, 0.3)
        fallen = most * (1 - np.cos(np.linspace(0, np.pi, fall))) / 2
        risen = most * (1 + np.cos(np.linspace(0, np.pi, rise))) / 2
        parts += [fallen, most * np.ones(stay), risen, np.zeros(stand)]
        bottoms.append((at + fall, at + fall + stay, at + fall + stay + rise))
        at += fall + stay + rise + stand
    kernel = np.exp(-0.5 * (np.arange(-4, 5) / 1.7) ** 2)
    padded = np.pad(np.concatenate(parts), 4, mode="edge")
    share = np.convolve(padded, kernel / kernel.sum(), "valid")
    return _Script(share, bottoms, float(rng.uniform(*DEPTHS[kind]) * leg))


@dataclass(frozen=True, eq=False)
class _Feet:
    """Ankles (3,) m, the way each foot and knee points, how the hips go aside (m)."""

    middle: FloatArray
    ankle: dict[str, FloatArray]
    foot: dict[str, FloatArray]
    knee: dict[str, FloatArray]
    apart: float
    rear: str | None
    rear_rise: float
    aside: float


def _feet(kind: str, joints: Joints, leg: float, rng: np.random.Generator) -> _Feet:
    across, front = axes(joints)
    middle = (joints["left_ankle"] + joints["right_ankle"]) / 2
    wide = leg * rng.uniform(0.25, 0.75 if kind in ("squat", "hinge") else 0.5)
    turned = np.radians(rng.uniform(0, 40 if kind == "squat" else 20))
    along, aside, rear = 0.0, leg * rng.normal(0, 0.02), None
    if kind == "lunge" and rng.random() < 0.7:
        along, wide, turned = (
            leg * rng.uniform(0.5, 1.1),
            leg * rng.uniform(0.05, 0.3),
            0.0,
        )
        rear = str(rng.choice(SIDES))
    elif kind == "lunge":
        wide = leg * rng.uniform(0.7, 1.2)
        aside = wide / 2 * rng.uniform(0.5, 0.95) * rng.choice([-1, 1])
    follow, ankle, foot, knee = rng.uniform(0.5, 1.1), {}, {}, {}
    for side in SIDES:
        ahead = along / 2 * (-1 if side == rear else 1)
        out = SIGN[side] * across
        ankle[side] = middle + out * wide / 2 + front * ahead
        foot[side] = front * np.cos(turned) + out * np.sin(turned)
        bent = turned * follow
        knee[side] = front * np.cos(bent) + out * np.sin(bent)
    apart = float(np.hypot(along, wide if kind == "lunge" else 0.0))
    rise = float(rng.uniform(0.03, 0.12))
    return _Feet(middle, ankle, foot, knee, apart, rear, rise, float(aside))


def _hips(
    kind: str,
    script: _Script,
    feet: _Feet,
    lengths: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """(T,) m: hip height over the ankles and how far ahead of them."""
    thigh, shank = lengths
    leg = thigh + shank
    standing = np.sqrt(max(leg**2 - feet.apart**2 / 4, 0.3 * leg**2))
    height = standing * rng.uniform(0.98, 0.998) - script.depth * script.share
    if kind == "lunge":
        return height, script.share * leg * rng.normal(0, 0.06)
    if kind == "hinge":
        return height, -script.share * leg * rng.uniform(0.1, 0.35)
    bend = np.arccos(np.clip(height / leg, 0.05, 1))
    tilt = bend * rng.uniform(*TILTS.get(kind, TILTS["squat"]))
    rise = height - shank * np.cos(tilt)
    back = np.sqrt(np.maximum(thigh**2 - rise**2, 0))
    return height, shank * np.sin(tilt) - back


def _lean(
    kind: str,
    script: _Script,
    hips: tuple[FloatArray, FloatArray],
    build: Build,
    rng: np.random.Generator,
) -> FloatArray:
    """(T,) rad: forward lean of the trunk that the movement asks for."""
    share, (ahead, height) = script.share, hips
    idle = np.radians(rng.uniform(-4, 8))
    if kind == "hinge":
        # The trunk goes down before the hips or after them.
        return idle + share ** rng.uniform(0.3, 1.5) * np.radians(rng.uniform(50, 100))
    if kind == "lunge":
        return np.radians(rng.uniform(-3, 25)) * (0.3 + 0.7 * share)
    if kind == "jump":
        return np.radians(rng.uniform(5, 40)) * share
    leg, trunk = float(height.max()), trunk_length(build.joints)
    # The weight lies over the middle of the feet, or some centimetres behind it.
    over = leg * (0.12 + rng.uniform(-0.12, 0.0))
    knees = 0.25 * leg * share
    legs = LEGS_MASS * (0.5 * ahead + 0.3 * knees)
    pelvis = TRUNK_MASS * (1 - TRUNK_CENTRE) * ahead
    shoulders = (over - legs - pelvis) / (TRUNK_MASS * TRUNK_CENTRE)
    needed = np.arcsin(np.clip((shoulders - ahead) / trunk, -0.2, 0.97))
    weight = np.clip(share / 0.25, 0, 1)
    lean = idle * (1 - weight) + needed * weight
    if kind == "squat":
        return np.asarray(lean + share * np.radians(rng.normal(0, 4)))
    seated = _seated(script, rng)
    lean = lean + np.radians(rng.uniform(-3, 15)) * weight
    upright = np.radians(rng.uniform(-8, 32))
    return np.asarray(lean * (1 - seated) + upright * seated)


def _seated(script: _Script, rng: np.random.Generator) -> FloatArray:
    """(T,) share of the weight that a seat carries; some only touch it."""
    count = max(int(0.35 * RATE_HZ), 2)
    on_seat = np.zeros(len(script.share))
    for first, last, _ in script.bottoms:
        if last - first > 2 * count or rng.random() < 0.6:
            on_seat[max(first - count // 2, 0) : last + count // 3] = 1
    for _ in range(2):
        padded = np.pad(on_seat, count, mode="edge")
        on_seat = np.convolve(padded, np.ones(count) / count, "same")[count:-count]
    return on_seat


def trunk_length(joints: Joints) -> float:
    """Return the distance of mid-shoulders from mid-hips in m."""
    chest, hips = (
        np.mean([joints[f"{side}_{limb}"] for side in SIDES], axis=0)
        for limb in ("shoulder", "hip")
    )
    return float(np.linalg.norm(chest - hips))


def _jumps(
    script: _Script, height: FloatArray, leg: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Hip height with landings, lift off the floor (m), contact."""
    height, lift = height.copy(), np.zeros(len(height))
    contact = np.ones((len(height), 2))
    for _, _, end in script.bottoms:
        flight_s = rng.uniform(0.15, 0.5)
        land, soft = end + int(flight_s * RATE_HZ), int(0.25 * RATE_HZ)
        rows = np.arange(end, min(land, len(height)))
        since = (rows - end) / RATE_HZ
        lift[rows] += 9.81 / 2 * since * (flight_s - since)
        contact[rows] = 0
        rows = np.arange(land, min(land + 2 * soft, len(height)))
        dip = np.sin(np.linspace(0, np.pi, 2 * soft))[: len(rows)]
        height[rows] -= dip * rng.uniform(0.05, 0.3) * leg
    return np.maximum(height, 0.35 * leg), lift, contact


def _wander(count: int, rng: np.random.Generator) -> FloatArray:
    knots = np.arange(0, count + 30, 15)
    return np.stack(
        [
            np.interp(np.arange(count), knots, rng.normal(0, 0.006, len(knots)))
            for _ in range(3)
        ],
        axis=-1,
    )


def _legs(
    hips: FloatArray,
    rising: tuple[FloatArray, FloatArray],
    feet: _Feet,
    joints: Joints,
    lengths: tuple[float, float],
) -> Joints:
    middle = (joints["left_hip"] + joints["right_hip"]) / 2
    (lift, share), out = rising, {}
    for side in SIDES:
        rise = lift.copy()
        if side == feet.rear:
            rise += (0.25 + 0.75 * share) * feet.rear_rise
        ankle = feet.ankle[side] + UP * rise[:, None]
        hip = hips + joints[f"{side}_hip"] - middle
        out[f"{side}_hip"], out[f"{side}_ankle"] = hip, ankle
        out[f"{side}_knee"] = knee_between(hip, ankle, lengths, feet.knee[side])
        out[f"{side}_heel"] = ankle - feet.foot[side] * 0.05 - UP * 0.06
        toe = ankle + feet.foot[side] * 0.15 - UP * (0.07 + rise - lift)[:, None]
        out[f"{side}_toe"] = toe
    return out


def knee_between(
    hip: FloatArray, ankle: FloatArray, lengths: tuple[float, float], way: FloatArray
) -> FloatArray:
    """(T, 3) m: where thigh and shank meet on the side that ``way`` points to."""
    thigh, shank = lengths
    line = ankle - hip
    whole = np.linalg.norm(line, axis=-1, keepdims=True)
    line = line / whole
    whole = np.minimum(whole, 0.9995 * (thigh + shank))
    along = (thigh**2 - shank**2 + whole**2) / (2 * whole)
    off = np.sqrt(np.maximum(thigh**2 - along**2, 0))
    side = way - (way * line).sum(axis=-1, keepdims=True) * line
    side = side / np.linalg.norm(side, axis=-1, keepdims=True)
    return np.asarray(hip + along * line + off * side)


def _upper_body(
    hips: FloatArray, lean: FloatArray, joints: Joints, rng: np.random.Generator
) -> Joints:
    _, front = axes(joints)
    trunk = trunk_length(joints) * np.exp(rng.normal(0, 0.05))
    chest = hips + UP * (trunk * np.cos(lean))[:, None]
    chest = chest + front * (trunk * np.sin(lean))[:, None]
    middle = (joints["left_shoulder"] + joints["right_shoulder"]) / 2
    out = {}
    for side in SIDES:
        shoulder = chest + joints[f"{side}_shoulder"] - middle
        out[f"{side}_shoulder"] = shoulder
        out[f"{side}_elbow"] = shoulder + front * 0.25 - UP * 0.1
        out[f"{side}_wrist"] = shoulder + front * 0.45
    return out
