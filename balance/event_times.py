"""Foot-off and foot-down of stances, sharpened by the followed feet."""

from dataclasses import replace

import numpy as np

from balance.codes import EndReason
from balance.landmarks import Side
from balance.onset import refine_event
from balance.pose import FloatArray, Recording
from balance.trials import Stance

# The two times are of the same event when they lie no farther apart: landmarks err by
# up to 0.13 s (at 24 frames a second), a heel that rises long before the toes is
# 0.15 s and more ahead of them.
FARTHEST_S = 0.14
# What the texture errs by beside its own noise (SD over the rendered stands, whose feet
# leave and meet the floor at 0.35 m/s; blur and darkness included).
TEXTURE_SD_S = 0.01


def sharpened(
    stances: tuple[Stance, ...], recording: Recording, leg_px: float
) -> tuple[Stance, ...]:
    """Replace times by those of the followed swing foot where it tells them better.

    Only a start that was seen and an end by touchdown are the swing foot's doing.
    """
    return tuple(_sharpened(stance, recording, leg_px) for stance in stances)


def _sharpened(stance: Stance, recording: Recording, leg_px: float) -> Stance:
    tracks, time_s = recording.foot_tracks, recording.pose.time_s
    swing = tracks.left_px if stance.side is Side.RIGHT else tracks.right_px
    if stance.start_seen:
        off = _better(time_s, swing, stance.start_s, leg_px, lifts=True)
        if off is not None:
            stance = replace(stance, start_s=off[0], start_sd_s=off[1])
    if stance.end_seen and stance.end_reason is EndReason.TOUCHDOWN:
        down = _better(time_s, swing, stance.end_s, leg_px, lifts=False)
        if down is not None:
            stance = replace(stance, end_s=down[0], end_sd_s=down[1])
    return stance


def _better(
    time_s: FloatArray, foot_px: FloatArray, rough_s: float, leg_px: float, lifts: bool
) -> tuple[float, float] | None:
    found = refine_event(time_s, foot_px, rough_s, leg_px, lifts=lifts)
    if found is None or abs(found[0] - rough_s) > FARTHEST_S:
        return None
    return found[0], float(np.hypot(found[1], TEXTURE_SD_S))
