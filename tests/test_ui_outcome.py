"""One trial in the app: its video's measurement beside what was seen live."""

from balance.app.outcome import beside_live, same_trial
from tests.made_results import assessment, squats, stance

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
