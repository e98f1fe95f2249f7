"""What trunk, pelvis and heels do at the bottom of a squat."""

import numpy as np

from balance.analysis.body.geometry import midpoint, pelvis_tilt, trunk_lean
from balance.analysis.measures.knee import square_legs
from balance.analysis.measures.squat_view import SquatView, joint_middles
from balance.analysis.signals import median
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, IntArray
from balance.model.results import Measurement

# SD on rendered people, in degrees (see the accuracy table of the README).
TRUNK_SD_DEG, PELVIS_SD_DEG, ADDUCTION_SD_DEG = 0.8, 1.8, 3.0
FORWARD_SD_DEG = 3.5
SHIFT_SD_PCT = 4.0
# The tangent of the forward lean is known by this share.
STEEP_SD_SHARE = 0.2
SIDE_VIEW_DEG = 45.0
# The heel landmark of a foot that stays down moves by so much of a leg (SD).
HEEL_SD_LEG = 0.010
# The landmark of a heel that rises follows it by a share that is known so well (SD).
HEEL_SHARE_SD = 0.35
# Deeper, the thigh points at the camera and its angle to the pelvis is not seen.
MOST_BEND_FOR_ADDUCTION_DEG = 70.0
# Hip flexion over knee flexion in a squat, and forward lean of the trunk over what
# the landmarks say from the front and from the side: rendered people.
HIP_PER_KNEE = 0.87
FORWARD_FRONT_SHARE, FORWARD_SIDE_SHARE = 0.8, 0.9


def measure_trunk(view: SquatView, rows: IntArray) -> dict[str, Measurement | None]:
    """Lean sideways (+ = towards the stance leg, or left) and forward, in degrees."""
    return {
        "trunk_lean_deg": _sideways(view, rows),
        "trunk_lean_forward_deg": _forward(view, rows),
    }


def _trunk(view: SquatView) -> FloatArray:
    """(T, 2) px from the middle of the hips to that of the shoulders."""
    middles = joint_middles(view) if view.is_frontal else None
    hips = middles.hips if middles else midpoint(view.pose, "hip")
    return midpoint(view.pose, "shoulder") - hips


def _forward_px(view: SquatView) -> tuple[FloatArray, FloatArray]:
    """(T,) height of the trunk in the image, and how far it leans out of it."""
    trunk = _trunk(view)
    length = float(np.nanmedian(np.linalg.norm(trunk[view.standing], axis=1)))
    height = -trunk[:, 1]
    return height, np.sqrt(np.maximum(length**2 - height**2, 0.0))


def _sideways(view: SquatView, rows: IntArray) -> Measurement | None:
    if not view.is_frontal:
        return None
    trunk = _trunk(view)
    seen = trunk_lean(trunk, np.zeros_like(trunk), view.facing)
    # Leaning forward, the trunk points away from a camera on the left: undo it.
    forward = np.tan(np.radians(_lean_forward_deg(view)))
    turned = np.degrees(np.arctan(forward * np.sin(np.radians(view.yaw_deg))))
    lean = (seen + (turned - view.roll_deg) * view.facing)[rows]
    if not np.isfinite(lean).any():
        return None
    steep = median(forward[rows])
    by_yaw = steep * view.yaw_sd_deg
    by_steepness = STEEP_SD_SHARE * median(turned[rows])
    sds = (TRUNK_SD_DEG, view.roll_sd_deg, by_yaw, by_steepness)
    value = median(lean)
    if view.single_leg and view.sides[0] is Side.RIGHT:
        value = -value
    return Measurement.with_sd(value, float(np.linalg.norm(sds)), "deg")


def _lean_forward_deg(view: SquatView) -> FloatArray:
    """(T,) forward lean of the trunk, from how much shorter it looks."""
    height, forward = _forward_px(view)
    share = FORWARD_SIDE_SHARE if _from_the_side(view) else FORWARD_FRONT_SHARE
    return np.asarray(share * np.degrees(np.arctan2(forward, height)))


def _forward(view: SquatView, rows: IntArray) -> Measurement | None:
    lean = _lean_forward_deg(view)[rows]
    if not np.isfinite(lean).any():
        return None
    return Measurement.with_sd(median(lean), FORWARD_SD_DEG, "deg")


def _from_the_side(view: SquatView) -> bool:
    return abs(view.yaw_deg) > SIDE_VIEW_DEG


def measure_pelvis(
    view: SquatView, rows: IntArray, bend_deg: float
) -> dict[str, Measurement | None]:
    """Pelvic drop, shift to one side, hip adduction and how far the thighs lean in.

    On one leg the raised thigh drags its hip point up, so drop and adduction are
    None there, and the lean of the thigh alone is left; where the frontal plane is not
    seen, all are None.
    """
    names = [f"hip_adduction_{side}_deg" for side in view.sides]
    thighs = [f"thigh_inwards_{side}_deg" for side in view.sides]
    every = ["pelvic_drop_deg", *names, *thighs]
    out: dict[str, Measurement | None] = dict.fromkeys(every)
    out["pelvic_shift_pct_hip_width"] = _shift(view, rows)
    if not view.is_frontal:
        return out
    if view.single_leg:
        side = view.sides[0]
        out[thighs[0]] = thigh_inwards(view, side, rows, bend_deg)
        return out
    tilt = _tilt(view)
    drop = median(tilt[rows]) - median(tilt[view.standing])
    out["pelvic_drop_deg"] = Measurement.with_sd(drop, PELVIS_SD_DEG, "deg")
    if bend_deg <= MOST_BEND_FOR_ADDUCTION_DEG:
        for side, name in zip(view.sides, names, strict=True):
            out[name] = thigh_inwards(view, side, rows, bend_deg)
    return out


def _tilt(view: SquatView) -> FloatArray:
    left, right = (view.pose.point(side.landmark("hip")) for side in Side)
    return pelvis_tilt(left, right, view.facing)


def thigh_inwards(
    view: SquatView, side: Side, rows: IntArray, bend_deg: float
) -> Measurement | None:
    """Lean of the thigh towards the midline, against a level pelvis: hip adduction.

    The sideways part of the thigh over its part along the pelvis' own upright.

    The pelvis pitches forward as the hip bends, so the upright is that of the
    pelvis, not of the image.
    """
    square = square_legs(view, side)[rows]
    thigh = np.nanmedian(square[:, 1] - square[:, 0], axis=0)
    inward = -view.facing if side is Side.LEFT else view.facing
    sideways = inward * float(thigh[0]) / view.legs[side].thigh_px
    if not np.isfinite(sideways):
        return None
    along = np.cos(np.radians(HIP_PER_KNEE * bend_deg))
    value = float(np.degrees(np.arctan2(sideways, along)))
    roll = view.roll_deg * view.facing
    value -= roll if side is Side.LEFT else -roll
    # A bent knee is in front of the hip, and a turned camera sees that as sideways.
    forward = np.sin(np.radians(HIP_PER_KNEE * bend_deg)) / along
    sd = float(np.hypot(ADDUCTION_SD_DEG, forward * view.yaw_sd_deg / 2))
    return Measurement.with_sd(value, sd, "deg")


def _shift(view: SquatView, rows: IntArray) -> Measurement | None:
    """Hips over the feet, change since standing, + = to the person's left."""
    if not view.is_frontal:
        return None
    hips, feet = midpoint(view.pose, "hip"), midpoint(view.pose, "ankle")
    if view.single_leg:
        feet = view.pose.point(view.sides[0].landmark("ankle"))
    over = (hips - feet)[:, 0] * view.facing
    left, right = (view.pose.point(side.landmark("hip"))[:, 0] for side in Side)
    width = median(np.abs(left - right)[view.standing])
    change = median(over[rows]) - median(over[view.standing])
    # Hips go back by about a quarter of a leg, sideways by the sine of the yaw.
    leg_px = float(np.mean([leg.leg_px for leg in view.legs.values()]))
    back = 0.25 * leg_px * np.radians(view.yaw_deg) * view.facing
    yaw_sd = 0.25 * leg_px * np.radians(view.yaw_sd_deg) / width * 100
    if not np.isfinite(change):
        return None
    sd = float(np.hypot(SHIFT_SD_PCT, yaw_sd))
    return Measurement.with_sd(float((change - back) / width * 100), sd, "%")


def heel_rise_px(view: SquatView, side: Side) -> FloatArray:
    """(T,) how far the heel has risen over where it stood, toes as the ground, px."""
    heel = view.pose.point(side.landmark("heel"))[:, 1]
    toes = view.pose.point(side.landmark("foot_index"))[:, 1]
    rise = toes - heel
    return np.asarray(rise - median(rise[view.standing]))


def _near_leg(view: SquatView) -> tuple[Side, ...]:
    """Return the leg towards the camera in a side view; the far foot is hidden."""
    if not _from_the_side(view):
        return ()
    near = Side.LEFT if view.yaw_deg > 0 else Side.RIGHT
    return (near,) if near in view.sides else ()


def heel_rise_in_noise(view: SquatView, rows: IntArray) -> dict[Side, float]:
    """Rise of the near heel in SDs of its landmark; empty where no side is seen."""
    out: dict[Side, float] = {}
    for side in _near_leg(view):
        rise = median(heel_rise_px(view, side)[rows])
        if np.isfinite(rise):
            out[side] = rise / (HEEL_SD_LEG * view.legs[side].leg_px)
    return out


def measure_heels(
    view: SquatView, rows: IntArray, mm_per_px: Measurement | None
) -> dict[str, Measurement | None]:
    """Heel lift in mm; only the near leg of a side view shows it; mm need a scale."""
    out: dict[str, Measurement | None] = {
        f"heel_lift_{side}_mm": None for side in view.sides
    }
    if mm_per_px is None:
        return out
    for side in _near_leg(view):
        rise = median(heel_rise_px(view, side)[rows])
        if np.isfinite(rise):
            value = max(rise, 0.0) * mm_per_px.value
            noise = HEEL_SD_LEG * view.legs[side].leg_px * mm_per_px.value
            sd = float(np.hypot(noise, HEEL_SHARE_SD * value))
            out[f"heel_lift_{side}_mm"] = Measurement.with_sd(value, sd, "mm")
    return out
