"""When were squats done, and how many: the repetitions of a recording.

The height of the hips over the lower ankle, in units of its own standing value,
falls with the bend of the knees from every side of the person, and does not fall
when they bend over, walk or march (one foot is always down and its leg straight).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from balance.analysis.events.hip_course import (
    CUTOFF_HZ,
    GRID_HZ,
    HipCourse,
    hip_course,
    hips_sink,
)
from balance.analysis.signals import both_ways, median
from balance.model.codes import EndReason, TrialKind
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, PoseSequence

Stance = tuple[Side, float, float]

# Hip height = leg × cos(flexion / 2): 0.06 of the leg is 40° of knee flexion, 0.1 is
# 52°. Standing people vary by 0.02.
LEAST_DROP = 0.06
# Both ankles stay where they are in a squat; a step moves one by a quarter of a leg.
MOST_FOOT_TRAVEL = 0.15
SHORTEST_S, LONGEST_S = 0.5, 12.0
# Somebody who stays down that long sits or rests.
LONGEST_BOTTOM_S = 6.0
SET_PAUSE_S = 10.0
PARTIAL_SHARE = 0.5
# Shallower than this share of the set's deepest is a shift of weight, not a try.
LEAST_SHARE = 0.25
# An upright position is sought this far from the bottom at most.
REACH_S = 5.0
# One foot this far (in legs) above where it stood beside the other is raised.
RAISED_FOOT = 0.2
# As a leg is raised and set down, the landmark of the other ankle is dragged along by
# up to 0.05 legs for so long (rendered stands): nothing is a squat there.
SETTLING_S = 0.3
# Shoulders and hips of somebody seen from the front are 0.35 to 0.4 legs wide.
SIDE_VIEW_WIDTH = 0.15


@dataclass(frozen=True, slots=True)
class SquatRepetition:
    """One squat; ``drop`` is how far the hips sank, in leg lengths.

    ``partial``: less than half as deep as the set's deepest. ``start_seen`` and
    ``end_seen`` tell whether the recording holds the upright positions.
    """

    start_s: float
    bottom_s: float
    end_s: float
    drop: float
    partial: bool = False
    start_seen: bool = True
    end_seen: bool = True


@dataclass(frozen=True, slots=True)
class SquatSet:
    """Squats that belong together; ``side`` is the stance leg, None for two legs."""

    kind: TrialKind
    side: Side | None
    repetitions: tuple[SquatRepetition, ...]
    start_s: float
    end_s: float
    end_reason: EndReason = EndReason.SET_END

    @property
    def start_seen(self) -> bool:
        """Whether the first repetition began within the recording."""
        return self.repetitions[0].start_seen

    @property
    def end_seen(self) -> bool:
        """Whether the last repetition ended within the recording."""
        return self.repetitions[-1].end_seen


def find_squat_sets(
    pose: PoseSequence, stances: Iterable[Stance] = ()
) -> tuple[SquatSet, ...]:
    """Return the squat sets of a recording in the order of time.

    ``stances`` are the single-leg stances (stance side, foot-off, foot-down). One
    that holds squats becomes a single-leg set from foot-off to foot-down; outside
    of them squats on two legs are looked for, and pauses of more than 10 s or a
    stance between them part two sets.
    """
    if len(pose) < 5:
        return ()
    stances = sorted(stances, key=lambda stance: stance[1])
    sets = [
        _single_leg_set(pose, *stance, settled=_goes_on(stance, stances))
        for stance in stances
    ]
    found = [one for one in sets if one is not None]
    for group in _groups(_two_leg_repetitions(pose, stances), stances):
        reps = _mark_partial(group)
        found.append(
            SquatSet(
                TrialKind.SQUAT_SET,
                None,
                reps,
                reps[0].start_s,
                reps[-1].end_s,
                EndReason.SET_END if reps[-1].end_seen else EndReason.VIDEO_END,
            )
        )
    return tuple(sorted(found, key=lambda one: one.start_s))


def _two_leg_repetitions(
    pose: PoseSequence, stances: list[Stance]
) -> list[SquatRepetition]:
    if hips_sink(pose, None, -np.inf, np.inf) < LEAST_DROP:
        return []
    track = hip_course(pose, None, -np.inf, np.inf)
    return [
        rep
        for rep in _repetitions(track)
        if not any(start < rep.end_s and rep.start_s < end for _, start, end in stances)
    ]


def _goes_on(stance: Stance, stances: list[Stance]) -> bool:
    """Whether the same leg stood just before: its foot moved, no leg was raised."""
    side, start_s, _ = stance
    return any(
        other_side == side and 0 <= start_s - end_s <= SETTLING_S
        for other_side, _, end_s in stances
    )


def _single_leg_set(
    pose: PoseSequence, side: Side, start_s: float, end_s: float, *, settled: bool
) -> SquatSet | None:
    first_s = start_s if settled else start_s + SETTLING_S
    last_s = end_s - SETTLING_S
    if hips_sink(pose, side, first_s, last_s) < LEAST_DROP:
        return None
    track = hip_course(pose, side, first_s, last_s)
    reps = _mark_partial(_repetitions(track))
    if not reps:
        return None
    kind, end = TrialKind.SINGLE_LEG_SQUAT_SET, EndReason.TOUCHDOWN
    return SquatSet(kind, side, reps, start_s, end_s, end)


def _groups(
    reps: list[SquatRepetition], stances: list[Stance]
) -> list[list[SquatRepetition]]:
    groups: list[list[SquatRepetition]] = []
    for rep in reps:
        last = groups[-1][-1] if groups else None
        apart = (
            last is None
            or rep.start_s - last.end_s > SET_PAUSE_S
            or any(last.bottom_s < start < rep.bottom_s for _, start, _ in stances)
        )
        if apart:
            groups.append([])
        groups[-1].append(rep)
    return groups


def _mark_partial(reps: list[SquatRepetition]) -> tuple[SquatRepetition, ...]:
    deepest = max((rep.drop for rep in reps), default=0.0)
    reps = [rep for rep in reps if rep.drop >= LEAST_SHARE * deepest]
    return tuple(
        SquatRepetition(
            rep.start_s,
            rep.bottom_s,
            rep.end_s,
            rep.drop,
            rep.drop < PARTIAL_SHARE * deepest,
            rep.start_seen,
            rep.end_seen,
        )
        for rep in reps
    )


def _repetitions(track: HipCourse) -> list[SquatRepetition]:
    if len(track.time_s) < GRID_HZ * SHORTEST_S or np.isnan(track.height).all():
        return []
    leg = float(np.percentile(track.height, 95))
    lows = _low_points(track.height, leg)
    reps = []
    for k, low in enumerate(lows):
        before = lows[k - 1] if k else 0
        after = lows[k + 1] if k + 1 < len(lows) else len(track.height) - 1
        rep = _repetition(track, low, before, after)
        if rep is not None:
            reps.append(rep)
    return reps


def _low_points(height: FloatArray, leg: float) -> list[int]:
    """Index of each dip that stands out by the least drop, ends of the clip too."""
    # Upright walls at both ends let a clip begin or end before somebody stood up.
    walled = np.concatenate([[leg], height, [leg]])
    peaks, _ = find_peaks(-walled, prominence=LEAST_DROP * leg)
    return [int(peak) - 1 for peak in peaks if 1 < peak < len(height)]


def _repetition(
    track: HipCourse, low: int, before: int, after: int
) -> SquatRepetition | None:
    height = track.height
    top_in = low - _climb(height[before : low + 1][::-1])
    top_out = low + _climb(height[low : after + 1])
    standing = max(height[top_in], height[top_out])
    drop = standing - height[low]
    # Still going down at the start, or not half way up again at the end: not a squat.
    fall, rise = height[top_in] - height[low], height[top_out] - height[low]
    if drop < LEAST_DROP * standing or min(fall, rise) < 0.4 * drop:
        return None
    start = max(low - _onset(height[top_in : low + 1][::-1]), 0)
    end = min(low + _onset(height[low : top_out + 1]), len(height) - 1)
    if not _is_squat(track, start, low, end, standing):
        return None
    return SquatRepetition(
        float(track.time_s[start]),
        _bottom_s(track, start, end, standing),
        float(track.time_s[end]),
        float(drop / standing),
        start_seen=bool(fall > 0.85 * drop),
        end_seen=bool(rise > 0.85 * drop),
    )


def _climb(height: FloatArray) -> int:
    """Return how many samples it takes from the bottom to upright.

    The first height that the next half second does not better by 2 % of the way,
    once more than half of the highest within reach is gained.
    """
    height = height[: int(REACH_S * GRID_HZ)]
    gain = float(np.max(height) - height[0])
    ahead = int(0.5 * GRID_HZ)
    for k in np.flatnonzero(height - height[0] > 0.6 * gain):
        if np.max(height[k : k + ahead]) - height[k] < 0.02 * gain:
            return int(k)
    return int(np.argmax(height))


def _onset(height: FloatArray) -> int:
    """Return how many samples from the bottom the knees were straight.

    The first degrees of bend hardly lower the hips, so the moment is extrapolated
    from 40 % and 15 % of the bend, which grows about as the square of time there.
    """
    bend = np.arccos(np.clip(height / height.max(), 0, 1))
    share = bend / max(float(bend[0]), 1e-6)
    at_40, at_15 = (int(np.argmax(share < level)) for level in (0.40, 0.15))
    reach = at_15 + np.sqrt(0.15) * (at_15 - at_40) / (np.sqrt(0.40) - np.sqrt(0.15))
    return int(min(round(reach), len(height) - 1 + int(0.4 * GRID_HZ)))


def _bottom_s(track: HipCourse, start: int, end: int, standing: float) -> float:
    """Return the middle of the time spent within 1° of the greatest knee flexion.

    Near the bottom the knee hardly moves, so noise that is slower than landmark
    noise counts; what is faster than a quarter of the repetition is taken out.
    """
    cutoff = min(4.0 / (track.time_s[end] - track.time_s[start]), CUTOFF_HZ)
    pad = min(len(track.height) - 1, int(GRID_HZ))
    # The feet stay where they are; only their landmarks move with the bend.
    floor_y = track.ankles[..., 1].max(axis=1)
    planted = track.height + median(floor_y[start : end + 1]) - floor_y
    height = both_ways(planted, 2 * cutoff / GRID_HZ, pad)[start : end + 1]
    bend = np.degrees(2 * np.arccos(np.clip(height / standing, 0, 1)))
    return median(track.time_s[start : end + 1][bend > bend.max() - 1.0])


def _is_squat(track: HipCourse, start: int, low: int, end: int, leg: float) -> bool:
    """Tell a squat from steps, floor work and chairs."""
    span = slice(start, end + 1)
    seconds = track.time_s[end] - track.time_s[start]
    still_down = track.height[span] < track.height[low] + 0.03 * leg
    return bool(
        SHORTEST_S <= seconds <= LONGEST_S
        and still_down.sum() / GRID_HZ <= LONGEST_BOTTOM_S
        and _feet_stay(track, span, low, leg)
        and track.trunk[low] > 0.15 * leg
        and not _is_seated(track, start, low, leg)
    )


def _feet_stay(track: HipCourse, span: slice, low: int, leg: float) -> bool:
    """Tell whether both feet stay down; from the side the far one may be hidden."""
    ankles = track.ankles[span]
    from_median = np.linalg.norm(ankles - np.median(ankles, axis=0), axis=-1)
    travel = np.percentile(from_median, 95, axis=0) / leg
    if median(track.width[span]) < SIDE_VIEW_WIDTH * leg:
        return bool(travel.min() < MOST_FOOT_TRAVEL)
    raised = np.ptp(track.ankles[low, :, 1]) > RAISED_FOOT * leg
    return bool(travel.max() < MOST_FOOT_TRAVEL and not raised)


def _is_seated(track: HipCourse, start: int, low: int, leg: float) -> bool:
    """Tell whether the weight is behind the feet, where only a seat can carry it.

    Heights in the image give every segment's lean but not its direction, whatever
    side the camera is on; shanks and trunk lean forward, thighs back.
    """
    shank, trunk = track.shank[start], track.trunk[start]
    thigh = leg - shank
    thigh_low = track.height[low] - track.shank[low]

    def across(length: float, seen: float) -> float:
        return float(np.sqrt(max(length**2 - min(seen, length) ** 2, 0.0)))

    hips_back = across(thigh, max(thigh_low, 0.0)) - across(shank, track.shank[low])
    # The mass above the hips lies about half way up to the shoulders.
    behind = hips_back - 0.5 * across(trunk, track.trunk[low])
    return behind > 0.3 * leg
