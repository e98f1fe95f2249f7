"""What raters of single-leg squats look at beside the angles: arms, knee over toes."""

import numpy as np

from balance.analysis.body.camera_yaw import FOOT_PER_LEG
from balance.analysis.body.hands import hand_place
from balance.analysis.body.leg_depth import seen_square
from balance.analysis.events.repetitions import SquatRepetition, SquatSet
from balance.analysis.measures.knee import square_legs
from balance.analysis.measures.squat_view import SquatView
from balance.analysis.signals import median
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, IntArray
from balance.model.results import Measurement

# Hands that stay on the hips move so much in the image as the trunk bends, and the
# toe landmark strays so far from the tip of the big toe: SD on rendered people.
ARM_SD_PCT, TOE_SD_PCT = 4.0, 1.2
# The toes are so much of the foot's length before the ankle.
TOES_AHEAD = 0.72


def arm_movement(
    view: SquatView, repetition: SquatRepetition, squat_set: SquatSet
) -> Measurement | None:
    """Return how far a hand left its place, in % of the trunk, the farther one.

    Its place is where it was between the repetitions of the set.
    """
    time = view.pose.time_s
    during = (time >= repetition.start_s) & (time <= repetition.end_s)
    resting = _between(time, squat_set)
    moved = []
    for side in Side:
        place = hand_place(view.pose, side)
        seen = np.isfinite(place).all(axis=1)
        if (seen & resting).any() and (seen & during).any():
            home = np.median(place[seen & resting], axis=0)
            away = np.linalg.norm(place[seen & during] - home, axis=1)
            moved.append(float(away.max()))
    if not moved:
        return None
    return Measurement.with_sd(100 * max(moved), ARM_SD_PCT, "%")


def _between(time: FloatArray, squat_set: SquatSet) -> BoolArray:
    """(T,) True where the set stands upright; the whole set where it never does."""
    inside = (time >= squat_set.start_s) & (time <= squat_set.end_s)
    busy = np.zeros(len(time), bool)
    for one in squat_set.repetitions:
        busy |= (time >= one.start_s) & (time <= one.end_s)
    upright = inside & ~busy
    return upright if upright.any() else inside


def knee_past_toes(view: SquatView, side: Side, rows: IntArray) -> Measurement | None:
    """Return how far the knee is medial to the big toe, in % of the leg."""
    if not view.is_frontal:
        return None
    leg = view.legs[side]
    knee = square_legs(view, side)[rows, 1, 0]
    ahead = TOES_AHEAD * FOOT_PER_LEG * leg.leg_px
    seen = view.pose.point(side.landmark("foot_index"))[rows]
    toe = view.camera.place(seen, np.full(len(rows), ahead))
    ankle_x = leg.chain[rows, 2, 0] - view.camera.centre_px[0]
    toe[:, 0] -= ankle_x
    toe_x = seen_square(toe, view.axis_yaw_deg)[:, 0] + ankle_x
    inward = -view.facing if side is Side.LEFT else view.facing
    past = median(inward * (knee - toe_x)) / leg.leg_px * 100
    if not np.isfinite(past):
        return None
    knee_sd = median(leg.sd_px[rows, 1]) / leg.leg_px * 100
    return Measurement.with_sd(past, float(np.hypot(knee_sd, TOE_SD_PCT)), "%")
