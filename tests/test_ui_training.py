"""The training page, run headless: wishes, a plan with reasons, a block, its log."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from balance.app.state import KEY, LIVE_SESSIONS, SessionState
from balance.app.visit_record import read_record
from balance.app.webcam.routes import webcam_routes
from balance.history.people import PersonRecord, add_person, give_consent
from balance.history.recordings import save_recording
from balance.history.self_reports import load_self_reports
from balance.history.store import open_store
from balance.history.training_log import load_blocks
from balance.live import LiveFrame, Phase
from balance.reference.loader import load_exercises, load_rules
from tests.made_results import assessment, stance
from tests.page_script import page_script
from tests.test_ui_pages import answer_safely, go_on, shown_html, words

SCRIPT = page_script("training")


@pytest.fixture
def store(tmp_path, monkeypatch) -> str:
    place = str(tmp_path / "history.db")
    monkeypatch.setenv("BALANCE_STORE", place)
    return place


@pytest.fixture
def app(store):
    webcam_routes()
    yield AppTest.from_string(SCRIPT, default_timeout=60).run()
    LIVE_SESSIONS.close_all()


@pytest.fixture
def known(store):
    """Somebody who was tested at two visits."""
    with open_store(store) as opened:
        add_person(opened, PersonRecord("P1", birth_year=1990))
        give_consent(opened, "P1", "yes")
        add_person(opened, PersonRecord("NO-CONSENT"))
        for side in ("left", "right"):
            told = assessment(stance(side))
            save_recording(opened, "P1", told, on=date(2026, 1, 5))


def button(app: AppTest, label: str):
    return next(b for b in app.button if b.label == label)


def press(app: AppTest, label: str) -> AppTest:
    button(app, label).click()
    app.run()
    assert not app.exception
    return app


def to_wishes(app: AppTest, **yes: bool) -> AppTest:
    return go_on(answer_safely(app, **yes))


def as_p1(app: AppTest) -> AppTest:
    """Choose whom the history knows, and answer the questions."""
    people = next(s for s in app.selectbox if s.label == "Somebody who is kept here")
    assert people.options == ["P1"], "nobody who has not agreed"
    people.set_value("P1").run()
    press(app, "This person")
    return to_wishes(app)


def everything(app: AppTest) -> str:
    captions = "\n".join(caption.value for caption in app.caption)
    return "\n".join([words(app), shown_html(app), captions])


def test_questions_come_first(app):
    assert app.title[0].value == "Who is tested?"


def test_a_plan_explains_every_choice_and_names_its_source(app):
    press(to_wishes(app), "Show my plan")
    assert app.title[0].value == "Your plan"
    text = everything(app)
    block = app.session_state[KEY].training
    assert block.asked
    rules, library = load_rules(), load_exercises()
    assert rules.reasons["go"].text in text
    assert rules.reasons["go"].source in text
    for code in ("ankle_circles", "plantar_stretch"):
        exercise = library[code]
        assert exercise.title in text
        assert exercise.cue in text
        assert exercise.dose.source in text
        assert exercise.source in text
    assert text.count('<img class="drawing"') == len(app.expander)


def test_three_blocks_a_week_of_15_to_20_minutes(app):
    press(to_wishes(app), "Show my plan")
    blocks = next(r for r in app.radio if r.label == "Block")
    assert len(blocks.options) == 3
    minutes = [int(o.split("· ")[1].split(" ")[0]) for o in blocks.options]
    assert all(15 <= m <= 20 for m in minutes)


@pytest.mark.parametrize("code", ["numbness", "diabetes", "vertigo"])
def test_a_clinician_first_and_no_block(app, code):
    press(to_wishes(app, **{code: True}), "Show my plan")
    assert app.title[0].value == "A clinician first"
    assert not any(b.label == "Start this block" for b in app.button)


def test_pain_pauses_the_plan(app):
    to_wishes(app)
    next(s for s in app.slider if "pain" in s.label).set_value(7)
    press(app, "Show my plan")
    assert app.title[0].value == "Training pauses"
    assert "see a clinician" in words(app)


def test_soreness_makes_it_less(app):
    to_wishes(app)
    next(n for n in app.number_input if "sore" in n.label).set_value(3)
    press(app, "Show my plan")
    assert app.title[0].value == "Your plan, with less this time"


def test_page_and_calendar_can_be_taken_away(app):
    press(to_wishes(app), "Show my plan")
    labels = [d.proto.label for d in app.get("download_button")]
    assert labels == ["One page to print", "Calendar (.ics)"]


def test_a_known_persons_results_count(known, app):
    as_p1(app)
    press(app, "Show my plan")
    assert "the left leg holds 12 s" in everything(app)


def reloaded(app: AppTest) -> SessionState:
    """Return what a page that is opened anew knows of the same visit."""
    before = app.session_state[KEY]
    before.remember()
    again = SessionState(LIVE_SESSIONS.open(), before.tray, before.token)
    assert read_record(again)
    again.pages = before.pages
    return again


def train(app: AppTest, sets: int | None = None) -> None:
    """Let the clock run to the end, or for some sets, nobody in the image."""
    block = app.session_state[KEY].live.block
    assert block is not None
    time_s = 0.0
    while block.phase is not Phase.FINISHED and len(block.results) != sets:
        block.step(LiveFrame(time_s, None, (1, 1)))
        time_s += 0.5
        assert time_s < 3600
    app.run()
    assert not app.exception


def test_a_block_is_logged_and_the_plan_adapts(known, store, app):
    as_p1(app)
    press(app, "Show my plan")
    press(app, "Start this block")
    assert "○" in shown_html(app)
    train(app)
    told = next(m for m in app.multiselect if "did you do in full" in m.label)
    told.set_value(["short_foot_sitting"])
    next(s for s in app.slider if "tired" in s.label).set_value(8)
    press(app, "Keep this block")
    assert "Kept for P1" in app.success[0].value
    # Very tired feet get nothing harder.
    assert "very tired (8 of 10)" in words(app)
    with open_store(store) as opened:
        (block,) = load_blocks(opened, "P1")
        (felt,) = load_self_reports(opened, "P1")
    assert block.report.minutes > 12
    met = {d.exercise: d.met for d in block.report.done}
    assert met["short_foot_sitting"]
    assert not met["heel_raise_two_legs"]
    assert felt.fatigue == 8
    blocks = next(r for r in app.radio if r.label == "Block")
    assert blocks.value == 1, "the second block of the week comes next"


def test_blocks_of_somebody_without_a_code_stay_with_the_visit(store, app):
    press(to_wishes(app), "Show my plan")
    press(app, "Start this block")
    train(app)
    press(app, "Keep this block")
    assert "for this visit" in app.success[0].value
    training = app.session_state[KEY].training
    assert len(training.blocks) == 1
    assert training.blocks[0].rungs
    assert reloaded(app).training == training


def test_pain_after_a_block_makes_the_next_one_less(app):
    press(to_wishes(app), "Show my plan")
    press(app, "Start this block")
    train(app)
    next(s for s in app.slider if "hurt" in s.label).set_value(4)
    press(app, "Keep this block")
    assert app.title[0].value == "Your plan, with less this time"


def test_an_interrupted_block_goes_on_at_its_first_open_set(app):
    """After a reload, a closed browser or a program started anew."""
    press(to_wishes(app), "Show my plan")
    press(app, "Start this block")
    train(app, sets=3)
    app.run()
    before = app.session_state[KEY].live.block.progress
    again = reloaded(app)
    assert again.training.asked
    app.session_state[KEY] = again
    app.run()
    assert "You did 3 of" in words(app)
    press(app, "Go on with it")
    block = again.live.block
    block.step(LiveFrame(0.0, None, (1, 1)))
    assert block.progress.results == before.results
    assert block.trained_s == pytest.approx(before.trained_s, abs=0.1)
    train(app)
    assert [r.step for r in block.results] == [
        step for step in block.steps if step.kind == "work"
    ]
    press(app, "Keep this block")
    assert reloaded(app).training.under_way is None


def test_what_was_done_of_an_interrupted_block_can_be_told(app):
    press(to_wishes(app), "Show my plan")
    press(app, "Start this block")
    train(app, sets=2)
    app.run()
    app.session_state[KEY] = reloaded(app)
    app.run()
    press(app, "Tell how it went")
    press(app, "Keep this block")
    (block,) = app.session_state[KEY].training.blocks
    assert 0 < block.report.minutes < 5
    assert not all(one.met for one in block.report.done)


def test_a_block_that_is_left_is_not_kept(app):
    press(to_wishes(app), "Show my plan")
    press(app, "Start this block")
    press(app, "Leave without keeping this block")
    assert app.session_state[KEY].training.blocks == ()
    assert app.title[0].value == "Your plan"
