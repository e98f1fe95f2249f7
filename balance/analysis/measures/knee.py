"""What the knees do in a squat: projected and frontal angles, shift, separation."""

from dataclasses import replace

import numpy as np

from balance.analysis.body.geometry import leg_projection_angle
from balance.analysis.body.leg_depth import bend_between, place_leg, seen_square
from balance.analysis.measures.leg_lines import LegLine
from balance.analysis.measures.squat_view import SquatView
from balance.analysis.signals import median
from balance.model.camera import FOCAL_SD_SHARE, Pinhole
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, IntArray
from balance.model.results import Measurement

# MediaPipe's own FPPA on rendered people: mean error -3.3 and SD 4.5 degrees.
RAW_SD_DEG = 5.5
# An angle that is known no better than this (SD) is not given: the thigh points at the
# camera. The knees' distance still says whether they cave in.
MOST_ANGLE_SD_DEG = 8.0
# Cosine of half the bend of people who stand upright, about 7 degrees.
STANDING_COSINE = 0.998
SHANK_LEAN_DEG = 35.0  # of a shank at the bottom of a squat


def measure_knees(view: SquatView, rows: IntArray) -> dict[str, Measurement | None]:
    """Measures of both knees (of the stance knee) over the frames of a bottom.

    ``rows`` holds the indices of the frames.
    """
    out: dict[str, Measurement | None] = {}
    for side in view.sides:
        out |= _angles(view, side, rows)
        out |= _inwards(view, side, rows)
    if not view.single_leg:
        out["knee_ankle_separation_ratio"] = _separation(view, rows)
    return out


def bend(view: SquatView, side: Side) -> FloatArray:
    """(T,) course of the knee's flexion; what it is at the bottom is told better.

    In degrees, too small where the hips go back.
    """
    leg = view.legs[side]
    if view.is_frontal:
        return _bend_by_drop(leg.raw, view.standing)
    place = place_leg(leg.raw, leg.thigh_px, leg.shank_px, view.camera, view.facing)
    return bend_between(place)


def _bend_by_drop(raw: FloatArray, standing: BoolArray) -> FloatArray:
    """(T,) bend from how far the hip sank over an ankle that stays where it is.

    Hip over ankle, in standing heights, is the cosine of half the bend, from every
    height of the camera. The ankle's landmark moves with the bend, the ankle does not.
    """
    ankle_y = median(raw[standing, 2, 1])
    height = ankle_y - raw[:, 0, 1]
    share = height / median(height[standing]) * STANDING_COSINE
    return np.asarray(2 * np.degrees(np.arccos(np.clip(share, -1, 1))))


def projected_angle(view: SquatView, side: Side) -> FloatArray:
    """(T,) FPPA as projected, + = valgus, from outline and corrected landmarks."""
    return leg_projection_angle(view.legs[side].chain, side, view.facing)


def frontal_angle(
    view: SquatView,
    side: Side,
    rows: IntArray,
    yaw_deg: float,
    focal_share: float = 1.0,
) -> FloatArray:
    """FPPA of ``rows`` in the person's frontal plane, the camera taken out."""
    camera = Pinhole(view.camera.focal_px * focal_share, view.camera.centre_px)
    square = seen_square(_placed(view.legs[side], rows, camera, view.facing), yaw_deg)
    return leg_projection_angle(square, side, view.facing)


def _placed(
    leg: LegLine, rows: IntArray | slice, camera: Pinhole, facing: float
) -> FloatArray:
    """(…, 3, 3) px hip, knee and ankle in three dimensions, of some frames."""
    thigh_px, shank_px = leg.longer * leg.thigh_px, leg.longer * leg.shank_px
    return place_leg(leg.chain[rows], thigh_px, shank_px, camera, facing)


def _angles(
    view: SquatView, side: Side, rows: IntArray
) -> dict[str, Measurement | None]:
    leg = view.legs[side]
    raw = leg_projection_angle(leg.raw[rows], side, view.facing)
    names = (f"fppa_{side}_deg", f"fppa_frontal_{side}_deg")
    out: dict[str, Measurement | None] = dict.fromkeys(names)
    out[f"fppa_raw_{side}_deg"] = _measured(raw, RAW_SD_DEG)
    if out_of_sight(view, side, rows):
        return out
    out[names[0]] = projected_knee(view, side, rows)
    out[names[1]] = frontal_knee(view, side, rows)
    return out


def frontal_knee(view: SquatView, side: Side, rows: IntArray) -> Measurement | None:
    """FPPA in the person's own frontal plane over a few frames, with its interval."""
    leg = view.legs[side]
    # Seen square, a thigh that points at the camera is shorter still.
    sd = median(_points_sd(square_legs(view, side, rows), leg.sd_px[rows]))
    yaw, yaw_sd = view.axis_yaw_deg, view.axis_yaw_sd_deg
    here = frontal_angle(view, side, rows, yaw)
    by_yaw = median(frontal_angle(view, side, rows, yaw + 1) - here)
    by_lens = median(frontal_angle(view, side, rows, yaw, 1 + FOCAL_SD_SHARE) - here)
    longer = replace(view, legs={side: replace(leg, longer=leg.longer + leg.longer_sd)})
    by_length = median(frontal_angle(longer, side, rows, yaw) - here)
    parts = (sd, by_yaw * yaw_sd, by_lens, by_length)
    return _measured(here, float(np.linalg.norm(parts)))


def out_of_sight(view: SquatView, side: Side, rows: IntArray) -> bool:
    """Tell whether view or depth hide a knee's frontal angle in these frames.

    Where the thigh points too much at the camera, no angle is left of it.
    """
    sd = median(_angle_sd(view, side, rows))
    return not view.is_frontal or not sd <= MOST_ANGLE_SD_DEG


def projected_knee(view: SquatView, side: Side, rows: IntArray) -> Measurement | None:
    """FPPA as projected over a few frames, with its interval."""
    sd = median(_angle_sd(view, side, rows))
    return _measured(projected_angle(view, side)[rows], sd)


def _angle_sd(view: SquatView, side: Side, rows: IntArray) -> FloatArray:
    """SD of the projected angle from the SDs of its three points."""
    return _points_sd(view.legs[side].chain[rows], view.legs[side].sd_px[rows])


def _points_sd(chain: FloatArray, sd_px: FloatArray) -> FloatArray:
    """(T,) SD of the angle at the knee of (T, 3, 2) points with (T, 3) SDs."""
    thigh, shank = np.linalg.norm(np.diff(chain, axis=1), axis=-1).T
    lever = np.stack([1 / thigh, 1 / thigh + 1 / shank, 1 / shank], axis=1)
    return np.asarray(np.degrees(np.sqrt(np.sum((lever * sd_px) ** 2, axis=1))))


def _measured(values: FloatArray, sd: float) -> Measurement | None:
    if not np.isfinite(values).any() or not np.isfinite(sd):
        return None
    return Measurement.with_sd(median(values), sd, "deg")


def square_legs(
    view: SquatView, side: Side, rows: IntArray | slice = slice(None)
) -> FloatArray:
    """(…, 3, 2) px hip, knee and ankle, perspective and the camera's yaw taken out."""
    leg = view.legs[side]
    place = _placed(leg, rows, view.camera, view.facing)
    ankle = leg.chain[rows, 2, :1] - view.camera.centre_px[0]
    place = place - np.concatenate([ankle, np.zeros((len(ankle), 2))], 1)[:, None]
    square = seen_square(place, view.axis_yaw_deg)
    return np.asarray(square + np.stack([ankle, 0 * ankle], axis=-1))


def knee_beyond_ankle(view: SquatView, side: Side) -> FloatArray:
    """(T,) how far the knee is medial to its own ankle, in % of the leg."""
    leg = view.legs[side]
    square = square_legs(view, side)
    inward = -view.facing if side is Side.LEFT else view.facing
    return np.asarray(inward * (square[:, 1, 0] - square[:, 2, 0]) / leg.leg_px * 100)


def _inwards(
    view: SquatView, side: Side, rows: IntArray
) -> dict[str, Measurement | None]:
    """How far the knee is inside its ankle, and how far it went in since standing."""
    names = (f"knee_inside_ankle_{side}_pct_leg", f"medial_knee_shift_{side}_pct_leg")
    if not view.is_frontal:
        return dict.fromkeys(names)
    medial = knee_beyond_ankle(view, side)
    inside = median(medial[rows])
    if not np.isfinite(inside):
        return dict.fromkeys(names)
    leg = view.legs[side]
    sd_px = median(np.hypot(leg.sd_px[rows, 1], leg.sd_px[rows, 2]))
    # A knee in front of its ankle moves sideways with the camera's yaw.
    forward = np.sin(np.radians(SHANK_LEAN_DEG)) * leg.shank_px
    yaw_px = forward * np.radians(view.yaw_sd_deg)
    sd = float(np.hypot(sd_px, yaw_px) / leg.leg_px * 100)
    shift = inside - median(medial[view.standing])
    return {
        names[0]: Measurement.with_sd(inside, sd, "%"),
        names[1]: Measurement.with_sd(shift, sd, "%"),
    }


def _separation(view: SquatView, rows: IntArray) -> Measurement | None:
    """Distance of the knees over that of the ankles; 1 = shanks upright."""
    if not view.is_frontal:
        return None
    left, right = (square_legs(view, side)[rows] for side in Side)
    apart = np.abs(left - right)[..., 0]
    ratio = median(apart[:, 1] / apart[:, 2])
    if not np.isfinite(ratio):
        return None
    knee_sd, ankle_sd = (
        np.sqrt(sum(median(view.legs[s].sd_px[rows, k]) ** 2 for s in Side))
        for k in (1, 2)
    )
    sd = float(np.hypot(knee_sd, ratio * ankle_sd) / median(apart[:, 2]))
    return Measurement.with_sd(ratio, sd, "ratio")
