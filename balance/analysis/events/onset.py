"""The moment a followed foot starts or stops moving, finer than a frame."""

import numpy as np

from balance.analysis.signals import median, runs, white_noise_sd
from balance.model.recording import FloatArray

# Leg lengths (hip to ankle) per second: a foot on the floor that turns or rolls a
# little stays below (4 cm/s), one that leaves or comes passes it at once.
MOVING_PER_S = 0.05
# Leg lengths: a foot this far from where it stood has certainly gone (1.2 cm).
GONE = 0.015
# The rough time is believed to this much, s.
WITHIN_S = 0.5
# So many frames before it are looked at where half a second of a slow camera is too
# short to see the foot both stand and leave.
BEFORE = 12
# Frames before the motion whose median is where the foot stood, and frames of the
# motion that tell how fast it began.
STOOD, BEGAN = 5, 2
# Share of a frame that the moment is uncertain by even without noise: a foot does not
# leave at constant speed (54 events of nine rendered stands: worst half a frame).
FRAME_SHARE = 0.25


def refine_event(
    time_s: FloatArray,
    foot_px: FloatArray,
    rough_s: float,
    leg_px: float,
    *,
    lifts: bool,
) -> tuple[float, float] | None:
    """Find when a standing foot began to move (or a moving one came to stand).

    Followed back from where it has certainly gone to its last still frame; the
    first moving frames, prolonged backwards, meet the standing place at the event.

    Parameters
    ----------
    time_s, foot_px
        (T,) and (T, 2) px, NaN where not followed.
    rough_s
        The event, to ``WITHIN_S``.
    leg_px
        Hip to ankle, px.
    lifts
        True for foot-off, False for foot-down.

    Returns
    -------
    Time and its standard deviation in s; None where the foot was not followed
    through the event.
    """
    if not lifts:
        # A foot that comes down is one that lifts, seen backwards.
        found = refine_event(-time_s[::-1], foot_px[::-1], -rough_s, leg_px, lifts=True)
        return None if found is None else (-found[0], found[1])
    for before in (0, BEFORE):
        rows = _followed(time_s, foot_px, rough_s, before)
        if rows is not None:
            t, place = time_s[rows], foot_px[rows]
            moving = _first_moving(t, place, leg_px)
            if moving is not None:
                return _kink(t, place, moving)
    return None


def _followed(
    time_s: FloatArray, foot_px: FloatArray, rough_s: float, before: int
) -> slice | None:
    """Return the unbroken stretch that holds the standing before the event."""
    near = np.abs(time_s - rough_s) <= WITHIN_S
    at = int(np.searchsorted(time_s, rough_s, side="right"))
    near[max(0, at - before) : at] = True
    stretches = runs(near & np.isfinite(foot_px[:, 0]))
    if not stretches or time_s[stretches[0].start] > rough_s:
        return None
    stretch = stretches[0]
    return stretch if stretch.stop - stretch.start >= STOOD + BEGAN else None


def _first_moving(t: FloatArray, place: FloatArray, leg_px: float) -> int | None:
    """Index of the first frame of the motion that takes the foot away."""
    stood = np.median(place[:STOOD], axis=0)
    if np.linalg.norm(place[:STOOD] - stood, axis=1).max() > GONE * leg_px / 2:
        return None  # on the floor too shortly to have stood
    gone = np.flatnonzero(np.linalg.norm(place - stood, axis=1) > GONE * leg_px)
    if not len(gone):
        return None
    step = np.linalg.norm(np.diff(place, axis=0), axis=1) / np.diff(t)
    # Noise makes steps too, but does not lead away.
    noise = np.nan_to_num([white_noise_sd(axis) for axis in place[: gone[0]].T])
    near = np.linalg.norm(place[1:] - stood, axis=1) < 3 * np.hypot(*noise)
    standing = (step < MOVING_PER_S * leg_px) | near
    still = np.flatnonzero(standing[: gone[0]])
    if not len(still):
        return None
    return int(still[-1]) + 1


def _kink(t: FloatArray, place: FloatArray, last_still: int) -> tuple[float, float]:
    """Time at which the motion leaves the standing place, and its SD."""
    stood = place[max(0, last_still + 1 - STOOD) : last_still + 1]
    base = np.median(stood, axis=0)
    noise = max(float(np.linalg.norm(stood - base, axis=1).mean()), 0.02)
    rows = slice(last_still + 1, last_still + 1 + BEGAN)
    away = np.linalg.norm(place[rows] - base, axis=1)
    if len(away) < 2:
        frame_s = median(np.diff(t))
        return float(t[last_still] + frame_s / 2), frame_s / np.sqrt(12)
    # Frames may have been lost just here, so the steps have their own lengths.
    unseen_s, step_s = np.diff(t[last_still : last_still + 1 + BEGAN])
    # The steeper of the first two steps: the first one began between two frames.
    speed = max((away[1] - away[0]) / step_s, away[0] / unseen_s)
    moment = float(t[rows.start] - away[0] / speed)
    sd_s = float(np.hypot(noise / speed, FRAME_SHARE * unseen_s))
    return moment, min(sd_s, float(unseen_s))
