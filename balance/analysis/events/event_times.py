"""Foot-off and foot-down of stances, sharpened by the followed feet."""

from dataclasses import replace

import numpy as np

from balance.analysis.body.contact import Feet
from balance.analysis.events.onset import GONE, refine_event
from balance.analysis.events.timing import ROLLING_LEVER, moment_of_rise
from balance.analysis.events.trials import LANDMARK_SD_S, Stance
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, Recording
from balance.model.results import SDS_95

# Farther apart the two times may be of different events: landmarks err by 0.13 s (at
# 24 frames per second), a heel that rises before the toes is 0.15 s and more ahead
# of them.
# The texture was right in 46 of 46 rendered events, one of them 0.33 s from the
# landmarks of a hard compressed clip, but those feet leave flat: it is believed, and
# the interval reaches the landmarks' time.
FARTHEST_S = 0.14
# A foot that was followed while it stood and is lost so near to the event has turned:
# it rolls off its toes, or on to them. Until then its toes stood still, a heel that
# rose moves the landmarks up to so much earlier.
TURNED_S = 0.2
# So long past the landmarks' time a foot may still be seen standing.
STOOD_ON_S = 1.2
# What the texture errs by beside its own noise: 90 of 100 events of the rendered stands
# lie within 0.031 s (142 of them; blur, darkness, compression and a browser's videos
# included; the feet leave and meet the floor at 0.35 m/s).
TEXTURE_SD_S = 0.015


def refine_event_times(
    stances: tuple[Stance, ...], recording: Recording, feet: Feet
) -> tuple[Stance, ...]:
    """Replace times by those of the followed swing foot where it tells them better.

    Only a start that was seen and an end by touchdown are the swing foot's doing.
    """
    return tuple(_refined(stance, recording, feet) for stance in stances)


def _refined(stance: Stance, recording: Recording, feet: Feet) -> Stance:
    if stance.start_seen:
        off = _better(stance, recording, feet, lifts=True)
        if off is not None:
            stance = replace(stance, start_s=off[0], start_sd_s=off[1])
    if stance.end_seen and stance.end_reason is EndReason.TOUCHDOWN:
        down = _better(stance, recording, feet, lifts=False)
        if down is not None:
            stance = replace(stance, end_s=down[0], end_sd_s=down[1])
    return stance


def _better(
    stance: Stance, recording: Recording, feet: Feet, *, lifts: bool
) -> tuple[float, float] | None:
    """Return time and SD by the followed foot; None keeps the landmarks' time."""
    time_s, tracks = recording.pose.time_s, recording.foot_tracks
    swing = stance.side.other
    foot_px = tracks.left_px if swing is Side.LEFT else tracks.right_px
    rough_s = stance.start_s if lifts else stance.end_s
    found = refine_event(time_s, foot_px, rough_s, feet.leg_px, lifts=lifts)
    if found is None:
        stood_s = _stood_on(time_s, foot_px, rough_s, feet.leg_px, lifts=lifts)
        if stood_s is not None:
            found = refine_event(time_s, foot_px, stood_s, feet.leg_px, lifts=lifts)
    if found is None and _turned(time_s, foot_px, rough_s, lifts=lifts):
        return _rolled(feet, swing, rough_s, lifts=lifts)
    if found is None:
        return None
    if abs(found[0] - rough_s) > FARTHEST_S:
        return None
    return found[0], float(np.hypot(found[1], TEXTURE_SD_S))


def _stood_on(
    time_s: FloatArray,
    foot_px: FloatArray,
    rough_s: float,
    leg_px: float,
    *,
    lifts: bool,
) -> float | None:
    """Return until when the followed foot stood where it stands at the rough time.

    Before foot-down that is since when it had stood: where the light changes,
    landmarks sink to the floor a second after the foot is on it. None where the foot
    was not followed, or stood on for longer than ``STOOD_ON_S``.
    """
    way = 1 if lifts else -1
    into_s, place = way * (time_s - rough_s)[::way], foot_px[::way]
    near = (into_s >= 0) & (into_s <= STOOD_ON_S)
    if not near.any():
        return None
    into_s, place = into_s[near], place[near]
    stands = np.linalg.norm(place - place[0], axis=1) < GONE * leg_px / 2
    if stands.all() or not stands[0]:
        return None
    return rough_s + way * float(into_s[int(np.argmin(stands)) - 1])


def _turned(
    time_s: FloatArray, foot_px: FloatArray, rough_s: float, *, lifts: bool
) -> bool:
    """Whether the foot was followed while it stood and lost as it left or came."""
    into_s = (time_s - rough_s) * (1 if lifts else -1)
    followed = np.isfinite(foot_px[:, 0])
    stood = followed[(into_s > -2 * TURNED_S) & (into_s < -TURNED_S / 2)]
    event = followed[(into_s >= 0) & (into_s < TURNED_S)]
    return bool(stood.size and stood.all() and event.size and not event[-1])


def _rolled(
    feet: Feet, swing: Side, rough_s: float, *, lifts: bool
) -> tuple[float, float]:
    """Time of the event by the landmarks of a foot that rolls, and its SD."""
    way = 1 if lifts else -1
    time_s = way * feet.time_s[::way]
    toe, heel = feet.toe[swing][::way], feet.heel[swing][::way]
    up = int(np.searchsorted(time_s, way * rough_s + TURNED_S))
    up = min(up, len(time_s) - 1)
    moment, sd_s = moment_of_rise(time_s, toe, heel, up, feet.noise, ROLLING_LEVER)
    return way * moment, float(np.hypot(sd_s, LANDMARK_SD_S))
