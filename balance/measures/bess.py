"""Errors of the Balance Error Scoring System, as far as the camera sees them.

Seen: hands off the hip bones, steps and touchdowns, a hip beyond its limit, a lifted
forefoot or heel (roughly), out of position for too long. Not seen: the eyes; they are
asked and may be added. Counting is apart from seeing, so that a person can overrule an
error and have the score again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.body.geometry import facing, midpoint
from balance.codes import EndReason, EventCode, FindingCode, Severity, TrialKind
from balance.events.stance_type import STEP_WINDOW_S, find_stances, foot_stays
from balance.landmarks import Side
from balance.pose import PoseSequence
from balance.protocols.protocol import Protocol, Stage
from balance.results import Event, Finding, Measurement, Trial
from balance.signals import fill_gaps, lasting, runs, smooth_at_own_times

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SMOOTH_HZ = 3.0
# A hand that leaves the hip bone by this share of the trunk (about 10 cm) is off it;
# landmarks of resting hands stay within a tenth of that.
HAND_OFF = 0.2
# Where the hands rest on the hip bones, their middle lies this near, in trunk lengths.
HAND_ON = 0.45
# The free foot is down below this share of its usual height over the other one.
FOOT_DOWN = 0.3
# Toe or heel this share of a leg (about 25 mm) above its place; smaller lifts do not
# show from the front.
FOOT_UP = 0.03
SHORTEST_S = 0.3
# Errors that begin within this time belong together and count as one.
TOGETHER_S = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """One error and how long it lasted."""

    code: EventCode
    start_s: float
    end_s: float


def bess_trial(
    pose: PoseSequence,
    stage: Stage,
    protocol: Protocol,
    eyes_opened_s: Sequence[float] | None = None,
) -> Trial:
    """Return one stage of the BESS: its errors as events, and their count.

    ``eyes_opened_s`` are the times at which somebody saw the eyes open; None when
    nobody watched them, and the count is then a lower bound.
    """
    start_s, start_seen, side, taken = _position(pose, stage)
    end_s = min(start_s + (stage.seconds or 0.0), float(pose.time_s[-1]))
    faults = find_faults(pose, (start_s, end_s), side, protocol)
    opened = [
        Fault(EventCode.EYES_OPENED, t, t)
        for t in eyes_opened_s or ()
        if start_s <= t <= end_s
    ]
    faults = tuple(sorted((*faults, *opened), key=lambda fault: fault.start_s))
    errors = count_errors(faults, (start_s, end_s), protocol)
    whole = end_s - start_s >= (stage.seconds or 0.0) - 0.1
    high = float(errors) if eyes_opened_s is not None and whole else None
    return Trial(
        kind=stage.kind,
        side=side.value if side else "both",
        start_s=start_s,
        end_s=end_s,
        start_seen=start_seen,
        end_seen=whole,
        end_reason=EndReason.TIME_CAP if whole else EndReason.VIDEO_END,
        measures={"errors": Measurement(errors, "count", errors, high)},
        events=_events(faults, protocol),
        findings=_findings(stage, taken, eyes_opened_s is not None),
    )


def find_faults(
    pose: PoseSequence,
    span_s: tuple[float, float],
    side: Side | None,
    protocol: Protocol,
) -> tuple[Fault, ...]:
    """Return every error seen in a span; ``side`` the stance leg, None on two feet."""
    inside = (pose.time_s >= span_s[0]) & (pose.time_s <= span_s[1])
    masks = {
        EventCode.HANDS_OFF_HIPS: _hands_off(pose, inside),
        EventCode.STEP_STUMBLE_FALL: _steps(pose, side, inside),
        EventCode.FOREFOOT_OR_HEEL_LIFTED: _foot_lifted(pose, side, inside),
    }
    if side is not None and protocol.hip_limit_deg is not None:
        beyond = _hip_deg(pose, side.other) > protocol.hip_limit_deg
        masks[EventCode.HIP_BEYOND_30_DEG] = beyond
    faults = []
    for code, mask in masks.items():
        if code not in protocol.error_types:
            continue
        kept = mask & inside
        if code == EventCode.STEP_STUMBLE_FALL:
            # A step shows half a window early and late: those at the very ends belong
            # to taking the position and to leaving it.
            kept &= pose.time_s >= span_s[0] + 2 * STEP_WINDOW_S
            kept &= pose.time_s <= span_s[1] - STEP_WINDOW_S
        else:
            kept = lasting(pose.time_s, kept, SHORTEST_S)
        for run in runs(kept):
            times = pose.time_s[run]
            faults.append(Fault(code, float(times[0]), float(times[-1])))
    return tuple(sorted(faults, key=lambda fault: fault.start_s))


def count_errors(
    faults: Iterable[Fault], span_s: tuple[float, float], protocol: Protocol
) -> int:
    """Count as the manual does: together is one, too long out is one more, at most 10.

    A stance that is never held for the protocol's ``position_s`` without a step,
    stumble or fall scores the most.
    """
    faults = tuple(faults)
    most = protocol.max_errors or 10
    limit_s = protocol.position_s or float("inf")
    groups = _groups(faults)
    if _longest_held_s(faults, span_s) < limit_s:
        return most
    too_long = sum(end - start > limit_s for start, end in groups)
    return min(most, len(groups) + too_long)


def recount(trial: Trial) -> Measurement | None:
    """Count the errors of a trial again after events were overruled.

    Events know when they began, not how long they lasted, so errors that overlapped
    count apart; taking one away never raises the count. None where none were counted.
    """
    before = trial.measures.get("errors")
    if before is None:
        return None
    groups: list[float] = []
    for event in sorted(trial.events, key=lambda event: event.time_s):
        if not groups or event.time_s - groups[-1] > TOGETHER_S:
            groups.append(event.time_s)
    errors = float(min(len(groups), before.value))
    high = None if before.high is None else errors
    return Measurement(errors, "count", errors, high)


def _events(faults: Iterable[Fault], protocol: Protocol) -> tuple[Event, ...]:
    """Return what was seen as events; being out too long is an event of its own."""
    limit_s = protocol.position_s or float("inf")
    events = [Event(fault.code, fault.start_s) for fault in faults]
    events += [
        Event(EventCode.OUT_OF_POSITION, start + limit_s)
        for start, end in _groups(faults)
        if end - start > limit_s
    ]
    return tuple(sorted(events, key=lambda event: event.time_s))


def _groups(faults: Iterable[Fault]) -> list[tuple[float, float]]:
    """Join what overlaps or begins together, first start to last end."""
    groups: list[tuple[float, float]] = []
    for fault in sorted(faults, key=lambda fault: fault.start_s):
        if groups and fault.start_s <= max(groups[-1][1], groups[-1][0] + TOGETHER_S):
            start, end = groups[-1]
            groups[-1] = (start, max(end, fault.end_s))
        else:
            groups.append((fault.start_s, fault.end_s))
    return groups


def _longest_held_s(faults: Iterable[Fault], span_s: tuple[float, float]) -> float:
    falls = sorted(
        (fault.start_s, fault.end_s)
        for fault in faults
        if fault.code == EventCode.STEP_STUMBLE_FALL
    )
    begins = [span_s[0], *(end for _, end in falls)]
    ends = [*(start for start, _ in falls), span_s[1]]
    return max(end - begin for begin, end in zip(begins, ends, strict=True))


def _position(
    pose: PoseSequence, stage: Stage
) -> tuple[float, bool, Side | None, bool]:
    """When the position was first taken, on which leg, and whether it was seen."""
    for span in find_stances(pose):
        if span.reading.kind == stage.kind:
            one_leg = stage.kind == TrialKind.SINGLE_LEG_STANCE
            side = span.reading.front if one_leg else None
            return span.start_s, span.start_seen, side, True
    side = Side.LEFT if stage.kind == TrialKind.SINGLE_LEG_STANCE else None
    return float(pose.time_s[0]), False, side, False


def _hands_off(pose: PoseSequence, inside: BoolArray) -> BoolArray:
    """(T,) True where a hand is away from where it rests on the hip bone."""
    trunk_px = np.nanmedian(
        np.linalg.norm(midpoint(pose, "shoulder") - midpoint(pose, "hip"), axis=1)
    )
    off = np.zeros(len(pose), bool)
    for side in Side:
        hip = pose.point(side.landmark("hip"))
        # The hip bone's crest lies about a fifth of the trunk above the hip joint.
        crest = hip + 0.2 * (pose.point(side.landmark("shoulder")) - hip)
        wrist = pose.point(side.landmark("wrist"))
        away = np.linalg.norm(wrist - crest, axis=1) / trunk_px
        away = _smooth(pose.time_s, away)
        resting = float(np.nanmedian(away[inside])) if inside.any() else 0.0
        off |= away > min(resting, HAND_ON) + HAND_OFF
    return off


def _steps(pose: PoseSequence, side: Side | None, inside: BoolArray) -> BoolArray:
    """(T,) True where a planted foot moves, or the free foot is down."""
    if side is None:
        both_stay = foot_stays(pose, Side.LEFT) & foot_stays(pose, Side.RIGHT)
        return np.asarray(~both_stay)
    heights = {}
    for leg in Side:
        points = [pose.point(leg.landmark(j))[:, 1] for j in ("heel", "foot_index")]
        heights[leg] = np.fmax(*points)
    lift = _smooth(pose.time_s, heights[side] - heights[side.other])
    usual = float(np.nanmedian(lift[inside])) if inside.any() else 0.0
    down = lift < FOOT_DOWN * usual if usual > 0 else np.zeros(len(pose), bool)
    return np.asarray(~foot_stays(pose, side) | down)


def _foot_lifted(pose: PoseSequence, side: Side | None, inside: BoolArray) -> BoolArray:
    """(T,) True where toe or heel of a planted foot is above its usual place."""
    leg_px = np.nanmedian(
        np.abs(midpoint(pose, "hip")[:, 1] - midpoint(pose, "foot_index")[:, 1])
    )
    lifted = np.zeros(len(pose), bool)
    for leg in (side,) if side is not None else tuple(Side):
        for joint in ("heel", "foot_index"):
            y = _smooth(pose.time_s, pose.point(leg.landmark(joint))[:, 1] / leg_px)
            usual = float(np.nanmedian(y[inside])) if inside.any() else 0.0
            lifted |= usual - y > FOOT_UP
    return lifted


def _hip_deg(pose: PoseSequence, side: Side) -> FloatArray:
    """(T,) angle of the free thigh to the vertical, as far as it shows.

    Sideways it is read directly. Forwards only the foreshortening shows, against the
    other thigh's length, and reads too little; the greater of both is taken.
    """
    hip, knee = (pose.point(side.landmark(joint)) for joint in ("hip", "knee"))
    other = [pose.point(side.other.landmark(joint)) for joint in ("hip", "knee")]
    full = float(np.nanmedian(np.linalg.norm(other[1] - other[0], axis=1)))
    thigh = knee - hip
    outward = thigh[:, 0] * facing(pose) * (1 if side is Side.LEFT else -1)
    sideways = np.degrees(np.arctan2(outward, thigh[:, 1]))
    forwards = np.degrees(np.arccos(np.clip(thigh[:, 1] / full, -1.0, 1.0)))
    return _smooth(pose.time_s, np.fmax(sideways, forwards))


def _smooth(time_s: FloatArray, values: FloatArray) -> FloatArray:
    return smooth_at_own_times(time_s, fill_gaps(time_s, values, 0.3), SMOOTH_HZ)


def _findings(stage: Stage, taken: bool, eyes_watched: bool) -> tuple[Finding, ...]:
    found = []
    if not eyes_watched:
        text = "The camera does not see the eyes: add the times they opened."
        found.append(Finding(FindingCode.EYES_UNKNOWN, Severity.INFO, text))
    if not taken:
        text = f"The position '{stage.title}' was not recognised in this view."
        code = FindingCode.NOT_VISIBLE_FROM_THIS_VIEW
        found.append(Finding(code, Severity.WARNING, text))
    text = "Small lifts of heel or toes do not show from the front; watch them."
    code = FindingCode.NOT_VISIBLE_FROM_THIS_VIEW
    found.append(Finding(code, Severity.INFO, text))
    return tuple(found)
