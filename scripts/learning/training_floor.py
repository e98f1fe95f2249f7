"""Scripted ways down to the floor and up again: burpees, kneeling, lying down.

None of them is a squat, though hips sink and knees bend as in one.
"""

import numpy as np
from training_movements import (
    RATE_HZ,
    SIDES,
    UP,
    Build,
    FloatArray,
    Joints,
    axes,
    knee_between,
    segment_lengths,
    trunk_length,
)
from training_recordings import Motion

# Hips and ankles ahead of and above the ankles of standing in legs, lean of the trunk in
# degrees; each with how far people differ.
POSTURES = {
    "stand": ((0.0, 0.99), (0.0, 0.0), 3.0),
    "crouch": ((-0.12, 0.35), (0.0, 0.0), 65.0),
    "plank": ((-0.55, 0.35), (-1.45, 0.0), 82.0),
    "kneel": ((-0.05, 0.45), (-0.45, 0.0), 8.0),
    "heels": ((-0.35, 0.20), (-0.45, 0.0), 25.0),
    "prone": ((-0.55, 0.08), (-1.50, 0.0), 90.0),
}
SPREAD, LEAN_SPREAD_DEG = 0.05, 10.0
WAYS = (
    ("crouch", "plank", "crouch", "stand"),
    ("crouch", "plank", "prone", "plank", "crouch", "stand"),
    ("kneel", "stand"),
    ("kneel", "heels", "kneel", "stand"),
    ("crouch", "kneel", "prone", "kneel", "crouch", "stand"),
)


def on_the_floor(build: Build, rng: np.random.Generator) -> Motion:
    """One to four times down to the floor and up, each person in one way."""
    thigh, shank = segment_lengths(build.joints)
    course = _course(WAYS[int(rng.integers(len(WAYS)))], rng)
    across, front = axes(build.joints)
    middle = (build.joints["left_ankle"] + build.joints["right_ankle"]) / 2
    leg = (thigh + shank) * (1 - 0.02 * rng.random())

    def at(ahead: FloatArray, above: FloatArray) -> FloatArray:
        return np.asarray(middle + leg * (front * ahead[:, None] + UP * above[:, None]))

    hips, ankles = at(course[:, 0], course[:, 1]), at(course[:, 2], course[:, 3])
    lean = np.radians(course[:, 4:])
    chest = hips + trunk_length(build.joints) * (
        UP * np.cos(lean) + front * np.sin(lean)
    )
    wide, joints = leg * rng.uniform(0.2, 0.5), {}
    for side, sign in zip(SIDES, (1, -1), strict=True):
        aside = across * sign
        hip, ankle = hips + aside * 0.1 * leg, ankles + aside * wide / 2
        shoulder = chest + aside * 0.2 * leg
        joints |= _side(side, hip, ankle, shoulder, (thigh, shank), front)
    time = np.arange(len(course)) / RATE_HZ
    return Motion(time, joints, np.ones((len(time), 2)), build.person, "floor", ())


def _course(way: tuple[str, ...], rng: np.random.Generator) -> FloatArray:
    """(T, 5) hips ahead and above, ankles ahead and above, lean over time."""
    own = {
        name: np.array([*hips, *ankles, lean])
        + rng.normal(0, 1, 5) * [SPREAD, SPREAD, SPREAD, 0, LEAN_SPREAD_DEG]
        for name, (hips, ankles, lean) in POSTURES.items()
    }
    own["stand"] = np.array([*POSTURES["stand"][0], 0, 0, rng.uniform(-3, 8)])
    speed, now = np.exp(rng.normal(0, 0.35)), own["stand"]
    parts = [np.tile(now, (int(RATE_HZ * rng.uniform(0.3, 1.5)), 1))]
    for name in way * int(rng.integers(1, 5)):
        count = max(int(RATE_HZ * speed * rng.uniform(0.4, 1.0)), 4)
        share = (1 - np.cos(np.linspace(0, np.pi, count)))[:, None] / 2
        parts.append(now + share * (own[name] - now))
        now = own[name]
        parts.append(np.tile(now, (int(RATE_HZ * rng.uniform(0.0, 0.6)), 1)))
    return np.concatenate(parts)


def _side(
    side: str,
    hip: FloatArray,
    ankle: FloatArray,
    shoulder: FloatArray,
    lengths: tuple[float, float],
    front: FloatArray,
) -> Joints:
    foot = front * 0.15 - UP * 0.07
    return {
        f"{side}_hip": hip,
        f"{side}_knee": knee_between(hip, ankle, lengths, front),
        f"{side}_ankle": ankle,
        f"{side}_heel": ankle - front * 0.05 - UP * 0.06,
        f"{side}_toe": ankle + foot,
        f"{side}_shoulder": shoulder,
        f"{side}_elbow": shoulder + front * 0.1 - UP * 0.2,
        f"{side}_wrist": shoulder + front * 0.2 - UP * 0.4,
    }
