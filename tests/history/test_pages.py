"""The pages' questions: who, the trends of one person, one visit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from made_results import measured
from stored_results import assessment_of, squats, stance

from balance.history import Store
from balance.history.pages import people_page, person_page, visit_page
from balance.history.people import PersonRecord, add_person
from balance.history.recordings import save_recording
from balance.history.self_reports import SelfReport, add_self_report
from balance.history.trends.trend import TrendAnswer
from balance.model.codes import Answer, TrialKind
from balance.model.errors import InputError, StoreError
from balance.model.results import Scale
from balance.reporting.pages.person_report import render_person

DAY = date(2026, 1, 5)


def visit(store: Store, code: str, week: int, left: float, right: float) -> None:
    told = assessment_of(
        *(stance("left", left + extra) for extra in (0.0, -2.0, -3.0)),
        *(stance("right", right + extra) for extra in (0.0, -2.0, -3.0)),
        name=f"{week}.mp4",
    )
    save_recording(store, code, told, on=DAY + timedelta(weeks=week))


def test_the_list_of_people_counts_visits(store: Store, a7: str) -> None:
    add_person(store, PersonRecord("B1", consent_at="2026-01-01"))
    visit(store, a7, 0, 10.0, 12.0)
    visit(store, a7, 2, 10.0, 12.0)
    first, second = people_page(store)
    assert (first.person.code, first.visits) == (a7, 2)
    assert first.last_visit == DAY + timedelta(weeks=2)
    assert (second.visits, second.last_visit) == (0, None)


def test_a_person_has_a_trend_for_each_leg_by_the_best_of_three(
    store: Store, a7: str
) -> None:
    for week, hold in enumerate((10.0, 14.0, 45.0)):
        visit(store, a7, week, hold, 12.0)
    page = person_page(store, a7)
    left, right = page.trends
    assert (left.side, right.side) == ("left", "right")
    assert (left.kind, left.eyes) == (TrialKind.SINGLE_LEG_STANCE, "open")
    visits = page.trends[left].visits
    assert [value.best for value in visits] == [10.0, 14.0, 45.0]
    assert [value.best_censored for value in visits] == [False, False, True]
    assert visits[0].mean == pytest.approx(25 / 3)
    assert len(page.visit_days) == 3


def test_a_published_figure_needs_the_age_told_at_the_test(
    store: Store, a7: str
) -> None:
    for week, age in enumerate((70.0, 70.0)):
        told = assessment_of(age=age, name=f"{week}.mp4")
        save_recording(store, a7, told, on=DAY + timedelta(weeks=week))
    [trend] = person_page(store, a7).trends.values()
    assert trend.detectable.value == 24.1
    assert trend.answer is TrendAnswer.NO_CHANGE_DETECTED


def test_other_conditions_are_another_trend(store: Store, a7: str) -> None:
    save_recording(store, a7, assessment_of(eyes="open"), on=DAY)
    save_recording(store, a7, assessment_of(eyes="closed"), on=DAY)
    assert {question.eyes for question in person_page(store, a7).trends} == {
        "open",
        "closed",
    }


def test_left_and_right_are_compared_over_all_visits(store: Store, a7: str) -> None:
    for week, day in enumerate((0.0, 9.0, 4.0, 6.0)):
        visit(store, a7, week, 10.0 + day, 15.0 + day)
    [difference] = person_page(store, a7).sides.values()
    assert difference.difference == pytest.approx(-5.0)
    assert difference.answer is Answer.YES


def test_a_visit_is_shown_as_things_stood_then(store: Store, a7: str) -> None:
    for week in range(3):
        visit(store, a7, week, 10.0 + week, 11.0 + week)
    page = visit_page(store, a7, DAY + timedelta(weeks=1))
    assert len(page.recordings) == 1
    assert [value.best for value in page.values.values()] == [11.0, 12.0]
    assert all(len(trend.visits) == 2 for trend in page.trends.values())
    [difference] = page.sides.values()
    assert difference.answer is Answer.NO


def test_a_day_without_a_visit_is_empty(store: Store, a7: str) -> None:
    page = visit_page(store, a7, DAY)
    assert (page.recordings, page.values, page.sides) == ((), {}, {})


def test_squats_are_followed_by_the_mean_of_their_repetitions(
    store: Store, a7: str
) -> None:
    save_recording(store, a7, assessment_of(squats()), on=DAY)
    [(question, trend)] = person_page(store, a7).trends.items()
    assert question.measure == "fppa_frontal_left_deg_mean"
    assert trend.level == 4.25


def test_self_reports_stand_beside_the_trends(store: Store, a7: str) -> None:
    told = SelfReport(DAY, fatigue=3, pain=0, training_minutes=40.5, notes="soles sore")
    add_self_report(store, a7, told)
    assert person_page(store, a7).self_reports == (told,)


@pytest.mark.parametrize(
    "told", [SelfReport(DAY, pain=11), SelfReport(DAY, training_minutes=2000)]
)
def test_a_report_outside_its_scale_is_refused(
    store: Store, a7: str, told: SelfReport
) -> None:
    with pytest.raises(InputError, match="must be"):
        add_self_report(store, a7, told)


def test_an_unknown_person_is_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="no person"):
        person_page(store, "nobody")


def test_the_page_of_a_visit_says_that_the_camera_stood_elsewhere(
    store: Store, a7: str
) -> None:
    days = [date(2026, 1, day) for day in (1, 8, 15)]
    for day, mm_per_px in zip(days, (4.9, 9.8, 9.8), strict=True):
        made = replace(assessment_of(), scale=Scale(measured(mm_per_px, 0.1, "mm/px")))
        save_recording(store, a7, made, on=day)
    said = ["stood farther away" in render_person(store, a7, [day]) for day in days]
    assert said == [False, True, False]
