"""Assessments become leg histories: best holds, faults judged yes."""

from balance.live.training.trainee import LegHistory
from balance.live.training.trainee_results import legs_from_assessments
from balance.model.codes import Answer, EndReason, JudgementCode, TrialKind
from balance.model.landmarks import Side
from balance.model.results import (
    Assessment,
    CameraGeometry,
    Conditions,
    Judgement,
    Measurement,
    Options,
    Person,
    Repetition,
    Software,
    Source,
    Trial,
)

YES, NO, CANNOT_TELL = Answer.YES, Answer.NO, Answer.CANNOT_TELL
VALGUS = JudgementCode.KNEE_VALGUS_LEFT


def visit(*trials: Trial, eyes: str = "open") -> Assessment:
    return Assessment(
        Software("0", "0", "0"),
        Source("clip", "0", 1.0, 1, 30.0, 640, 480, 0),
        Options(),
        Person(),
        Conditions(eyes=eyes),
        "auto",
        None,
        CameraGeometry(),
        trials,
        (),
    )


def judged(code: JudgementCode, answer: Answer) -> Judgement:
    return Judgement(code, answer, None, "because")


def stance(side: str, hold_s: float, *answers: Judgement) -> Trial:
    hold = {"hold_s": Measurement(hold_s, "s", hold_s, hold_s)}
    return Trial(
        TrialKind.SINGLE_LEG_STANCE,
        side,
        0.0,
        hold_s,
        True,
        True,
        EndReason.TOUCHDOWN,
        hold,
        judgements=answers,
    )


def squats(*answers: Answer) -> Trial:
    repetitions = tuple(
        Repetition(0.0, 1.0, 2.0, {}, (judged(VALGUS, answer),)) for answer in answers
    )
    return Trial(
        TrialKind.SQUAT_SET,
        "both",
        0.0,
        9.0,
        True,
        True,
        EndReason.SET_END,
        repetitions=repetitions,
    )


def test_the_best_of_each_visit_counts_each_leg_for_itself() -> None:
    visits = [
        [visit(stance("left", 8.0), stance("left", 12.0), stance("right", 30.0))],
        [visit(stance("left", 15.0))],
    ]
    legs = legs_from_assessments(visits)
    assert legs[Side.LEFT].open_s == (12.0, 15.0)
    assert legs[Side.RIGHT].open_s == (30.0,)


def test_closed_eyes_are_kept_apart_and_unknown_ones_count_as_open() -> None:
    closed = visit(stance("left", 7.0), eyes="closed")
    unknown = visit(stance("left", 9.0), eyes="unknown")
    legs = legs_from_assessments([[closed, unknown]])
    assert legs[Side.LEFT] == LegHistory(open_s=(9.0,), closed_s=(7.0,))


def test_only_a_yes_of_the_last_visit_is_a_fault() -> None:
    lean = JudgementCode.TRUNK_LEAN
    first = visit(stance("left", 20.0, judged(JudgementCode.PELVIC_DROP, YES)))
    last = visit(
        stance("left", 20.0, judged(lean, YES)),
        stance("right", 20.0, judged(lean, CANNOT_TELL)),
    )
    legs = legs_from_assessments([[first], [last]])
    assert legs[Side.LEFT].faults == {"trunk_lean"}
    assert legs[Side.RIGHT].faults == frozenset()


def test_a_sided_fault_falls_on_its_leg_when_half_the_squats_show_it() -> None:
    legs = legs_from_assessments([[visit(squats(YES, NO, YES))]])
    assert legs[Side.LEFT].faults == {"knee_valgus"}
    assert legs[Side.RIGHT].faults == frozenset()


def test_one_squat_of_three_is_no_fault() -> None:
    legs = legs_from_assessments([[visit(squats(YES, NO, NO))]])
    assert legs[Side.LEFT].faults == frozenset()


def test_without_a_visit_nothing_is_known() -> None:
    assert legs_from_assessments([]) == {side: LegHistory() for side in Side}
