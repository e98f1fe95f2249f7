"""Yes, no, cannot tell, by the chance of being beyond the threshold."""

import pytest

from balance.analysis.judging.scoring_squat import (
    SquatEvidence,
    answer_of,
    chance_beyond,
    judge_squat,
    score_squat,
)
from balance.model.codes import Answer, Grade, JudgementCode
from balance.model.landmarks import Side
from balance.model.results import Judgement, Measurement
from balance.reference.loader import load_squat_thresholds

THRESHOLDS = load_squat_thresholds()


def degrees(value: float, sd: float = 2.0) -> Measurement:
    return Measurement.with_sd(value, sd, "deg")


def judged(measures, sides=tuple(Side), heels=None) -> dict[JudgementCode, Judgement]:
    seen = SquatEvidence(measures, sides, 2.5, "camera turned by 30°", heels=heels)
    return {one.code: one for one in judge_squat(seen, THRESHOLDS)}


def knees(left_deg: float, inside_pct: float = 5.0, ratio: float = 0.8) -> dict:
    return {
        "fppa_frontal_left_deg": degrees(left_deg),
        "fppa_frontal_right_deg": degrees(0.0),
        "knee_inside_ankle_left_pct_leg": Measurement.with_sd(inside_pct, 1.0, "%"),
        "knee_inside_ankle_right_pct_leg": Measurement.with_sd(0.0, 1.0, "%"),
        "knee_ankle_separation_ratio": Measurement.with_sd(ratio, 0.05, "ratio"),
    }


@pytest.mark.parametrize(
    ("chance", "answer"),
    [
        (0.95, Answer.YES),
        (0.9, Answer.YES),
        (0.5, Answer.CANNOT_TELL),
        (0.1, Answer.NO),
    ],
)
def test_the_answer_follows_the_chance(chance, answer):
    assert answer_of(chance) is answer


def test_the_chance_at_the_threshold_itself_is_one_half():
    assert chance_beyond(degrees(10.0), 10.0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("angle", "answer", "grade"),
    [
        pytest.param(20.0, Answer.YES, Grade.MARKED, id="marked"),
        pytest.param(14.0, Answer.YES, Grade.DRIFT, id="drift"),
        pytest.param(11.0, Answer.CANNOT_TELL, None, id="at the threshold"),
        pytest.param(2.0, Answer.NO, Grade.NONE, id="small"),
    ],
)
def test_the_knee_of_a_single_leg_squat_is_judged_by_its_angle(angle, answer, grade):
    measures = {"fppa_frontal_left_deg": degrees(angle)}
    found = judged(measures, (Side.LEFT,))[JudgementCode.KNEE_VALGUS_LEFT]
    assert (found.answer, found.grade) == (answer, grade)


def test_one_knee_that_caves_in_is_found_although_the_ratio_hides_it():
    found = judged(knees(15.0, inside_pct=6.0, ratio=0.95))
    assert found[JudgementCode.KNEE_VALGUS_LEFT].answer is Answer.YES
    assert found[JudgementCode.KNEE_VALGUS_RIGHT].answer is Answer.NO


def test_a_knee_over_or_outside_its_foot_does_not_cave_in():
    found = judged(knees(15.0, inside_pct=-4.0, ratio=1.1))
    assert found[JudgementCode.KNEE_VALGUS_LEFT].answer is Answer.NO


def test_a_wide_stance_alone_is_no_valgus():
    found = judged(knees(1.0, inside_pct=6.0, ratio=0.75))
    assert found[JudgementCode.KNEE_VALGUS_LEFT].answer is Answer.NO


def test_a_deep_squat_without_an_angle_is_judged_by_where_the_knees_are():
    outside = {"knee_inside_ankle_left_pct_leg": Measurement.with_sd(-9.0, 2.0, "%")}
    found = judged(outside)[JudgementCode.KNEE_VALGUS_LEFT]
    assert found.answer is Answer.NO
    inside = {"knee_inside_ankle_left_pct_leg": Measurement.with_sd(9.0, 2.0, "%")}
    found = judged(inside)[JudgementCode.KNEE_VALGUS_LEFT]
    assert found.answer is Answer.CANNOT_TELL


def test_what_was_not_measured_cannot_be_told_and_says_why():
    found = judged({})[JudgementCode.KNEE_VALGUS_LEFT]
    assert found.answer is Answer.CANNOT_TELL
    assert found.chance is None
    assert "camera turned" in found.because


def test_only_what_the_view_shows_is_asked():
    from_the_side = SquatEvidence(
        knees(20.0), tuple(Side), 2.5, "", frontal=False, heels={Side.LEFT: 0.5}
    )
    codes = [one.code for one in judge_squat(from_the_side, THRESHOLDS)]
    assert codes == [JudgementCode.HEEL_LIFT_LEFT]
    from_the_front = {code for code in judged(knees(20.0)) if "heel" in code.value}
    assert not from_the_front


@pytest.mark.parametrize("angle", [-20.0, 2.0, 9.0, 11.0, 13.0, 25.0])
def test_every_answer_carries_the_chance_that_it_follows_from(angle):
    measures = {
        "fppa_frontal_left_deg": degrees(angle, 3.0),
        "trunk_lean_deg": degrees(9.0, 1.0),
        "thigh_inwards_left_deg": degrees(angle, 2.0),
    }
    for one in judged(measures, (Side.LEFT,), {Side.LEFT: 2.5}).values():
        assert 0 <= one.chance <= 1
        assert one.answer is answer_of(one.chance)


def test_a_larger_angle_makes_valgus_likelier():
    chances = [
        judged({"fppa_frontal_left_deg": degrees(a)}, (Side.LEFT,))[
            JudgementCode.KNEE_VALGUS_LEFT
        ].chance
        for a in range(-10, 30, 2)
    ]
    assert chances == sorted(chances)


def test_on_one_leg_the_thigh_tells_of_hip_adduction_and_drop_is_not_asked():
    measures = {"thigh_inwards_left_deg": degrees(15.0, 2.0)}
    found = judged(measures, (Side.LEFT,))
    assert JudgementCode.PELVIC_DROP not in found
    # 15 and a usual drop of 8.9 (SD 4.5) against 16: 7.9 in SDs of 4.9.
    assert found[JudgementCode.HIP_ADDUCTION_LEFT].chance == pytest.approx(
        0.946, abs=0.01
    )
    assert "Nakagawa" in found[JudgementCode.HIP_ADDUCTION_LEFT].source


def test_a_deep_squat_is_judged_where_thigh_and_knee_still_show():
    measures = {
        "fppa_frontal_at_60_left_deg": degrees(20.0),
        "hip_adduction_at_60_left_deg": degrees(25.0),
    }
    found = judged(measures)
    for code in (JudgementCode.KNEE_VALGUS_LEFT, JudgementCode.HIP_ADDUCTION_LEFT):
        assert found[code].answer is Answer.YES
        assert "60°" in found[code].because


def test_a_lean_to_either_side_counts():
    for value in (18.0, -18.0):
        found = judged({"trunk_lean_deg": degrees(value)})
        assert found[JudgementCode.TRUNK_LEAN].answer is Answer.YES


def test_a_heel_that_rises_beyond_its_noise_has_lifted():
    found = judged({}, heels={Side.LEFT: 9.0, Side.RIGHT: 0.5})
    assert found[JudgementCode.HEEL_LIFT_LEFT].answer is Answer.YES
    assert found[JudgementCode.HEEL_LIFT_RIGHT].answer is Answer.NO


def test_a_difference_within_the_smallest_detectable_one_is_no_difference():
    small = judged(
        {
            f"fppa_frontal_{s}_deg": degrees(v, 0.5)
            for s, v in (("left", 6), ("right", 2))
        }
    )
    assert small[JudgementCode.LEFT_RIGHT_DIFFERENCE].answer is Answer.NO


def test_what_cannot_be_told_lowers_only_the_lower_end_of_the_score():
    clean = score_squat(
        judged(knees(1.0), heels=dict.fromkeys(Side, 0.0)).values(), THRESHOLDS
    )
    assert clean.high == clean.low == 100  # what was not asked costs nothing
    unsure = score_squat(judged(knees(11.0)).values(), THRESHOLDS)
    assert unsure.high == 100
    assert unsure.low < 100
    assert score_squat([], THRESHOLDS) is None
    worse = score_squat(
        judged(knees(20.0), heels=dict.fromkeys(Side, 0.0)).values(), THRESHOLDS
    )
    assert worse.high == 80
    assert worse.reasons
    assert all(reason.source for reason in worse.reasons)
