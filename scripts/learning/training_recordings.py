"""Videos of marker motion by virtual cameras, people and recording varied: for learning.

A motion file holds ``time_s`` (T,), ``{left,right}_{hip,knee,ankle,…}`` (T, 3) m with Y
up, ``contact_{left,right}`` (T,) and ``truth`` (JSON).
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Joints = dict[str, FloatArray]

RATE_HZ = 30.0
SIDES = ("left", "right")
LIMBS = {
    "shoulder": (11, 12),
    "elbow": (13, 14),
    "wrist": (15, 16),
    "hip": (23, 24),
    "knee": (25, 26),
    "ankle": (27, 28),
    "heel": (29, 30),
    "toe": (31, 32),
}
CENTRE_PX = np.array([360.0, 640.0])
# The noise below is stated for a leg of so many pixels.
LEG_PX = 240.0


@dataclass(frozen=True, eq=False)
class Motion:
    """Joints (T, 3) m, contact (T, 2) of both feet, moments of squat bottoms."""

    time_s: FloatArray
    joints: Joints
    contact: FloatArray
    person: str
    activity: str
    bottoms_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Camera:
    """Where the camera stands and how wrong the pose model is (px at ``LEG_PX``)."""

    yaw_deg: float
    height_m: float
    distance_m: float
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    focal_px: float = 900.0
    white_px: float = 1.5
    slow_px: float = 2.0
    hips_closer_px: float = 3.0
    # Share of the leg by which each joint is off at 90 degrees of knee flexion.
    bent_share: float = field(default=0.02)


def load_motion(path: Path) -> Motion:
    """Read a motion file, at 30 Hz."""
    with np.load(path, allow_pickle=False) as data:
        time, truth = data["time_s"].astype(float), json.loads(str(data["truth"]))
        at = np.arange(time[0], time[-1], 1 / RATE_HZ)
        joints = {
            f"{side}_{limb}": _resampled(at, time, data[f"{side}_{limb}"])
            for side in SIDES
            for limb in LIMBS
        }
        contact = np.ones((len(at), 2))
        if "contact_left" in data.files:
            rows = np.stack([data[f"contact_{side}"] for side in SIDES], axis=1)
            contact = _resampled(at, time, rows)
    bottoms = tuple(truth["bottoms_s"] or ())
    person = _person(path.stem, truth)
    return Motion(at - at[0], joints, contact, person, truth["activity"], bottoms)


def _resampled(at: FloatArray, time: FloatArray, values: FloatArray) -> FloatArray:
    columns = values.reshape(len(values), -1).astype(float).T
    return np.stack([np.interp(at, time, one) for one in columns], axis=-1)


def _person(stem: str, truth: dict[str, Any]) -> str:
    """Name the person to leave out; the older files and OpenCap's share some."""
    for key in ("e1", "s4"):
        if stem.startswith(f"{key}_") or f"opencap_{key}" in stem:
            return f"opencap_{key}"
    if stem.startswith("s_"):
        return "opencap_s4"
    return str(truth.get("person", stem.split("_")[0]))


def knee_flexion(joints: Joints) -> FloatArray:
    """(T,) deg, mean of both legs."""
    out = []
    for side in SIDES:
        knee = joints[f"{side}_knee"]
        thigh, shank = joints[f"{side}_hip"] - knee, joints[f"{side}_ankle"] - knee
        lengths = np.linalg.norm(thigh, axis=-1) * np.linalg.norm(shank, axis=-1)
        cosine = (thigh * shank).sum(axis=-1) / lengths
        out.append(180 - np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    return np.asarray(np.mean(out, axis=0))


def varied(motion: Motion, rng: np.random.Generator) -> Motion:
    """Return the motion of a different build, quicker or slower, or mirrored."""
    shank, thigh, trunk = 1 + rng.normal(0, 0.05, 3)
    old = motion.joints
    middle = (old["left_hip"] + old["right_hip"]) / 2
    new, joints = np.zeros_like(middle), dict(old)
    for side in SIDES:
        ankle, knee, hip = (old[f"{side}_{one}"] for one in ("ankle", "knee", "hip"))
        joints[f"{side}_knee"] = ankle + shank * (knee - ankle)
        new += (joints[f"{side}_knee"] + thigh * (hip - knee) - (hip - middle)) / 2
    for side in SIDES:
        joints[f"{side}_hip"] = new + old[f"{side}_hip"] - middle
        for limb in ("shoulder", "elbow", "wrist"):
            joints[f"{side}_{limb}"] = new + trunk * (old[f"{side}_{limb}"] - middle)
    contact = motion.contact
    if rng.random() < 0.5:
        other = {"left": "right", "right": "left"}
        joints = {
            f"{other[name.split('_')[0]]}_{name.split('_')[1]}": value * [-1, 1, 1]
            for name, value in joints.items()
        }
        contact = contact[:, ::-1]
    slower = float(np.exp(rng.normal(0, 0.3)))
    return replace(
        motion,
        time_s=motion.time_s * slower,
        joints=joints,
        contact=contact,
        bottoms_s=tuple(one * slower for one in motion.bottoms_s),
    )


def held(motion: Motion, rng: np.random.Generator) -> Motion:
    """Return the same squats with a pause at the bottom, hardly moving."""
    seconds, time = rng.uniform(0.2, 2.5), motion.time_s
    stops = {int(np.argmin(np.abs(time - one))) for one in motion.bottoms_s}
    parts = []
    for row in range(len(time)):
        parts.append([float(row)])
        if row in stops:
            count = int(seconds * rng.uniform(0.7, 1.3) * RATE_HZ)
            swing = np.sin(np.linspace(0, np.pi * rng.integers(1, 4), count))
            drifted = row + rng.uniform(0, 3) * swing
            parts.append(np.clip(drifted, 0, len(time) - 1).tolist())
    at, rows = np.concatenate(parts), np.arange(len(time), dtype=float)
    spun = np.arange(len(at)) / RATE_HZ
    return replace(
        motion,
        time_s=spun,
        joints={name: _resampled(at, rows, one) for name, one in motion.joints.items()},
        contact=_resampled(at, rows, motion.contact),
        bottoms_s=tuple(float(spun[np.abs(at - row) < 0.5].mean()) for row in stops),
    )


def random_camera(rng: np.random.Generator, *, all_round: bool) -> Camera:
    """Mostly from the front half, up to square from the side; now and then behind."""
    yaw = rng.uniform(-60, 60)
    if rng.random() < 0.2:
        yaw = rng.choice([-1, 1]) * rng.uniform(60, 95)
    if all_round and rng.random() < 0.3:
        yaw = rng.uniform(-180, 180)
    return Camera(
        yaw_deg=float(yaw),
        height_m=rng.uniform(0.5, 1.6),
        distance_m=rng.uniform(2.3, 6.0),
        pitch_deg=rng.normal(0, 4),
        roll_deg=rng.normal(0, 2),
        focal_px=rng.uniform(750, 1200),
        white_px=rng.uniform(0.5, 2.5),
        slow_px=rng.uniform(1, 4),
        hips_closer_px=rng.uniform(0, 6),
        bent_share=abs(rng.normal(0, 0.03)),
    )


def record(motion: Motion, camera: Camera, rng: np.random.Generator) -> FloatArray:
    """(T, 33, 2) px: landmarks as a pose model would give them; no face."""
    seen = _projected(motion.joints, camera)
    xy = np.zeros((len(motion.time_s), 33, 2))
    for limb, rows in LIMBS.items():
        for side, row in zip(SIDES, rows, strict=True):
            xy[:, row] = seen[f"{side}_{limb}"]
    bend = knee_flexion(motion.joints)
    return _as_estimated(xy, bend, camera, rng)


def _projected(joints: Joints, camera: Camera) -> Joints:
    feet = np.median((joints["left_ankle"] + joints["right_ankle"]) / 2, axis=0)
    lowest = min(np.percentile(joints[f"{side}_heel"][:, 1], 2) for side in SIDES)
    bend, up = knee_flexion(joints), np.array([0, 1.0, 0])
    upright = bend < np.percentile(bend, 10) + 3
    hips = joints["left_hip"] - joints["right_hip"]
    across = np.median(hips[upright], axis=0) * [1, 0, 1]
    across /= np.linalg.norm(across)
    yaw, pitch, roll = np.radians([camera.yaw_deg, camera.pitch_deg, camera.roll_deg])
    away = np.cross(across, up) * np.cos(yaw) + across * np.sin(yaw)
    height = lowest - 0.02 + camera.height_m
    place = np.array([feet[0], height, feet[2]]) + camera.distance_m * away
    axes = np.stack([np.cross(-away, up), -up, -away])
    tilt = [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)]]
    tilt.append([0, np.sin(pitch), np.cos(pitch)])
    turn = [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0]]
    turn.append([0, 0, 1])
    axes = np.array(turn) @ np.array(tilt) @ axes
    out = {}
    for name, point in joints.items():
        ray = (point - place) @ axes.T
        depth = np.maximum(ray[:, 2:], 0.3)
        out[name] = camera.focal_px * ray[:, :2] / depth + CENTRE_PX
    return out


def _as_estimated(
    xy: FloatArray, bend: FloatArray, camera: Camera, rng: np.random.Generator
) -> FloatArray:
    """Landmarks with a pose model's errors: white, slow, growing with the bend."""
    leg = float(np.median(np.abs((xy[:, 27:29] - xy[:, 23:25])[..., 1].mean(axis=1))))
    scale = leg / LEG_PX
    hips = xy[:, 24] - xy[:, 23]
    width = np.linalg.norm(hips, axis=-1, keepdims=True)
    closer = camera.hips_closer_px / 2 * scale * min(1, float(np.median(width)) / 40)
    xy[:, 23] += hips / (width + 1e-6) * closer
    xy[:, 24] -= hips / (width + 1e-6) * closer
    share = (bend / 90)[:, None] * camera.bent_share * leg
    for left, right in ((11, 12), (23, 24), (25, 26), (27, 28)):
        both = rng.normal(0, 0.6, 2)
        for row in (left, right):
            xy[:, row] += share * (both + rng.normal(0, 0.6, 2))
    xy += rng.normal(0, camera.white_px * scale, xy.shape)
    count = max(len(xy) // 60, 4) + 2
    knots = rng.normal(0, camera.slow_px * scale, (count, 33, 2))
    at = np.linspace(0, count - 1.001, len(xy))
    before, part = at.astype(int), (at % 1)[:, None, None]
    return xy + knots[before] * (1 - part) + knots[before + 1] * part


def doubted(contact: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(T, 2) chances as a recogniser gives them: soft, and now and then wrong."""
    kernel = np.exp(-0.5 * (np.arange(-6, 7) / rng.uniform(1, 2.5)) ** 2)
    kernel /= kernel.sum()
    soft = np.stack(
        [
            np.convolve(np.pad(one, 6, mode="edge"), kernel, "valid")
            for one in contact.T
        ],
        axis=-1,
    )
    soft = 0.5 + (soft - 0.5) * (2 * rng.uniform(0.85, 0.99) - 1)
    for foot in range(2):
        if rng.random() < 0.15:
            first, count = rng.integers(0, len(soft)), rng.integers(5, 30)
            soft[first : first + count, foot] = rng.uniform(0.3, 0.8)
    return np.asarray(np.clip(soft, 0.01, 0.99))
