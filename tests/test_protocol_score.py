"""Protocols scored from recordings: right stage, right end, right score."""

from dataclasses import replace

import numpy as np
import pytest
from protocol_clips import clip, recording
from recorded import recorded
from standing_figure import Standing

from balance.analysis.assessment import assess
from balance.analysis.judging.overruling import overrule
from balance.analysis.other_trials import bess_trials
from balance.analysis.protocols.score import Take, score_protocol, score_stages
from balance.model.codes import Answer, EndReason, TrialKind
from balance.model.corrections import Correction
from balance.model.landmarks import Side
from balance.model.results import (
    Assessment,
    CameraGeometry,
    Conditions,
    Measurement,
    Options,
    Person,
    Trial,
)
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards

FOUR = load_protocol("four_stage_balance")
TOGETHER = {Side.LEFT: (0.05, 0.0), Side.RIGHT: (-0.05, 0.0)}
SEMI = {Side.LEFT: (0.045, 0.07), Side.RIGHT: (-0.045, -0.07)}
TANDEM = {Side.LEFT: (0.0, 0.14), Side.RIGHT: (0.0, -0.14)}


def take(pose, *trials: Trial) -> Take:
    made = recording(pose)
    assessment = Assessment(
        made.software,
        made.source,
        Options(),
        Person(),
        Conditions(),
        "auto",
        None,
        CameraGeometry(),
        trials,
        (),
    )
    return Take(made, assessment)


def one_leg(hold_s: float, side: str = "left", *, censored: bool = False) -> Take:
    high = None if censored else hold_s + 0.1
    trial = Trial(
        TrialKind.SINGLE_LEG_STANCE,
        side,
        1.0,
        1.0 + hold_s,
        True,
        not censored,
        EndReason.VIDEO_END if censored else EndReason.TOUCHDOWN,
        {"hold_s": Measurement(hold_s, "s", hold_s - 0.1, high, censored=censored)},
    )
    return take(Standing().pose(2), trial)


def stood(feet, seconds: float, *, seen_whole: bool = False) -> Take:
    """Stand so long; seen whole: a step into position before and out of it after."""
    lead_s = 2.0 if seen_whole else 0.0
    end_s = lead_s + seconds

    def beside(t: float) -> float:
        return 0.15 * (not lead_s <= t <= end_s)

    slide = {Side.LEFT: beside} if seen_whole else {}
    return take(Standing(feet, slide_m=slide).pose(end_s + lead_s + 0.2))


@pytest.mark.parametrize(
    ("takes", "reached", "ended_at"),
    [
        pytest.param(
            lambda: [
                stood(TOGETHER, 11),
                stood(SEMI, 11),
                stood(TANDEM, 11),
                one_leg(12),
            ],
            "one_leg",
            None,
            id="all four held",
        ),
        pytest.param(
            lambda: [
                stood(TOGETHER, 11),
                stood(SEMI, 11),
                stood(TANDEM, 6, seen_whole=True),
                one_leg(12),
            ],
            "semi_tandem",
            "tandem",
            id="tandem lost after 6 s, the leg is not asked",
        ),
        pytest.param(
            lambda: [
                stood(TOGETHER, 11),
                stood(SEMI, 11),
                stood(TANDEM, 11),
                one_leg(4),
            ],
            "tandem",
            "one_leg",
            id="one leg for 4 s",
        ),
        pytest.param(
            lambda: [stood(TOGETHER, 5, seen_whole=True)],
            None,
            "side_by_side",
            id="feet together lost",
        ),
        pytest.param(
            lambda: [clip("side_by_side"), clip("semi_tandem"), clip("tandem")],
            "tandem",
            None,
            id="rendered people, three stages",
        ),
        pytest.param(list, None, None, id="no recording"),
    ],
)
def test_the_four_stages(takes, reached, ended_at) -> None:
    takes = [t if isinstance(t, Take) else take(t) for t in takes()]
    score = score_protocol(FOUR, takes)
    assert (score.reached.code if score.reached else None) == reached
    assert (score.ended_at.code if score.ended_at else None) == ended_at


@pytest.mark.parametrize("last", [[], [one_leg(12)]], ids=["three", "as many"])
def test_recordings_in_any_order_are_put_where_the_stance_belongs(last) -> None:
    takes = [take(clip(name)) for name in ("tandem", "side_by_side", "semi_tandem")]
    score = score_protocol(FOUR, [*takes, *last])
    assert [s.passed for s in score.stages[:3]] == [Answer.YES] * 3
    one = score.stages[3]
    assert one.passed == (Answer.YES if last else Answer.CANNOT_TELL)
    assert ("not found" in one.because) != bool(last)


def test_feet_below_the_frame_hold_no_position() -> None:
    pose = clip("side_by_side")
    width = pose.size_px[0]
    ankle = pose.point(Side.LEFT.landmark("ankle"))[:, 1].min()
    # The pose model goes on telling where feet that nobody sees should be.
    cut = replace(pose, size_px=(width, int(ankle) - 10))
    score = score_protocol(FOUR, [take(cut)])
    assert score.stages[0].because == (
        "Feet side by side: not found in the recordings: the feet were not seen."
    )


def test_a_view_from_the_side_is_given_as_the_reason() -> None:
    score = score_protocol(FOUR, [take(Standing(TANDEM, yaw_deg=90.0).pose(11))])
    assert "not found in the recordings: the feet are seen from the side" in (
        score.stages[2].because
    )


def test_a_recording_that_ends_too_early_decides_nothing() -> None:
    score = score_protocol(FOUR, [stood(TOGETHER, 6)])
    (first, *_) = score.stages
    assert first.passed == Answer.CANNOT_TELL
    assert "at least" in first.because
    assert score.ended_at is None


def test_single_leg_stance_takes_the_best_of_each_leg() -> None:
    protocol = load_protocol("single_leg_stance_eyes_open")
    takes = [one_leg(12), one_leg(20), one_leg(33, "right")]
    left, right = score_protocol(protocol, takes).stages
    assert (left.leg, left.best.value, right.leg, right.best.value) == (
        "left",
        20,
        "right",
        33,
    )
    assert left.passed == Answer.NO


def test_a_censored_hold_beyond_the_goal_passes() -> None:
    protocol = load_protocol("single_leg_stance_30_s")
    left, _ = score_protocol(protocol, [one_leg(31, censored=True)]).stages
    assert left.passed == Answer.YES


def test_modified_bess_sums_the_errors_of_three_stances() -> None:
    hands = {Side.LEFT: lambda t: 0.3 if 8 < t < 9 else 0.0}
    takes = [
        take(Standing(TOGETHER, hands_off_m=hands).pose(21)),
        take(clip("bess_single")),
        take(Standing(TANDEM).pose(21)),
    ]
    score = score_protocol(load_protocol("mbess"), takes)
    assert [s.best.value for s in score.stages] == [1, 4, 0]
    assert score.total.value == 5
    # Nobody watched the eyes: the sum is a lower bound.
    assert score.total.high is None


def test_bess_without_one_stance_has_no_total() -> None:
    takes = [take(Standing(TOGETHER).pose(21)), take(Standing(TANDEM).pose(21))]
    score = score_protocol(load_protocol("mbess"), takes)
    assert score.total is None
    assert "not found" in score.stages[1].because


def test_heel_raises_are_counted_against_ten() -> None:
    protocol = load_protocol("heel_raise_two_legs")
    (stage,) = score_protocol(protocol, [take(clip("heel_raises"))]).stages
    assert stage.best.value == 5
    assert stage.passed == Answer.NO


def test_recordings_of_known_stages_need_no_recognising() -> None:
    takes = {"tandem": [stood(TOGETHER, 11)], "one_leg": [one_leg(12)]}
    stages = {s.stage.code: s for s in score_stages(FOUR, takes).stages}
    assert stages["one_leg"].passed == Answer.YES
    # What was recorded as tandem was none: it does not count as one.
    assert stages["tandem"].passed == Answer.CANNOT_TELL


def test_a_hand_that_held_on_fails_a_stage_that_was_long_enough() -> None:
    held = one_leg(12)
    (trial,) = held.assessment.trials
    trials = (replace(trial, end_reason=EndReason.HAND_SUPPORT),)
    told = Take(held.recording, replace(held.assessment, trials=trials))
    score = score_stages(FOUR, {"one_leg": [told]})
    assert score.stages[-1].passed == Answer.NO
    assert "a hand held on" in score.stages[-1].because


def test_what_was_overruled_is_scored_as_it_stands() -> None:
    protocol = load_protocol("mbess")
    single = clip("bess_single")
    made = take(single, *bess_trials(single, protocol, protocol.stage("single_firm")))
    told = replace(made.assessment, protocol="mbess")
    (event, *_) = told.trials[0].events
    wrong = Correction.of_text(
        1, f"event:{event.code}@{event.time_s:g}", "removed", "B"
    )
    takes = [Take(made.recording, overrule(told, wrong))]
    (_, stage, _) = score_stages(protocol, {"single_firm": takes}).stages
    assert stage.best.value == 3


# ------------------------------------------------ every protocol has a case of its own


def held_on_two_feet(protocol: str, feet, *seconds: float):
    made = load_protocol(protocol)
    takes = [stood(feet, one, seen_whole=True) for one in seconds]
    return score_protocol(made, takes)


@pytest.mark.parametrize(
    ("seconds", "passed", "ended_at"),
    [
        pytest.param((61, 61), ["yes", "yes"], None, id="both held for a minute"),
        pytest.param((61, 20), ["yes", "no"], "eyes_closed", id="lost when closed"),
        pytest.param((12, 61), ["no"], "eyes_open", id="lost with open eyes: it ends"),
    ],
)
def test_romberg_with_open_then_closed_eyes(seconds, passed, ended_at) -> None:
    score = held_on_two_feet("romberg", TOGETHER, *seconds)
    assert [one.passed.value for one in score.stages] == passed
    assert (score.ended_at.code if score.ended_at else None) == ended_at


@pytest.mark.parametrize(("seconds", "passed"), [(61, "yes"), (25, "no")])
def test_tandem_stance_for_a_minute(seconds, passed) -> None:
    (stage,) = held_on_two_feet("tandem_stance", TANDEM, seconds).stages
    assert stage.passed.value == passed
    assert stage.best.value == pytest.approx(min(seconds, 60), abs=0.6)


def test_single_leg_stance_with_closed_eyes_takes_the_best_of_each_leg() -> None:
    protocol = load_protocol("single_leg_stance_eyes_closed")
    takes = [one_leg(4), one_leg(9), one_leg(45.2, "right")]
    left, right = score_protocol(protocol, takes).stages
    assert (left.best.value, left.passed) == (9, Answer.NO)
    assert right.passed == Answer.YES


def test_the_whole_bess_counts_six_stances_and_no_more_than_ten_in_one() -> None:
    protocol = load_protocol("bess")
    stepping = {Side.LEFT: lambda t: 0.04 * (int(t / 3) % 2)}  # never held for 5 s
    unsteady = Standing(TOGETHER, slide_m=stepping).pose(21)
    calm = [Standing(TOGETHER).pose(21), clip("bess_single"), Standing(TANDEM).pose(21)]
    foam = [unsteady, clip("bess_single"), Standing(TANDEM).pose(21)]
    score = score_protocol(protocol, [take(pose) for pose in (*calm, *foam)])
    errors = {one.stage.code: one.best.value for one in score.stages}
    assert errors["double_firm"] == 0
    assert errors["double_foam"] == 10
    assert errors["single_firm"] == errors["single_foam"] == 4
    assert score.total.value == 18


def test_squats_on_both_legs_are_three_repetitions() -> None:
    told = stored("squat_valgus_left")
    (stage,) = score_protocol(load_protocol("squat"), [told]).stages
    assert (stage.best.value, stage.passed) == (3, Answer.YES)


def test_squats_on_one_leg_count_for_that_leg_only() -> None:
    told = stored("single_leg_squat_right")
    left, right = score_protocol(load_protocol("single_leg_squat"), [told]).stages
    assert (right.best.value, right.passed) == (3, Answer.YES)
    assert left.passed == Answer.CANNOT_TELL


def test_heel_raises_to_the_end_on_one_leg() -> None:
    protocol = load_protocol("heel_raise")
    stages = score_protocol(protocol, [take(clip("heel_raises_one_leg"))]).stages
    assert {one.leg: one.best.value for one in stages if one.best} == {"left": 4}


def test_weight_shifts_three_to_each_side() -> None:
    pose = Standing(shift_m=lambda t: 0.06 * np.sin(0.4 * np.pi * t)).pose(15.1)
    (stage,) = score_protocol(load_protocol("weight_shift"), [take(pose)]).stages
    assert (stage.best.value, stage.passed) == (6, Answer.YES)


def test_hops_are_counted_on_their_leg() -> None:
    hopping = Standing(
        jump_m=lambda t: max(0.0, 0.08 * np.sin(4 * np.pi * t)) * (t % 1.5 > 1.0),
        lift_m={Side.RIGHT: lambda _: 0.12},
        rate_hz=30.0,
    ).pose(6)
    left, right = score_protocol(load_protocol("gentle_hops"), [take(hopping)]).stages
    assert left.best.value >= 3
    assert right.passed == Answer.CANNOT_TELL


def stored(name: str) -> Take:
    """Landmarks of a rendered person, assessed as nobody told what was done."""
    made = recording(recorded(name))
    return Take(made, assess(made, load_protocol("auto"), load_standards()))
