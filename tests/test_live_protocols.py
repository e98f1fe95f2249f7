"""A protocol before the camera: right position, right start, right end, what is next.

Stick people of known motion, and rendered people as the pose model saw them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.protocols.run import next_step, start_run, why_over
from balance.live import Cue, LiveFrame, LiveTest, Phase, ProtocolAgenda
from balance.model.codes import EndReason
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.reference.loader import load_protocol, load_safety
from balance.reference.safety import Circumstances
from tests.protocol_clips import clip
from tests.recorded import recorded
from tests.standing_figure import Standing

STEADY = Circumstances(
    40, first_use=False, companion=True, best_open_s={side: 40.0 for side in Side}
)
APART = Standing().pose(4)
TOGETHER = Standing({Side.LEFT: (0.05, 0), Side.RIGHT: (-0.05, 0)}).pose(8)
SEMI = Standing({Side.LEFT: (0.045, 0.07), Side.RIGHT: (-0.045, -0.07)}).pose(8)
TANDEM = Standing({Side.LEFT: (0, 0.14), Side.RIGHT: (0, -0.14)}).pose(8)
ON_LEFT = recorded("stand_left")
Scene = Sequence[tuple[PoseSequence, float]]


def calm(pose: PoseSequence) -> PoseSequence:
    """The first half second of a clip, to be played to and fro."""
    few = slice(0, 8)
    return replace(
        pose,
        time_s=pose.time_s[few],
        xy_px=pose.xy_px[few],
        visibility=pose.visibility[few],
    )


# From one pose to the next.
MOVES_S = 0.4


def frames(scene: Scene) -> Iterator[LiveFrame]:
    """Each pose to and fro for so many seconds, one after the other, moving between."""
    now_s, before = 0.0, scene[0][0].xy_px[0]
    for pose, seconds in scene:
        order = [*range(len(pose)), *range(len(pose) - 2, 0, -1)]
        step_s = float(np.median(np.diff(pose.time_s)))
        for k in range(int(seconds / step_s)):
            there = min(k * step_s / MOVES_S, 1.0)
            xy = before + there * (pose.xy_px[order[k % len(order)]] - before)
            yield LiveFrame(now_s, xy, pose.size_px, luma=128.0, people=1)
            now_s += step_s
        before = xy


def begin(code: str, person: Circumstances = STEADY, **options) -> LiveTest:
    run = start_run(load_protocol(code), person, load_safety().gates, **options)
    return LiveTest(ProtocolAgenda(run))


def play(test: LiveTest, scene: Scene, press: dict[str, float] | None = None):
    """Show a scene; each button is pressed once, from its second on."""
    said, waiting = [], dict(press or {})
    for frame in frames(scene):
        said += test.step(frame)
        for button, at_s in list(waiting.items()):
            if frame.time_s >= at_s and button in test.view.buttons:
                said += test.press(button)
                del waiting[button]
    return said


def stages(test: LiveTest) -> list[tuple[str, str]]:
    return [(trial.stage, str(trial.end_reason)) for trial in test.done]


def test_four_stages_one_after_the_other_without_a_press():
    test = begin("four_stage_balance")
    scene = [(TOGETHER, 36), (SEMI, 38), (TANDEM, 38), (calm(ON_LEFT), 8)]
    play(test, [*scene, (ON_LEFT, 15)])
    assert stages(test) == [
        ("side_by_side", "time_cap"),
        ("semi_tandem", "time_cap"),
        ("tandem", "time_cap"),
        ("one_leg", "time_cap"),
    ]
    assert test.phase is Phase.FINISHED
    assert all(trial.position_seen for trial in test.done)
    assert why_over(test.agenda.so_far(test.done)) == "All steps are done."


def test_rendered_people_pass_three_stages():
    test = begin("four_stage_balance")
    names = ("side_by_side", "semi_tandem", "tandem")
    play(test, [(clip(name), 37) for name in names])
    assert [stage for stage, _ in stages(test)] == list(names)
    assert {end for _, end in stages(test)} == {"time_cap"}


def test_it_ends_at_the_first_position_not_held():
    test = begin("four_stage_balance")
    said = play(test, [(TOGETHER, 40), (SEMI, 16), (APART, 20)])
    assert stages(test)[-1] == ("semi_tandem", "stance_foot_moved")
    assert test.phase is Phase.FINISHED
    assert "A foot moved" in [e.text for e in said if e.cue is Cue.CLOCK_STOPPED][-1]
    assert "Semi-tandem" in why_over(test.agenda.so_far(test.done))


def test_the_clock_waits_until_the_feet_stand_as_asked():
    test = begin("four_stage_balance")
    said = play(test, [(APART, 20)])
    assert not test.done
    assert test.phase is Phase.SET_UP
    assert "position" in [e.hint for e in said if e.cue is Cue.HINT]
    assert test.view.headline == "Feet side by side, touching."


def test_a_person_may_say_that_the_feet_stand_as_asked():
    test = begin("four_stage_balance")
    play(test, [(APART, 24)], press={"placed": 4.0})
    assert stages(test) == [("side_by_side", "time_cap")]
    assert not test.done[0].position_seen


def test_a_view_that_does_not_show_the_feet_holds_nothing_back():
    low = Standing(
        {Side.LEFT: (0.05, 0), Side.RIGHT: (-0.05, 0)},
        camera_height_m=0.25,
        distance_m=3.6,
    ).pose(6)
    test = begin("four_stage_balance")
    play(test, [(low, 22)])
    assert stages(test) == [("side_by_side", "time_cap")]
    assert not test.done[0].position_seen


def test_a_hand_that_held_on_ends_the_stage_and_the_test():
    test = begin("four_stage_balance")
    play(test, [(TOGETHER, 30)], press={"held_on": 12.0})
    assert stages(test) == [("side_by_side", "hand_support")]
    assert test.phase is Phase.FINISHED


def test_a_hand_noted_in_the_rest_takes_the_stage_back():
    test = begin("four_stage_balance")
    play(test, [(TOGETHER, 30)], press={"held_on": 20.0})
    assert stages(test) == [("side_by_side", "hand_support")]
    assert test.done[0].hold_s == pytest.approx(10.0)
    assert test.phase is Phase.FINISHED
    assert "Feet side by side" in why_over(test.agenda.so_far(test.done))


def test_eyes_that_open_end_a_stand_with_closed_eyes():
    test = begin("romberg")
    said = play(test, [(TOGETHER, 130)], press={"skip_rest": 69, "eyes_opened": 90})
    assert [end for _, end in stages(test)] == ["time_cap", "eyes_opened"]
    spoken = [e.say for e in said if e.cue is Cue.GO]
    assert spoken == [
        "Begin. Feet together, eyes open, 60 seconds.",
        "Close your eyes. Begin. Feet together, eyes closed, 60 seconds.",
    ]


def test_errors_of_the_bess_do_not_end_its_twenty_seconds():
    single = clip("bess_single")
    test = begin("mbess")
    scene = [(TOGETHER, 43), (calm(single), 10), (single, 24), (calm(single), 12)]
    play(test, [*scene, (TANDEM, 30)], press={"eyes_opened": 62})
    assert [trial.stage for trial in test.done] == [
        "double_firm",
        "single_firm",
        "tandem_firm",
    ]
    assert [round(trial.hold_s, 2) for trial in test.done] == [20.0, 20.0, 20.0]
    assert test.done[1].eyes_opened_s == pytest.approx((7.0,), abs=1.0)


SHIFTING = Standing(shift_m=lambda t: 0.06 * np.sin(0.4 * np.pi * t)).pose(18)
HOPPING = Standing(
    jump_m=lambda t: max(0.0, 0.08 * np.sin(4 * np.pi * t)) * (t % 1.5 > 1.0),
    lift_m={Side.RIGHT: lambda _: 0.12},
    # The pelvis is over the standing foot.
    shift_m=lambda _: 0.09,
).pose(4.5)


@pytest.mark.parametrize(
    ("code", "before", "during", "count"),
    [
        pytest.param("weight_shift", APART, SHIFTING, 6, id="weight shifts"),
        pytest.param("gentle_hops", APART, HOPPING, 3, id="hops"),
        pytest.param(
            "heel_raise_two_legs",
            calm(clip("heel_raises")),
            clip("heel_raises"),
            5,
            id="rendered heel raises",
        ),
        pytest.param(
            "heel_raise",
            calm(clip("heel_raises_one_leg")),
            clip("heel_raises_one_leg"),
            4,
            id="rendered heel raises on one leg",
        ),
    ],
)
def test_repetitions_are_counted_live(code, before, during, count):
    test = begin(code)
    whole_s = during.time_s[-1]
    said = play(test, [(before, 9), (during, whole_s), (before, 8)])
    numbers = [int(e.value) for e in said if e.cue is Cue.REPETITION]
    assert numbers == list(range(1, count + 1))
    assert test.done[0].repetitions == count


def test_breathing_and_knee_bends_are_no_heel_raises():
    test = begin("heel_raise_two_legs")
    bends = Standing(bend_deg=lambda t: 40 * np.sin(np.pi * t / 3) ** 2).pose(12)
    said = play(test, [(APART, 8), (bends, 12), (APART, 8)])
    assert Cue.REPETITION not in [e.cue for e in said]


def test_a_metronome_beats_where_the_protocol_asks_for_it():
    test = begin("heel_raise_two_legs")
    raises = clip("heel_raises")
    said = play(test, [(calm(raises), 8), (raises, 11)])
    beats = [e.time_s for e in said if e.cue is Cue.BEAT]
    assert np.diff(beats) == pytest.approx(1.0, abs=0.15)


def test_plan_follows_the_protocol():
    test = begin("single-leg-stance-eyes-open", first=Side.RIGHT)
    run = test.agenda.run
    assert [step.leg for step in run.plan] == ["right", "left"] * 3
    assert test.task.seconds == run.protocol.cap_s
    assert test.view.turn == "Try 1 of 6 · right leg"


def test_what_a_person_must_not_do_never_begins():
    steady = Circumstances(best_open_s={Side.LEFT: 10.0, Side.RIGHT: 9.0})
    assert {step.leg for step in begin("single-leg-squat", steady).agenda.run.plan} == {
        "left"
    }


def test_a_trial_that_did_not_count_comes_again():
    test = begin("four_stage_balance")
    play(test, [(TOGETHER, 12), (APART, 0.1)])
    test.lose_sight("The camera stopped.")
    assert test.done[0].end_reason is EndReason.LOST_SIGHT
    run = test.agenda.so_far(test.done)
    assert next_step(run).stage.code == "side_by_side"
