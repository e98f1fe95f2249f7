"""The Balance Error Scoring System: errors counted as its manual does.

Seeing the errors is apart (``faults.py``), so that a person can overrule one and have
the score again. The eyes are not seen; they are asked and may be added.
"""

from collections.abc import Iterable, Sequence

from balance.analysis.events.stance_type import find_two_leg_stances
from balance.analysis.measures.faults import Fault, find_faults
from balance.model.codes import EndReason, EventCode, FindingCode, Severity, TrialKind
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.model.results import Event, Finding, Measurement, Trial
from balance.reference.protocol import Protocol, Stage

# Errors that begin within this time belong together and count as one.
TOGETHER_S = 0.5
# At most so many in a trial (BESS manual; NINDS F2017; see protocols.toml).
MOST_ERRORS = 10


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


def count_errors(
    faults: Iterable[Fault], span_s: tuple[float, float], protocol: Protocol
) -> int:
    """Count as the manual does: together is one, too long out is one more, at most 10.

    A stance that is never held for the protocol's ``position_s`` without a step,
    stumble or fall scores the most.
    """
    faults = tuple(faults)
    most = protocol.max_errors or MOST_ERRORS
    limit_s = protocol.position_s or float("inf")
    groups = _groups(faults)
    if _longest_held_s(faults, span_s) < limit_s:
        return most
    too_long = sum(end - start > limit_s for start, end in groups)
    return min(most, len(groups) + too_long)


def recount(before: Trial, after: Trial) -> Measurement | None:
    """Count the errors of a trial again after events were taken out or added.

    Events know when they began, not how long they lasted, so errors that overlapped
    count apart; taking one away never raises the count. None where none were counted.
    """
    counted = before.measures.get("errors")
    if counted is None:
        return None
    was, now = _apart(before.events), _apart(after.events)
    errors = min(now, counted.value) if now < was else counted.value + now - was
    errors = float(min(errors, MOST_ERRORS))
    high = None if counted.high is None else errors
    return Measurement(errors, "count", errors, high)


def _apart(events: Iterable[Event]) -> int:
    """Count events, those together as one."""
    groups: list[float] = []
    for event in sorted(events, key=lambda event: event.time_s):
        if not groups or event.time_s - groups[-1] > TOGETHER_S:
            groups.append(event.time_s)
    return len(groups)


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
    for span in find_two_leg_stances(pose):
        if span.reading.kind == stage.kind:
            one_leg = stage.kind == TrialKind.SINGLE_LEG_STANCE
            side = span.reading.front if one_leg else None
            return span.start_s, span.start_seen, side, True
    side = Side.LEFT if stage.kind == TrialKind.SINGLE_LEG_STANCE else None
    return float(pose.time_s[0]), False, side, False


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
