"""The exercise library is whole: nothing missing, ladders lead upwards."""

import pytest

from balance.reference.exercise import GOALS, PHASES, Dose
from balance.reference.loader import (
    load_exercises,
    load_rules,
    numbers_without_source,
    read_data,
)
from balance.reporting.drawings.exercises import draw_poses

LIBRARY = load_exercises()
EXERCISES = LIBRARY.exercises.values()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.code)
def test_every_exercise_tells_all_it_must(exercise) -> None:
    assert exercise.purpose
    assert exercise.steps
    assert exercise.cue
    assert exercise.faults
    assert exercise.source
    assert exercise.evidence
    assert exercise.dose.source
    assert exercise.camera in ("yes", "partly", "no")
    assert exercise.phase in PHASES
    assert set(exercise.goals) <= set(GOALS)
    assert exercise.support in ("none", "reach", "fingertips", "two hands")
    # What the camera counts must be a kind of trial that it knows.
    if exercise.kind is not None:
        assert exercise.camera in ("yes", "partly")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.code)
def test_ladders_lead_upwards_and_the_phase_stays(exercise) -> None:
    if exercise.harder:
        harder = LIBRARY[exercise.harder]
        assert harder.level > exercise.level
        assert harder.phase == exercise.phase
    if exercise.easier:
        assert LIBRARY[exercise.easier].level < exercise.level


def test_closed_eyes_and_soft_ground_carry_their_caution() -> None:
    for exercise in EXERCISES:
        if exercise.eyes == "closed" or exercise.surface == "soft":
            assert any("65" in caution for caution in exercise.cautions)


@pytest.mark.parametrize("name", ["exercises.toml", "programme_rules.toml"])
def test_no_number_without_a_source(name) -> None:
    assert numbers_without_source(read_data(name)) == []


def test_goals_ask_for_known_exercises() -> None:
    for goal in load_rules().goals.values():
        assert all(code in LIBRARY.exercises for code in goal.extras)


@pytest.mark.parametrize(
    ("dose", "sides", "seconds", "text"),
    [
        (Dose(3, 1, 30, 15, "x", hold_s=30), 2, 210, "3 × 30 s"),
        (Dose(3, 10, 5, 45, "x", hold_s=5), 1, 195, "3 × 10, hold 5 s"),
        (Dose(1, 8, 3, 0, "x"), 2, 48, "8 times"),
    ],
)
def test_what_a_dose_takes_and_says(dose, sides, seconds, text) -> None:
    assert dose.seconds(sides) == seconds
    assert dose.text() == text


def test_no_two_exercises_are_drawn_alike() -> None:
    drawn: dict[str, list[str]] = {}
    for code, exercise in LIBRARY.exercises.items():
        drawn.setdefault(draw_poses(exercise.drawing, ""), []).append(code)
    assert [codes for codes in drawn.values() if len(codes) > 1] == []
