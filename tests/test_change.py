"""A change is called when its order and its size are both beyond luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from balance.history.trends.change import (
    ChangeRule,
    PublishedChange,
    Series,
    chance_of_order,
    detectable_change,
    find_changes,
    share_limit,
    within_sd,
)
from balance.history.trends.change_reference import (
    load_change_rule,
    load_published_changes,
    published_change,
)

RULE = load_change_rule()
GOLDBERG = published_change("hold_s", "single_leg_stance", 70, "open")


def visits(*levels_and_counts: tuple[float, int], sd: float = 2.0) -> Series:
    """Visits about each level in turn, scattered like a normal of that SD."""
    parts = [
        level
        + sd
        * stats.norm.ppf(
            np.random.default_rng(3).permutation((np.arange(count) + 0.5) / count)
        )
        for level, count in levels_and_counts
    ]
    values = np.concatenate(parts)
    return Series(np.minimum(values, 45.0), values >= 45.0)


def test_nothing_is_called_while_nothing_changes() -> None:
    assert find_changes(visits((20.0, 50)), RULE, None) == []


def test_a_lasting_rise_is_called_once_and_dated_to_its_first_visit() -> None:
    [change] = find_changes(visits((20.0, 20), (32.0, 8)), RULE, None)
    assert change.first == 20
    assert change.called_at <= 25
    assert change.size == pytest.approx(12.0, abs=2.0)
    assert change.detectable.basis == "own"
    assert change.low is not None
    assert change.low < 12 < (change.high or 0)


def test_a_lasting_fall_is_called_as_well() -> None:
    [change] = find_changes(visits((32.0, 20), (20.0, 8)), RULE, None)
    assert change.size < 0


def test_one_bad_day_is_no_change() -> None:
    assert find_changes(visits((32.0, 20), (8.0, 1), (32.0, 20)), RULE, None) == []


def test_rise_and_return_are_two_changes() -> None:
    series = visits((20.0, 20), (34.0, 15), (20.0, 12))
    assert [change.size > 0 for change in find_changes(series, RULE, None)] == [
        True,
        False,
    ]


def test_a_change_smaller_than_the_detectable_one_is_not_called() -> None:
    # The order is beyond luck (30 against 12 visits), the size is not.
    assert find_changes(visits((20.0, 30), (24.5, 12)), RULE, None) == []


def test_without_own_repeats_and_without_a_published_figure_nothing_is_called() -> None:
    assert find_changes(visits((10.0, 4), (40.0, 4)), RULE, None) == []


def test_a_published_figure_stands_in_for_missing_repeats() -> None:
    assert GOLDBERG is not None
    assert GOLDBERG.value == 24.1
    [change] = find_changes(visits((8.0, 4), (40.0, 4)), RULE, GOLDBERG)
    assert change.detectable.source.startswith("Goldberg")
    assert find_changes(visits((8.0, 4), (30.0, 4)), RULE, GOLDBERG) == []


def test_a_fall_from_the_cap_is_at_least_as_large_as_seen() -> None:
    series = visits((60.0, 20), (20.0, 12))
    [change] = find_changes(series, RULE, GOLDBERG)
    assert change.low is None
    assert change.high is not None
    assert change.high < 0


def test_capped_visits_are_counted_against_a_rise() -> None:
    before = Series(np.array([45.0, 45.0, 20.0]), np.array([True, True, False]))
    after = Series(np.array([45.0, 45.0]), np.array([True, True]))
    # Only 20 s is certainly shorter: 4 of 6 pairs stand against a rise.
    tail = stats.mannwhitneyu([9, 9.1, 1], [5, 6], alternative="less", method="exact")
    assert chance_of_order(before, after, 1) == pytest.approx(tail.pvalue)


@given(
    st.lists(st.integers(0, 10_000), min_size=5, max_size=30, unique=True),
    st.integers(2, 12),
)
@settings(max_examples=50)
def test_the_chance_of_order_is_the_exact_mann_whitney_one(
    values: list[int], last: int
) -> None:
    last = min(last, len(values) - 2)
    before, after = np.array(values[:-last], float), np.array(values[-last:], float)
    for sign, side in ((1, "less"), (-1, "greater")):
        expected = stats.mannwhitneyu(before, after, alternative=side, method="exact")
        got = chance_of_order(Series(before), Series(after), sign)
        assert got == pytest.approx(expected.pvalue, rel=1e-9)


@given(st.lists(st.floats(0, 45), min_size=3, max_size=40), st.floats(0.1, 10))
def test_changing_the_unit_changes_no_call(values: list[float], factor: float) -> None:
    plain = find_changes(Series(np.array(values)), RULE, None)
    scaled = find_changes(Series(np.array(values) * factor), RULE, None)
    assert [c.first for c in plain] == [c.first for c in scaled]


def test_the_detectable_change_is_widened_for_few_visits() -> None:
    few, many = visits((20.0, 10)), visits((20.0, 50))
    assert (detectable_change([few], RULE, None).value or 0) > (
        detectable_change([many], RULE, None).value or 0
    )
    expected = stats.t.ppf(0.975, 49) * np.sqrt(2) * many.value.std(ddof=1)
    assert detectable_change([many], RULE, None).value == pytest.approx(expected)


def test_own_repeats_come_before_the_published_figure() -> None:
    assert detectable_change([visits((20.0, 9))], RULE, GOLDBERG).basis == "published"
    assert detectable_change([visits((20.0, 10))], RULE, GOLDBERG).basis == "own"
    unknown = detectable_change([visits((20.0, 4))], RULE, None)
    assert unknown.value is None
    assert "6 more visits" in unknown.source


def test_the_cap_does_not_make_a_person_look_steadier() -> None:
    rng = np.random.default_rng(7)
    true = rng.normal(42.0, 8.0, 4000)
    sd, _, visits_used = within_sd([Series(np.minimum(true, 45.0), true >= 45.0)])
    assert sd == pytest.approx(8.0, rel=0.05)
    assert visits_used == np.count_nonzero(true < 45)


def test_the_allowance_of_luck_is_shared() -> None:
    assert share_limit(RULE, 2, 10).limit == RULE.limit / 2
    assert share_limit(RULE, 2, 100).limit == RULE.limit / 4


def test_figures_are_not_lent_to_another_age_or_condition() -> None:
    assert published_change("hold_s", "single_leg_stance", 59.9, "open") is None
    assert published_change("hold_s", "single_leg_stance", 89.5, "open") is not None
    assert published_change("hold_s", "single_leg_stance", 70, "closed") is None
    assert published_change("hold_s", "single_leg_stance", None, "open") is None


def test_every_published_figure_names_its_source() -> None:
    rows: tuple[PublishedChange, ...] = load_published_changes()
    assert rows
    assert all(row.source for row in rows)
    assert isinstance(RULE, ChangeRule)
