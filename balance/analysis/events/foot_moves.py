"""Where the stance foot takes another place on the floor."""

from typing import NamedTuple

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


class Move(NamedTuple):
    """When a foot left its place, stood again, and was seen to be farthest between."""

    left_s: float
    stands_s: float
    most_s: float


def place_changes(recording: Recording, feet: Feet, alone: Alone) -> list[Move]:
    """Return when the stance foot took another place, in order.

    ``alone`` is the stretch on one leg. The foot has moved where toe and heel both
    stand elsewhere afterwards; one that comes back to its place, wobbles or turns has
    not. Where its texture was followed and stayed, the landmarks are wrong.
    """
    side = tuple(Side)[alone.side]
    rows = slice(alone.first, alone.stop)
    return [
        move
        for move in place_moves(
            feet.time_s[rows], feet.toe[side][rows], feet.heel[side][rows]
        )
        if not _texture_stayed(recording, feet, side, move.most_s)
    ]


def place_moves(time_s: FloatArray, toe: FloatArray, heel: FloatArray) -> list[Move]:
    """Return moves of a foot by ``toe`` and ``heel`` (T, 2), in leg lengths.

    A move is told from ``PLACE_S`` after it on.
    """
    if len(time_s) < 5 or time_s[-1] - time_s[0] < 2 * PLACE_S + MOVE_S:
        return []
    frame_s = float(np.median(np.diff(time_s)))
    away = np.minimum(_place_shift(frame_s, toe), _place_shift(frame_s, heel))
    found: list[Move] = []
    for run in runs(away > MOVED):
        at = run.start + int(np.argmax(away[run]))
        left_s, stands_s = _leaves_and_stands(time_s, (toe + heel) / 2, at)
        if found and left_s < found[-1].stands_s:
            # The same move, seen twice by the places around it.
            before = found.pop()
            left_s, stands_s = before.left_s, max(stands_s, before.stands_s)
        found.append(Move(left_s, stands_s, float(time_s[at])))
    return found


def _leaves_and_stands(t: FloatArray, path: FloatArray, at: int) -> tuple[float, float]:
    """Return the times of the last frame in the old place and the first in the new."""
    near = np.abs(t - t[at]) <= MOVE_S / 2 + PLACE_S
    t, path = t[near], path[near]
    early, late = t < t[0] + PLACE_S, t > t[-1] - PLACE_S
    from_old, from_new = (
        length(path - np.nanmedian(path[rows], axis=0)) for rows in (early, late)
    )
    gone = int(np.argmax(from_old > MOVED)) or len(t) - 1
    leaves = int(np.flatnonzero(from_old[: gone + 1] <= MOVED / 3).max(initial=0))
    stands = int(np.argmax((from_new <= MOVED / 3) & (t > t[leaves])))
    stands = min(max(stands, leaves + 1), len(t) - 1)
    return float(t[leaves]), float(t[stands])


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
    reach, quarter = half + span // 2, max(1, span // 4)
    shift = np.zeros(len(path))
    if len(path) > 2 * (reach + quarter):
        inner = slice(reach + quarter, -reach - quarter)
        at = rows[inner]
        before, after = at - reach, at + reach
        drift = [place[k + quarter] - place[k - quarter] for k in (before, after)]
        # What goes on at one pace before, during and after is a camera that follows.
        expected = (drift[0] + drift[1]) / 2 * reach / quarter
        step = place[after] - place[before]
        shift[inner] = np.minimum(length(step), length(step - expected))
    return shift


def _texture_stayed(recording: Recording, feet: Feet, side: Side, at_s: float) -> bool:
    """Whether the followed stance foot kept its place where its landmarks left it."""
    tracks = recording.foot_tracks
    path = tracks.left_px if side is Side.LEFT else tracks.right_px
    t = recording.pose.time_s
    path = path[(t >= at_s - PLACE_S) & (t <= at_s + PLACE_S)]
    away = length(path - path[:1]) / feet.leg_px  # NaN where it was not followed
    return bool(len(away) and away.max() < STAYS)
