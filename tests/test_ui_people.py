"""The app's pages about people: everybody, one person over months, one visit."""

from datetime import date
from pathlib import Path

import pytest
from made_results import assessment, measured, recording, stance
from streamlit.testing.v1 import AppTest

from balance.app import person_files
from balance.app.state import LIVE_SESSIONS
from balance.history import open_store
from balance.history.people import PersonRecord, add_person, get_person
from balance.history.recordings import load_recordings, save_recording
from balance.history.self_reports import load_self_reports
from balance.model.codes import EventCode
from balance.model.files import write_assessment, write_recording
from balance.model.results import Conditions, Event

FIRST, LAST = date(2026, 1, 5), date(2026, 2, 9)
PAGE = """
import streamlit as st
from pathlib import Path
from balance.app import people, person, person_visit
from balance.app.state import visit
here = visit(st.session_state)
shown = {shown!r}
here.shown = (Path(shown),) if shown else ()
here.pages = {{
    "people": st.Page(people.show, url_path="people", title="People"),
    "person": st.Page(person.show, url_path="person", title="Person"),
    "visit": st.Page(person_visit.show, url_path="visit", title="Visit"),
}}
first = here.pages.pop({page!r})
st.navigation([first, *here.pages.values()])
here.pages[{page!r}] = first
first.run()
"""


@pytest.fixture
def store(tmp_path, monkeypatch):
    place = tmp_path / "history.db"
    monkeypatch.setenv("BALANCE_STORE", str(place))
    with open_store(place) as opened:
        yield opened
    LIVE_SESSIONS.close_all()


@pytest.fixture
def a7(store) -> str:
    """Somebody with two visits, three trials a leg in each."""
    person = PersonRecord(
        "A7", consent_at="2026-01-01", birth_year=1956, height_mm=1640.0
    )
    add_person(store, person)
    for day, hold_s in ((FIRST, 20.0), (LAST, 22.0)):
        tries = [
            held(side, hold_s + more)
            for more in (0.0, 1.0, 2.0)
            for side in ("left", "right")
        ]
        how = Conditions("open", "barefoot", "firm")
        save_recording(store, "A7", assessment(*tries, conditions=how), on=day)
    return "A7"


def held(side: str, hold_s: float):
    return stance(
        side,
        end_s=2.0 + hold_s,
        measures={"hold_s": measured(hold_s, 0.07, "s")},
        events=(Event(EventCode.LEGS_TOUCHING, 4.2),),
    )


def opened(page: str, shown: Path | None = None, **address: str) -> AppTest:
    script = PAGE.format(page=page, shown=str(shown) if shown else "")
    made = AppTest.from_string(script, default_timeout=60)
    for name, value in address.items():
        made.query_params[name] = value
    app = made.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label.startswith(label)).click()
    return app.run()


def words(app: AppTest) -> str:
    kinds = ("markdown", "caption", "warning", "error", "success", "subheader")
    said = [str(one.value) for kind in kinds for one in app.get(kind)]
    return "\n".join([*said, *(html.proto.body for html in app.get("html"))])


def test_nobody_is_kept_without_agreement_to_the_whole_text(store):
    app = opened("people")
    app.text_input[0].set_value("P1")
    press(app, "Add")
    assert "without the person's agreement" in words(app)
    assert "No video is kept unless you ask for it" in words(app)
    app.checkbox[0].check()
    press(app, "Add")
    kept = get_person(store, "P1")
    assert kept.consent_at
    assert kept.consent_text in words(opened("people")).replace("  \n", "\n")


def test_everybody_stands_in_the_list_with_their_visits(a7):
    app = opened("people")
    assert "2 visits, the last on Monday, 9 February 2026 · left leg 24.0 s" in words(
        app
    )


def test_person_is_told_change_or_luck_and_left_against_right(a7):
    app = opened("person", person=a7)
    said = words(app)
    assert "born 1956, 164 cm, 2 visits, the last on Monday, 9 February 2026" in said
    assert "No change that can be told from luck" in said
    assert "Kirk" in said or "published" in said, "where the limit is from"
    assert "Left against right" in said
    assert "eyes open, footwear barefoot, surface firm" in said
    assert len(app.get("vega_lite_chart")) == 2, "one for each leg"


def test_result_is_kept_on_the_day_it_was_made(store, a7, tmp_path):
    folder = tmp_path / "clip"
    folder.mkdir()
    write_assessment(assessment(stance()), folder / "assessment.json")
    write_recording(recording(), folder / "landmarks.npz")
    app = opened("person", folder, person=a7)
    app.date_input[0].set_value(date(2026, 3, 1))
    press(app, "Keep the result")
    assert "Kept. No image was kept" in words(app)
    (kept,) = load_recordings(store, a7, date(2026, 3, 1))
    assert kept.video is None


def test_day_is_written_down_as_it_was_told(store, a7):
    app = opened("person", person=a7)
    next(n for n in app.number_input if n.label.startswith("Pain")).set_value(3)
    next(t for t in app.text_input if "own words" in t.label).set_value("*tired* <b>")
    press(app, "Write it down")
    (told,) = load_self_reports(store, a7)
    assert (told.pain, told.fatigue, told.notes) == (3, None, "*tired* <b>")
    shown = app.table[0].value
    assert r"\*tired\* \<b\>" in shown.to_string(), "text, not Markdown"


def test_what_is_known_can_be_changed(store, a7):
    app = opened("person", person=a7)
    next(n for n in app.number_input if n.label.startswith("Height")).set_value(165)
    press(app, "Change it")
    assert get_person(store, a7).height_mm == 1650.0
    assert get_person(store, a7).birth_year == 1956


def test_person_is_deleted_only_after_the_code_was_written(store, a7):
    app = opened("person", person=a7)
    box = next(t for t in app.text_input if t.label.startswith("Write the code"))
    assert next(b for b in app.button if b.label == "Delete").disabled
    box.set_value("A7").run()
    press(app, "Delete")
    assert "there is no person" in words(opened("person", person=a7))


def test_visit_shows_results_change_and_corrections(store, a7):
    app = opened("visit", person=a7, on=LAST.isoformat())
    said = words(app)
    assert "Monday, 9 February 2026" in app.title[0].value
    assert "24.0" in said
    assert "95 % sure" in said
    assert "As it stood on that day" in said + app.subheader[0].value
    app.text_input[0].set_value("AB").run()
    press(app, "Not so")
    (kept,) = load_recordings(store, a7, LAST)
    assert kept.assessment.trials[0].events == ()
    assert kept.assessment.trials[0].overruled[-1].by == "AB"
    assert kept.original is not None


@pytest.mark.parametrize(
    ("page", "address", "sentence"),
    [
        ("person", {"person": "nobody"}, "there is no person"),
        ("visit", {"person": "A7", "on": "2020-01-01"}, "A7 has no visit on"),
        ("visit", {"person": "A7", "on": "soon"}, "no visit has been chosen"),
        ("visit", {}, "no visit has been chosen"),
    ],
)
def test_address_that_leads_nowhere_is_a_sentence(a7, page, address, sentence):
    assert sentence in words(opened(page, **address))


def test_without_an_address_one_is_asked_to_choose(store):
    assert "Nobody has been chosen yet" in words(opened("person"))


def test_every_file_is_written_when_it_is_asked_for(store, a7, monkeypatch):
    asked: dict[str, person_files.Write] = {}
    monkeypatch.setattr(
        person_files, "_offer", lambda _, name, __, write: asked.update({name: write})
    )
    opened("person", person=a7)
    opened("visit", person=a7, on=LAST.isoformat())
    printed = [name for name in asked if name.endswith(".pdf")]  # by a browser
    pages = {name: write for name, write in asked.items() if name not in printed}
    assert {name.replace(".pdf", ".html") for name in printed} <= set(pages)
    assert list(pages) == [
        "report-A7.html",
        "A7.csv",
        "A7.fhir.json",
        "A7.zip",
        "report-A7-2026-02-09.html",
        "report-A7-2026-01-05-2026-02-09.html",
        "A7-2026-02-09.fhir.json",
    ]
    for name, write in pages.items():
        assert len(person_files.made(name, write)) > 500, name
