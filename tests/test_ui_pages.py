"""Every page, run headless: what it asks, what it shows, what it refuses."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from balance.reference import load_safety
from balance.ui.state import KEY, SITTINGS, visit
from balance.ui.webcam.routes import webcam_routes

APP = Path(__file__).parents[1] / "balance" / "ui" / "app.py"
QUESTIONS = {question.code: question.text for question in load_safety().questions}


@pytest.fixture
def app():
    webcam_routes()  # as the launcher does, so that the page finds its server
    started = AppTest.from_file(str(APP), default_timeout=60).run()
    yield started
    SITTINGS.close_all()


def answer_safely(app: AppTest, **yes: bool) -> AppTest:
    for code in QUESTIONS:
        app.radio(key=f"ask_{code}").set_value("Yes" if yes.get(code) else "No")
    for box in app.checkbox:
        box.check()
    return app


def go_on(app: AppTest) -> AppTest:
    next(b for b in app.button if b.label == "Go on").click()
    return app.run()


def words(app: AppTest) -> str:
    parts = [*app.markdown, *app.error, *app.warning, *app.info, *app.title]
    return "\n".join(part.value for part in parts)


def test_first_page_asks_before_anything_else(app):
    assert not app.exception
    assert app.title[0].value == "Before you start"
    assert [r.label for r in app.radio] == list(QUESTIONS.values())
    assert all(r.value is None for r in app.radio)


def test_unanswered_question_holds_you_back(app):
    assert "answer every question" in words(go_on(app))


def test_chair_must_be_in_reach(app):
    answer_safely(app).checkbox[0].uncheck()
    assert "set up your place" in words(go_on(app))


@pytest.mark.parametrize(
    "code", [q.code for q in load_safety().questions if q.if_yes == "no_test_alone"]
)
def test_any_yes_is_no_test_here(app, code):
    go_on(answer_safely(app, **{code: True}))
    assert "No test here today" in words(app)
    assert not any(b.label == "Go to the camera" for b in app.button)


def test_without_a_yes_the_camera_is_one_press_away(app):
    go_on(answer_safely(app))
    assert app.title[0].value == "Choose a test"
    next(b for b in app.button if b.label == "Go to the camera").click()
    app.run()
    assert not app.exception
    test = app.session_state[KEY].sitting.test
    assert test is not None
    assert test.plan.sides == ("left", "right") * 3


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
        ("analyse", "Analyse a video"),
        ("result", "Result"),
        ("how_it_works", "How it works"),
    ],
)
def test_page_opens_without_a_result(page, title):
    app = AppTest.from_string(
        f"""
import streamlit as st
from balance.ui import {page}
from balance.ui.state import visit
here = visit(st.session_state)
here.pages = {{n: st.Page(lambda: None, url_path=n, title=n)
              for n in ("test", "analyse", "result", "how")}}
page = st.Page({page}.show, url_path="x", title="x")
st.navigation([page, *here.pages.values()]).run()
""",
        default_timeout=60,
    ).run()
    assert not app.exception
    assert app.title[0].value == title
    SITTINGS.close_all()


def test_visit_is_kept_for_the_tab():
    store: dict = {}
    first = visit(store)
    assert visit(store) is first
    SITTINGS.close(first.sitting.sid)
