"""Every page, run headless: what it asks, what it shows, what it refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from balance.app.emergency import emergency_number
from balance.app.replay import replay_data
from balance.app.state import KEY, LIVE_SESSIONS, SessionState, visit
from balance.app.visit_record import read_record
from balance.app.webcam.routes import webcam_routes
from balance.model.codes import EventCode
from balance.model.files import (
    read_assessment,
    read_recording,
    write_assessment,
    write_recording,
    write_trials,
)
from balance.model.landmarks import Side
from balance.model.results import Event, Measurement, Signal
from balance.pipeline.validation.accuracy import load_accuracy
from balance.reference.loader import load_safety
from balance.reporting.pages.pdf import find_browser
from balance.reporting.pages.report import write_report
from balance.reporting.video.stills import wanted_times
from tests.made_results import HEIGHT, WIDTH, assessment, recording, squats, stance
from tests.page_script import page_script

APP = Path(__file__).parents[1] / "balance" / "app" / "app.py"
QUESTIONS = {question.code: question.text for question in load_safety().questions}


@pytest.fixture
def app():
    webcam_routes()  # as the launcher does, so that the page finds its server
    started = AppTest.from_file(str(APP), default_timeout=60).run()
    yield started.button(key="door-test").click().run()
    LIVE_SESSIONS.close_all()


def answer_safely(app: AppTest, **yes: bool) -> AppTest:
    """Choose somebody, answer every question, and set up the place."""
    if not app.session_state[KEY].chosen:
        app.button(key="just-me").click().run()
    here = app.session_state[KEY]
    last = list(QUESTIONS)[-1]
    here.answers = {code: yes.get(code, False) for code in QUESTIONS if code != last}
    app.run()
    said = "yes" if yes.get(last) else "no"
    app.button(key=f"say_{last}_{said}").click().run()
    for box in app.checkbox:
        box.check()
    return app


def go_on(app: AppTest) -> AppTest:
    next(b for b in app.button if b.label == "Go on").click()
    return app.run()


def words(app: AppTest) -> str:
    parts = [*app.markdown, *app.error, *app.warning, *app.info, *app.title]
    return "\n".join(part.value for part in parts)


def test_first_page_has_three_doors_and_says_what_one_needs():
    webcam_routes()
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    doors = [b.label for b in app.button]
    assert doors == ["Test myself", "Measure a video", "A patient"]
    assert "You need 3 metres, a chair, about 10 minutes." in words(app)
    LIVE_SESSIONS.close_all()


def test_somebody_is_chosen_before_anything_is_asked(app):
    assert not app.exception
    assert app.title[0].value == "Who is tested?"
    app.button(key="just-me").click().run()
    assert app.title[0].value == "Before you start"


def test_questions_come_one_on_a_screen_and_can_be_taken_back(app):
    app.button(key="just-me").click().run()
    first, second = list(QUESTIONS.values())[:2]
    assert [one.value for one in app.header] == [first]
    app.button(key=f"say_{next(iter(QUESTIONS))}_no").click().run()
    assert [one.value for one in app.header] == [second]
    app.button(key="ask-back").click().run()
    assert [one.value for one in app.header] == [first]


def test_the_next_person_is_asked_everything(app):
    go_on(answer_safely(app))
    here = app.session_state[KEY]
    here.learn_hold("left", 30.0)
    token = here.token
    app.button(key="next-person").click().run()
    assert app.title[0].value == "Who is tested?"
    assert not here.asked
    assert not here.circumstances.best_open_s
    assert here.token != token


def test_a_clinician_who_agreed_is_named_and_lets_the_test_begin(app):
    go_on(answer_safely(app, heart=True))
    assert "No test here today" in words(app)
    app.text_input(key="agreed-by").set_value("Dr B")
    next(b for b in app.button if b.label == "They have agreed").click()
    app.run()
    assert any(b.label == "Go to the camera" for b in app.button)
    assert "agreed by Dr B" in words(app)


def test_what_was_told_is_found_again_after_a_restart(app):
    go_on(answer_safely(app))
    here = app.session_state[KEY]
    again = SessionState(here.live, here.tray, here.token)
    assert read_record(again)
    assert again.asked
    assert again.answers == here.answers


def test_chair_must_be_in_reach(app):
    answer_safely(app).checkbox(key="place_support").uncheck()
    assert "set up your place" in words(go_on(app))


@pytest.mark.parametrize("company", [False, True])
@pytest.mark.parametrize(
    "code", [q.code for q in load_safety().questions if q.if_yes != "companion"]
)
def test_any_yes_is_no_test_here(app, code, company):
    go_on(answer_safely(app, **{code: True, "someone_there": company}))
    assert "No test here today" in words(app)
    assert not any(b.label == "Go to the camera" for b in app.button)


def test_company_alone_speaks_against_nothing(app):
    go_on(answer_safely(app, someone_there=True))
    assert any(b.label == "Go to the camera" for b in app.button)


def test_without_a_yes_the_camera_is_one_press_away(app):
    go_on(answer_safely(app))
    assert app.title[0].value == "Choose a test"
    next(b for b in app.button if b.label == "Go to the camera").click()
    app.run()
    assert not app.exception
    test = app.session_state[KEY].live.test
    assert test is not None
    assert [step.leg for step in test.agenda.run.plan] == ["left", "right"] * 3


def test_closed_eyes_are_refused_at_first_use(app):
    go_on(answer_safely(app))
    app.radio(key="test").set_value("single_leg_stance_eyes_closed").run()
    assert "not at first use" in words(app)
    assert next(b for b in app.button if b.label == "Go to the camera").disabled


def test_squats_on_one_leg_come_after_ten_steady_seconds(app):
    go_on(answer_safely(app))
    app.radio(key="test").set_value("single_leg_squat").run()
    assert "10 s with open eyes" in words(app)
    for side in ("left", "right"):
        app.session_state[KEY].learn_hold(side, 12.0)
    app.run()
    assert not next(b for b in app.button if b.label == "Go to the camera").disabled


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("analyse", "Measure a video"),
        ("result", "Result"),
        ("how_it_works", "How it works"),
        ("people", "People and visits"),
    ],
)
def test_page_opens_without_a_result(page, title, tmp_path, monkeypatch):
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "history.db"))
    app = AppTest.from_string(page_script(page), default_timeout=60).run()
    assert not app.exception
    assert app.title[0].value == title
    LIVE_SESSIONS.close_all()


def test_how_exact_it_is_comes_from_what_was_measured():
    app = AppTest.from_string(
        "from balance.app import how_it_works; how_it_works.show()", default_timeout=60
    ).run()
    assert not app.exception
    found = load_accuracy()
    hold = found.of("hold_s")
    assert hold is not None
    table = app.table[0].value
    assert f"{hold.worst:.2f} s" in table.to_string()
    assert f"{hold.covered} of {hold.bounded}" in table.to_string()
    told = " ".join(caption.value for caption in app.caption)
    assert f"{len(found.clips)} recordings of {found.people} rendered people" in told
    assert str(found.measured_on) in told
    text = words(app)
    for part in ("Springer", "Lucas BD", "driving", "Nothing leaves this computer"):
        assert part in text


def test_visit_is_kept_for_the_tab():
    store: dict = {}
    first = visit(store)
    assert visit(store) is first
    LIVE_SESSIONS.close(first.live.sid)


# -- with a result ---------------------------------------------------------------

WITH_RESULT = """
import streamlit as st
from pathlib import Path
from balance.model.setup import Setup
from balance.app import {page}
from balance.app.measuring import Job
from balance.app.state import visit
here = visit(st.session_state)
here.pages = {{n: st.Page(lambda: None, url_path=n, title=n)
              for n in ("test", "analyse", "result", "how")}}
if not here.jobs:
    folder = Path({folder!r})
    job = Job("made.mp4", folder, Setup(), folder, state="done", folder=folder)
    here.jobs.append(job)
    here.shown = (folder,)
page = st.Page({page}.show, url_path="x", title="x")
st.navigation([page, *here.pages.values()]).run()
"""


@pytest.fixture
def result_folder(tmp_path):
    left, right = stance("left"), stance("right")
    touched = replace(left, events=(Event(EventCode.LEGS_TOUCHING, 4.2),))
    write_assessment(assessment(touched, right), tmp_path / "assessment.json")
    write_recording(
        recording(sway_px=2.0, lifted=Side.RIGHT), tmp_path / "landmarks.npz"
    )
    grey = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    made = read_assessment(tmp_path / "assessment.json")
    images = dict.fromkeys(wanted_times(made), grey)
    kept = read_recording(tmp_path / "landmarks.npz")
    write_report(made, kept, images, tmp_path / "report.html")
    write_trials(made, tmp_path / "trials.csv")
    yield tmp_path
    LIVE_SESSIONS.close_all()


def opened(page: str, folder: Path) -> AppTest:
    script = WITH_RESULT.format(page=page, folder=str(folder))
    return AppTest.from_string(script, default_timeout=60).run()


def number(app: AppTest, label: str):
    return next(one for one in app.number_input if one.label == label)


def shown_html(app: AppTest) -> str:
    return "\n".join(html.proto.body for html in app.get("html"))


def test_result_page_says_seconds_with_their_interval(result_folder):
    app = opened("result", result_folder)
    assert not app.exception
    html = shown_html(app)
    assert "95 % sure: " in html
    assert "seconds" in html
    assert app.expander


def test_result_page_shows_start_middle_and_end_of_each_hold(result_folder):
    html = shown_html(opened("result", result_folder))
    assert html.count("data:image/jpeg") == 6
    assert "start, 2.0 s" in html
    assert "in the middle, 8.0 s" in html
    assert "end, 14.0 s" in html


def test_result_page_shows_the_deepest_point_of_squats(result_folder):
    made = assessment(squats(2))
    grey = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    write_assessment(made, result_folder / "assessment.json")
    images = dict.fromkeys(wanted_times(made), grey)
    write_report(made, recording(squat=True), images, result_folder / "report.html")
    html = shown_html(opened("result", result_folder))
    assert "deepest point of number 2" in html


def test_result_page_says_why_it_ended_what_is_usual_and_why_points_were_lost(
    result_folder,
):
    app = opened("result", result_folder)
    html, text = shown_html(app), words(app)
    assert "The right foot touched the floor." in html
    assert "60–69 years, eyes open: typically 32.1 s" in html
    assert "Sway from side to side: 5.0 mm (4.4–5.6)" in html
    assert "Score: 70–86 of 100" in text
    assert any("held for less time" in str(table.value) for table in app.table)
    assert any("Springer 2007" in str(table.value) for table in app.table)


def test_result_page_tells_every_finding(result_folder):
    stored = read_assessment(result_folder / "assessment.json")
    texts = {finding.text for trial in stored.trials for finding in trial.findings}
    shown = words(opened("result", result_folder))
    assert texts
    assert all(text in shown for text in texts)


def test_everything_can_be_taken_along(result_folder):
    labels = [
        b.proto.label for b in opened("result", result_folder).get("download_button")
    ]
    pdf = ["Report as PDF"] if find_browser() else []
    assert labels == [
        *pdf,
        "Report to print",
        "Table (CSV)",
        "Full result (JSON)",
        "Landmarks",
    ]


def corrected(result_folder, what: str, at_s: float):
    """The result's page after a correction by hand."""
    app = opened("result", result_folder)
    app.text_input[0].set_value("AB").run()
    next(s for s in app.selectbox if s.label == "Or correct").set_value(what).run()
    number(app, "Seconds of the video").set_value(at_s)
    next(b for b in app.button if b.label == "Correct it").click()
    app.run()
    assert not app.exception
    return app


def test_answer_end_and_report_can_be_corrected(result_folder):
    corrected(result_folder, "end_s", 15.5)
    trial = read_assessment(result_folder / "assessment.json").trials[0]
    assert trial.end_s == 15.5
    assert trial.measures["hold_s"].value == 13.5
    page = (result_folder / "report.html").read_text()
    assert "end: was 14.00 s; corrected by AB" in page
    assert page.count("data:image/jpeg") == 4, (
        "the stills of the old end and middle are no longer it"
    )


def test_a_stand_is_split_where_the_foot_was_down_and_undone(result_folder):
    before = (result_folder / "report.html").read_text().count("data:image/jpeg")
    app = corrected(result_folder, "split_s", 6.5)
    spans = [
        (trial.start_s, trial.end_s)
        for trial in read_assessment(result_folder / "assessment.json").trials
    ]
    assert spans[:2] == [(2.0, 6.5), (6.5, 14.0)]
    told = "the foot was down in between: was one stand; corrected by AB"
    assert any(told in said.value for said in app.success)
    next(b for b in app.button if b.label == "Undo the last correction").click()
    app.run()
    assert not app.exception
    assert len(read_assessment(result_folder / "assessment.json").trials) == 2
    page = (result_folder / "report.html").read_text()
    assert page.count("data:image/jpeg") == before, "all stills are there again"


def test_age_and_eyes_told_on_the_result_change_it_at_once(result_folder, monkeypatch):
    """Without a further press, and without measuring anew."""
    told = []

    def tell(folder: Path, age_years: float | None, eyes: str):
        told.append((folder, age_years, eyes))
        return read_assessment(folder / "assessment.json")

    monkeypatch.setattr("balance.app.result.tell", tell)
    app = opened("result", result_folder)
    number(app, "Age in years").set_value(40).run()
    next(s for s in app.selectbox if s.label == "Eyes").set_value("closed").run()
    assert not app.exception
    assert told == [
        (result_folder, 40, "open"),
        (result_folder, 40, "closed"),
    ]


def test_the_video_s_time_lines_hold_the_sway_of_each_stand():
    made = recording(sway_px=2.0, lifted=Side.RIGHT)
    first, second = (
        replace(stance("left"), signal=Signal(10.0, 50.0, window))
        for window in ((2.5, 7.0), (8.0, 13.0))
    )
    told = assessment(first, second)
    lines = replay_data(Path("video.mp4"), told, made)["lines"]
    sway = next(line for line in lines if line["title"].startswith("Sway path"))
    assert sway["low"] <= -5.0
    assert sway["high"] >= 5.0
    pelvis = sway["series"][0]
    assert (pelvis["time_s"][0], pelvis["time_s"][-1]) == pytest.approx(
        (2.5, 13.0), abs=0.1
    )
    assert None in pelvis["values"], "two stands are two lines"


def test_correction_that_makes_no_sense_is_a_sentence(result_folder):
    app = opened("result", result_folder)
    app.text_input[0].set_value("AB").run()
    next(s for s in app.selectbox if s.label == "Or correct").set_value("end_s").run()
    number(app, "Seconds of the video").set_value(1.0)
    next(b for b in app.button if b.label == "Correct it").click()
    app.run()
    assert "a trial must end after it starts" in words(app)


def test_all_trials_of_a_test_are_one_result(result_folder):
    app = opened("result", result_folder)
    first = app.session_state[KEY].jobs[0]
    first.test_name = "Stand on one leg, 14:32"
    app.session_state[KEY].jobs.append(replace(first, name="Try 2"))
    offers = app.session_state[KEY].results()
    assert [offer.name for offer in offers] == [
        "Stand on one leg: 2 tries",
        "Stand on one leg: Try 2",
        "Stand on one leg: made.mp4",
    ]
    app.session_state[KEY].shown = offers[0].folders
    app.run()
    assert not app.exception
    assert "Best of 2 trials: 12.0 s, 12.0 s" in shown_html(app)


def test_click_overrules_an_event_and_the_record_keeps_it(result_folder):
    app = opened("result", result_folder)
    app.text_input[0].set_value("AB").run()
    next(b for b in app.button if b.label.startswith("Not so")).click()
    app.run()
    assert not app.exception
    stored = read_assessment(result_folder / "assessment.json").trials[0]
    assert stored.events == ()
    assert stored.overruled[-1].by == "AB"
    assert any("AB" in said.value for said in app.success)


def bess_result(folder: Path) -> None:
    errors = {"errors": Measurement(1, "count", 1, None)}
    event = Event(EventCode.HANDS_OFF_HIPS, 4.2)
    trial = replace(stance("left"), measures=errors, events=(event,))
    told = replace(assessment(trial), protocol="mbess")
    write_assessment(told, folder / "assessment.json")


def test_errors_of_the_bess_are_overruled_and_added_by_a_click(result_folder):
    bess_result(result_folder)
    app = opened("result", result_folder)
    assert not app.exception
    assert "1 <small>error</small>" in shown_html(app)
    app.text_input[0].set_value("AB").run()
    next(b for b in app.button if b.label.startswith("Not so: hands off")).click()
    app.run()
    assert "0 <small>errors</small>" in shown_html(app)
    missed = next(box for box in app.selectbox if "missed" in box.label)
    missed.set_value(EventCode.EYES_OPENED).run()
    number(app, "At which second of the video").set_value(6.5).run()
    next(b for b in app.button if b.label == "Add this error").click()
    app.run()
    assert not app.exception
    stored = read_assessment(result_folder / "assessment.json").trials[0]
    assert stored.events == (Event(EventCode.EYES_OPENED, 6.5),)
    assert stored.measures["errors"].value == 1
    assert [note.by for note in stored.overruled[-2:]] == ["AB", "AB"]


def test_the_emergency_number_is_that_of_the_region():
    assert emergency_number("en-US") == "911"
    assert emergency_number("de-DE") == "112"
    assert emergency_number(None) == "112"
