"""Where the stance foot takes another place on the floor."""

import numpy as np
from scipy.ndimage import median_filter

from balance.analysis.body.contact import Feet
from balance.analysis.contact.decode import Alone
from balance.analysis.signals import length, runs
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, Recording

# In leg lengths: toe and heel both stand so far from where they stood before. A foot
# that turns on its heel or its ball leaves one of them where it was.
MOVED = 0.05
# A place is the median over so long, before and after the move.
PLACE_S = 0.5
# A hop takes a foot from its place to the next within so long.
MOVE_S = 0.3
# The followed texture of a foot that stays leaves its place by less than this.
STAYS = 0.01


def place_changes(
    recording: Recording, feet: Feet, alone: Alone
) -> list[tuple[float, float]]:
    """Times at which the stance foot left its place and stood again, in order.

    ``alone`` is the stretch on one leg. The foot has moved where toe and heel both
    stand elsewhere afterwards; one that comes back to its place, wobbles or turns has
    not. Where its texture was followed and stayed, the landmarks are wrong.
    """
    side = tuple(Side)[alone.side]
    rows = slice(alone.first, alone.stop)
    t = feet.time_s[rows]
    if len(t) < 5 or t[-1] - t[0] < 2 * PLACE_S + MOVE_S:
        return []
    away = np.minimum(
        _place_shift(feet.frame_s, feet.toe[side][rows]),
        _place_shift(feet.frame_s, feet.heel[side][rows]),
    )
    found = []
    for run in runs(away > MOVED):
        at = run.start + int(np.argmax(away[run]))
        left_s, stands_s = t[at] - MOVE_S / 2, t[at] + MOVE_S / 2
        if not _texture_stayed(recording, feet, side, float(t[at])):
            found.append((float(left_s), float(stands_s)))
    return found


def _place_shift(frame_s: float, path: FloatArray) -> FloatArray:
    """(T,) how far the place after each moment is from the place before it.

    0 where there is too little before or after to tell a place.
    """
    span, half = (max(1, round(s / frame_s)) for s in (PLACE_S, MOVE_S / 2))
    known = np.isfinite(path).all(axis=1)
    if known.sum() < 2:
        return np.zeros(len(path))
    rows = np.arange(len(path))
    whole = np.stack([np.interp(rows, rows[known], xy[known]) for xy in path.T], axis=1)
    place = median_filter(whole, size=span, axes=(0,), mode="nearest")
    reach = half + span // 2
    shift = np.zeros(len(path))
    if len(path) > 2 * reach:
        shift[reach:-reach] = length(place[2 * reach :] - place[: -2 * reach])
    return shift


def _texture_stayed(recording: Recording, feet: Feet, side: Side, at_s: float) -> bool:
    """Whether the followed stance foot kept its place where its landmarks left it."""
    tracks = recording.foot_tracks
    path = tracks.left_px if side is Side.LEFT else tracks.right_px
    t = recording.pose.time_s
    path = path[(t >= at_s - PLACE_S) & (t <= at_s + PLACE_S)]
    away = length(path - path[:1]) / feet.leg_px  # NaN where it was not followed
    return bool(len(away) and away.max() < STAYS)
