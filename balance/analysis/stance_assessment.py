"""From one single-leg stance to its trial: measure, judge, score. Pure."""

from dataclasses import replace

from balance.analysis.body.view import SceneGeometry
from balance.analysis.events.leg_touch import first_leg_touch
from balance.analysis.events.trials import Stance
from balance.analysis.judging.scoring import hold_norm, judge_hold, score_stance
from balance.analysis.measures.faults import stance_events
from balance.analysis.measures.stance import (
    hidden_by_thigh,
    measure_hold,
    measure_knee_flexion,
    measure_trunk_lean,
)
from balance.analysis.measures.sway import Sway, SwayGeometry, measure_sway
from balance.model.codes import EndReason, EventCode, FindingCode, Severity, TrialKind
from balance.model.results import Event, Finding, Measurement, Measures, Trial
from balance.reference.protocol import Protocol
from balance.reference.thresholds import Norms

# Turned farther than this, what is read as sideways is a quarter forwards and back.
FRONTAL_YAW_DEG = 15.0
# From here on a seventh of what is forwards shows as sideways; the yaw of a stand is
# known to about 5 degrees (95 %).
SAY_TURNED_DEG = 8.0


def assess_stance(
    view: SceneGeometry, stance: Stance, protocol: Protocol, norms: Norms
) -> Trial:
    """Assess one stance as one trial."""
    recording = view.recording
    stance = capped(stance, protocol)
    touch_s = first_leg_touch(recording.pose, view.feet, stance)
    if touch_s is not None and EndReason.LEGS_TOUCHING in protocol.stop_rules:
        stance = _ended_by_touch(stance, touch_s)
    hold = measure_hold(stance)
    sway = _sway(view, stance, protocol, norms)
    measures: dict[str, Measurement | None] = {
        "hold_s": hold,
        **sway.measures,
        **measure_trunk_lean(recording.pose, stance, view.roll_deg),
        "pelvic_drop_deg": None,
        "hip_adduction_deg": None,
        "knee_flexion_deg": measure_knee_flexion(recording.pose, stance, view.side_on),
    }
    norm, why = hold_norm(norms, recording.person, recording.conditions)
    findings = [*sway.findings, hidden_by_thigh(stance), why or _one_try()]
    turned = _turned(view)
    if turned is not None:
        findings.append(turned)
    if measures["knee_flexion_deg"] is None:
        findings.append(_bend_not_seen())
    judged = judge_hold(norms, recording.person, recording.conditions, hold)
    events = _events(stance, measures, touch_s) + stance_events(
        recording.pose, stance.side, (stance.start_s, stance.end_s)
    )
    return Trial(
        kind=TrialKind.SINGLE_LEG_STANCE,
        side=stance.side.value,
        start_s=stance.start_s,
        end_s=stance.end_s,
        start_seen=stance.start_seen,
        end_seen=stance.end_seen,
        end_reason=stance.end_reason,
        measures=measures,
        signal=sway.signal,
        norm=norm,
        events=tuple(sorted(events, key=lambda event: event.time_s)),
        judgements=(judged,) if judged else (),
        findings=tuple(findings),
        score=score_stance(norms, norm, hold, measures["trunk_lean_deg"], events),
    )


def capped(stance: Stance, protocol: Protocol) -> Stance:
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


def _ended_by_touch(stance: Stance, touch_s: float) -> Stance:
    """End a stance where the protocol does not let the legs touch."""
    return replace(
        stance, end_s=touch_s, end_seen=True, end_reason=EndReason.LEGS_TOUCHING
    )


def _sway(
    view: SceneGeometry, stance: Stance, protocol: Protocol, norms: Norms
) -> Sway:
    """Measure sway, unless the camera does not look at the person from the front."""
    if norms.sway_errors is None:
        return Sway({}, None, ())
    hold_s = (stance.start_s, stance.end_s)
    yaw = view.yaw_deg
    measured = measure_sway(
        view.recording,
        hold_s,
        SwayGeometry(view.body, yaw),
        protocol,
        norms.sway_errors,
    )
    turned = yaw is not None and abs(yaw.value) > FRONTAL_YAW_DEG
    if not turned and not view.side_on:
        return measured
    return Sway(
        dict.fromkeys(measured.measures), None, (*measured.findings, _not_frontal())
    )


def _events(
    stance: Stance, measures: Measures, touch_s: float | None
) -> tuple[Event, ...]:
    events = []
    if touch_s is not None:
        events.append(Event(EventCode.LEGS_TOUCHING, touch_s))
    peak = measures.get("trunk_lean_peak_deg")
    if peak is not None and peak.at_s is not None:
        events.append(Event(EventCode.TRUNK_LEAN_PEAK, peak.at_s))
    ends = {
        EndReason.TOUCHDOWN: EventCode.TOUCHDOWN,
        EndReason.STANCE_FOOT_MOVED: EventCode.STANCE_FOOT_MOVED,
    }
    if stance.end_reason in ends:
        events.append(Event(ends[stance.end_reason], stance.end_s))
    return tuple(events)


def _one_try() -> Finding:
    return Finding(
        FindingCode.ONE_TRY,
        Severity.INFO,
        "This is one trial; the norms are the best of three. Three trials a leg are "
        "needed for a fair comparison.",
    )


def _turned(view: SceneGeometry) -> Finding | None:
    """Say that the camera is not square, where that is surely so."""
    yaw = view.yaw_deg
    if view.side_on or yaw is None or yaw.low is None or yaw.high is None:
        return None
    if abs(yaw.value) < SAY_TURNED_DEG or yaw.low <= 0 <= yaw.high:
        return None
    return Finding(
        FindingCode.CAMERA_TURNED,
        Severity.WARNING,
        f"The camera is turned by about {abs(yaw.value):.0f} degrees. Turn to face it: "
        "what is forwards and backwards mixes into the sway from side to side.",
    )


def _bend_not_seen() -> Finding:
    return Finding(
        FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
        Severity.INFO,
        "The bend of the standing knee is not given: it is seen from the side only.",
    )


def _not_frontal() -> Finding:
    return Finding(
        FindingCode.SWAY_NOT_FRONTAL,
        Severity.WARNING,
        "Sway from side to side is measured from the front; the camera looked from "
        "the side. Turn to face the camera.",
    )
