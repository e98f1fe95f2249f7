import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from made_results import (
    PERSON,
    assessment,
    measured,
    recording,
    squats,
    stance,
)
from test_report import Page, made_images

from balance.history.trends.change_reference import load_change_rule, published_change
from balance.history.trends.sides import SideDifference
from balance.history.trends.trend import Reading, TrialValue, find_trend, visit_value
from balance.model.codes import Answer, TrialKind
from balance.reporting.charts import trend_chart
from balance.reporting.pages import visit_report
from balance.reporting.pages.visit_report import Recorded, Visit

EVIL = "<b>code</b>"
FIRST = date(2026, 1, 5)


@dataclass(frozen=True)
class Question:
    kind: TrialKind = TrialKind.SINGLE_LEG_STANCE
    side: str = "left"
    protocol: str = "auto"
    eyes: str = "open"
    footwear: str = "barefoot"
    surface: str = "firm"
    measure: str = "hold_s"


def trend_of(*holds, capped=(), published=None):
    visits = [
        visit_value(
            FIRST + timedelta(weeks=k), [TrialValue(hold, k in capped, k in capped)]
        )
        for k, hold in enumerate(holds)
    ]
    return find_trend(visits, load_change_rule(), published, Reading())


def visit(on, *trials, kept=False):
    made = assessment(*trials)
    if not kept:
        return Visit(on, (Recorded(made),))
    return Visit(on, (Recorded(made, recording(), made_images(made)),))


SIDES = {
    Question(): SideDifference(1.0, -2.0, 4.0, "s", Answer.NO, "No difference found.")
}


def test_a_visit_shows_both_legs_the_difference_and_the_answer():
    page = visit_report.render_visit(
        EVIL,
        visit(FIRST, stance("left"), stance("right"), squats(1), kept=True),
        {Question(): trend_of(10, 11, 10)},
        SIDES,
    )
    for words in (
        "You stood on your left leg for",
        "You stood on your right leg for",
        "No difference found.",
        "Real change, or luck?",
        "2026-01-05",
    ):
        assert words in page
    # Two stands with start, middle and end, one squat at its bottom.
    assert page.count("data:image/jpeg") == 7
    assert EVIL not in page


def test_every_number_of_a_visit_carries_its_interval():
    page = Page(visit_report.render_visit("p1", visit(FIRST, stance())))
    assert page.measurements
    assert all("(" in text or "interval" in text for text in page.measurements)


def test_without_kept_frames_a_visit_has_no_images_but_all_numbers():
    page = visit_report.render_visit("p1", visit(FIRST, stance()))
    assert "data:image" not in page
    assert "11.9–12.1" in page


def test_trials_of_several_recordings_count_as_one_visit():
    made = [
        assessment(stance(measures={"hold_s": measured(s, 0.1, "s")}))
        for s in (9.0, 20.0)
    ]
    both = Visit(FIRST, tuple(Recorded(one) for one in made))
    assert "Best of 2 trials" in visit_report.render_visit("p1", both)


def test_before_and_after_stand_side_by_side():
    later = stance(measures={"hold_s": measured(30.0, 0.1, "s")})
    page = visit_report.render_comparison(
        "p1", visit(FIRST, stance()), visit(FIRST + timedelta(weeks=8), later)
    )
    assert page.index("12.0<span") < page.index("30.0<span")
    assert "cannot tell change from luck" in page


def test_visits_done_differently_are_said_to_be():
    other = assessment(stance())
    other = replace(other, conditions=replace(other.conditions, eyes="closed"))
    after = Visit(FIRST, (Recorded(other),))
    page = visit_report.render_comparison("p1", visit(FIRST, stance()), after)
    assert "were not done alike" in page


def test_a_leg_done_once_only_is_shown_as_not_done():
    page = visit_report.render_comparison(
        "p1", visit(FIRST, stance("left")), visit(FIRST, stance("right"))
    )
    assert page.count("Not done on this day.") == 2


def test_a_series_has_a_chart_and_an_answer_for_each_leg():
    page = visit_report.render_series(
        "p1", {Question(): trend_of(10, 12, 11), Question(side="right"): trend_of(9)}
    )
    assert 'id="trend-1-t"' in page
    assert 'id="trend-2-t"' in page
    assert "One visit tells a level, not a change." in page


def test_nobody_has_no_series():
    assert "No visit yet." in visit_report.render_series("p1", {})


@pytest.mark.parametrize(
    ("measure", "title"),
    [
        ("hold_s", "Standing on the left leg"),
        ("sway_ml_rms_mm", "Standing on the left leg: sway from side to side"),
    ],
)
def test_a_trend_is_named_by_test_and_measure(measure, title):
    assert visit_report.question_title(Question(measure=measure)) == title


def test_a_change_and_what_luck_explains_are_drawn():
    luck = published_change("hold_s", TrialKind.SINGLE_LEG_STANCE, 67.0, "open")
    trend = trend_of(10, 11, 10, 12, 40, 41, 42, 40, published=luck)
    assert trend.changes
    spec = trend_chart.trend_chart(trend, "left").to_json()
    assert "real change" in spec
    assert "from" in spec
    # What the band is drawn by stands on the chart itself.
    said = " ".join(json.loads(spec)["title"]["subtitle"])
    assert said == f"Shaded: ± {luck.value:.1f} s is luck, published: {luck.source}"


def test_a_capped_visit_is_drawn_as_at_least():
    spec = trend_chart.trend_chart(trend_of(45, 45, capped={0, 1})).to_json()
    assert "at least this" in spec
    assert trend_chart.trend_chart(trend_of()) is None
    assert PERSON.age_years == 67


def test_a_course_of_one_visit_has_one_day() -> None:
    page = visit_report.render_series("P001", {Question(): trend_of(20.0)})
    assert "1 visit, 2026-01-05" in page
    assert " to " not in page.split("Recorded</dt>")[1].split("</dd>")[0]
