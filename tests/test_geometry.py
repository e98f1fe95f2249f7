"""Angles with answers known by hand, and the laws that every angle obeys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.analysis.body.geometry import (
    frontal_plane_projection_angle,
    hip_adduction,
    knee_flexion,
    pelvis_tilt,
    trunk_lean,
)
from balance.model.landmarks import Side

degrees = st.floats(-60, 60)


def leg(knee_x: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hip over ankle, the knee half way and ``knee_x`` px to the image's right."""
    return np.array([0.0, 0.0]), np.array([knee_x, 100.0]), np.array([0.0, 200.0])


@pytest.mark.parametrize(
    ("side", "knee_x", "expected"),
    [
        pytest.param(Side.LEFT, -100 * np.tan(np.radians(5)), 10, id="left knee in"),
        pytest.param(Side.LEFT, 100 * np.tan(np.radians(5)), -10, id="left knee out"),
        pytest.param(Side.RIGHT, 100 * np.tan(np.radians(5)), 10, id="right knee in"),
        pytest.param(Side.RIGHT, 0.0, 0, id="straight"),
    ],
)
def test_knee_towards_the_midline_is_positive(side, knee_x, expected):
    assert frontal_plane_projection_angle(*leg(knee_x), side) == pytest.approx(expected)


def test_someone_seen_from_behind_has_the_same_valgus():
    assert frontal_plane_projection_angle(*leg(-8), Side.LEFT) == pytest.approx(
        frontal_plane_projection_angle(*leg(8), Side.LEFT, -1.0)
    )


def test_a_right_angle_at_the_knee_is_90_degrees_of_flexion():
    hip, knee, ankle = np.array([[0, 0], [100, 0], [100, 100.0]])
    assert knee_flexion(hip, knee, ankle) == pytest.approx(90)


def test_trunk_leaning_to_the_frames_right_leans_to_the_persons_left():
    shoulder, hip = np.array([np.tan(np.radians(10)) * 100, 0]), np.array([0, 100.0])
    assert trunk_lean(shoulder, hip) == pytest.approx(10)
    assert trunk_lean(shoulder, hip, -1.0) == pytest.approx(-10)


def test_left_hip_lower_is_positive_pelvis_tilt():
    left, right = np.array([100.0, 10.0]), np.array([0.0, 0.0])
    assert pelvis_tilt(left, right) == pytest.approx(np.degrees(np.arctan(0.1)))


def test_thigh_towards_the_midline_and_drop_of_the_other_side_add_up():
    hip, knee = np.array([20.0, 0.0]), np.array([0.0, 100.0])  # left thigh inwards
    inward = np.degrees(np.arctan(0.2))
    assert hip_adduction(hip, knee, Side.LEFT, 0.0) == pytest.approx(inward)
    # the right side of the pelvis 5° lower
    assert hip_adduction(hip, knee, Side.LEFT, -5.0) == pytest.approx(inward + 5)


@given(st.floats(-80, 80), st.floats(0.1, 10), degrees)
def test_scale_and_roll_of_the_camera_change_no_knee_angle(knee_x, scale, roll):
    c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    turned = [scale * np.array([[c, -s], [s, c]]) @ point for point in leg(knee_x)]
    before = frontal_plane_projection_angle(*leg(knee_x), Side.LEFT)
    after = frontal_plane_projection_angle(*turned, Side.LEFT)
    assert after == pytest.approx(before, abs=1e-6)


@given(st.floats(-80, 80))
def test_mirroring_swaps_the_sides_and_changes_nothing_else(knee_x):
    mirrored = [point * [-1, 1] for point in leg(knee_x)]
    assert frontal_plane_projection_angle(*leg(knee_x), Side.LEFT) == pytest.approx(
        frontal_plane_projection_angle(*mirrored, Side.RIGHT)
    )


def test_a_missing_point_gives_nan():
    _, knee, ankle = leg(0)
    missing = np.array([np.nan, 1.0])
    assert np.isnan(frontal_plane_projection_angle(missing, knee, ankle, Side.LEFT))
