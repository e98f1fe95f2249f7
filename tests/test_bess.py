"""BESS errors: what is seen, when, and how it counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_clips import clip
from standing_figure import Standing

from balance.analysis.measures.bess import bess_trial, count_errors, recount
from balance.analysis.measures.faults import Fault, find_faults, stance_events
from balance.model.codes import EndReason, EventCode, TrialKind
from balance.model.landmarks import Side
from balance.model.results import Event, Measurement
from balance.reference.loader import load_protocol

MBESS = load_protocol("mbess")
SINGLE, DOUBLE = MBESS.stage("single_firm"), MBESS.stage("double_firm")
HANDS = EventCode.HANDS_OFF_HIPS
STEP = EventCode.STEP_STUMBLE_FALL
HIP = EventCode.HIP_BEYOND_30_DEG
TOGETHER = {Side.LEFT: (0.05, 0.0), Side.RIGHT: (-0.05, 0.0)}


def between(start_s: float, end_s: float, value: float):
    return lambda t: value if start_s <= t <= end_s else 0.0


def codes(trial) -> list[tuple[EventCode, int]]:
    return [(event.code, round(event.time_s)) for event in trial.events]


# --------------------------------------------------------------------- counting


@pytest.mark.parametrize(
    ("faults", "errors"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([(HANDS, 3, 4)], 1, id="one"),
        pytest.param([(HANDS, 3, 4), (HIP, 3.2, 4.5)], 1, id="together is one"),
        pytest.param([(HANDS, 3, 3.1), (STEP, 3.4, 3.6)], 1, id="half a second apart"),
        pytest.param([(HANDS, 3, 4), (STEP, 8, 8.5)], 2, id="one after the other"),
        pytest.param([(HANDS, 3, 8.5)], 2, id="too long out is one more"),
        pytest.param([(HANDS, t, t + 0.4) for t in range(1, 20)], 10, id="at most 10"),
        pytest.param(
            [(STEP, t, t + 0.4) for t in (4, 8, 12, 16)], 10, id="never held for 5 s"
        ),
    ],
)
def test_counting(faults, errors) -> None:
    assert count_errors([Fault(*f) for f in faults], (0, 20), MBESS) == errors


fault_lists = st.lists(
    st.builds(
        lambda code, start, lasts: Fault(code, start, min(start + lasts, 20.0)),
        st.sampled_from([HANDS, HIP]),
        st.floats(0, 19),
        st.floats(0.3, 8),
    ),
    max_size=12,
)


@given(faults=fault_lists)
def test_errors_stay_between_none_and_ten_in_any_order(faults) -> None:
    errors = count_errors(faults, (0, 20), MBESS)
    assert 0 <= errors <= 10
    assert count_errors(faults[::-1], (0, 20), MBESS) == errors
    assert (errors == 0) == (not faults)


def test_an_overruled_error_is_counted_no_more() -> None:
    faults = [Fault(HANDS, 3, 4), Fault(HIP, 9, 10)]
    assert count_errors(faults, (0, 20), MBESS) == 2
    assert count_errors(faults[1:], (0, 20), MBESS) == 1


def test_being_out_too_long_is_an_event_of_its_own() -> None:
    figure = Standing(TOGETHER, hands_off_m={Side.LEFT: between(6, 13, 0.3)})
    trial = bess_trial(figure.pose(21), DOUBLE, MBESS, ())
    assert codes(trial) == [(HANDS, 6), (EventCode.OUT_OF_POSITION, 11)]
    assert trial.measures["errors"].value == 2


def test_a_trial_is_counted_again_after_events_were_taken_out() -> None:
    trial = bess_trial(clip("bess_single"), SINGLE, MBESS, ())
    assert recount(trial, trial).value == trial.measures["errors"].value == 4
    fewer = recount(trial, replace(trial, events=trial.events[1:]))
    assert fewer.value == fewer.high == 3
    uncounted = replace(trial, measures={})
    assert recount(uncounted, uncounted) is None


def test_an_error_that_was_missed_is_counted_once_and_never_beyond_ten() -> None:
    trial = bess_trial(clip("bess_single"), SINGLE, MBESS, ())
    missed = Event(EventCode.EYES_OPENED, 11.0)
    more = replace(trial, events=(*trial.events, missed))
    assert recount(trial, more).value == 5
    together = Event(EventCode.EYES_OPENED, trial.events[0].time_s + 0.2)
    assert recount(trial, replace(trial, events=(*trial.events, together))).value == 4
    full = replace(trial, measures={"errors": Measurement(10, "count", 10, 10)})
    assert recount(full, more).value == 10


# ----------------------------------------------------------------------- seeing


def test_a_quiet_stand_has_no_errors() -> None:
    trial = bess_trial(Standing(TOGETHER).pose(21), DOUBLE, MBESS, eyes_opened_s=())
    assert trial.kind == TrialKind.SIDE_BY_SIDE_STANCE
    assert trial.measures["errors"].value == trial.measures["errors"].high == 0
    assert trial.end_reason == EndReason.TIME_CAP
    assert trial.end_s - trial.start_s == pytest.approx(20, abs=0.1)


@pytest.mark.parametrize("side", list(Side))
def test_one_hand_off_the_hip_is_seen(side) -> None:
    figure = Standing(TOGETHER, hands_off_m={side: between(8, 9, 0.3)})
    trial = bess_trial(figure.pose(21), DOUBLE, MBESS, ())
    assert codes(trial) == [(HANDS, 8)]
    assert trial.measures["errors"].value == 1


def test_a_step_on_two_feet_is_seen() -> None:
    figure = Standing(TOGETHER, slide_m={Side.LEFT: lambda t: 0.08 * (t > 12)})
    trial = bess_trial(figure.pose(21), DOUBLE, MBESS, ())
    assert codes(trial) == [(STEP, 12)]


@pytest.mark.parametrize(("degrees", "seen"), [(45.0, True), (20.0, False)])
def test_the_free_leg_spread_beyond_30_degrees_is_seen(degrees, seen) -> None:
    figure = Standing(
        lift_m={Side.RIGHT: lambda _: 0.06},
        spread_deg={Side.RIGHT: between(10, 12, degrees)},
    )
    faults = find_faults(figure.pose(21), (0, 20), Side.LEFT, MBESS)
    hips = [round(fault.start_s) for fault in faults if fault.code == HIP]
    assert hips == ([10] if seen else [])


def test_eyes_are_asked_and_not_guessed() -> None:
    pose = Standing(TOGETHER).pose(21)
    unwatched = bess_trial(pose, DOUBLE, MBESS)
    assert unwatched.measures["errors"].high is None
    assert "eyes_unknown" in [finding.code for finding in unwatched.findings]
    watched = bess_trial(pose, DOUBLE, MBESS, eyes_opened_s=[7.0])
    assert codes(watched) == [(EventCode.EYES_OPENED, 7)]
    assert watched.measures["errors"].value == watched.measures["errors"].high == 1


def test_a_recording_that_ends_early_gives_a_lower_bound() -> None:
    trial = bess_trial(Standing(TOGETHER).pose(12), DOUBLE, MBESS, ())
    assert trial.end_reason == EndReason.VIDEO_END
    assert trial.measures["errors"].high is None


def test_a_position_that_was_not_seen_is_said() -> None:
    trial = bess_trial(Standing(TOGETHER).pose(21), SINGLE, MBESS, ())
    texts = " ".join(finding.text for finding in trial.findings)
    assert "not recognised" in texts


def test_a_rendered_person_makes_four_errors_at_the_scripted_times() -> None:
    trial = bess_trial(clip("bess_single"), SINGLE, MBESS, ())
    assert trial.side == "left"
    assert trial.measures["errors"].value == 4
    assert [event.code for event in trial.events] == [HANDS, HIP, STEP, HANDS]
    times = np.array([event.time_s for event in trial.events])
    assert times == pytest.approx([5.0, 9.0, 13.0, 17.0], abs=0.3)


# ------------------------------------------- a stand that no protocol rules


def test_hands_that_leave_the_hips_are_an_event_of_any_stand() -> None:
    figure = Standing(TOGETHER, hands_off_m={Side.LEFT: between(8, 9, 0.3)})
    events = stance_events(figure.pose(15), Side.LEFT, (2.0, 14.0))
    assert [(event.code, round(event.time_s)) for event in events] == [(HANDS, 8)]


def test_arms_that_hang_may_move() -> None:
    pose = Standing(TOGETHER, hands_off_m={Side.LEFT: between(8, 9, 0.3)}).pose(15)
    xy = pose.xy_px.copy()
    for side in Side:
        ends = [xy[:, side.landmark(joint)] for joint in ("shoulder", "wrist")]
        xy[:, side.landmark("elbow")] = (ends[0] + ends[1]) / 2
    straight = replace(pose, xy_px=xy)
    assert stance_events(straight, Side.LEFT, (2.0, 14.0)) == ()


def test_a_heel_that_lifts_for_a_while_is_an_event_of_any_stand() -> None:
    figure = Standing(TOGETHER, heel_deg={Side.LEFT: between(6, 8, 20.0)})
    events = stance_events(figure.pose(12), Side.LEFT, (2.0, 11.0))
    lifted = EventCode.FOREFOOT_OR_HEEL_LIFTED
    assert [(event.code, round(event.time_s)) for event in events] == [(lifted, 6)]
