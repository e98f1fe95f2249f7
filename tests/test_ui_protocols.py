"""The page of the named tests, run headless: gates first, then position and outcome."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from balance.app.measuring import Job
from balance.app.state import KEY, LIVE_SESSIONS
from balance.app.webcam.routes import webcam_routes
from balance.live import LiveTrial, Phase
from balance.model.codes import EndReason
from balance.model.files import read_assessment, write_assessment, write_recording
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol, protocol_codes
from tests.made_results import assessment, recording, stance
from tests.page_script import page_script
from tests.test_ui_pages import answer_safely, go_on, shown_html, words

SCRIPT = page_script("protocols")


@pytest.fixture
def app():
    webcam_routes()
    yield AppTest.from_string(SCRIPT, default_timeout=60).run()
    LIVE_SESSIONS.close_all()


def choose(app: AppTest, code: str, **yes: bool) -> AppTest:
    go_on(answer_safely(app, **yes))
    app.selectbox(key="protocol").set_value(code).run()
    assert not app.exception
    return app


def button(app: AppTest, label: str):
    return next(b for b in app.button if b.label == label)


def begin(app: AppTest, code: str) -> AppTest:
    choose(app, code, someone_there=True)
    button(app, "Go to the camera").click()
    return app.run()


def test_questions_come_before_the_tests(app):
    assert app.title[0].value == "Who is tested?"
    assert not app.selectbox


def test_a_yes_is_no_test_here(app):
    go_on(answer_safely(app, vertigo=True))
    assert "No test here today" in words(app)
    assert not any(b.label == "Go to the camera" for b in app.button)


@pytest.mark.parametrize("code", [c for c in protocol_codes() if c != "auto"])
def test_every_protocol_shows_how_who_and_where_from(app, code):
    choose(app, code)
    protocol = load_protocol(code)
    text = words(app) + shown_html(app)
    assert protocol.purpose in text
    assert all(line in text for line in protocol.instructions)
    assert all(person[1:] in text for person in protocol.not_alone)
    assert protocol.source in text
    sources = [caption.value for caption in app.caption]
    assert all(
        any(source in line for line in sources) for source in protocol.sources.values()
    )


def test_what_asks_for_a_helper_is_not_begun_alone(app):
    choose(app, "four_stage_balance")
    assert "only with somebody beside you" in words(app)
    assert not any(b.label == "Go to the camera" for b in app.button)


def test_hops_are_called_experimental(app):
    choose(app, "gentle_hops")
    assert "Experimental" in words(app)
    assert button(app, "Go to the camera").disabled


def test_the_leg_of_the_bess_is_the_one_that_does_not_kick(app):
    choose(app, "mbess", someone_there=True)
    here = app.session_state[KEY]
    for side in Side:
        here.learn_hold(side.value, 20.0)
    app.run()
    button(app, "Go to the camera").click()
    app.run()
    run = here.live.test.agenda.run
    assert {step.leg for step in run.plan} == {"both", "left"}


def test_the_bess_is_completed_at_a_first_visit_by_what_the_helper_has_seen(app):
    choose(app, "bess", someone_there=True)
    assert "only after 10 s with open eyes" in words(app)
    [seen] = [one for one in app.checkbox if "Whoever helps has seen" in one.label]
    assert "left leg" in seen.label  # the one that does not kick
    seen.check().run()
    assert "is left out" not in words(app)
    button(app, "Go to the camera").click()
    app.run()
    assert not app.exception
    run = app.session_state[KEY].live.test.agenda.run
    assert len(run.plan) == 6
    assert not run.skipped


def test_nobody_says_that_alone(app):
    choose(app, "mbess")
    assert not any("Whoever helps" in one.label for one in app.checkbox)


def test_four_stages_go_to_the_camera_in_their_order(app):
    begin(app, "four_stage_balance")
    assert not app.exception
    run = app.session_state[KEY].live.test.agenda.run
    assert [step.stage.code for step in run.plan] == [
        "side_by_side",
        "semi_tandem",
        "tandem",
        "one_leg",
    ]
    assert "Not done." in shown_html(app)


def held(stage: str, seconds: float, reason: EndReason) -> LiveTrial:
    protocol = load_protocol("four_stage_balance")
    kind = protocol.stage(stage).kind
    return LiveTrial(
        1,
        str(kind),
        "both",
        10.0,
        10.0 + seconds,
        reason,
        protocol=protocol.code,
        stage=stage,
        title=protocol.stage(stage).title,
    )


def over(app: AppTest, *done: LiveTrial) -> AppTest:
    test = app.session_state[KEY].live.test
    test.done.extend(done)
    test.phase = Phase.FINISHED
    return app.run()


def test_what_no_camera_sees_is_asked_before_the_outcome(app):
    begin(app, "four_stage_balance")
    over(
        app,
        held("side_by_side", 10.0, EndReason.TIME_CAP),
        held("semi_tandem", 10.0, EndReason.TIME_CAP),
        held("tandem", 6.0, EndReason.STANCE_FOOT_MOVED),
    )
    assert "Where did a hand hold on" in app.multiselect[0].label
    button(app, "That is right").click()
    app.run()
    assert not app.exception
    assert "6.0 of 10 s." in shown_html(app)
    assert "Ended at the first position not held: Tandem." in words(app)
    assert any("CDC STEADI" in caption.value for caption in app.caption)


def test_a_position_that_the_view_did_not_show_is_said(app):
    begin(app, "four_stage_balance")
    hidden = held("side_by_side", 4.0, EndReason.STANCE_FOOT_MOVED)
    over(app, replace(hidden, position_seen=False))
    button(app, "That is right").click()
    app.run()
    assert "did not see how the feet stood: Feet side by side." in words(app)


def test_a_hand_told_afterwards_ends_the_test_there(app):
    begin(app, "four_stage_balance")
    over(
        app,
        held("side_by_side", 10.0, EndReason.TIME_CAP),
        held("semi_tandem", 10.0, EndReason.TIME_CAP),
    )
    app.multiselect[0].set_value([0])
    button(app, "That is right").click()
    app.run()
    assert "Ended at the first position not held: Feet side by side." in words(app)


def test_the_measured_outcome_takes_the_place_of_the_live_one(app, tmp_path: Path):
    begin(app, "four_stage_balance")
    here = app.session_state[KEY]
    trial = held("one_leg", 10.0, EndReason.TIME_CAP)
    measured = assessment(stance("left"))
    write_assessment(measured, tmp_path / "assessment.json")
    write_recording(
        recording(sway_px=2.0, lifted=Side.RIGHT), tmp_path / "landmarks.npz"
    )
    seen = {"start_s": trial.start_s, "stage": "one_leg", "side": "left"}
    job = Job("One leg", tmp_path, here.setup, tmp_path, state="done", folder=tmp_path)
    job.about = {"page": "protocols", "trial": seen}
    here.jobs.append(job)
    over(app, trial)
    app.multiselect[0].set_value([0])
    button(app, "That is right").click()
    app.run()
    assert not app.exception
    assert "measured from the videos" in shown_html(app)
    assert "a hand held on." in shown_html(app)
    noted = read_assessment(tmp_path / "assessment.json").trials[0]
    assert noted.end_reason is EndReason.HAND_SUPPORT
    assert noted.overruled[-1].by == "told after the test"
