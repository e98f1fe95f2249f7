"""A training block before the camera: timers, counting, pauses, and a fall."""

from dataclasses import replace

import numpy as np
import pytest

from balance.live import Cue, LiveFrame, Phase
from balance.live.training.guided_block import GuidedBlock
from balance.live.training.session import block_performed, block_steps
from balance.live.training.training import Block, Item
from balance.model.errors import InputError
from balance.reference.exercise import Dose
from balance.reference.loader import load_exercises
from balance.reference.training_rules import Reason
from tests.live_clips import frames as clip_frames
from tests.protocol_clips import clip, mirrored
from tests.test_live_protocols import APART, ON_LEFT, TANDEM, calm, frames

LIBRARY = load_exercises()
WHY = Reason("test", "For a test.", "test")
RATE_HZ = 10


def block(*items: tuple[str, tuple[str, ...], Dose]) -> GuidedBlock:
    made = tuple(Item(LIBRARY[code], legs, dose, WHY) for code, legs, dose in items)
    return GuidedBlock(block_steps(Block(1, made, 1.0), change_over_s=6.0))


def hold(seconds: float, sets: int = 1, rest_s: float = 0.0) -> Dose:
    return Dose(sets, 1, seconds, rest_s, "test", hold_s=seconds)


def times(repetitions: int, rep_s: float) -> Dose:
    return Dose(1, repetitions, rep_s, 0.0, "test")


def nobody(seconds: float, start_s: float = 0.0):
    for k in range(int(seconds * RATE_HZ)):
        yield LiveFrame(start_s + k / RATE_HZ, None, (1, 1))


def play(guided: GuidedBlock, shown, press: dict[float, str] | None = None):
    said, waiting = [], dict(press or {})
    for frame in shown:
        said += guided.step(frame)
        for at_s in [t for t in waiting if frame.time_s >= t]:
            said += guided.press(waiting.pop(at_s))
    return said


def test_without_a_camera_the_clock_runs_to_the_end():
    guided = block(
        ("ankle_circles", ("left", "right"), times(2, 3.0)),
        ("calf_stretch", ("left",), hold(10.0)),
    )
    said = play(guided, nobody(36))
    assert guided.phase is Phase.FINISHED
    assert guided.trained_s == pytest.approx(6 + 6 + 6 + 6 + 10, abs=0.5)
    assert [r.was_seen for r in guided.results] == [False] * 3
    numbers = [e.say for e in said if e.cue is Cue.REPETITION]
    assert numbers == ["1", "2", "1", "2"]


def test_every_step_is_spoken_and_its_last_seconds_are_counted():
    guided = block(("calf_stretch", ("left", "right"), hold(5.0)))
    said = play(guided, nobody(17))
    assert "Next: " in next(e.say for e in said if e.cue is Cue.POSITION)
    assert [e.say.split()[-2:] for e in said if e.cue is Cue.GO] == [
        ["Left", "leg."],
        ["Right", "leg."],
    ]
    assert [e.say for e in said if e.cue is Cue.COUNT] == ["3", "2", "1"] * 3


def test_squats_are_counted_and_the_knee_is_cued():
    guided = block(("squat", ("both",), times(3, 4.0)))
    # Standing to get ready, then the recorded squats.
    said = play(guided, clip_frames("squat_valgus_left", lead_s=9.0))
    (result,) = guided.results
    assert result.counted == 3
    assert result.clean is False
    assert {e.hint for e in said if e.cue is Cue.KNEE} == {"left"}
    assert guided.phase is Phase.FINISHED


def test_heel_raises_are_counted_and_the_set_ends_with_the_last():
    guided = block(("heel_raise_two_legs", ("both",), times(4, 3.0)))
    raises = clip("heel_raises")
    play(guided, frames([(calm(raises), 7), (raises, 10.9), (calm(raises), 3)]))
    (result,) = guided.results
    assert (result.counted, result.clean) == (4, True)


def test_a_hold_is_timed_from_foot_off():
    guided = block(("one_leg_stand", ("left",), hold(10.0)))
    play(guided, frames([(APART, 8), (ON_LEFT, 13)]))
    (result,) = guided.results
    assert result.held_s == pytest.approx(10.0, abs=0.4)
    assert result.clean


def test_a_foot_that_comes_down_breaks_the_hold_and_the_longest_counts():
    guided = block(("one_leg_stand", ("left",), hold(12.0)))
    said = play(guided, frames([(APART, 8), (ON_LEFT, 4), (APART, 2), (ON_LEFT, 12)]))
    (result,) = guided.results
    assert result.held_s == pytest.approx(6.0, abs=0.7)
    assert result.clean is False
    assert any("Take your time" in e.say for e in said)


def test_the_other_leg_is_watched_right_after_the_first():
    on_right = mirrored(ON_LEFT)
    guided = block(("one_leg_stand", ("left", "right"), hold(5.0)))
    play(guided, frames([(APART, 8), (ON_LEFT, 9), (APART, 4), (on_right, 9)]))
    assert [r.step.leg for r in guided.results] == ["left", "right"]
    assert [r.held_s for r in guided.results] == pytest.approx([5.0, 5.0], abs=0.5)


def test_a_stand_on_two_feet_is_timed_once_the_feet_are_placed():
    guided = block(("tandem_hold", ("both",), hold(6.0)))
    play(guided, frames([(APART, 9), (TANDEM, 9)]))
    (result,) = guided.results
    assert result.held_s == pytest.approx(6.0, abs=0.4)


def test_who_is_not_in_the_frame_is_timed_only():
    guided = block(("squat", ("both",), times(2, 4.0)))
    play(guided, nobody(26))
    (result,) = guided.results
    assert not result.was_seen
    assert guided.phase is Phase.FINISHED


def test_light_says_whether_the_camera_follows():
    guided = block(("squat", ("both",), times(8, 4.0)))
    play(guided, nobody(2))
    assert guided.view.light.startswith("○ I cannot see you")
    seen = block(("squat", ("both",), times(8, 4.0)))
    play(seen, frames([(APART, 3)]))
    assert seen.view.light == "✓ Counted"
    seated = block(("toe_curls", ("both",), times(8, 4.0)))
    play(seated, frames([(APART, 3)]))
    assert seated.view.light == ""


def test_next_leaves_a_step_and_keeps_what_was_done():
    guided = block(
        ("squat", ("both",), times(8, 4.0)),
        ("calf_stretch", ("left",), hold(30.0)),
    )
    shown = clip_frames("squat_valgus_left", lead_s=9.0)
    play(guided, shown, press={10.2: "next"})
    assert guided.results[0].counted == 2
    assert guided.view.headline.startswith("Next: ")


def test_a_pause_stops_the_clock():
    guided = block(("calf_stretch", ("left",), hold(10.0)))
    play(guided, nobody(30), press={8.0: "pause", 20.0: "go_on"})
    assert guided.phase is Phase.FINISHED
    assert guided.trained_s == pytest.approx(16.0, abs=0.5)


def test_stop_ends_it_at_once():
    guided = block(("calf_stretch", ("left",), hold(30.0)))
    play(guided, nobody(10), press={8.0: "stop"})
    assert guided.phase is Phase.FINISHED
    assert guided.results == []


def dropping(shown, from_s: float):
    for frame in shown:
        down = max(0.0, frame.time_s - from_s) * 300.0
        xy = frame.xy_px + np.array([0.0, down])
        yield replace(frame, xy_px=xy)


def test_a_fall_halts_it_until_a_press():
    guided = block(("one_leg_stand", ("left",), hold(20.0)))
    said = play(guided, dropping(frames([(APART, 8), (ON_LEFT, 20)]), 12.0))
    assert guided.phase is Phase.HALTED
    assert guided.nearly_fell
    asked = [e for e in said if e.cue is Cue.ARE_YOU_ALL_RIGHT]
    assert len(asked) >= 2, "it is asked again"
    guided.press("all_right")
    assert guided.phase is Phase.CHANGE


def test_a_hidden_page_halts_it():
    guided = block(("calf_stretch", ("left",), hold(30.0)))
    play(guided, nobody(3))
    guided.lose_sight("The page was hidden.")
    assert guided.phase is Phase.HALTED


def test_an_empty_block_is_refused():
    with pytest.raises(InputError):
        GuidedBlock(())


# -- what the next plan is told ----------------------------------------------------


def performed(guided: GuidedBlock, *told: str):
    done = block_performed(guided.steps, guided.results, set(told), 60.0)
    return {(d.exercise, d.side): (d.met, d.clean) for d in done}


def test_all_sets_together_decide_whether_an_exercise_was_met():
    guided = block(("one_leg_stand", ("left",), hold(5.0, sets=2, rest_s=4.0)))
    play(guided, frames([(APART, 8), (ON_LEFT, 5.5), (APART, 20)]))
    assert len(guided.results) == 2
    assert performed(guided) == {("one_leg_stand", "left"): (False, False)}


def test_what_the_camera_did_not_follow_is_the_persons_word():
    guided = block(("short_foot_sitting", ("both",), times(2, 5.0)))
    play(guided, nobody(17))
    assert performed(guided) == {("short_foot_sitting", "both"): (False, False)}
    told = performed(guided, "short_foot_sitting")
    assert told == {("short_foot_sitting", "both"): (True, True)}


def test_what_the_camera_saw_is_not_talked_away():
    guided = block(("squat", ("both",), times(3, 4.0)))
    play(guided, clip_frames("squat_valgus_left", lead_s=9.0))
    assert performed(guided, "squat") == {("squat", "both"): (True, False)}


def test_a_set_that_was_never_begun_is_not_met():
    guided = block(("squat", ("both",), times(3, 4.0)))
    play(guided, nobody(8), press={7.0: "stop"})
    assert performed(guided) == {("squat", "both"): (False, False)}


def test_a_set_that_was_left_early_is_not_done_whatever_is_told():
    guided = block(("short_foot_sitting", ("both",), times(2, 5.0)))
    play(guided, nobody(17), press={9.0: "next"})
    assert [result.whole for result in guided.results] == [False]
    told = performed(guided, "short_foot_sitting")
    assert told == {("short_foot_sitting", "both"): (False, False)}
