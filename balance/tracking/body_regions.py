"""Where on the frame of a body to look for the motion of the pelvis, feet, camera.

Standing on one leg, the body turns about the ankle of a foot that stays where it is,
and the stance thigh carries the pelvis: the sideways motion of anything from the
stance knee to the waist grows in proportion to its height, so that this region moves
as one rigid piece. Above the waist the trunk goes its own way, and the raised thigh
moves the cloth on its side: both stay out.
"""

import numpy as np

from balance.model.landmarks import LANDMARK_COUNT, Landmark, Side
from balance.model.recording import BoolArray, FloatArray

# All in thigh lengths (hip to knee in the image).
ABOVE_HIPS = 0.35  # up to the waist
DOWN_THIGH = 0.9  # not the knee itself, where cloth creases
# Half the breadth of a hip and of a knee with the outline and a rim of background:
# the outline is what plain clothes are followed by.
HALF_HIP = 0.41
HALF_KNEE = 0.26
HALF_KNEE_INSIDE = 0.20
# How far down from the shoulders to the toes the hip joints lie: rendered people 0.350,
# SD 1.4 % of the leg, as by height of shoulder and hip over the floor (Drillis &
# Contini 1966: 0.818 and 0.530 of the body's, so 0.352). The hip landmarks themselves
# lie up to 5 % of the leg too high or too low, and what turns about the ankle is then
# read as so much too large or too small.
HIP_BELOW_SHOULDERS = 0.35
# What is followed is nearer to the camera than the hip joints by so many thigh lengths
# (54 mm), and so moves more in the image: the cloth on a body's front by about twice
# that, its outline not at all. Mean of 22 rendered stands, whose sway was 1.8 % too
# large.
SURFACE_NEARER = 0.13
# A foot's region reaches this far round the line from ankle to toes.
HALF_FOOT = 0.16


def stance_region(points: FloatArray, stance: Side | None) -> FloatArray:
    """Outline (M, 2) px of the stance thigh and pelvis; both thighs for None.

    ``points`` (33, 2) px are the landmarks of one moment.
    """
    hips = (points[Landmark.LEFT_HIP], points[Landmark.RIGHT_HIP])
    if stance is None:
        return _two_legs(points)
    hip, other = hips if stance is Side.LEFT else hips[::-1]
    thigh = points[stance.landmark("knee")] - hip
    length = float(np.linalg.norm(thigh))
    # Towards the outside of the stance leg, along the frame's rows.
    out = np.array([1.0 if hip[0] >= other[0] else -1.0, 0.0]) * length
    up = np.array([0.0, -length])
    middle, low = (hip + other) / 2, hip + DOWN_THIGH * thigh
    half_width = abs(hip[0] - other[0]) / 2 / length
    waist, swing_side = middle + ABOVE_HIPS * up, half_width + HALF_HIP * 0.9
    return np.array(
        [
            low + HALF_KNEE * out,
            hip + HALF_HIP * out,
            waist + (half_width + HALF_HIP) * out,
            waist - swing_side * out,
            # Below the waist the raised thigh begins.
            middle + 0.6 * ABOVE_HIPS * up - swing_side * out,
            middle,
            low - HALF_KNEE_INSIDE * out,
        ]
    )


def _two_legs(points: FloatArray) -> FloatArray:
    left, right = points[Landmark.LEFT_HIP], points[Landmark.RIGHT_HIP]
    if left[0] < right[0]:
        left, right = right, left
        knees = points[Landmark.RIGHT_KNEE], points[Landmark.LEFT_KNEE]
    else:
        knees = points[Landmark.LEFT_KNEE], points[Landmark.RIGHT_KNEE]
    length = thigh_length(points, None)
    out, up = np.array([length, 0.0]), np.array([0.0, -length])
    low_left = left + DOWN_THIGH * (knees[0] - left)
    low_right = right + DOWN_THIGH * (knees[1] - right)
    return np.array(
        [
            low_left + HALF_KNEE * out,
            left + HALF_HIP * out,
            left + HALF_HIP * out + ABOVE_HIPS * up,
            right - HALF_HIP * out + ABOVE_HIPS * up,
            right - HALF_HIP * out,
            low_right - HALF_KNEE * out,
        ]
    )


def hip_centre(points: FloatArray, stance: Side | None) -> FloatArray:
    """(2,) px middle of the hip joints.

    Across it lies where their landmarks say, up and down where the body's build does.
    ``points`` (33, 2) px. On one leg the toes of the stance leg tell where the floor
    is, on two legs (None) both do.
    """
    sides = [stance] if stance is not None else list(Side)
    toes = points[[side.landmark("foot_index") for side in sides]].mean(axis=0)
    hips = points[[side.landmark("hip") for side in Side]].mean(axis=0)
    shoulders = points[[side.landmark("shoulder") for side in Side]].mean(axis=0)
    height = shoulders + HIP_BELOW_SHOULDERS * (toes - shoulders)
    return np.array([hips[0], height[1]])


def thigh_length(points: FloatArray, stance: Side | None) -> float:
    """Hip to knee in px: of the stance leg, or the mean of both."""
    sides = [stance] if stance is not None else list(Side)
    lengths = [
        np.linalg.norm(points[side.landmark("knee")] - points[side.landmark("hip")])
        for side in sides
    ]
    return float(np.mean(lengths))


def foot_region(points: FloatArray, side: Side) -> FloatArray:
    """Outline (4, 2) px round the forefoot.

    The heel leaves the floor before the toes and comes after them; the foot is on
    the floor as long as the toes are.
    """
    reach = HALF_FOOT * thigh_length(points, None)
    ankle, toes = points[[side.landmark("ankle"), side.landmark("foot_index")]]
    ends = np.array([(ankle + toes) / 2, toes])
    low, high = ends.min(axis=0) - reach, ends.max(axis=0) + reach
    # Above the instep begins the trouser leg.
    low[1] = max(low[1], min(ankle[1], ends[0, 1]))
    x, y = np.array([low, high]).T
    return np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])


def body_box(xy_px: FloatArray, margin: float = 0.3) -> FloatArray:
    """Corners ((x, y), (x, y)) of all that the body covers over time, with a rim.

    ``xy_px`` (T, 33, 2); ``margin`` in thigh lengths of the median body. NaN where
    nobody was seen.
    """
    points = xy_px.reshape(-1, LANDMARK_COUNT, 2)
    seen = points[np.isfinite(points).all(axis=(1, 2))]
    if not len(seen):
        return np.full((2, 2), np.nan)
    rim = margin * thigh_length(np.median(seen, axis=0), None)
    return np.array([seen.min(axis=(0, 1)) - rim, seen.max(axis=(0, 1)) + rim])


def inside(outline: FloatArray, shape: tuple[int, int]) -> BoolArray:
    """(H, W) True for the pixels whose place lies inside an outline.

    Even-odd rule: a ray to the right crosses the outline an odd number of times.
    """
    row, column = np.mgrid[: shape[0], : shape[1]]
    crossed = np.zeros(shape, bool)
    for (ax, ay), (bx, by) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if ay == by:
            continue
        spans = (row >= min(ay, by)) & (row < max(ay, by))
        crossed ^= spans & (column < ax + (row - ay) * (bx - ax) / (by - ay))
    return crossed
