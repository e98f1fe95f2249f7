"""The turn of the camera is told from knees that cave in."""

import numpy as np
import pytest

from balance.analysis.body.camera_yaw import Yaw
from balance.analysis.body.squat_yaw import Sign, estimate_squat_yaw, weigh
from balance.analysis.measures.squat import bottom_rows
from balance.analysis.measures.squat_view import joint_middles, see_squats
from balance.reference.loader import load_squat_thresholds
from tests.found import squat_sets
from tests.rendered_squats import recording_of
from tests.squatting_figure import Figure, squats

MODEL = load_squat_thresholds().camera_yaw


def yaw_of(figure: Figure) -> Yaw:
    pose = figure.pose(8.5, squats(2))
    (one,) = squat_sets(recording_of(pose, None))
    view = see_squats(pose, None, one)
    bottom = np.zeros(len(pose), bool)
    for repetition in one.repetitions:
        bottom[bottom_rows(pose, repetition)] = True
    return estimate_squat_yaw(
        pose, view.standing, bottom, view.facing, joint_middles(view), MODEL
    )


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


@pytest.mark.parametrize("roll_deg", [-2.0, 2.0])
def test_a_tilted_camera_is_no_turned_one(roll_deg):
    upright, tilted = (yaw_of(Figure(roll_deg=roll)) for roll in (0.0, roll_deg))
    assert tilted.deg == pytest.approx(upright.deg, abs=3.0)


def test_signs_that_disagree_widen_the_interval():
    feet, knees = Sign(0.04, (1.0,)), Sign(-0.15, (0.6,))
    agreeing = weigh({"feet": feet, "knees": Sign(0.04, (0.6,))}, MODEL)
    disagreeing = weigh({"feet": feet, "knees": knees}, MODEL)
    assert disagreeing.sd_deg > 1.3 * agreeing.sd_deg


def test_without_a_sign_the_camera_is_taken_as_square():
    yaw = weigh({}, MODEL)
    assert yaw.deg == 0
    assert yaw.sd_deg > 10
