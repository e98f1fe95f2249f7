"""When did a single-leg stance start and end, and why: found afterwards.

A stance lasts from foot-off to foot-down of the swing foot while the stance foot
keeps its place. Everything is measured in leg lengths (see ``contact.py``).
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from balance.analysis.body.contact import (
    DOWN,
    STILL_PER_S,
    UP,
    Feet,
    find_feet,
    hysteresis,
    stance_level,
    weight_on,
)
from balance.analysis.events.timing import moment_of_rise
from balance.analysis.signals import length, median, runs
from balance.model.codes import EndReason, FindingCode, Severity
from balance.model.landmarks import Side
from balance.model.recording import BoolArray, FloatArray, Recording
from balance.model.results import Finding
from balance.reference.protocol import Protocol

# A dip of the swing foot is a touch where its sole comes this near to the floor,
# beside its noise, and nearly stands; from there to UNDECIDED it cannot be told.
TOUCH = 0.012
UNDECIDED = 0.022
NEARLY_STANDING_PER_S = 0.35
# The stance foot has moved where it leaves its place of the last seconds by this.
MOVED = 0.03
PLACE_S = 0.8
# A lift lower than this needs the weight over the stance foot as well: a foot set
# down behind the other is higher in the image, too.
LOW_LIFT = 0.08
# The hips of someone on one leg are above the stance foot: no farther to the side
# than this and no lower, in leg lengths (a deep single-leg squat comes to 0.6).
FARTHEST_HIPS = 0.35
LOWEST_HIPS = 0.5
# What the landmarks alone err by at foot-off and foot-down beside their noise (SD over
# the rendered stands: the tracker lags and leads by a frame).
LANDMARK_SD_S = 0.035
# The swing foot may be out of sight this long before the trial counts as lost.
LONGEST_GAP_S = 0.3


@dataclass(frozen=True, slots=True)
class Stance:
    """One single-leg stance; ``start_sd_s`` and ``end_sd_s`` are timing errors."""

    side: Side
    start_s: float
    end_s: float
    start_seen: bool
    end_seen: bool
    end_reason: EndReason
    start_sd_s: float
    end_sd_s: float


@dataclass(frozen=True, slots=True)
class _Lift:
    """Frames ``first`` to ``last`` with the foot opposite to ``stance`` in the air.

    ``in_front``: the raised foot is held towards the camera, lower in the image.
    """

    stance: Side
    first: int
    last: int
    in_front: bool = False

    @property
    def swing(self) -> Side:
        return self.stance.other


class _Edge(NamedTuple):
    """Start or end of a stance: when, with what error, and whether it was seen."""

    time_s: float
    sd_s: float
    seen: bool


def find_single_leg_stances(
    recording: Recording,
    protocol: Protocol,
    feet: Feet | None = None,
    *,
    camera_known: bool = True,
) -> tuple[tuple[Stance, ...], tuple[Finding, ...]]:
    """Every single-leg stance in order of time, and what to know about them.

    Stances shorter than ``protocol.min_hold_s`` are not listed; those of at least
    ``protocol.short_attempt_s`` become findings ``short_attempt``. ``feet`` are those
    of the recording, where they are known already. Without ``camera_known`` nobody can
    say whether a stance foot moved or the camera, and stances are not cut there.
    """
    feet = feet or find_feet(recording)
    if not np.isfinite(feet.leg_px):
        return (), ()
    heights = {side: _height(feet, side) for side in Side}
    stances, findings = list[Stance](), list[Finding]()
    for lift, undecided in _lifts(feet, heights, recording.scene.scene_cut):
        findings += undecided
        moves = _moves(feet, lift) if camera_known else []
        moves = [i for i in moves if not _stood(recording, feet, lift, i)]
        for stance in _split(feet, lift, recording.scene.scene_cut, moves):
            hold_s = stance.end_s - stance.start_s
            if hold_s >= protocol.min_hold_s:
                stances.append(stance)
            elif hold_s >= protocol.short_attempt_s and _from_quiet(feet, stance):
                findings.append(_short_attempt(stance))
    stances.sort(key=lambda stance: stance.start_s)
    return tuple(stances), tuple(findings)


def _height(feet: Feet, side: Side) -> FloatArray:
    """(T,) how far a foot is above where it would stand beside the other one."""
    toe_level, heel_level = stance_level(feet) * (1 if side is Side.LEFT else -1)
    other = side.other
    toe = feet.toe[other][:, 1] - feet.toe[side][:, 1] - toe_level
    heel = feet.heel[other][:, 1] - feet.heel[side][:, 1] - heel_level
    return np.asarray(np.minimum(toe, heel))


def _lifts(
    feet: Feet, heights: dict[Side, FloatArray], cut: BoolArray
) -> list[tuple[_Lift, list[Finding]]]:
    """Stretches with exactly one foot in the air, touches taken out."""
    found = []
    for swing in Side:
        up = hysteresis(heights[swing], high=UP, low=DOWN)
        pieces = [_Lift(swing.other, piece.start, piece.stop - 1) for piece in runs(up)]
        for lift, undecided in _joined(feet, heights[swing], pieces, cut):
            lift = _true_swing(feet, lift)
            standing = _stands_over(feet, lift)
            if standing and _is_single_leg(feet, heights[swing], lift):
                found.append((lift, undecided))
    return found


def _joined(
    feet: Feet, height: FloatArray, pieces: list[_Lift], cut: BoolArray
) -> list[tuple[_Lift, list[Finding]]]:
    """Join pieces whose gap was no touch: a pass over the floor, or lost sight."""
    joined: list[tuple[_Lift, list[Finding]]] = []
    for piece in pieces:
        if joined:
            last, undecided = joined[-1]
            gap = slice(last.last + 1, piece.first)
            answer = _touches(feet, height, piece.swing, gap)
            if answer is not True and not cut[gap.start : gap.stop + 1].any():
                note = [] if answer is False else [_undecided_touch(feet, height, gap)]
                joined[-1] = (replace(last, last=piece.last), undecided + note)
                continue
        joined.append((piece, []))
    return joined


def _touches(feet: Feet, height: FloatArray, swing: Side, gap: slice) -> bool | None:
    """Whether the swing foot stood on the floor in a gap; None: cannot tell."""
    low = height[gap]
    seen = np.isfinite(low)
    if not seen.any():
        span = feet.time_s[gap.stop] - feet.time_s[gap.start]
        return True if span > LONGEST_GAP_S else None
    sole = feet.sole(swing)
    rows = np.arange(gap.start, gap.stop)
    after, before = np.minimum(rows + 1, len(height) - 1), np.maximum(rows - 1, 0)
    pace = length(sole[after] - sole[before])
    pace /= feet.time_s[after] - feet.time_s[before]
    lowest = float(np.nanmin(low))
    if lowest > UNDECIDED:
        return False
    if lowest <= TOUCH + 2 * feet.noise and np.nanmin(pace) < NEARLY_STANDING_PER_S:
        return True
    return None


def _true_swing(feet: Feet, lift: _Lift) -> _Lift:
    """Swap the legs where the foot that looks low is the one in the air.

    A foot held in front of the body is lower in the image than the stance foot:
    the foot that left its place is the swing foot, whatever its height.
    """
    before = slice(max(lift.first - _frames(feet, 1.0), 0), max(lift.first - 2, 0))
    during = slice(lift.first, lift.last + 1)
    if before.stop - before.start < 3:
        return lift
    moved = {}
    for side in Side:
        path = feet.sole(side)
        start, now = _middle(path[before]), _middle(path[during])
        moved[side] = float(np.linalg.norm(now - start))
    if moved[lift.swing] < MOVED < UP < moved[lift.stance]:
        return replace(lift, stance=lift.swing, in_front=True)
    return lift


def _middle(path: FloatArray) -> FloatArray:
    """(2,) median place."""
    return np.array([median(column) for column in path.T])


def _stands_over(feet: Feet, lift: _Lift) -> bool:
    """Whether the hips are above the stance foot: no crouch, no stride, no jump."""
    during = slice(lift.first, lift.last + 1)
    hips = (feet.mid_hip - feet.sole(lift.stance))[during]
    if not np.isfinite(hips).all(axis=1).any():
        return False
    across, above = median(np.abs(hips[:, 0])), median(-hips[:, 1])
    return bool(across < FARTHEST_HIPS and above > LOWEST_HIPS)


def _is_single_leg(feet: Feet, height: FloatArray, lift: _Lift) -> bool:
    """Refuse a foot that was only set down farther away from the camera.

    Such a foot is higher in the image, too, and so is one of two that stand wide
    before a tilted camera. From the front the weight tells; from the side it cannot,
    and the far foot is often hidden: there the foot must be clearly higher than it
    could stand. A low foot must have been seen to leave or land.
    """
    during = slice(lift.first, lift.last + 1)
    lifted = median(height[during])
    seen_to_change = lift.first > 0 or lift.last + 1 < len(height)
    if feet.level_limit > UP:
        return lifted > 1.2 * feet.level_limit and seen_to_change
    if lifted >= LOW_LIFT:
        return True
    if not seen_to_change:
        return False
    share = weight_on(feet, lift.stance)[during]
    return bool(np.isnan(share).all() or median(share) > 0.7)


def _split(feet: Feet, lift: _Lift, cut: BoolArray, moves: list[int]) -> list[Stance]:
    """Cut a lift at every move of the stance foot and at camera cuts."""
    cuts = np.flatnonzero(cut[lift.first + 1 : lift.last + 1])
    breaks = [(lift.first + 1 + int(i), EndReason.CAMERA_CUT) for i in cuts]
    breaks += [(i, EndReason.STANCE_FOOT_MOVED) for i in moves]
    moved_sd_s = _moved_sd(feet)
    stances: list[Stance] = []
    first, start = lift.first, _foot_off(feet, lift)
    for index, reason in sorted(breaks):
        if index <= first:
            continue
        seen = reason is EndReason.STANCE_FOOT_MOVED
        end = _Edge(float(feet.time_s[index]), moved_sd_s, seen)
        stances.append(_between(lift, start, end, reason))
        first = _standing_again(feet, lift, index)
        start = _Edge(float(feet.time_s[first]), moved_sd_s, seen)
    end, reason = _foot_down(feet, lift)
    stances.append(_between(lift, start, end, reason))
    return [s for s in stances if s.end_s > s.start_s]


def _between(lift: _Lift, start: _Edge, end: _Edge, reason: EndReason) -> Stance:
    return Stance(
        lift.stance,
        start.time_s,
        end.time_s,
        start.seen,
        end.seen,
        reason,
        start.sd_s,
        end.sd_s,
    )


def _moves(feet: Feet, lift: _Lift) -> list[int]:
    """Frames at which the stance foot starts to leave its place.

    It has left where it is farther than ``MOVED`` from where it stood on average
    between ``PLACE_S`` and a third of it ago, for at least 0.1 s.
    """
    path = feet.sole(lift.stance)[lift.first : lift.last + 1]
    t = feet.time_s[lift.first : lift.last + 1]
    lag, span = _frames(feet, PLACE_S / 3), _frames(feet, PLACE_S)
    place = np.full_like(path, np.nan)
    sums = np.vstack([np.zeros(2), np.nancumsum(path, axis=0)])
    rows = np.arange(len(path))
    start, stop = np.maximum(rows - span, 0), rows - lag
    known = stop - start >= max(1, span - lag) // 2
    width = (stop - start)[known, None]
    place[known] = (sums[stop[known]] - sums[start[known]]) / width
    distance = length(path - place)
    found: list[int] = []
    for run in runs(hysteresis(distance, high=MOVED, low=MOVED / 3)):
        lasted = t[run.stop - 1] - t[run.start]
        if lasted >= 0.1 and (not found or t[run.start] - t[found[-1]] > PLACE_S):
            found.append(run.start)
    return [lift.first + index for index in found]


def _stood(recording: Recording, feet: Feet, lift: _Lift, index: int) -> bool:
    """Whether the followed stance foot kept its place where its landmarks left it.

    A foot that comes down beside it drags its landmarks along; its frame stays.
    """
    tracks = recording.foot_tracks
    path = tracks.left_px if lift.stance is Side.LEFT else tracks.right_px
    reach = _frames(feet, PLACE_S / 2)
    path = path[max(index - reach, 0) : index + reach + 1]
    away = length(path - path[0]) / feet.leg_px  # NaN where it was not followed
    return bool(away.max() < MOVED / 3)


def _standing_again(feet: Feet, lift: _Lift, index: int) -> int:
    """First frame after a move at which the stance foot stands."""
    rows = slice(index, lift.last + 1)
    pace = feet.speed(lift.stance)[rows]
    lag = _frames(feet, 0.2)
    still = np.flatnonzero(pace[lag:] < 2 * STILL_PER_S)
    return min(index + lag + (int(still[0]) if len(still) else 0), lift.last)


def _foot_off(feet: Feet, lift: _Lift) -> _Edge:
    if lift.first == 0 or not np.isfinite(feet.sole(lift.swing)[lift.first - 1]).all():
        return _Edge(float(feet.time_s[lift.first]), _half_frame(feet), False)
    toe, heel = _away_from_floor(feet, lift)
    time_s, sd_s = moment_of_rise(feet.time_s, toe, heel, lift.first, feet.noise)
    return _Edge(time_s, float(np.hypot(sd_s, LANDMARK_SD_S)), True)


def _foot_down(feet: Feet, lift: _Lift) -> tuple[_Edge, EndReason]:
    """Foot-down, and why the lift ended there."""
    last = len(feet.time_s) - 1
    if lift.last == last:
        unseen = _Edge(float(feet.time_s[last]), _half_frame(feet), False)
        return unseen, EndReason.VIDEO_END
    if not np.isfinite(feet.sole(lift.swing)[lift.last + 1]).all():
        unseen = _Edge(float(feet.time_s[lift.last]), _half_frame(feet), False)
        return unseen, EndReason.LOST_SIGHT
    # Seen backwards in time, a foot that comes down is a foot that rises.
    toe, heel = _away_from_floor(feet, lift)
    backwards_s = -feet.time_s[::-1]
    time_s, sd_s = moment_of_rise(
        backwards_s, toe[::-1], heel[::-1], last - lift.last, feet.noise
    )
    sd_s = float(np.hypot(sd_s, LANDMARK_SD_S))
    return _Edge(-time_s, sd_s, True), EndReason.TOUCHDOWN


def _moved_sd(feet: Feet) -> float:
    """Return the SD of the time at which the stance foot began or ended a move."""
    return float(np.hypot(_half_frame(feet), LANDMARK_SD_S))


def _away_from_floor(feet: Feet, lift: _Lift) -> tuple[FloatArray, FloatArray]:
    """Toe and heel of the swing foot, y turned so that leaving the floor is up."""
    toe, heel = feet.toe[lift.swing], feet.heel[lift.swing]
    if not lift.in_front:
        return toe, heel
    flip = np.array([1.0, -1.0])
    return toe * flip, heel * flip


def _frames(feet: Feet, seconds: float) -> int:
    return max(1, round(seconds / feet.frame_s)) if feet.frame_s else 1


def _half_frame(feet: Feet) -> float:
    """Return the standard deviation of a time known to the frame: spacing / √12."""
    return feet.frame_s / float(np.sqrt(12))


def _from_quiet(feet: Feet, stance: Stance) -> bool:
    """Whether both feet stood just before: a try, not a step of walking."""
    t = feet.time_s
    before = (t >= stance.start_s - 0.7) & (t <= stance.start_s - 0.1)
    return bool(before.any() and feet.planted[before].mean() > 0.6)


def _short_attempt(stance: Stance) -> Finding:
    hold_s = stance.end_s - stance.start_s
    return Finding(
        FindingCode.SHORT_ATTEMPT,
        Severity.INFO,
        f"A short try on the {stance.side} leg: {hold_s:.1f} s.",
        stance.start_s,
    )


def _undecided_touch(feet: Feet, height: FloatArray, gap: slice) -> Finding:
    index = gap.start + int(np.nanargmin(np.nan_to_num(height[gap], nan=9.0)))
    time_s = float(feet.time_s[index])
    return Finding(
        FindingCode.UNDECIDED_TOUCH,
        Severity.WARNING,
        f"At {time_s:.1f} s the raised foot came close to the floor; whether it "
        "touched cannot be told from this picture. Look at that moment.",
        time_s,
    )
