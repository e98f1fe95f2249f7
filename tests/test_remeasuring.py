"""A corrected end measures anew whatever hangs on it."""

from dataclasses import replace

import pytest
from people import lift, recording, standing

from balance.analysis.assessment import assess
from balance.analysis.judging.overruling import Correction, overrule
from balance.analysis.remeasuring import remeasure_by
from balance.model.errors import InputError
from balance.model.landmarks import Side
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards


@pytest.fixture(scope="module")
def measured():
    time_s, xy = standing(32)
    made = recording(time_s, lift(time_s, xy, Side.RIGHT, 2, 30))
    protocol = load_protocol(made.protocol)
    norms = load_standards()
    return made, assess(made, protocol, norms), remeasure_by(made, protocol, norms)


def corrected(measured, what: str, becomes: str):
    _, assessment, remeasure = measured
    return overrule(assessment, Correction.of_text(1, what, becomes, "AB"), remeasure)


def test_an_end_set_by_hand_changes_hold_sway_window_and_score(measured):
    _, assessment, _ = measured
    before = assessment.trials[0]
    end_s = before.end_s - 3.0
    after = corrected(measured, "end_s", f"{end_s:g}").trials[0]
    hold = after.measures["hold_s"]
    assert hold.value == pytest.approx(before.measures["hold_s"].value - 3.0, abs=0.05)
    assert (hold.low, hold.high) == (None, None)
    if before.signal is not None:
        assert after.signal.window_s[1] <= after.end_s
        assert after.signal.window_s != before.signal.window_s
    moved = [n for n, m in before.measures.items() if m and m != after.measures[n]]
    assert any(name.startswith("trunk_lean") for name in moved), moved
    assert after.overruled[-1].by == "AB"
    assert all(event.time_s <= after.end_s for event in after.events)


def test_the_other_leg_is_another_trial(measured):
    _, assessment, _ = measured
    other = {"left": "right", "right": "left"}[assessment.trials[0].side]
    after = corrected(measured, "side", other).trials[0]
    assert after.side == other
    assert after.measures["hold_s"].low is None


def test_an_end_that_was_none_takes_in_the_stand_that_followed(measured):
    _, assessment, remeasure = measured
    whole = assessment.trials[0]
    middle_s = (whole.start_s + whole.end_s) / 2
    first = replace(whole, end_s=middle_s - 0.2)
    second = replace(whole, start_s=middle_s + 0.2)
    split = replace(assessment, trials=(first, second))
    moved = Correction.of_text(1, "end_s", f"{whole.end_s:g}", "AB")
    after = overrule(split, moved, remeasure)
    assert len(after.trials) == 1
    assert after.trials[0].measures["hold_s"].value == pytest.approx(
        whole.end_s - whole.start_s, abs=0.05
    )


def test_a_foot_that_was_down_in_between_makes_two_stands_of_one(measured):
    _, assessment, remeasure = measured
    whole = assessment.trials[0]
    middle_s = (whole.start_s + whole.end_s) / 2
    split = Correction.of_text(1, "split_s", f"{middle_s:g}", "AB")
    after = overrule(assessment, split, remeasure)
    first, second = after.trials
    assert (first.start_s, second.end_s) == (whole.start_s, whole.end_s)
    assert first.end_s == second.start_s == pytest.approx(middle_s, abs=0.01)
    for part in (first, second):
        hold = part.measures["hold_s"]
        assert hold.value == pytest.approx(part.end_s - part.start_s, abs=0.01)
        assert hold.low is None  # set by hand
        lean = [m for name, m in part.measures.items() if name.startswith("trunk_lean")]
        assert any(lean), "measured anew"
        assert part.overruled[-1].was == "one stand"
        assert all(part.start_s <= e.time_s <= part.end_s for e in part.events)
    assert first.end_reason.value == "touchdown"
    assert second.end_reason is whole.end_reason


def test_without_a_recording_nothing_of_the_whole_stand_is_left_at_its_parts(measured):
    _, assessment, _ = measured
    middle_s = (assessment.trials[0].start_s + assessment.trials[0].end_s) / 2
    split = Correction.of_text(1, "split_s", f"{middle_s:g}", "AB")
    for part in overrule(assessment, split).trials:
        known = [name for name, value in part.measures.items() if value is not None]
        assert known == ["hold_s"]


def test_only_a_second_within_a_stand_splits_it(measured):
    _, assessment, remeasure = measured
    late = Correction.of_text(1, "split_s", "999", "AB")
    with pytest.raises(InputError, match="must end after it starts"):
        overrule(assessment, late, remeasure)
