"""What a bending of the knees looks like, in numbers that any view gives.

Lengths are in units of the standing leg in the image (mid-hip over lower ankle), so
distance and resolution do not count. Heights in the image hardly depend on the side
that the camera looks from; what depends on it comes with its sign taken from the
direction of the feet, beside a measure of how far the person is turned.
"""

from dataclasses import replace

import numpy as np

from balance.analysis.events.bending import (
    ANKLES,
    GRID_HZ,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
    Bend,
    FloatArray,
    IntArray,
)

# Half the span averaged at the bottom.
AROUND_BOTTOM_S = 0.1
# Standing: hips at this share of their highest, within so long of the repetition.
UPRIGHT_SHARE, BESIDE_S = 0.97, 0.7
# Hips on a chair or bench at the height of the knees: 0.43 to 0.61 of the leg lower.
SEAT_DROP, SEAT_RANGE = 0.52, 0.10
# The mass above the hips lies about half way up to the shoulders.
MASS_ON_TRUNK = 0.55


class Posture:
    """Joints (12, 2) px of one moment in units of ``leg``, and what follows."""

    def __init__(self, joints: FloatArray, leg: float) -> None:
        self.joints = joints / leg

    def mid(self, pair: slice) -> FloatArray:
        """(2,) middle of a pair of joints."""
        return np.asarray(self.joints[pair].mean(axis=0))

    def between(self, upper: slice, lower: slice) -> FloatArray:
        """(2, 2) vector from lower to upper joint of each side."""
        return np.asarray(self.joints[upper] - self.joints[lower])


def standing_rows(bend: Bend) -> IntArray:
    """Return samples of the repetition and beside it at which the person is upright."""
    course = bend.course
    beside = int(BESIDE_S * GRID_HZ)
    first = max(bend.start - beside, 0)
    last = min(bend.end + beside + 1, len(course.height))
    rows = np.arange(first, last)
    upright = rows[course.height[first:last] >= UPRIGHT_SHARE * bend.standing]
    if len(upright) < 3:
        order = np.argsort(course.height[first:last])
        upright = rows[order[-5:]]
    return np.asarray(upright)


def bottom_rows(bend: Bend) -> IntArray:
    """Return samples about the bottom."""
    at = np.abs(bend.course.time_s - bend.bottom_s) <= AROUND_BOTTOM_S
    return np.flatnonzero(at)


def _across(length: float, seen: float) -> float:
    """Return how far a segment of known length leans out of the vertical."""
    return float(np.sqrt(max(length**2 - min(abs(seen), length) ** 2, 0.0)))


def _lifted_flexion(stand: Posture, low: Posture) -> FloatArray:
    """(2,) deg: knee flexion of each leg if thigh and shank lean to the same side.

    Length that a segment lost in the image is depth; hip and ankle lie behind the
    knee. From the side no length is lost and this is the angle in the image.
    """
    out = np.zeros(2)
    for i in range(2):
        vectors = []
        for upper, lower, sign in ((HIPS, KNEES, 1), (KNEES, ANKLES, -1)):
            length = float(np.linalg.norm(stand.between(upper, lower)[i]))
            seen = sign * low.between(upper, lower)[i]
            depth = _across(length, float(np.linalg.norm(seen)))
            vectors.append(np.append(seen, depth))
        cosine = vectors[0] @ vectors[1] / np.prod(np.linalg.norm(vectors, axis=1))
        out[i] = 180 - np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return out


def _plane_flexion(low: Posture) -> FloatArray:
    """(2,) deg: knee flexion of each leg as the frame shows it."""
    thigh, shank = low.between(HIPS, KNEES), -low.between(KNEES, ANKLES)
    lengths = np.linalg.norm(thigh, axis=1) * np.linalg.norm(shank, axis=1)
    cosine = (thigh * shank).sum(axis=1) / np.maximum(lengths, 1e-9)
    return np.asarray(180 - np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def posture_features(bend: Bend, rows: IntArray) -> dict[str, float]:
    """Return what the posture at some samples of a repetition shows."""
    course, leg = bend.course, bend.standing
    stand = Posture(course.joints[standing_rows(bend)].mean(axis=0), leg)
    low = Posture(course.joints[rows].mean(axis=0), leg)
    drop = 1 - float(course.height[rows].mean()) / leg
    return {
        **_view(stand),
        **_depth(drop, stand, low),
        **_balance(stand, low),
        **_sides(stand, low),
    }


def features(bend: Bend) -> dict[str, float]:
    """Return everything measured of one repetition; no value is missing."""
    course, leg = bend.course, bend.standing
    stand = Posture(course.joints[standing_rows(bend)].mean(axis=0), leg)
    low = Posture(course.joints[bottom_rows(bend)].mean(axis=0), leg)
    return {
        **posture_features(bend, bottom_rows(bend)),
        **_feet(bend, stand, low),
        **_timing(bend, stand),
    }


def _view(stand: Posture) -> dict[str, float]:
    foot = (stand.joints[TOES] - stand.joints[HEELS]).mean(axis=0)
    widths = [
        float(np.abs(np.diff(stand.joints[pair, 0])[0])) for pair in (SHOULDERS, HIPS)
    ]
    trunk = float(np.linalg.norm(stand.mid(SHOULDERS) - stand.mid(HIPS)))
    return {
        "turned": float(abs(foot[0])),
        "foot_down": float(foot[1]),
        "shoulder_width": widths[0],
        "hip_width": widths[1],
        "trunk": trunk,
        "thigh_share": float(np.linalg.norm(stand.between(HIPS, KNEES), axis=1).mean()),
    }


def _depth(drop: float, stand: Posture, low: Posture) -> dict[str, float]:
    lifted, plane = _lifted_flexion(stand, low), _plane_flexion(low)
    ratio = {}
    for name, upper, lower in (("thigh", HIPS, KNEES), ("shank", KNEES, ANKLES)):
        upright = -stand.between(upper, lower)[:, 1].mean()
        ratio[name] = -low.between(upper, lower)[:, 1].mean() / max(upright, 1e-6)
    half = np.arccos(np.clip(1 - drop, 0, 1))
    return {
        "drop": drop,
        "not_seat": max(abs(drop - SEAT_DROP) - SEAT_RANGE, 0.0),
        "below_seat": max(drop - SEAT_DROP - SEAT_RANGE, 0.0),
        "half_bend": float(np.degrees(2 * half)),
        "lifted": float(lifted.mean()),
        "lifted_apart": float(abs(lifted[0] - lifted[1])),
        "plane": float(plane.mean()),
        "plane_most": float(plane.max()),
        "thigh_ratio": float(ratio["thigh"]),
        "shank_ratio": float(ratio["shank"]),
    }


def _balance(stand: Posture, low: Posture) -> dict[str, float]:
    """Where the weight is over the feet, from lost heights and from the side."""
    thigh, shank = (
        float(np.linalg.norm(stand.between(upper, lower), axis=1).mean())
        for upper, lower in ((HIPS, KNEES), (KNEES, ANKLES))
    )
    trunk = float(np.linalg.norm(stand.mid(SHOULDERS) - stand.mid(HIPS)))
    seen_thigh = -float(low.between(HIPS, KNEES)[:, 1].mean())
    seen_shank = -float(low.between(KNEES, ANKLES)[:, 1].mean())
    seen_trunk = float((low.mid(HIPS) - low.mid(SHOULDERS))[1])
    hips_back = _across(thigh, max(seen_thigh, 0)) - _across(shank, seen_shank)
    lean = _across(trunk, max(seen_trunk, 0.0))
    foot = (stand.joints[TOES] - stand.joints[HEELS]).mean(axis=0)[0]
    ahead = float(np.tanh(foot / 0.05))  # + : the person faces right in the image
    moved = {
        name: float(
            (low.mid(pair) - low.mid(ANKLES) - stand.mid(pair) + stand.mid(ANKLES))[0]
        )
        for name, pair in (("hips", HIPS), ("shoulders", SHOULDERS), ("knees", KNEES))
    }
    weight = MASS_ON_TRUNK * moved["shoulders"] + (1 - MASS_ON_TRUNK) * moved["hips"]
    return {
        "hips_back": float(hips_back),
        "trunk_ratio": float(seen_trunk / max(trunk, 1e-6)),
        "lean": float(lean),
        "behind": float(hips_back - MASS_ON_TRUNK * lean),
        "hips_ahead": ahead * moved["hips"],
        "knees_ahead": ahead * moved["knees"],
        "weight_ahead": ahead * weight,
        "hips_aside": abs(moved["hips"]),
        "shoulders_aside": abs(moved["shoulders"]),
    }


def _sides(stand: Posture, low: Posture) -> dict[str, float]:
    def apart(posture: Posture, pair: slice, axis: int) -> float:
        return float(abs(posture.joints[pair, axis] @ [1.0, -1.0]))

    legs = np.linalg.norm(low.between(HIPS, ANKLES), axis=1)
    legs = legs / np.linalg.norm(stand.between(HIPS, ANKLES), axis=1)
    thighs = low.between(HIPS, KNEES)[:, 1] - stand.between(HIPS, KNEES)[:, 1]
    shanks = low.between(KNEES, ANKLES)[:, 1] - stand.between(KNEES, ANKLES)[:, 1]
    return {
        "leg_long": float(legs.max()),
        "leg_short": float(legs.min()),
        "thighs_apart": float(abs(thighs[0] - thighs[1])),
        "shanks_apart": float(abs(shanks[0] - shanks[1])),
        "knees_wide": apart(low, KNEES, 0) - apart(low, ANKLES, 0),
        "knees_level": abs(apart(low, KNEES, 1) - apart(stand, KNEES, 1)),
        "stance_wide": apart(low, ANKLES, 0),
        "stance_long": apart(low, ANKLES, 1),
        "pelvis_tilt": apart(low, HIPS, 1),
        "shoulders_tilt": apart(low, SHOULDERS, 1),
    }


def _feet(bend: Bend, stand: Posture, low: Posture) -> dict[str, float]:
    course, leg = bend.course, bend.standing
    span = slice(bend.start, bend.end + 1)
    ankles = course.joints[span, ANKLES] / leg
    away = np.linalg.norm(ankles - np.median(ankles, axis=0), axis=-1)
    travel = np.percentile(away, 95, axis=0)
    sunk = low.mid(HIPS)[1] - stand.mid(HIPS)[1]
    followed = (low.joints[ANKLES] - stand.joints[ANKLES])[:, 1] / max(sunk, 0.02)
    heels = (low.joints[HEELS] - low.joints[TOES])[:, 1]
    heels = (stand.joints[HEELS] - stand.joints[TOES])[:, 1] - heels
    contact = course.contact[span]
    at_low = course.contact[bottom_rows(bend)].mean(axis=0)
    trunk = np.linalg.norm(
        course.joints[span, SHOULDERS].mean(axis=1)
        - course.joints[span, HIPS].mean(axis=1),
        axis=-1,
    )
    width = np.abs(course.joints[span, SHOULDERS, 0] @ np.array([1.0, -1.0])) / leg
    return {
        "step_least": float(travel.min()),
        "step_most": float(travel.max()),
        "followed": float(np.clip(followed, -1.5, 1.5).max()),
        "raised": float(np.ptp(stand.joints[ANKLES, 1])),
        "walked": float(np.linalg.norm(ankles[-1].mean(0) - ankles[0].mean(0))),
        "heel_most": float(heels.max()),
        "heel_least": float(heels.min()),
        "both_down": float(contact.min(axis=1).mean()),
        "none_down": float((1 - contact).prod(axis=1).mean()),
        "one_down_low": float(at_low.max() - at_low.min()),
        "down_low": float(at_low.min()),
        "grown": float(abs(np.log(max(trunk[-1], 1e-3) / max(trunk[0], 1e-3)))),
        "turning": float(np.ptp(width)),
    }


def _timing(bend: Bend, stand: Posture) -> dict[str, float]:
    course, leg = bend.course, bend.standing
    span = slice(bend.start, bend.end + 1)
    height = course.height[span] / leg
    joints = course.joints[span] / leg
    shoulders, hips = joints[:, SHOULDERS].mean(axis=1), joints[:, HIPS].mean(axis=1)
    trunk = float(np.linalg.norm(stand.mid(SHOULDERS) - stand.mid(HIPS)))
    lean = 1 - (hips - shoulders)[:, 1] / max(trunk, 1e-6)
    low = bend.low - bend.start
    depth = 1 - height
    share = depth / max(float(depth[low]), 1e-6)
    speed = np.abs(np.gradient(height)) * GRID_HZ
    rest = share > 0.9
    seconds = len(height) / GRID_HZ
    before, after = share[: low + 1], share[low:]
    down = int(np.argmin(np.abs(before - 0.6)))
    up = low + int(np.argmin(np.abs(after - 0.6)))
    bottom = float(np.median(lean[rest]))
    relative = (shoulders - hips)[rest]
    return {
        "seconds": seconds,
        "log_seconds": float(np.log(seconds)),
        "rest_s": float(rest.sum() / GRID_HZ),
        "rest_share": float(rest.mean()),
        "deep_share": float((share > 0.75).mean()),
        "speed_down": float(speed[: low + 1].max()),
        "speed_up": float(speed[low:].max()),
        "speed_rest": float(np.median(speed[rest]) / max(float(speed.max()), 1e-3)),
        "lean_low": bottom,
        "lean_down": float(lean[down]) - bottom,
        "lean_up": float(lean[up]) - bottom,
        "lean_most": float(lean.max()) - bottom,
        "lean_least_rest": bottom - float(lean[rest].min()),
        "nod_rest": float(np.ptp(relative[:, 1])),
        "sway_rest": float(np.ptp(relative[:, 0])),
        "start_seen": float(bend.start_seen),
        "end_seen": float(bend.end_seen),
    }


def on_one_leg(bend: Bend, side: int) -> Bend:
    """Return the repetition with the free leg's joints laid on those of the other leg.

    ``side`` is the stance leg (0 left, 1 right): what is read of both legs is then
    read of it.
    """
    joints = bend.course.joints.copy()
    for pair in (KNEES, ANKLES, HEELS, TOES):
        joints[:, pair] = joints[:, [pair.start + side]]
    return replace(bend, course=replace(bend.course, joints=joints))
