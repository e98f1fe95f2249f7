"""Drawings are well-formed, stand on the floor and stay in their panel."""

import xml.etree.ElementTree as ET

import pytest

from balance.reference.exercise import StickPose
from balance.reference.loader import load_exercises
from balance.reporting.drawings.exercises import (
    FLOOR,
    HEIGHT,
    PANEL,
    draw_exercise,
    draw_poses,
)

EXERCISES = load_exercises().exercises.values()
SVG = "{http://www.w3.org/2000/svg}"


def points(svg: str) -> list[tuple[float, float]]:
    """Points of every line in its own panel."""
    root = ET.fromstring(svg)
    return [
        tuple(map(float, pair.split(",")))
        for line in root.iter(f"{SVG}polyline")
        for pair in line.get("points").split()
    ]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.code)
def test_every_exercise_is_drawn_within_its_panels(exercise) -> None:
    svg = draw_exercise(exercise)
    root = ET.fromstring(svg)
    assert root.get("aria-label") == exercise.title
    assert len(root.findall(f"{SVG}g")) == len(exercise.drawing) >= 1
    width = PANEL * len(exercise.drawing)
    for x, y in points(svg):
        assert 0 <= x <= width
        assert 0 <= y <= HEIGHT


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.code)
def test_no_figure_sinks_into_the_floor(exercise) -> None:
    for pose in exercise.drawing:
        if pose.view in ("side", "front"):
            svg = draw_poses([pose], "x")
            assert max(y for _, y in points(svg)) == pytest.approx(FLOOR, abs=0.1)


def test_a_standing_leg_is_straight_and_a_hop_leaves_the_floor() -> None:
    stand = points(draw_poses([StickPose("side")], "x"))
    assert stand
    low = draw_poses([StickPose("front")], "x")
    high = draw_poses([StickPose("front", air=0.1)], "x")
    body_low = sorted(y for _, y in points(low) if y < FLOOR)[-1]
    body_high = sorted(y for _, y in points(high) if y < FLOOR)[-1]
    assert body_low - body_high == pytest.approx(10, abs=0.2)


def test_a_title_cannot_break_the_drawing() -> None:
    root = ET.fromstring(draw_poses([StickPose("foot")], 'Toes <&"up">'))
    assert root.find(f"{SVG}title").text == 'Toes <&"up">'
