"""One trial in the app: its video's measurement beside what was seen live."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from balance.app.first_card import asked_for
from balance.app.outcome import beside_live, same_trial
from balance.app.state import KEY
from balance.app.webcam.live_session import LIVE_SESSIONS
from balance.history import open_store
from balance.history.pages import people_page
from balance.history.people import PersonRecord, add_person, give_consent
from tests.kept_results import keep_result
from tests.made_results import assessment, squats, stance
from tests.page_script import page_script

SEEN_SQUATS = {"kind": "squat_set", "side": "both", "repetitions": 3}


def seen_stand(hold_s: float) -> dict:
    return {"kind": "single_leg_stance", "side": "left", "hold_s": hold_s}


def test_a_count_that_agrees_is_told_without_more_words():
    assert beside_live(squats(3), SEEN_SQUATS) == "Live it was 3."


def test_squats_missed_live_are_explained():
    said = beside_live(squats(3), SEEN_SQUATS | {"repetitions": 2})
    assert said.startswith("Live it was 2. What counts is measured from the video")


def test_seconds_half_a_second_apart_are_explained_and_nearer_ones_are_not():
    hold_s = stance().measures["hold_s"].value
    assert beside_live(stance(), seen_stand(hold_s)).endswith(" s.")
    assert "quick touch" in beside_live(stance(), seen_stand(hold_s + 0.6))


def test_what_the_live_view_took_for_something_else_is_not_compared():
    assert beside_live(squats(3), seen_stand(4.0)) == ""


def test_the_live_trial_is_the_longest_trial_of_its_kind_on_its_leg():
    stand, short = stance("left"), squats(1)
    told = assessment(stand, short)
    assert same_trial(told, SEEN_SQUATS | {"kind": "squat_set"}) == short
    assert same_trial(told, seen_stand(3.0)) == stand


def test_a_video_without_its_kind_shows_what_there_is():
    stand = stance("left")
    assert same_trial(assessment(stand), SEEN_SQUATS) == stand
    assert same_trial(assessment(stand), seen_stand(3.0) | {"side": "right"}) is None


def test_of_a_try_only_the_stand_on_the_leg_that_was_asked_for_counts():
    told = assessment(stance("left", end_s=30.0), stance("right"))
    seen = seen_stand(3.0) | {"side": "right"}
    assert [trial.side for trial in asked_for(told, seen).trials] == ["right"]
    assert asked_for(assessment(stance("left")), seen).trials == ()
    assert asked_for(told, {}) == told, "of an upload nothing was asked for"


SCRIPT = page_script("result", ("test", "analyse", "people", "training"))


@pytest.fixture
def store(tmp_path, monkeypatch) -> Iterator[Path]:
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "history.db"))
    yield tmp_path / "history.db"
    LIVE_SESSIONS.close_all()


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label == label).click()
    app.run()
    assert not app.exception
    return app


def visits(store: Path) -> dict[str, int]:
    with open_store(str(store)) as opened:
        return {one.person.code: one.visits for one in people_page(opened)}


def test_one_press_saves_for_oneself_and_another_person_can_be_given_it(store):
    with open_store(str(store)) as opened:
        add_person(opened, PersonRecord("P1"))
        give_consent(opened, "P1", "yes")
    keep_result(store.parent / "app" / "here", "one")
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    here = app.session_state[KEY]
    here.chosen, here.jobs[0].about["visit"] = True, here.token
    press(app.run(), "Save for me")
    assert visits(store) == {"me": 1, "P1": 0}
    assert here.code == "me", "what comes next is saved as well"
    whose = next(s for s in app.selectbox if s.label == "Whose result is it?")
    whose.set_value("P1").run()
    press(app, "Save")
    assert visits(store) == {"me": 0, "P1": 1}
