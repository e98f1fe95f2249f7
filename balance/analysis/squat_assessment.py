"""From a recording to its squat trials: find, see, measure, judge, score. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.events.repetitions import SquatRepetition, SquatSet
from balance.analysis.judging.scoring_squat import (
    SquatEvidence,
    judge_squat,
    score_squat,
)
from balance.analysis.measures.squat import (
    bottom_rows,
    left_right_difference,
    measure_repetition,
    summarise,
    view_squats,
)
from balance.analysis.measures.squat_body import heel_rise_in_noise
from balance.analysis.measures.squat_course import (
    SAME_DEPTH_DEG,
    SHOWS_DEG,
    at_depth,
    hip_at_depth,
    knee_curves,
)
from balance.analysis.measures.squat_raters import arm_movement, knee_past_toes
from balance.analysis.measures.squat_view import SquatView
from balance.model.codes import Answer, FindingCode, JudgementCode, Severity
from balance.model.landmarks import Side
from balance.model.recording import Recording
from balance.model.results import (
    Curve,
    Finding,
    Judgement,
    Measurement,
    Measures,
    Repetition,
    Trial,
)
from balance.reference.thresholds import SquatThresholds

ABOUT_KNEES = (
    JudgementCode.KNEE_VALGUS_LEFT,
    JudgementCode.KNEE_VALGUS_RIGHT,
    JudgementCode.LEFT_RIGHT_DIFFERENCE,
)
# From this yaw on the person is asked to turn to the camera.
SAY_TURNED_DEG = 6.0


@dataclass(frozen=True, slots=True)
class SquatAssessment:
    """Trials of all squat sets, and the camera's yaw."""

    trials: tuple[Trial, ...] = ()
    yaw_deg: Measurement | None = None


def assess_squats(
    recording: Recording,
    sets: Iterable[SquatSet],
    thresholds: SquatThresholds,
    roll: Measurement | None = None,
    mm_per_px: Measurement | None = None,
) -> SquatAssessment:
    """Assess every squat set of a recording.

    Parameters
    ----------
    sets
        What was found, see `find_squat_sets`.
    roll, mm_per_px
        The camera's roll and the scale, None where unknown.
    """
    pose, edges = recording.pose, recording.leg_edges_px
    trials, yaws = [], []
    for found in sets:
        view = view_squats(pose, edges, found, thresholds.camera_yaw, roll)
        if view is None:
            continue
        trials.append(_trial(view, found, thresholds, mm_per_px))
        if np.isfinite(view.yaw_deg):
            yaw, sd_deg = view.axis_yaw_deg, view.axis_yaw_sd_deg
            yaws.append(Measurement.with_sd(yaw, sd_deg, "deg"))
    best = min(yaws, key=lambda yaw: (yaw.high or 0) - (yaw.low or 0), default=None)
    return SquatAssessment(tuple(trials), best)


def with_knees_hidden(trial: Trial, thresholds: SquatThresholds) -> Trial:
    """Take back what was said of the knees where clothes hide them."""

    def unsaid(judgements: tuple[Judgement, ...]) -> tuple[Judgement, ...]:
        return tuple(
            replace(
                one,
                answer=Answer.CANNOT_TELL,
                grade=None,
                chance=None,
                because="clothes hide the knees",
            )
            if one.code in ABOUT_KNEES
            else one
            for one in judgements
        )

    judgements = unsaid(trial.judgements)
    return replace(
        trial,
        judgements=judgements,
        repetitions=tuple(
            replace(rep, judgements=unsaid(rep.judgements)) for rep in trial.repetitions
        ),
        score=score_squat(judgements, thresholds),
    )


def _trial(
    view: SquatView,
    found: SquatSet,
    thresholds: SquatThresholds,
    mm_per_px: Measurement | None,
) -> Trial:
    repetitions = tuple(
        _repetition(view, found, index, thresholds, mm_per_px)
        for index in range(len(found.repetitions))
    )
    full = [
        rep.measures
        for rep, one in zip(repetitions, found.repetitions, strict=True)
        if not one.partial
    ]
    measures = summarise(full)
    if not view.single_leg:
        name = "fppa_frontal_{side}_deg_mean"
        measures["fppa_left_right_difference_deg"] = left_right_difference(
            measures, name
        )
    judgements = _judge(view, found, measures, thresholds)
    return Trial(
        kind=found.kind,
        side="both" if found.side is None else found.side.value,
        start_s=found.start_s,
        end_s=found.end_s,
        start_seen=found.start_seen,
        end_seen=found.end_seen,
        end_reason=found.end_reason,
        measures=measures,
        repetitions=repetitions,
        judgements=judgements,
        findings=(
            *_findings(view, found, mm_per_px),
            *_too_deep(view, repetitions),
        ),
        score=score_squat(judgements, thresholds),
    )


def _repetition(
    view: SquatView,
    found: SquatSet,
    index: int,
    thresholds: SquatThresholds,
    mm_per_px: Measurement | None,
) -> Repetition:
    one = found.repetitions[index]
    curves = knee_curves(view, one)
    measures = dict(measure_repetition(view, one, mm_per_px))
    for side in view.sides:
        measures |= _on_the_way(view, side, one, curves)
    rows = bottom_rows(view.pose, one)
    for side in view.sides if view.single_leg else ():
        measures[f"knee_past_toes_{side}_pct_leg"] = knee_past_toes(view, side, rows)
        measures["arm_movement_pct_trunk"] = arm_movement(view, one, found)
    seen = SquatEvidence(
        measures,
        view.sides,
        one.bottom_s,
        _why_not(view),
        frontal=view.is_frontal,
        heels=heel_rise_in_noise(view, rows),
    )
    judgements = judge_squat(seen, thresholds)
    return Repetition(
        one.start_s, one.bottom_s, one.end_s, measures, judgements, curves
    )


def _on_the_way(
    view: SquatView, side: Side, one: SquatRepetition, curves: tuple[Curve, ...]
) -> dict[str, Measurement | None]:
    """Angles of a leg at depths that squats are compared at, and that show them."""
    projected, frontal = f"fppa_{side}_deg", f"fppa_frontal_{side}_deg"
    return {
        f"fppa_at_45_{side}_deg": at_depth(curves, projected, SAME_DEPTH_DEG),
        f"fppa_frontal_at_45_{side}_deg": at_depth(curves, frontal, SAME_DEPTH_DEG),
        f"fppa_frontal_at_60_{side}_deg": at_depth(curves, frontal, SHOWS_DEG),
        f"hip_adduction_at_60_{side}_deg": hip_at_depth(view, side, one),
    }


def _judge(
    view: SquatView, found: SquatSet, measures: Measures, thresholds: SquatThresholds
) -> tuple[Judgement, ...]:
    """Judge the set by its means; the frame to look at is the deepest bottom."""
    deepest = max(found.repetitions, key=lambda rep: rep.drop)
    rows = np.concatenate([bottom_rows(view.pose, rep) for rep in found.repetitions])
    seen = SquatEvidence(
        measures,
        view.sides,
        deepest.bottom_s,
        _why_not(view),
        suffix="_mean",
        frontal=view.is_frontal,
        heels=heel_rise_in_noise(view, rows),
    )
    return judge_squat(seen, thresholds)


def _why_not(view: SquatView) -> str:
    if view.single_leg:
        return "the knee was not seen at the bottom"
    return "the knees bend too far to see it"


def _findings(
    view: SquatView, found: SquatSet, mm_per_px: Measurement | None
) -> list[Finding]:
    at_s = found.repetitions[0].bottom_s
    out: list[Finding | None] = []
    if abs(view.yaw_deg) >= SAY_TURNED_DEG:
        done = (
            "its effect on the frontal-plane angles was taken out as far as it is "
            "known, and their intervals are wider"
            if view.is_frontal
            else "knee, trunk and pelvis are not judged from here"
        )
        out.append(
            Finding(
                FindingCode.CAMERA_TURNED,
                Severity.WARNING,
                f"The camera was turned by {abs(view.yaw_deg):.0f}° to the person's "
                f"{'left' if view.yaw_deg > 0 else 'right'}; {done}. Turn to face the "
                "camera.",
                at_s,
            )
        )
    if view.single_leg and view.is_frontal:
        out.append(
            Finding(
                FindingCode.HIDDEN_BY_RAISED_THIGH,
                Severity.INFO,
                "Pelvic drop is not asked: the raised thigh drags the hip point of its "
                "side up, so it would be wrong. Hip adduction is told from the thigh.",
                at_s,
            )
        )
    out.append(_about_heels(view, mm_per_px, at_s))
    return [one for one in out if one is not None]


def _too_deep(view: SquatView, repetitions: tuple[Repetition, ...]) -> list[Finding]:
    """Say why knee angle or hip adduction is missing although the view is square."""
    names = [f"fppa_{side}_deg" for side in view.sides]
    if not view.single_leg:
        names += [f"hip_adduction_{side}_deg" for side in view.sides]
    deep = [
        rep
        for rep in repetitions
        if any(rep.measures.get(one) is None for one in names)
    ]
    if not view.is_frontal or not deep:
        return []
    return [
        Finding(
            FindingCode.NOT_VISIBLE_FROM_THIS_VIEW,
            Severity.INFO,
            "At the bottom of deep squats the thighs point at the camera: hip "
            "adduction is judged at 60° of knee bend on the way down, and so is the "
            "knee where it does not show at the bottom.",
            deep[0].bottom_s,
        )
    ]


def _about_heels(
    view: SquatView, mm_per_px: Measurement | None, at_s: float
) -> Finding | None:
    if view.is_frontal:
        return Finding(
            FindingCode.HEEL_NOT_SEEN,
            Severity.INFO,
            "Record from the side for heel lift and depth.",
            at_s,
        )
    if mm_per_px is None:
        return Finding(
            FindingCode.NO_SCALE,
            Severity.INFO,
            "Heel lift is not given in mm: the height of the person was not given.",
            at_s,
        )
    return None
