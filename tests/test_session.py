"""A guided block: every second of the plan, in order, and what was met."""

import pytest

from balance.live.training.session import block_steps, judge_performed
from balance.live.training.trainee import LegHistory, Trainee
from balance.live.training.training import make_plan
from balance.model.landmarks import Side
from balance.reference.loader import load_handbook

BOOK = load_handbook()
NUMBERS = BOOK.rules.numbers
LEGS = {side: LegHistory((40.0,)) for side in Side}
BLOCK = make_plan(Trainee(35, "runner", legs=LEGS), BOOK).weeks[0].blocks[0]
STEPS = block_steps(BLOCK, NUMBERS["change_over_s"])


def of(code: str, kind: str):
    return [s for s in STEPS if s.exercise.code == code and s.kind == kind]


def test_the_steps_take_exactly_the_minutes_of_the_block() -> None:
    assert sum(step.seconds for step in STEPS) / 60 == pytest.approx(BLOCK.minutes)


def test_legs_take_turns_and_every_set_is_there() -> None:
    work = of("one_leg_stand", "work")
    assert [(step.leg, step.set_number) for step in work] == [
        (leg, number) for number in (1, 2, 3) for leg in ("left", "right")
    ]
    assert len(of("one_leg_stand", "rest")) == 2
    assert len(of("one_leg_stand", "change")) == 1


def test_the_camera_counts_only_what_it_can_follow() -> None:
    assert of("heel_raise_two_legs", "work")[0].counted == "heel_raise_set"
    assert of("short_foot_sitting", "work")[0].counted is None
    assert all(step.counted is None for step in STEPS if step.kind != "work")


def test_every_step_says_something() -> None:
    assert all(step.say.strip() for step in STEPS)


@pytest.mark.parametrize(
    ("held_s", "clean", "met"),
    [(60.0, True, True), (59.0, True, False), (None, True, False), (60.0, False, True)],
)
def test_a_stand_is_met_at_a_minute_even_where_less_was_asked(
    held_s, clean, met
) -> None:
    done = judge_performed(
        of("one_leg_stand", "work")[0],
        held_s=held_s,
        counted=None,
        clean=clean,
        target_hold_s=NUMBERS["target_hold_s"],
    )
    assert (done.met, done.clean, done.side) == (met, clean, "left")


@pytest.mark.parametrize(("counted", "met"), [(10, True), (9, False), (None, False)])
def test_repetitions_are_met_when_all_were_counted(counted, met) -> None:
    step = of("heel_raise_two_legs", "work")[0]
    done = judge_performed(
        step, held_s=None, counted=counted, clean=True, target_hold_s=60
    )
    assert done.met == met
