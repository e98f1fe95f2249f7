"""From a recording to its assessment: clean, find, measure, judge, score.

Pure: the same recording gives the same numbers, bit for bit, wherever it is asked.
"""

from dataclasses import dataclass, replace

import numpy as np

from balance.codes import EndReason, EventCode, FindingCode, Severity, TrialKind
from balance.contact import both_planted, find_feet
from balance.geometry import camera_roll
from balance.measures.stance import hidden_by_thigh, measure_hold, measure_trunk_lean
from balance.pose import Recording
from balance.protocol import Protocol
from balance.quality import camera_moved, picture_findings
from balance.results import (
    Assessment,
    CameraGeometry,
    Event,
    Finding,
    Measurement,
    Measures,
    Trial,
)
from balance.scoring import Norms, hold_norm, judge_hold, score_stance
from balance.squat_assessment import assess_squats
from balance.trials import Stance, find_stances
from balance.trust import trust

# Roll from quiet standing: bodies are not symmetrical to more than this (SD).
ROLL_SD_DEG = 0.6
# Where nobody stood on two legs, the camera is taken as level within this (SD).
UNKNOWN_ROLL_SD_DEG = 2.0


@dataclass(frozen=True, eq=False)
class _View:
    """What holds for the whole clip."""

    recording: Recording
    protocol: Protocol
    norms: Norms
    roll_deg: float
    roll_sd_deg: float


def assess(recording: Recording, protocol: Protocol, norms: Norms) -> Assessment:
    """Assessment of one recording.

    Parameters
    ----------
    recording
        Landmarks, tracks and scene, with what was told about person and test.
    protocol
        The rules that the test followed.
    norms
        What the results are held against.
    """
    as_seen = recording
    trusted = trust(recording)
    recording = trusted.recording
    feet = find_feet(recording)
    findings = [*recording.notes, *picture_findings(as_seen, feet.leg_px)]
    findings += trusted.findings
    stances, notes = find_stances(recording, protocol)
    view = _view(recording, protocol, norms)
    trials, yaw = _trials(view, stances)
    findings += notes
    if not trials:
        findings.append(_no_trial(findings))
    return Assessment(
        software=recording.software,
        source=recording.source,
        options=recording.options,
        person=recording.person,
        conditions=recording.conditions,
        protocol=protocol.code,
        scale=None,
        camera=replace(_camera(view), yaw_deg=yaw),
        trials=trials,
        findings=tuple(findings),
    )


def _trials(
    view: _View, stances: tuple[Stance, ...]
) -> tuple[tuple[Trial, ...], Measurement | None]:
    """Squat sets and the stances without squats in order of time, and the yaw."""
    if view.norms.squats is None:
        return tuple(_stance_trial(view, stance) for stance in stances), None
    by_key = {(one.side, one.start_s, one.end_s): one for one in stances}
    roll = Measurement.with_sd(view.roll_deg, view.roll_sd_deg, "deg")
    found = assess_squats(view.recording, by_key, view.norms.squats, roll)
    trials = [
        _stance_trial(view, one)
        for key, one in by_key.items()
        if key not in found.squat_stances
    ]
    ends = {one.start_s: one for one in stances}
    for trial in found.trials:
        stance = None if trial.side == "both" else ends[trial.start_s]
        trials.append(trial if stance is None else _ended_as(trial, stance))
    return tuple(sorted(trials, key=lambda trial: trial.start_s)), found.yaw_deg


def _ended_as(trial: Trial, stance: Stance) -> Trial:
    """Let a single-leg set end as its stance did, and for the same reason."""
    return replace(
        trial,
        start_seen=stance.start_seen,
        end_seen=stance.end_seen,
        end_reason=stance.end_reason,
    )


def _view(recording: Recording, protocol: Protocol, norms: Norms) -> _View:
    standing = both_planted(find_feet(recording))
    roll = camera_roll(recording.pose, standing)
    known = bool(np.isfinite(roll))
    return _View(
        recording,
        protocol,
        norms,
        roll if known else 0.0,
        ROLL_SD_DEG if known else UNKNOWN_ROLL_SD_DEG,
    )


def _camera(view: _View) -> CameraGeometry:
    roll = Measurement.with_sd(view.roll_deg, view.roll_sd_deg, "deg")
    return CameraGeometry(None, roll, camera_moved(view.recording))


def _stance_trial(view: _View, stance: Stance) -> Trial:
    recording = view.recording
    stance = _capped(stance, view.protocol)
    hold = measure_hold(stance)
    lean = measure_trunk_lean(recording.pose, stance, view.roll_deg, view.roll_sd_deg)
    measures: dict[str, Measurement | None] = {
        "hold_s": hold,
        **lean,
        "pelvic_drop_deg": None,
        "hip_adduction_deg": None,
    }
    findings = [hidden_by_thigh(stance)]
    norm, why = hold_norm(view.norms, recording.person, recording.conditions)
    findings += [why] if why else [_one_try()]
    judged = judge_hold(view.norms, recording.person, recording.conditions, hold)
    events = _events(stance, measures)
    return Trial(
        kind=TrialKind.SINGLE_LEG_STANCE,
        side=stance.side.value,
        start_s=stance.start_s,
        end_s=stance.end_s,
        start_seen=stance.start_seen,
        end_seen=stance.end_seen,
        end_reason=stance.end_reason,
        measures=measures,
        norm=norm,
        events=events,
        judgements=(judged,) if judged else (),
        findings=tuple(findings),
        score=score_stance(view.norms, norm, hold, measures["trunk_lean_deg"], events),
    )


def _capped(stance: Stance, protocol: Protocol) -> Stance:
    """End a stance at the protocol's cap."""
    if protocol.cap_s is None or stance.end_s - stance.start_s <= protocol.cap_s:
        return stance
    return replace(
        stance,
        end_s=stance.start_s + protocol.cap_s,
        end_seen=True,
        end_reason=EndReason.TIME_CAP,
        end_sd_s=0.0,
    )


def _events(stance: Stance, measures: Measures) -> tuple[Event, ...]:
    events = []
    peak = measures.get("trunk_lean_peak_deg")
    if peak is not None and peak.at_s is not None:
        events.append(Event(EventCode.TRUNK_LEAN_PEAK, peak.at_s))
    ends = {
        EndReason.TOUCHDOWN: EventCode.TOUCHDOWN,
        EndReason.STANCE_FOOT_MOVED: EventCode.STANCE_FOOT_MOVED,
    }
    if stance.end_reason in ends:
        events.append(Event(ends[stance.end_reason], stance.end_s))
    return tuple(sorted(events, key=lambda event: event.time_s))


def _one_try() -> Finding:
    return Finding(
        FindingCode.ONE_TRY,
        Severity.INFO,
        "This is one try; the norms are the best of three. Three tries a leg are "
        "needed for a fair comparison.",
    )


def _no_trial(findings: list[Finding]) -> Finding:
    reasons = [f.text for f in findings if f.severity is Severity.ERROR]
    why = (
        " " + reasons[0]
        if reasons
        else (
            " Stand facing the camera with the whole body in view and lift one foot "
            "clearly for a few seconds."
        )
    )
    return Finding(
        FindingCode.NO_TRIAL,
        Severity.ERROR if reasons else Severity.WARNING,
        "No stand on one leg and no squat was found." + why,
    )
