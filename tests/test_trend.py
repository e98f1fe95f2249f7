"""Best and mean of three, capped times, and the answer in words."""

from datetime import date, timedelta

import pytest

from balance.history.trends.change_reference import load_change_rule, published_change
from balance.history.trends.trend import (
    Reading,
    Statistic,
    Trend,
    TrendAnswer,
    TrialValue,
    VisitValue,
    find_trend,
    shown,
    visit_value,
)

RULE = load_change_rule()
FIRST = date(2026, 1, 5)
CAPPED = TrialValue(45.0, censored=True, at_cap=True)


def weekly(*values: float) -> list[VisitValue]:
    return [
        visit_value(
            FIRST + timedelta(weeks=week),
            [CAPPED if value >= 45 else TrialValue(value)],
        )
        for week, value in enumerate(values)
    ]


def trend_of(*values: float, age: float | None = None) -> Trend:
    published = published_change("hold_s", "single_leg_stance", age, "open")
    return find_trend(weekly(*values), RULE, published, Reading())


def test_a_visit_has_a_best_and_a_mean_of_its_first_three_trials() -> None:
    visit = visit_value(
        FIRST, [TrialValue(10.0), TrialValue(20.0), TrialValue(15.0), TrialValue(40.0)]
    )
    assert (visit.best, visit.mean) == (20.0, 15.0)
    assert not visit.best_censored


def test_a_capped_trial_makes_best_and_mean_at_least() -> None:
    visit = visit_value(FIRST, [TrialValue(30.0), CAPPED, TrialValue(30.0)])
    assert shown(visit.best, "s", visit.best_censored) == "≥ 45 s"
    assert shown(visit.mean, "s", visit.mean_censored) == "≥ 35 s"


def test_a_trial_the_camera_lost_does_not_pull_the_mean_down() -> None:
    visit = visit_value(
        FIRST, [TrialValue(30.0), TrialValue(2.0, censored=True), TrialValue(20.0)]
    )
    assert visit.mean == 25.0
    assert not visit.best_censored


def test_a_trial_the_camera_lost_counts_when_it_is_the_longest() -> None:
    visit = visit_value(FIRST, [TrialValue(30.0), TrialValue(33.0, censored=True)])
    assert visit.best == 33.0
    assert visit.best_censored


def test_a_visit_without_a_trial_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        visit_value(FIRST, [])


def test_five_seconds_more_at_seventy_are_not_called_better() -> None:
    trend = trend_of(15.0, 17.0, 14.0, 20.0, age=70)
    assert trend.answer is TrendAnswer.NO_CHANGE_DETECTED
    assert "24.1 s" in trend.text
    assert "Goldberg" in trend.text


def test_below_sixty_the_first_visits_cannot_tell_and_say_what_is_missing() -> None:
    trend = trend_of(15.0, 17.0, 14.0, 20.0, age=40)
    assert trend.answer is TrendAnswer.CANNOT_TELL
    assert "6 more visits" in trend.text


def test_a_real_change_names_its_day_its_size_and_what_it_was_held_against() -> None:
    before = [14.0, 16.0, 15.0, 13.0, 17.0, 15.5, 14.5] * 3
    trend = trend_of(*before, *[30.0, 31.0, 29.0, 30.5, 29.5, 30.2, 30.8], age=40)
    assert trend.answer is TrendAnswer.REAL_CHANGE
    assert (FIRST + timedelta(weeks=21)).isoformat() in trend.text
    assert "own" in trend.text
    assert trend.level == pytest.approx(30.1, abs=0.5)


def test_always_at_the_cap_is_no_answer() -> None:
    trend = trend_of(*[45.0] * 12, age=70)
    assert trend.answer is TrendAnswer.CANNOT_TELL
    assert trend.level_censored


def test_no_visit_and_one_visit_have_their_own_words() -> None:
    assert trend_of().text == "No visit yet."
    assert "not a change" in trend_of(12.0).text


def test_the_mean_can_be_followed_instead_of_the_best() -> None:
    visits = [
        visit_value(FIRST + timedelta(weeks=n), [TrialValue(10.0), TrialValue(20.0)])
        for n in (0, 1)
    ]
    reading = Reading(statistic=Statistic.MEAN)
    assert find_trend(visits, RULE, None, reading).level == 15.0
    assert find_trend(visits, RULE, None, Reading()).level == 20.0
