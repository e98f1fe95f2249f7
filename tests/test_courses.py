import numpy as np
import pytest
from made_results import assessment, recording, squats, stance

from balance.model.landmarks import Side
from balance.reporting.charts import courses


def test_the_sway_that_is_drawn_has_the_size_of_the_sway_that_was():
    course = courses.sway_course(recording(sway_px=2.0), assessment(), stance())
    assert course.unit == "mm"
    # 2 px RMS at 5 mm/px; a sine of 0.5 Hz passes a low-pass of 3 Hz whole.
    assert course.rms == pytest.approx(10.0, rel=0.05)


def test_without_a_height_sway_is_in_percent_of_the_leg():
    made = assessment(scale=None)
    course = courses.sway_course(recording(sway_px=2.0), made, stance())
    assert course.unit == "% of leg length"
    # The leg is 80 px from hip to ankle.
    assert course.rms == pytest.approx(2.5, rel=0.05)


def test_a_trial_without_a_signal_has_no_sway_course():
    trial = stance(signal=None)
    assert courses.sway_course(recording(), assessment(), trial) is None


def test_the_lifted_foot_is_as_high_as_it_was_lifted():
    heights = courses.foot_heights(recording(lifted=Side.RIGHT))
    at_8_s = 200
    # 20 px of a leg of 80 px.
    assert heights[Side.RIGHT][at_8_s] == pytest.approx(25.0, abs=0.5)
    assert heights[Side.LEFT][at_8_s] == pytest.approx(0.0, abs=0.5)


def test_depth_is_how_far_the_hips_went_down():
    depth = courses.depth_course(recording(squat=True))
    assert np.nanmax(depth) == pytest.approx(25.0, abs=2.0)


def test_a_straight_leg_has_hardly_an_angle():
    angles = courses.knee_angles(recording(), assessment(), squats())
    assert set(angles) == set(Side)
    # What is left are the biases of the landmarks, taken out.
    assert np.abs(angles[Side.LEFT]).max() < 4.0


def test_nobody_has_no_knee_angles():
    made = recording()
    made.pose.xy_px[:] = np.nan
    assert courses.knee_angles(made, assessment(), squats()) == {}


def test_the_nearest_frame_is_found_at_and_beyond_the_ends():
    pose = recording().pose
    assert courses.frame_at(pose, -1.0) == 0
    assert courses.frame_at(pose, 0.079) == 2
    assert courses.frame_at(pose, 99.0) == len(pose) - 1


def test_the_head_is_inside_its_circle():
    pose = recording().pose
    x, y, radius = courses.face_circle(pose, 0)
    assert (x, y) == (pytest.approx(160.0), pytest.approx(52.0))
    assert radius > 8


def test_nobody_has_no_head():
    pose = recording().pose
    pose.xy_px[0] = np.nan
    assert courses.face_circle(pose, 0) is None
    assert np.isnan(courses.body_box(pose, 0)).all()
