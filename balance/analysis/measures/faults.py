"""Errors of position during a stance, as far as the camera sees them.

Seen: hands off the hip bones, steps and touchdowns, a hip beyond its limit, a lifted
forefoot or heel (roughly). The kinds are those of the Balance Error Scoring System.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body.geometry import facing, midpoint, signed_angle
from balance.analysis.body.hands import hand_place
from balance.analysis.events.stance_type import STEP_WINDOW_S, foot_stays
from balance.analysis.signals import (
    fill_gaps,
    lasting,
    length,
    median,
    runs,
    smooth_at_own_times,
)
from balance.model.codes import EventCode
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.model.results import Event
from balance.reference.protocol import Protocol

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
# An arm that hangs has its wrist near the hip, too, but a straight elbow.
ELBOW_BENT_DEG = 40.0
# Hands are where they were asked to be this long after foot-off.
AT_FIRST_S = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One error and how long it lasted."""

    code: EventCode
    start_s: float
    end_s: float


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


def stance_events(
    pose: PoseSequence, side: Side, span_s: tuple[float, float]
) -> tuple[Event, ...]:
    """Errors of a hold that no protocol rules, each with its time.

    Hands that leave the hips count only where they were on them at foot-off: nobody
    asked for them. How far the thigh is raised is everybody's own choice here.
    """
    first, last = np.searchsorted(pose.time_s, span_s)
    pose = pose[first : last + 1]
    t, inside = pose.time_s, np.ones(len(pose), bool)
    masks = {EventCode.FOREFOOT_OR_HEEL_LIFTED: _foot_lifted(pose, side, inside)}
    at_first = slice(np.searchsorted(t, span_s[0] + AT_FIRST_S, side="right"))
    if _hands_on(pose, at_first):
        masks[EventCode.HANDS_OFF_HIPS] = _hands_off(pose, inside)
    events = [
        Event(code, float(t[run.start]))
        for code, mask in masks.items()
        for run in runs(lasting(t, mask, SHORTEST_S))
    ]
    return tuple(sorted(events, key=lambda event: event.time_s))


def _hands_off(pose: PoseSequence, inside: BoolArray) -> BoolArray:
    """(T,) True where a hand is away from where it rests on the hip bone."""
    off = np.zeros(len(pose), bool)
    for side in Side:
        away = _from_hip_bone(pose, side)
        resting = median(away[inside]) if inside.any() else 0.0
        off |= away > min(resting, HAND_ON) + HAND_OFF
    return off


def _hands_on(pose: PoseSequence, when: slice) -> bool:
    """Whether both hands rest on the hip bones in these frames, elbows out."""
    return all(_elbow_out(pose[when], side) for side in Side) and all(
        median(_from_hip_bone(pose, side)[when]) <= HAND_ON for side in Side
    )


def _elbow_out(pose: PoseSequence, side: Side) -> bool:
    """Whether the elbow is bent, as one beside a hand on the hip bone is."""
    shoulder, elbow, wrist = (
        pose.point(side.landmark(joint)) for joint in ("shoulder", "elbow", "wrist")
    )
    bent_deg = np.abs(signed_angle(elbow - shoulder, wrist - elbow))
    return median(bent_deg) >= ELBOW_BENT_DEG


def _from_hip_bone(pose: PoseSequence, side: Side) -> FloatArray:
    """(T,) way of a wrist from the crest of its hip bone, in trunk lengths."""
    return length(hand_place(pose, side))


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
    usual = median(lift[inside]) if inside.any() else 0.0
    down = lift < FOOT_DOWN * usual if usual > 0 else np.zeros(len(pose), bool)
    return np.asarray(~foot_stays(pose, side) | down)


def _foot_lifted(pose: PoseSequence, side: Side | None, inside: BoolArray) -> BoolArray:
    """(T,) True where toe or heel of a planted foot is above its usual place."""
    leg_px = median(
        np.abs(midpoint(pose, "hip")[:, 1] - midpoint(pose, "foot_index")[:, 1])
    )
    lifted = np.zeros(len(pose), bool)
    for leg in (side,) if side is not None else tuple(Side):
        for joint in ("heel", "foot_index"):
            y = _smooth(pose.time_s, pose.point(leg.landmark(joint))[:, 1] / leg_px)
            usual = median(y[inside]) if inside.any() else 0.0
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
