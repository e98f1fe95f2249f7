"""The turn of the camera is told from knees that cave in."""

import numpy as np
import pytest

from balance.analysis.body.camera_yaw import Yaw, estimate_yaw
from balance.analysis.measures.squat import bottom_rows
from balance.analysis.measures.squat_view import joint_middles, see_squats
from tests.found import squat_sets
from tests.rendered_squats import recording_of
from tests.squatting_figure import Figure, squats


def yaw_of(figure: Figure) -> Yaw:
    pose = figure.pose(8.5, squats(2))
    (one,) = squat_sets(recording_of(pose, None))
    view = see_squats(pose, None, one)
    bottom = np.zeros(len(pose), bool)
    for repetition in one.repetitions:
        bottom[bottom_rows(pose, repetition)] = True
    return estimate_yaw(pose, view.standing, bottom, view.facing, joint_middles(view))


@pytest.mark.parametrize("yaw_deg", [-12, -5, -3, 0, 3, 5, 12])
def test_the_yaw_is_found(yaw_deg):
    assert yaw_of(Figure(yaw_deg=yaw_deg)).deg == pytest.approx(yaw_deg, abs=4)


@pytest.mark.parametrize("turn_deg", [12.0, -12.0])
def test_one_knee_that_caves_in_is_no_yaw(turn_deg):
    assert yaw_of(Figure(turn_left_deg=turn_deg)).deg == pytest.approx(0, abs=3)


def test_a_side_view_is_told_from_a_front_view():
    assert yaw_of(Figure(yaw_deg=85.0)).deg > 45


def test_mirroring_turns_the_yaw_round():
    left, right = (yaw_of(Figure(yaw_deg=yaw)).deg for yaw in (6.0, -6.0))
    assert left == pytest.approx(-right, abs=0.01)
