"""Foot-off and foot-down of stances, refined by the texture of the swing foot."""

from dataclasses import replace

import numpy as np

from balance.analysis.events.onset import refine_event
from balance.analysis.events.trials import Stance
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import Recording

# Farther apart (two SD of the contact's time) the two speak of different events.
FARTHEST_S = 0.2
# What the texture errs by beside its own noise: 90 of 100 events of the rendered stands
# lie within 0.031 s (142 of them; blur, darkness, compression and a browser's videos
# included; the feet leave and meet the floor at 0.35 m/s).
TEXTURE_SD_S = 0.015


def refine_event_times(
    stances: tuple[Stance, ...], recording: Recording, leg_px: float
) -> tuple[Stance, ...]:
    """Replace times by those of the followed swing foot where it tells them better.

    ``leg_px`` hip to ankle. Only a start that was seen and an end by touchdown are
    the swing foot's doing.
    """
    return tuple(_refined(stance, recording, leg_px) for stance in stances)


def _refined(stance: Stance, recording: Recording, leg_px: float) -> Stance:
    if stance.start_seen:
        off = _better(stance, recording, leg_px, lifts=True)
        if off is not None:
            stance = replace(stance, start_s=off[0], start_sd_s=off[1])
    if stance.end_seen and stance.end_reason is EndReason.TOUCHDOWN:
        down = _better(stance, recording, leg_px, lifts=False)
        if down is not None:
            stance = replace(stance, end_s=down[0], end_sd_s=down[1])
    return stance


def _better(
    stance: Stance, recording: Recording, leg_px: float, *, lifts: bool
) -> tuple[float, float] | None:
    """Return time and SD by the followed foot; None keeps the contact's time."""
    time_s, tracks = recording.pose.time_s, recording.foot_tracks
    swing = stance.side.other
    foot_px = tracks.left_px if swing is Side.LEFT else tracks.right_px
    rough_s = stance.start_s if lifts else stance.end_s
    found = refine_event(time_s, foot_px, rough_s, leg_px, lifts=lifts)
    if found is None or abs(found[0] - rough_s) > FARTHEST_S:
        return None
    return found[0], float(np.hypot(found[1], TEXTURE_SD_S))
