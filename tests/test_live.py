"""The live test: starts and stops by itself, counts, cues, and stops for safety."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance.live import Cue, LiveFrame, LivePlan, LiveTest, Phase
from balance.live.asking import Question
from balance.model.codes import EndReason, TrialKind
from balance.model.landmarks import Landmark
from tests.live_clips import frames, moved, play, scaled

STAND = TrialKind.SINGLE_LEG_STANCE
SINGLE_SQUAT = TrialKind.SINGLE_LEG_SQUAT_SET
SQUAT = TrialKind.SQUAT_SET


def stand(side: str = "left", **more: float) -> LiveTest:
    return LiveTest(LivePlan(STAND, (side,), countdown_s=3.0, **more))


def cues(events: list) -> list[str]:
    return [str(e.cue) for e in events]


# -- the clock -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clip", "side", "foot_off_s", "foot_down_s"),
    [
        pytest.param("stand_left", "left", 2.0, 13.0, id="VGA"),
        pytest.param("stand_left_hd", "left", 2.0, 14.0, id="HD"),
        pytest.param("stand_right_touch_hop", "right", 2.0, 7.0, id="a short touch"),
    ],
)
def test_clock_runs_from_foot_off_to_foot_down(clip, side, foot_off_s, foot_down_s):
    test = stand(side)
    play(test, clip)
    (trial,) = test.done
    assert trial.end_reason is EndReason.TOUCHDOWN
    assert trial.start_s == pytest.approx(foot_off_s, abs=0.2)
    assert trial.hold_s == pytest.approx(foot_down_s - foot_off_s, abs=0.3)


@pytest.mark.parametrize("rate_hz", [6.0, 10.0, 15.0])
def test_slow_computer_gives_the_same_hold(rate_hz):
    test = stand()
    for frame in frames("stand_left", rate_hz):
        test.step(frame)
    assert test.done[0].hold_s == pytest.approx(11.0, abs=0.3)


def test_order_of_cues_is_hands_free():
    test = stand()
    order = cues(play(test, "stand_left"))
    firsts = ["position", "ready", "record", "count", "go", "clock_started", "second"]
    lasts = ["clock_stopped", "save", "finished"]
    assert [c for c in dict.fromkeys(order) if c != "hint"] == firsts + lasts
    assert test.phase is Phase.FINISHED


def test_countdown_is_spoken_down_to_one():
    counted = [e.say for e in play(stand(), "stand_left") if e.cue is Cue.COUNT]
    assert counted == ["3", "2", "1"]


def test_seconds_tick_and_every_fifth_is_spoken():
    ticks = [e for e in play(stand(), "stand_left") if e.cue is Cue.SECOND]
    # The foot comes down after 11.0 s, and that is told a moment later.
    assert [e.value for e in ticks] in (list(range(1, 11)), list(range(1, 12)))
    assert [e.say for e in ticks if e.say] == ["5", "10"]


def test_hold_stops_at_the_cap_and_says_so():
    test = stand(cap_s=6.0)
    events = play(test, "stand_left")
    assert test.done[0].end_reason is EndReason.TIME_CAP
    assert test.done[0].hold_s == pytest.approx(6.0)
    stopped = next(e for e in events if e.cue is Cue.CLOCK_STOPPED)
    assert "full time" in stopped.say


def test_wrong_foot_is_told_and_no_clock_starts():
    test = stand("right")
    events = play(test, "stand_left")
    assert "other foot" in next(e.say for e in events if e.cue is Cue.WRONG_FOOT)
    assert not test.done


def test_hop_of_the_standing_foot_ends_the_hold():
    test = stand()

    def hop(frame: LiveFrame) -> LiveFrame:
        return moved(frame, dx_px=14.0) if 6.0 < frame.time_s < 12.5 else frame

    play(test, "stand_left", hop)
    assert test.done[0].end_reason is EndReason.STANCE_FOOT_MOVED
    assert test.done[0].end_s == pytest.approx(6.0, abs=0.4)


def test_touch_in_the_first_second_does_not_count_and_is_tried_again():
    test = stand()

    def back_down(frame: LiveFrame) -> LiveFrame:
        calm = next(iter(frames("stand_left")))
        return replace(frame, xy_px=calm.xy_px) if frame.time_s > 2.7 else frame

    play(test, "stand_left", back_down)
    assert [t.counted for t in test.done] == [False]
    assert test.phase in (Phase.SET_UP, Phase.COUNTDOWN, Phase.GO)


def test_trials_follow_each_other_with_a_rest():
    plan = LivePlan(STAND, ("left", "left"), countdown_s=3.0, rest_s=2.0)
    test = LiveTest(plan)
    order = cues(play(test, "stand_left"))
    assert "rest" in order
    assert test.view.turn == "Try 2 of 2 · left leg"
    last_s = 20.0
    for frame in frames("stand_left"):
        test.step(replace(frame, time_s=frame.time_s + last_s + 9.0))
    assert [t.number for t in test.done] == [1, 2]
    assert test.phase is Phase.FINISHED


# -- squats ----------------------------------------------------------------------


def test_squats_are_counted_aloud():
    test = LiveTest(LivePlan(SQUAT, ("both",), squats=3, countdown_s=3.0))
    events = play(test, "squat_valgus_left")
    assert [e.say for e in events if e.cue is Cue.REPETITION] == ["1", "2", "3"]
    assert test.done[0].end_reason is EndReason.SET_END


def test_knee_that_falls_inwards_is_cued_on_its_own_side():
    test = LiveTest(LivePlan(SQUAT, ("both",), squats=3, countdown_s=3.0))
    knees = [e for e in play(test, "squat_valgus_left") if e.cue is Cue.KNEE]
    assert {e.hint for e in knees} == {"left"}
    assert len(knees) <= 3


def test_single_leg_squats_end_with_the_foot_down():
    test = LiveTest(LivePlan(SINGLE_SQUAT, ("right",), squats=3, countdown_s=3.0))
    events = play(test, "single_leg_squat_right")
    said = [e.say for e in events if e.cue is Cue.REPETITION]
    assert said == ["1", "2", "3. Put your foot down."]
    assert test.done[0].end_reason is EndReason.TOUCHDOWN
    assert test.done[0].hold_s == pytest.approx(12.4, abs=0.3)


# -- safety ----------------------------------------------------------------------


def drops_from(at_s: float, px_per_s: float):
    def change(frame: LiveFrame) -> LiveFrame:
        return moved(frame, dy_px=max(0.0, frame.time_s - at_s) * px_per_s)

    return change


def test_person_who_drops_stops_the_test_and_is_asked():
    test = stand()
    events = play(test, "stand_left", drops_from(6.0, 300.0))  # two leg lengths a s
    asked = next(e for e in events if e.cue is Cue.ARE_YOU_ALL_RIGHT)
    assert asked.time_s == pytest.approx(6.0, abs=0.6)
    assert "Are you all right?" in asked.say
    assert test.phase is Phase.HALTED


def test_person_who_leaves_the_frame_stops_the_test():
    test = stand()

    def gone(frame: LiveFrame) -> LiveFrame:
        return replace(frame, xy_px=None) if frame.time_s > 6 else frame

    play(test, "stand_left", gone)
    assert test.phase is Phase.HALTED
    assert test.done[0].end_reason is EndReason.LOST_SIGHT
    assert not test.done[0].counted


def test_halted_test_does_not_go_on_without_a_press():
    test = stand()
    play(test, "stand_left", drops_from(6.0, 300.0))
    for frame in frames("stand_left"):
        test.step(replace(frame, time_s=frame.time_s + 30))
    assert test.phase is Phase.HALTED
    assert Cue.GOES_ON in [e.cue for e in test.press("all_right")]
    assert test.phase is Phase.SET_UP


def test_question_is_repeated_until_answered():
    events = play(stand(), "stand_left", drops_from(6.0, 300.0))
    assert cues(events).count("are_you_all_right") >= 2


def test_squatting_is_no_fall():
    test = LiveTest(LivePlan(SQUAT, ("both",), squats=3, countdown_s=3.0))
    assert "are_you_all_right" not in cues(play(test, "squat_valgus_left"))


def test_hole_in_the_frames_stops_the_test():
    test = stand()
    for frame in frames("stand_left"):
        if not 5.0 < frame.time_s < 7.5:
            test.step(frame)
    assert test.done[0].end_reason is EndReason.LOST_SIGHT


def test_unplugged_camera_stops_the_test():
    test = stand()
    for frame in frames("stand_left"):
        if frame.time_s > 6:
            break
        test.step(frame)
    events = test.lose_sight("The camera stopped.")
    assert cues(list(events)) == ["clock_stopped", "save", "are_you_all_right"]
    assert test.phase is Phase.HALTED


def test_stop_button_ends_a_trial_and_then_everything():
    test = stand()
    for frame in frames("stand_left"):
        if frame.time_s > 6:
            break
        test.step(frame)
    test.press("stop")
    assert test.done[0].end_reason is EndReason.STOPPED_BY_USER
    test.press("stop")
    assert test.phase is Phase.FINISHED


# -- laws ------------------------------------------------------------------------


def told(test: LiveTest) -> list[tuple[str, float]]:
    return [(str(t.end_reason), round(t.hold_s, 6)) for t in test.done]


@settings(max_examples=3)
@given(st.floats(0.5, 3.0))
def test_size_of_the_frame_changes_nothing(factor):
    def bigger(frame: LiveFrame) -> LiveFrame:
        width, height = frame.size_px
        size = (round(width * factor), round(height * factor))
        return replace(scaled(frame, factor, (0.0, 0.0)), size_px=size)

    plain, changed = stand(), stand()
    play(plain, "stand_left")
    play(changed, "stand_left", bigger)
    assert told(changed) == told(plain)


@settings(max_examples=3)
@given(st.floats(-1e5, 1e6))
def test_clock_may_start_anywhere(offset_s):
    plain, later = stand(), stand()
    play(plain, "stand_left")
    play(later, "stand_left", lambda f: replace(f, time_s=f.time_s + offset_s))
    assert later.done[0].hold_s == pytest.approx(plain.done[0].hold_s, abs=0.02)


@settings(max_examples=8)
@given(st.lists(st.booleans(), min_size=10, max_size=60))
def test_frames_without_a_person_never_crash_it(seen):
    test = stand()
    for frame, there in zip(frames("stand_left"), seen * 20, strict=False):
        test.step(frame if there else replace(frame, xy_px=None))
        assert np.isfinite(float(test.view.clock or 0.0))


def test_an_arm_held_up_answers_the_question():
    question = Question("144")
    assert "call 144" in question.ask(10.0, "You went down quickly.")
    still = next(frames("stand_left"))
    body = still.xy_px.copy()
    body[Landmark.RIGHT_WRIST] = body[Landmark.NOSE] - (0, 45)

    def answered_at(start_s: float) -> float | None:
        for i in range(60):
            time_s = start_s + i / 15
            if question.answered(replace(still, time_s=time_s, xy_px=body)):
                return time_s
        return None

    assert not question.answered(replace(still, time_s=10.2))
    assert answered_at(10.5) == pytest.approx(12.0, abs=0.3)
    assert not question.is_due(15.0)
    assert question.is_due(20.5)
