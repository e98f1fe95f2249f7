"""When did a single-leg stance start and end, and why: found afterwards.

A stance is a stretch in which exactly one foot touches the floor (see `contact`), cut
where the stance foot takes another place. Its times are those of the contact's
posterior, until `event_times` finds them in the texture of the swing foot.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from balance.analysis.body.contact import Feet
from balance.analysis.contact.decode import BOTH, NOT_VISIBLE, Alone, Contact
from balance.analysis.events.foot_moves import place_changes
from balance.model.codes import EndReason, FindingCode, Severity
from balance.model.landmarks import Side
from balance.model.recording import Recording
from balance.model.results import Finding
from balance.reference.protocol import Protocol

# What the landmarks alone err by at foot-off and foot-down beside their noise (SD over
# the rendered stands: the tracker lags and leads by a frame).
LANDMARK_SD_S = 0.035
# Of the least hold, where the video ends before the foot is down.
CUT_OFF_SHARE = 0.7
NONE = 3


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


class _Edge(NamedTuple):
    """Start or end of a stance: when, with what error, and whether it was seen."""

    time_s: float
    sd_s: float
    seen: bool


def find_single_leg_stances(
    recording: Recording,
    protocol: Protocol,
    feet: Feet,
    contact: Contact,
    *,
    camera_known: bool = True,
) -> tuple[tuple[Stance, ...], tuple[Finding, ...]]:
    """Every single-leg stance in order of time, and what to know about them.

    Stances shorter than ``protocol.min_hold_s`` are not listed; those of at least
    ``protocol.short_attempt_s`` become findings ``short_attempt``. Where it cannot be
    told whether the other foot was on the floor there is no stance but a finding.
    Without ``camera_known`` nobody can say whether a stance foot moved or the camera,
    and stances are not cut there.
    """
    stances, findings = list[Stance](), list[Finding]()
    for alone in contact.stretches:
        if not alone.clear:
            findings += _undecided(alone, contact, protocol)
            continue
        for stance in _stances(recording, feet, contact, alone, camera_known):
            hold_s = stance.end_s - stance.start_s
            if hold_s >= _least_hold_s(stance, contact, alone, protocol):
                stances.append(stance)
            elif hold_s >= protocol.short_attempt_s and _from_quiet(contact, alone):
                findings.append(_short_attempt(stance))
    return _without_overlap(stances), tuple(findings)


def _stances(
    recording: Recording,
    feet: Feet,
    contact: Contact,
    alone: Alone,
    camera_known: bool,
) -> Iterator[Stance]:
    """One stretch on one leg, cut where the stance foot takes another place."""
    start, (end, reason) = (
        _start(feet, alone),
        _end(recording, feet, contact, alone),
    )
    moves = place_changes(recording, feet, alone) if camera_known else []
    sd_s = float(np.hypot(_half_frame(feet), LANDMARK_SD_S))
    for move in moves:
        moved = _Edge(move.left_s, sd_s, True)
        yield _stance(alone, start, moved, EndReason.STANCE_FOOT_MOVED)
        start = _Edge(move.stands_s, sd_s, True)
    if end.time_s > start.time_s:
        yield _stance(alone, start, end, reason)


def _least_hold_s(
    stance: Stance, contact: Contact, alone: Alone, protocol: Protocol
) -> float:
    """Return how long a stance must be seen to be listed.

    One that the end of the video cuts goes on; begun from quiet standing it is no step.
    """
    cut_off = stance.end_reason is EndReason.VIDEO_END and stance.start_seen
    if cut_off and _from_quiet(contact, alone):
        return CUT_OFF_SHARE * protocol.min_hold_s
    return protocol.min_hold_s


def _stance(alone: Alone, start: _Edge, end: _Edge, reason: EndReason) -> Stance:
    return Stance(
        tuple(Side)[alone.side],
        start.time_s,
        end.time_s,
        start.seen,
        end.seen,
        reason,
        start.sd_s,
        end.sd_s,
    )


def _start(feet: Feet, alone: Alone) -> _Edge:
    first_s = float(feet.time_s[alone.first])
    if alone.start is None or not alone.start.seen:
        return _Edge(first_s, _half_frame(feet), False)
    return _Edge(alone.start.time_s, alone.start.sd_s, True)


def _end(
    recording: Recording, feet: Feet, contact: Contact, alone: Alone
) -> tuple[_Edge, EndReason]:
    """When and why the other foot, the sight or the video ended the stance."""
    last = alone.stop - 1
    unseen = _Edge(float(feet.time_s[last]), _half_frame(feet), False)
    if alone.stop >= len(contact.state):
        return unseen, EndReason.VIDEO_END
    if recording.scene.scene_cut[alone.stop]:
        return unseen, EndReason.CAMERA_CUT
    if contact.state[alone.stop] == NOT_VISIBLE:
        return unseen, EndReason.LOST_SIGHT
    if alone.end is None or not alone.end.seen:
        return unseen, EndReason.LOST_SIGHT
    hops = alone.end.after == NONE
    reason = EndReason.STANCE_FOOT_MOVED if hops else EndReason.TOUCHDOWN
    return _Edge(alone.end.time_s, alone.end.sd_s, True), reason


def _from_quiet(contact: Contact, alone: Alone) -> bool:
    """Whether both feet stood just before: an attempt, not a step of walking."""
    t, start_s = contact.time_s, contact.time_s[alone.first]
    before = (t >= start_s - 0.8) & (t <= start_s - 0.1)
    return bool(before.any() and (contact.state[before] == BOTH).mean() > 0.9)


def _without_overlap(stances: list[Stance]) -> tuple[Stance, ...]:
    """Let a stance begin where the one before it ends, at the earliest."""
    kept: list[Stance] = []
    for stance in sorted(stances, key=lambda one: one.start_s):
        if kept and stance.start_s < kept[-1].end_s:
            stance = replace(stance, start_s=kept[-1].end_s)
        kept.append(stance)
    return tuple(kept)


def _half_frame(feet: Feet) -> float:
    """Return the standard deviation of a time known to the frame: spacing / √12."""
    return feet.frame_s / float(np.sqrt(12))


def _short_attempt(stance: Stance) -> Finding:
    hold_s = stance.end_s - stance.start_s
    return Finding(
        FindingCode.SHORT_ATTEMPT,
        Severity.INFO,
        f"A short attempt on the {stance.side} leg: {hold_s:.1f} s.",
        stance.start_s,
    )


def _undecided(alone: Alone, contact: Contact, protocol: Protocol) -> list[Finding]:
    """Say that a stance may have been there, and what would show it."""
    start_s, end_s = contact.time_s[alone.first], contact.time_s[alone.stop - 1]
    if end_s - start_s < max(protocol.min_hold_s, 1.0):
        return []
    return [
        Finding(
            FindingCode.UNDECIDED_TOUCH,
            Severity.WARNING,
            f"From {start_s:.1f} to {end_s:.1f} s it cannot be told whether one foot "
            "was off the floor all the time, so no stance is measured there. Turn to "
            "face the camera and lift the foot clearly.",
            float(start_s),
        )
    ]
