"""The raters' list: what was seen, what was not there, what no camera can tell."""

from dataclasses import replace

import pytest

from balance.analysis.judging.rating_squat import rate_squat
from balance.model.codes import (
    Answer,
    EndReason,
    FindingCode,
    JudgementCode,
    RatingCode,
    Severity,
    TrialKind,
)
from balance.model.results import Finding, Judgement, Measurement, Repetition, Trial
from balance.reference.loader import load_squat_ratings

RULES = load_squat_ratings()


def percent(value: float, sd: float = 0.3) -> Measurement:
    return Measurement.with_sd(value, sd, "%")


def single_leg_set(**changes) -> Trial:
    """Two squats on the left leg from 1 to 9 s, nothing wrong with them."""
    values = {
        "kind": TrialKind.SINGLE_LEG_SQUAT_SET,
        "side": "left",
        "start_s": 1.0,
        "end_s": 9.0,
        "start_seen": True,
        "end_seen": True,
        "end_reason": EndReason.TOUCHDOWN,
        "measures": {
            "arm_movement_pct_trunk_worst": percent(5.0, 4.0),
            "knee_past_toes_left_pct_leg_mean": percent(-6.0),
            "knee_wobble_left_pct_leg_mean": percent(0.2),
        },
        "repetitions": (Repetition(2.0, 3.0, 4.0, {}), Repetition(5.0, 6.0, 7.0, {})),
        "judgements": tuple(
            Judgement(code, Answer.NO, None, "measured", 3.0)
            for code in (JudgementCode.TRUNK_LEAN, JudgementCode.KNEE_VALGUS_LEFT)
        ),
    }
    return Trial(**values | changes)


def answers(trial: Trial, findings=()) -> dict[RatingCode, Answer]:
    return {one.code: one.answer for one in rate_squat(trial, RULES, findings)}


def test_every_item_is_answered_with_reason_and_source():
    ratings = rate_squat(single_leg_set(), RULES)
    assert [one.code for one in ratings] == list(RatingCode)
    assert all(one.because and one.source for one in ratings)


def test_a_clean_squat_shows_no_fault():
    told = answers(single_leg_set())
    assert Answer.YES not in told.values()
    seen = {code for code, answer in told.items() if answer is Answer.NO}
    assert seen == {
        RatingCode.ARMS,
        RatingCode.TRUNK,
        RatingCode.KNEE_INWARDS,
        RatingCode.KNEE_PAST_TOES,
        RatingCode.KNEE_SHAKE,
        RatingCode.FREE_FOOT_DOWN,
        RatingCode.FOOT_MOVES,
    }


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [
        (RatingCode.ARMS, "arm_movement_pct_trunk_worst", 45.0),
        (RatingCode.KNEE_PAST_TOES, "knee_past_toes_left_pct_leg_mean", 3.0),
        (RatingCode.KNEE_SHAKE, "knee_wobble_left_pct_leg_mean", 2.0),
    ],
)
def test_a_measure_beyond_its_limit_is_a_fault(code, name, value):
    trial = single_leg_set()
    measures = {**trial.measures, name: percent(value)}
    assert answers(replace(trial, measures=measures))[code] is Answer.YES
    unseen = {**trial.measures, name: None}
    assert answers(replace(trial, measures=unseen))[code] is Answer.CANNOT_TELL


def test_a_judgement_of_the_set_is_taken_over_with_its_moment():
    judged = Judgement(
        JudgementCode.KNEE_VALGUS_LEFT, Answer.YES, None, "15° against 7.5°", 6.0
    )
    ratings = rate_squat(single_leg_set(judgements=(judged,)), RULES)
    (knee,) = [one for one in ratings if one.code is RatingCode.KNEE_INWARDS]
    assert (knee.answer, knee.because, knee.time_s) == (Answer.YES, judged.because, 6.0)


def test_a_free_foot_that_comes_down_within_a_squat_is_a_fault():
    assert answers(single_leg_set(end_s=6.2))[RatingCode.FREE_FOOT_DOWN] is Answer.YES


def test_a_free_foot_near_the_floor_is_left_to_a_person():
    near = Finding(FindingCode.UNDECIDED_TOUCH, Severity.WARNING, "look", 5.5)
    told = answers(single_leg_set(), [near])
    assert told[RatingCode.FREE_FOOT_DOWN] is Answer.CANNOT_TELL


def test_a_standing_foot_that_moves_is_a_fault():
    moved = single_leg_set(end_reason=EndReason.STANCE_FOOT_MOVED)
    assert answers(moved)[RatingCode.FOOT_MOVES] is Answer.YES


@pytest.mark.parametrize(
    "code", [RatingCode.PELVIS_TURN, RatingCode.OVERALL_IMPRESSION]
)
def test_what_no_camera_sees_is_said_to_be_unseen(code):
    assert answers(single_leg_set())[code] is Answer.CANNOT_TELL


def test_squats_on_two_legs_have_no_such_list():
    assert rate_squat(single_leg_set(kind=TrialKind.SQUAT_SET), RULES) == ()
