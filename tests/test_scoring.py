"""What a hold means: norms only where they apply, points that can be explained."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.analysis.judging.scoring import hold_norm, judge_hold, score_stance
from balance.model.codes import Answer, EventCode, FindingCode, Grade
from balance.model.results import Conditions, Event, Measurement, Person
from balance.reference.standards import load_standards

NORMS = load_standards()
OPEN = Conditions("open")


def hold(value: float, half: float = 0.1, *, censored: bool = False) -> Measurement:
    high = None if censored else value + half
    return Measurement(value, "s", value - half, high, censored)


LEVEL = Measurement(0.0, "deg", -1.0, 1.0)


@pytest.mark.parametrize(
    ("person", "conditions", "code"),
    [
        (Person(age_years=30), Conditions(), FindingCode.EYES_UNKNOWN),
        (Person(), OPEN, FindingCode.AGE_UNKNOWN),
        (Person(age_years=12), OPEN, FindingCode.OUTSIDE_NORM_AGES),
    ],
)
def test_without_eyes_and_an_adult_age_there_is_no_norm(
    person, conditions, code
) -> None:
    norm, why = hold_norm(NORMS, person, conditions)
    assert norm is None
    assert why is not None
    assert why.code is code


def test_a_norm_names_its_band_cap_and_source() -> None:
    norm, _ = hold_norm(NORMS, Person(age_years=65), OPEN)
    assert norm is not None
    assert norm.ages == (60, 69)
    assert norm.typical_s == 32.1  # Springer 2007, best of three, all
    assert norm.cap_s == 45
    assert "Springer" in norm.source


@pytest.mark.parametrize(
    ("measured", "answer", "grade"),
    [
        (hold(12.0), Answer.NO, Grade.NONE),
        (hold(7.0), Answer.YES, Grade.DRIFT),
        (hold(3.0), Answer.YES, Grade.MARKED),
        (hold(7.0, censored=True), Answer.CANNOT_TELL, None),
        (hold(9.95), Answer.CANNOT_TELL, None),
    ],
    ids=["above", "below 10 s", "below 5 s", "censored below", "within the error"],
)
def test_a_hold_is_judged_by_the_published_bands(measured, answer, grade) -> None:
    judged = judge_hold(NORMS, Person(age_years=70), OPEN, measured)
    assert judged is not None
    assert (judged.answer, judged.grade) == (answer, grade)
    assert judged.source


def test_nobody_under_sixty_is_held_against_the_bands_of_the_old() -> None:
    assert judge_hold(NORMS, Person(age_years=40), OPEN, hold(3.0)) is None


@given(
    st.floats(0.5, 60),
    st.floats(0.05, 5),
    st.sampled_from([None, 25, 45, 65, 85]),
    st.booleans(),
    st.integers(0, 6),
)
def test_a_score_lies_within_its_scale_and_names_what_it_takes(
    seconds, half, age, censored, errors
) -> None:
    norm, _ = hold_norm(NORMS, Person(age_years=age), OPEN)
    events = tuple(Event(EventCode.STEP_STUMBLE_FALL, float(i)) for i in range(errors))
    measured = hold(seconds, min(half, seconds), censored=censored)
    score = score_stance(NORMS, norm, measured, LEVEL, events)
    assert score is not None
    assert 0 <= score.low <= score.high <= score.out_of
    assert all(reason.source for reason in score.reasons)
    lost = sum(reason.points_lost for reason in score.reasons)
    assert score.out_of - score.low == pytest.approx(lost, abs=1)


def test_what_cannot_be_told_widens_the_score_and_never_raises_it() -> None:
    norm, _ = hold_norm(NORMS, Person(age_years=65), OPEN)
    known = score_stance(NORMS, norm, hold(30.0), LEVEL, ())
    unknown = score_stance(NORMS, None, hold(30.0), None, ())
    assert known is not None
    assert unknown is not None
    assert unknown.low < known.low
    assert unknown.high - unknown.low > known.high - known.low


def test_more_errors_never_score_higher() -> None:
    norm, _ = hold_norm(NORMS, Person(age_years=65), OPEN)
    event = Event(EventCode.STEP_STUMBLE_FALL, 1.0)
    highs = [
        score_stance(NORMS, norm, hold(30.0), LEVEL, (event,) * n).high
        for n in range(6)
    ]
    assert highs == sorted(highs, reverse=True)


def test_the_sex_with_a_row_of_its_own_gets_it() -> None:
    norm, _ = hold_norm(NORMS, Person(age_years=75, sex="f"), OPEN)
    both, _ = hold_norm(NORMS, replace(Person(age_years=75), sex=None), OPEN)
    assert norm is not None
    assert both is not None
    assert norm.typical_s == 16.7
    assert both.typical_s == 21.5
