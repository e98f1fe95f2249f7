"""From a recording to its assessment: clean, find, measure, judge, score.

Pure: the same recording gives the same numbers, bit for bit, wherever it is asked.
"""

from dataclasses import replace

from balance.analysis.body.clean_recording import clean
from balance.analysis.body.clothes import clothes_finding
from balance.analysis.body.quality import camera_moved, image_findings
from balance.analysis.body.view import SceneGeometry, estimate_geometry
from balance.analysis.contact import recording_contact
from balance.analysis.events.bending_sets import recording_bends
from balance.analysis.events.event_times import refine_event_times
from balance.analysis.events.repetitions import (
    SquatSet,
    find_squat_sets,
    undecided_findings,
)
from balance.analysis.events.trials import Stance, find_single_leg_stances
from balance.analysis.judging.rating_squat import rate_squat
from balance.analysis.measures.sit_to_stand import sit_to_stand_trials
from balance.analysis.other_trials import on_the_same_feet, other_trials, without_raises
from balance.analysis.squat_assessment import (
    SquatAssessment,
    assess_squats,
    with_knees_hidden,
)
from balance.analysis.stance_assessment import assess_stance
from balance.model.codes import TESTS, FindingCode, Severity, TrialKind
from balance.model.recording import Recording
from balance.model.results import (
    Assessment,
    CameraGeometry,
    Finding,
    Measurement,
    Scale,
    Trial,
)
from balance.reference.protocol import Protocol
from balance.reference.thresholds import Norms

BESS_KINDS = (TrialKind.SINGLE_LEG_STANCE, TrialKind.TWO_LEG_STANCE)


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
    trusted = clean(recording)
    contact = recording_contact(trusted.recording, norms.contact)
    view = estimate_geometry(trusted.recording, contact)
    stances, notes = find_single_leg_stances(
        trusted.recording, protocol, view.feet, contact
    )
    stances = refine_event_times(stances, trusted.recording, view.feet.leg_px)
    clothes = clothes_finding(view)
    bending = recording_bends(view.recording, contact, norms.repetitions)
    sets = find_squat_sets(bending, stances)
    squats = _squats(view, sets, norms, knees_hidden=clothes is not None)
    both = (*squats.trials, *sit_to_stand_trials(bending))
    found = _trials(view, stances, both, protocol, norms)
    trials = tuple(
        replace(trial, ratings=rate_squat(trial, norms.ratings, notes))
        for trial in found
    )
    findings = [
        *recording.notes,
        *image_findings(recording, view.feet.leg_px),
        *trusted.findings,
        *notes,
        *undecided_findings(bending),
    ]
    if clothes is not None:
        findings.append(clothes)
    if not trials:
        findings.append(_no_trial(findings))
    return Assessment(
        software=recording.software,
        source=recording.source,
        options=recording.options,
        person=recording.person,
        conditions=recording.conditions,
        protocol=protocol.code,
        scale=Scale(view.mm_per_px) if view.mm_per_px else None,
        camera=_camera(view, squats.yaw_deg or view.axis_yaw_deg),
        trials=trials,
        findings=tuple(findings),
    )


def _squats(
    view: SceneGeometry,
    sets: tuple[SquatSet, ...],
    norms: Norms,
    *,
    knees_hidden: bool,
) -> SquatAssessment:
    thresholds = norms.squats
    if thresholds is None:
        return SquatAssessment()
    squats = assess_squats(
        view.recording, sets, thresholds, view.roll_deg, view.mm_per_px
    )
    if not knees_hidden:
        return squats
    trials = tuple(with_knees_hidden(trial, thresholds) for trial in squats.trials)
    return replace(squats, trials=trials)


def _trials(
    view: SceneGeometry,
    stances: tuple[Stance, ...],
    sets: tuple[Trial, ...],
    protocol: Protocol,
    norms: Norms,
) -> tuple[Trial, ...]:
    """Return sets of bends, stances without squats, and what else was asked."""
    asked = frozenset(TESTS.get(view.recording.options.test, ()))
    lifted_s = [time_s for one in stances for time_s in (one.start_s, one.end_s)]
    others = other_trials(view.recording.pose, protocol, asked)
    others = on_the_same_feet(others, lifted_s)
    sets = without_raises(sets, others)
    if not asked and not protocol.stages:
        held: tuple[Trial | Stance, ...] = (*sets, *stances)
        others = tuple(one for one in others if not any(_overlap(one, x) for x in held))
    squatting = {trial.start_s for trial in sets if trial.side != "both"}
    trials = [
        assess_stance(view, one, protocol, norms)
        for one in stances
        if one.start_s not in squatting
    ]
    ends = {one.start_s: one for one in stances}
    for trial in sets:
        on_one_leg = trial.side != "both"
        trials.append(_ended_as(trial, ends[trial.start_s]) if on_one_leg else trial)
    if protocol.error_types:
        # Errors do not end a trial of the BESS, so its own stands replace the others.
        trials = [trial for trial in trials if trial.kind not in BESS_KINDS]
    trials += others
    wanted = TESTS.get(view.recording.options.test, set(TrialKind))
    found = (trial for trial in trials if trial.kind in wanted)
    return tuple(sorted(found, key=lambda trial: trial.start_s))


def _overlap(one: Trial, other: Trial | Stance) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s


def _ended_as(trial: Trial, stance: Stance) -> Trial:
    """Let a single-leg set end as its stance did, and for the same reason."""
    return replace(
        trial,
        start_seen=stance.start_seen,
        end_seen=stance.end_seen,
        end_reason=stance.end_reason,
    )


def _camera(view: SceneGeometry, yaw_deg: Measurement | None) -> CameraGeometry:
    return CameraGeometry(yaw_deg, view.roll_deg, camera_moved(view.recording))


def _no_trial(findings: list[Finding]) -> Finding:
    reasons = [f.text for f in findings if f.severity is Severity.ERROR]
    advice = (
        "Stand facing the camera with the whole body in view and lift one foot "
        "clearly for a few seconds."
    )
    return Finding(
        FindingCode.NO_TRIAL,
        Severity.ERROR if reasons else Severity.WARNING,
        f"No stand on one leg and no squat was found. {(reasons or [advice])[0]}",
    )
