"""The printed page and the calendar of a plan."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from icalendar import Calendar

from balance.live.training.trainee import BlockReport, LegHistory, Trainee
from balance.live.training.training import make_plan
from balance.model.landmarks import Side
from balance.reference.loader import load_handbook
from balance.reporting.pages.plan import render_plan
from balance.reporting.pages.plan_calendar import plan_calendar

BOOK = load_handbook()
LEGS = {Side.LEFT: LegHistory((8.0,)), Side.RIGHT: LegHistory((31.0,))}
PERSON = Trainee(72, "older", minutes=20, legs=LEGS)
PLAN = make_plan(PERSON, BOOK)
PAUSED = make_plan(Trainee(40, reports=(BlockReport(sharp_pain=True),)), BOOK)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.words))


def test_every_exercise_of_the_week_has_dose_drawing_and_reason() -> None:
    page = Page(render_plan(PLAN, BOOK.safety))
    items = {item.exercise.code: item for b in PLAN.weeks[0].blocks for item in b.items}
    for item in items.values():
        assert item.exercise.title in page.text
        assert item.dose.text() in page.text
        assert item.reason.text in page.text
    assert page.tags.count("svg") == page.tags.count("article") == len(items)


def test_stop_rules_and_disclaimers_are_always_there() -> None:
    for plan in (PLAN, PAUSED):
        page = Page(render_plan(plan, BOOK.safety))
        for statement in (*BOOK.safety.stop_rules, *BOOK.safety.disclaimers):
            assert statement.text in page.text


def test_a_paused_plan_says_why_and_shows_no_exercise() -> None:
    page = Page(render_plan(PAUSED, BOOK.safety))
    assert "because the pain was sharp: please see a clinician" in page.text
    assert "article" not in page.tags


def test_the_page_fetches_nothing() -> None:
    html = render_plan(PLAN, BOOK.safety)
    assert not re.search(r'(src|href)="|url\(|@import', html)
    assert "Sources" in html


def test_every_block_is_an_event_three_a_week() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    ics = plan_calendar(PLAN, date(2026, 3, 2), at=time(9, 30), made=made)
    events = Calendar.from_ical(ics).walk("VEVENT")
    starts = [event["DTSTART"].dt for event in events]
    assert len(events) == 12
    assert starts[:4] == [datetime(2026, 3, day, 9, 30) for day in (2, 4, 6, 9)]
    blocks = [block for week in PLAN.weeks for block in week.blocks]
    for event, block in zip(events, blocks, strict=True):
        assert event["DURATION"].dt == timedelta(minutes=round(block.minutes))
        assert block.items[0].exercise.title in event["DESCRIPTION"]
    assert len({str(event["UID"]) for event in events}) == 12
    assert "measure" in events[0]["DESCRIPTION"]
    assert "measure" not in events[1]["DESCRIPTION"]


def test_the_same_plan_gives_the_same_calendar() -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    day, at = date(2026, 3, 2), time(9)
    assert plan_calendar(PLAN, day, at=at, made=made) == plan_calendar(
        PLAN, day, at=at, made=made
    )


@pytest.mark.browser
@pytest.mark.parametrize("goal", ["runner", "older", "strength", "daily"])
def test_it_prints_on_one_page(goal, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here")
    gear = frozenset({"band", "ball", "cushion", "step", "towel"})
    person = Trainee(40, goal, equipment=gear, minutes=20, legs=LEGS)
    page, pdf = tmp_path / "plan.html", tmp_path / "plan.pdf"
    page.write_text(render_plan(make_plan(person, BOOK), BOOK.safety))
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu"]
    command += [f"--print-to-pdf={pdf}", "--no-pdf-header-footer", page.as_uri()]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes())) == 1
