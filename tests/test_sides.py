"""Left against right: a difference, none you could detect, or cannot tell."""

import numpy as np
import pytest
from scipy import stats

from balance.history.trends.change import DetectableChange, Series
from balance.history.trends.sides import compare_sides, compare_sides_over_visits
from balance.model.codes import Answer


def series(*values: float) -> Series:
    array = np.array(values)
    return Series(np.minimum(array, 45.0), array >= 45.0)


def test_three_trials_a_side_give_the_pooled_t_interval() -> None:
    left, right = [20.0, 22.0, 24.0], [10.0, 12.0, 11.0]
    got = compare_sides(series(*left), series(*right), "s")
    expected = stats.ttest_ind(left, right).confidence_interval(0.95)
    assert got is not None
    assert (got.low, got.high) == pytest.approx((expected.low, expected.high))
    assert got.answer is Answer.YES
    assert got.text.startswith("The left leg is ahead")


def test_no_difference_you_could_detect_is_an_answer() -> None:
    got = compare_sides(series(20.0, 30.0, 25.0), series(22.0, 33.0, 24.0), "s")
    assert got is not None
    assert got.answer is Answer.NO
    assert got.text.startswith("No difference you could detect")


def test_one_trial_a_side_is_held_against_the_detectable_change() -> None:
    goldberg = DetectableChange(24.1, "published", "Goldberg 2011")
    got = compare_sides(series(30.0), series(10.0), "s", goldberg)
    assert got is not None
    assert (got.low, got.high) == pytest.approx((-4.1, 44.1))
    assert got.answer is Answer.NO


def test_both_legs_at_the_cap_cannot_be_told_apart() -> None:
    got = compare_sides(series(45.0, 45.0, 45.0), series(45.0, 45.0, 45.0), "s")
    assert got is not None
    assert got.answer is Answer.CANNOT_TELL


def test_a_capped_leg_is_ahead_by_at_least_so_much() -> None:
    got = compare_sides(series(45.0, 45.0, 45.0), series(10.0, 12.0, 11.0), "s")
    assert got is not None
    assert got.high is None
    assert got.answer is Answer.YES


def test_a_leg_that_was_not_done_gives_no_comparison() -> None:
    assert compare_sides(series(), series(10.0), "s") is None
    assert compare_sides_over_visits(series(), series(), "s") is None


def test_over_visits_the_day_drops_out() -> None:
    # The days differ by 20 s, the legs by 2 s every day.
    left, right = series(12.0, 22.0, 32.1, 17.0), series(10.0, 20.0, 30.0, 15.1)
    got = compare_sides_over_visits(left, right, "s")
    assert got is not None
    assert got.answer is Answer.YES
    assert got.difference == pytest.approx(2.0)


def test_over_visits_both_sides_need_the_same_visits() -> None:
    with pytest.raises(ValueError, match="same visits"):
        compare_sides_over_visits(series(1.0), series(1.0, 2.0), "s")
