"""What a protocol or a named test asks for is found; nothing else is reported."""

from dataclasses import replace

import pytest
from protocol_clips import clip, recording
from standing_figure import Standing

from balance.analysis.assessment import assess
from balance.analysis.other_trials import (
    bess_trials,
    on_the_same_feet,
    other_trials,
    without_raises,
)
from balance.model.codes import EndReason, EventCode, TrialKind
from balance.model.landmarks import Side
from balance.model.results import Trial
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards

AUTO = load_protocol("auto")
FOUR = load_protocol("four_stage_balance")
MBESS = load_protocol("mbess")
TOGETHER = {Side.LEFT: (0.05, 0.0), Side.RIGHT: (-0.05, 0.0)}


def kinds(trials) -> list[TrialKind]:
    return [trial.kind for trial in trials]


def test_unasked_only_heel_raises_are_looked_for() -> None:
    assert kinds(other_trials(clip("heel_raises"), AUTO)) == [TrialKind.HEEL_RAISE_SET]
    assert other_trials(clip("tandem"), AUTO) == ()
    assert other_trials(Standing(TOGETHER).pose(4), AUTO) == ()


def test_a_named_test_is_looked_for_under_any_protocol() -> None:
    asked = frozenset({TrialKind.TANDEM_STANCE})
    (trial,) = other_trials(clip("tandem"), AUTO, asked)
    assert trial.kind == TrialKind.TANDEM_STANCE
    # Under auto nothing is capped, and the clip ends before the stance does.
    hold = trial.measures["hold_s"]
    assert hold.value == pytest.approx(11.4, abs=0.2)
    assert (hold.high, hold.censored, trial.end_reason) == (
        None,
        True,
        EndReason.VIDEO_END,
    )


def test_a_protocol_caps_the_hold() -> None:
    (trial,) = other_trials(clip("tandem"), FOUR)
    hold = trial.measures["hold_s"]
    assert (hold.value, hold.high, hold.censored) == (10.0, None, True)
    assert trial.end_reason == EndReason.TIME_CAP
    assert trial.end_s - trial.start_s == 10.0


def test_a_hold_seen_whole_has_both_ends_of_its_interval() -> None:
    def beside(t: float) -> float:
        return 0.15 * (not 2 <= t <= 8)

    pose = Standing(TOGETHER, slide_m={Side.LEFT: beside}).pose(10)
    (trial,) = other_trials(pose, FOUR)
    hold = trial.measures["hold_s"]
    assert hold.low <= 6 <= hold.high
    assert trial.end_reason == EndReason.STANCE_FOOT_MOVED


def test_a_bess_stage_is_given_with_its_errors() -> None:
    (trial,) = bess_trials(clip("bess_single"), MBESS)
    assert trial.kind == TrialKind.SINGLE_LEG_STANCE
    assert EventCode.HANDS_OFF_HIPS in [event.code for event in trial.events]
    assert other_trials(clip("bess_single"), MBESS) == (trial,)


def test_a_squat_set_that_is_heel_raises_is_dropped() -> None:
    def trial(kind, start_s, end_s):
        end = EndReason.SET_END
        return Trial(kind, "both", start_s, end_s, True, True, end)

    raises = trial(TrialKind.HEEL_RAISE_SET, 3.0, 8.0)
    same = trial(TrialKind.SQUAT_SET, 1.0, 9.0)
    later = trial(TrialKind.SQUAT_SET, 10.0, 19.0)
    assert without_raises((same, later), (raises,)) == (later,)
    assert without_raises((same, later), ()) == (same, later)


def test_heel_raises_on_one_leg_are_a_stand_unless_they_were_asked_for() -> None:
    made = recording(clip("heel_raises_one_leg"))
    assert kinds(assess(made, AUTO, load_standards()).trials) == [
        TrialKind.SINGLE_LEG_STANCE
    ]
    asked = replace(made, options=replace(made.options, test="heel-raise"))
    (raises,) = assess(asked, AUTO, load_standards()).trials
    assert raises.measures["repetitions"].value == 4


def test_raises_in_whose_midst_a_foot_was_lifted_are_none() -> None:
    def raises(start_s, end_s):
        kind, end = TrialKind.HEEL_RAISE_SET, EndReason.SET_END
        return Trial(kind, "left", start_s, end_s, True, True, end)

    before, across, upon = raises(1.0, 9.5), raises(1.0, 21.0), raises(9.5, 30.0)
    kept = on_the_same_feet((before, across, upon), [10.3, 41.5])
    assert kept == (before, upon)
