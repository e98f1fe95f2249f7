"""Changed copies of recorded marker motion, in the format of the motion folder.

People are made to do what nobody was recorded doing: stand still, shift their weight,
squat less deep, quicker or slower, and with knees inwards. Feet stay where they were;
knees are solved anew so that thighs and shanks keep their lengths. Joints are in
metres, Y up.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SIDES = ("left", "right")
UP = np.array([0.0, 1.0, 0.0])
RATE_HZ = 60.0
# Sway of a person who stands still: RMS at the hips, and its slowest and fastest part.
SWAY_M, SWAY_HZ = 0.006, (0.1, 0.8)
# Knees turn about the line from hip to ankle by no more than this.
MOST_TURN_DEG = 100.0
# From this knee flexion on the wished knee angle comes in.
BEND_FROM_DEG = 20.0


@dataclass(frozen=True, eq=False)
class Motion:
    """Joints (T, 3) m by name at ``time_s``, contact (T,) by side, truth."""

    time_s: Array
    joints: dict[str, Array]
    contact: dict[str, Array]
    truth: dict[str, Any]


def read_motion(path: Path) -> Motion:
    """Read one file of the motion folder."""
    with np.load(path, allow_pickle=False) as data:
        truth = json.loads(str(data["truth"]))
        others = ("time_s", "truth", "contact_left", "contact_right")
        joints = {k: data[k].astype(float) for k in data.files if k not in others}
        contact = {side: data[f"contact_{side}"].astype(float) for side in SIDES}
        time_s = data["time_s"].astype(float)
    return Motion(time_s - time_s[0], joints, contact, truth)


def write_motion(motion: Motion, path: Path) -> None:
    """Write a motion as the files of the motion folder are."""
    np.savez_compressed(
        path,
        time_s=motion.time_s.astype(np.float32),
        truth=np.array(json.dumps(motion.truth)),
        contact_left=motion.contact["left"] > 0.5,
        contact_right=motion.contact["right"] > 0.5,
        **{k: v.astype(np.float32) for k, v in motion.joints.items()},
    )


def still(motion: Motion, seconds: float, rng: np.random.Generator) -> Motion:
    """Hold the most upright moment with a little sway; both feet on the floor."""
    upright = int(np.argmin(flexion(motion, "left") + flexion(motion, "right")))
    time_s = np.arange(0, seconds, 1 / RATE_HZ)
    sway = np.stack([slow_noise(time_s, rng), 0 * time_s, slow_noise(time_s, rng)], 1)
    joints = {
        name: np.repeat(places[upright : upright + 1], len(time_s), axis=0)
        for name, places in motion.joints.items()
    }
    held = Motion(
        time_s,
        joints,
        {side: np.ones(len(time_s)) for side in SIDES},
        told(motion.truth, "stands still on both feet"),
    )
    return moved(held, SWAY_M * sway)


def shifting(motion: Motion, seconds: float, rng: np.random.Generator) -> Motion:
    """Stand on both feet and carry the weight from one to the other and back."""
    held = still(motion, seconds, rng)
    across = unit(np.median(held.joints["left_hip"] - held.joints["right_hip"], axis=0))
    apart = np.abs((held.joints["left_ankle"] - held.joints["right_ankle"])[0] @ across)
    course = 0.35 * apart * np.sin(2 * np.pi * held.time_s / (0.55 * seconds))
    truth = told(held.truth, "stands on both feet, shifts the weight from side to side")
    return replace(moved(held, course[:, None] * across), truth=truth)


def moved(motion: Motion, by_m: Array) -> Motion:
    """Move all above the ankles by (T, 3) m and bend the knees to suit."""
    joints = {
        name: places if name.endswith(("ankle", "heel", "toe")) else places + by_m
        for name, places in motion.joints.items()
    }
    return with_knees(replace(motion, joints=joints), motion)


def shallower(motion: Motion, share: float) -> Motion:
    """Go only a share of the way down from the most upright moment."""
    upright = int(np.argmin(flexion(motion, "left") + flexion(motion, "right")))
    joints = {
        name: places
        if name.endswith(("ankle", "heel", "toe"))
        else places[upright] + share * (places - places[upright])
        for name, places in motion.joints.items()
    }
    return with_knees(replace(motion, joints=joints), motion)


def quicker(motion: Motion, speed: float) -> Motion:
    """Do the same in 1 / speed of the time."""
    truth = dict(motion.truth)
    truth["bottoms_s"] = [t / speed for t in truth.get("bottoms_s") or []]
    truth["stands"] = []
    return replace(motion, time_s=motion.time_s / speed, truth=truth)


def with_valgus(motion: Motion, wished_deg: dict[str, float]) -> Motion:
    """Lead the knees inwards: frontal-plane angles at the deepest bend."""
    joints = dict(motion.joints)
    across = unit(
        np.median(joints["left_hip"] - joints["right_hip"], axis=0) * [1, 0, 1]
    )
    for side, wish_deg in wished_deg.items():
        bend = flexion(motion, side)
        share = np.clip((bend - BEND_FROM_DEG) / (bend.max() - BEND_FROM_DEG), 0, 1)
        joints[f"{side}_knee"] = np.array(
            [
                knee_inwards(*leg, across if side == "left" else -across, wish_deg, s)
                for *leg, s in zip(*leg_of(motion, side), share, strict=True)
            ]
        )
    activity = f"{motion.truth['activity']}, knees led inwards by hand"
    return replace(motion, joints=joints, truth={**motion.truth, "activity": activity})


def knee_inwards(  # noqa: PLR0913
    hip: Array,
    knee: Array,
    ankle: Array,
    outwards: Array,
    wish_deg: float,
    share: float,
) -> Array:
    """Turn a knee about the line from hip to ankle towards a frontal-plane angle."""
    axis = unit(ankle - hip)
    along = hip + ((knee - hip) @ axis) * axis
    ahead = knee - along
    inwards = np.cross(axis, ahead)
    inwards = inwards if inwards @ outwards < 0 else -inwards

    def at(turn_deg: float) -> Array:
        turn = np.radians(turn_deg)
        return along + np.cos(turn) * ahead + np.sin(turn) * inwards

    natural_deg = frontal_deg(hip, knee, ankle, outwards)
    goal_deg = natural_deg + share * (wish_deg - natural_deg)
    low, high = -20.0, MOST_TURN_DEG
    for _ in range(30):
        middle = (low + high) / 2
        if frontal_deg(hip, at(middle), ankle, outwards) < goal_deg:
            low = middle
        else:
            high = middle
    return at((low + high) / 2)


def frontal_deg(hip: Array, knee: Array, ankle: Array, outwards: Array) -> float:
    """Angle of thigh and shank in the frontal plane; + = knee inwards."""
    thigh, shank = knee - hip, ankle - knee
    (tx, ty), (sx, sy) = ((part @ outwards, part @ UP) for part in (thigh, shank))
    return float(np.degrees(np.arctan2(tx * sy - ty * sx, tx * sx + ty * sy)))


def with_knees(changed: Motion, before: Motion) -> Motion:
    """Bend the knees for hips that were moved; lengths and direction as before."""
    joints = dict(changed.joints)
    for side in SIDES:
        hip, knee, ankle = leg_of(before, side)
        thigh = float(np.median(np.linalg.norm(knee - hip, axis=1)))
        shank = float(np.median(np.linalg.norm(ankle - knee, axis=1)))
        new_hip, guess, _ = leg_of(changed, side)
        reach = ankle - new_hip
        length = np.linalg.norm(reach, axis=1, keepdims=True)
        axis = reach / length
        length = np.minimum(length, 0.999 * (thigh + shank))
        along = (thigh**2 - shank**2 + length**2) / (2 * length)
        out = np.sqrt(np.maximum(thigh**2 - along**2, 0))
        pole = guess - new_hip
        pole = unit(pole - (pole * axis).sum(1, keepdims=True) * axis)
        joints[f"{side}_knee"] = new_hip + along * axis + out * pole
    return replace(changed, joints=joints)


def leg_of(motion: Motion, side: str) -> tuple[Array, Array, Array]:
    """Hip, knee and ankle of one side."""
    hip, knee, ankle = (motion.joints[f"{side}_{j}"] for j in ("hip", "knee", "ankle"))
    return hip, knee, ankle


def flexion(motion: Motion, side: str) -> Array:
    """(T,) knee flexion in degrees."""
    hip, knee, ankle = leg_of(motion, side)
    cosine = (unit(knee - hip) * unit(ankle - knee)).sum(1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def slow_noise(time_s: Array, rng: np.random.Generator) -> Array:
    """(T,) noise of unit RMS out of a few slow waves."""
    waves = rng.uniform(*SWAY_HZ, 6)
    phases = rng.uniform(0, 2 * np.pi, 6)
    course = np.sin(2 * np.pi * waves * time_s[:, None] + phases).sum(1)
    return np.asarray((course - course.mean()) / course.std())


def told(truth: dict[str, Any], activity: str) -> dict[str, Any]:
    """Truth of somebody who stays on both feet."""
    nothing = {"stands": [], "bottoms_s": [], "squat_kind": None}
    return {**truth, **nothing, "activity": activity}


def unit(vector: Array) -> Array:
    """Scale to length one."""
    return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True))
