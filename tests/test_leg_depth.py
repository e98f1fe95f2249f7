"""A leg bent in front of a known camera is found again in three dimensions."""

import numpy as np
import pytest

from balance.analysis.body.geometry import leg_projection_angle
from balance.analysis.body.leg_depth import bend_between, place_leg, seen_square
from balance.model.camera import Pinhole
from balance.model.landmarks import Side
from tests.squatting_figure import SHANK_M, THIGH_M, Figure

LEFT_LEG = [Side.LEFT.landmark(joint) for joint in ("hip", "knee", "ankle")]


def placed(figure: Figure, bend_deg: float) -> np.ndarray:
    """The left leg as reconstructed from its frame alone."""
    ankle_depth = figure.distance_m  # near enough at the yaws used here
    px_per_m = figure.focal_px / ankle_depth
    chain = figure.project(figure.body(bend_deg))[LEFT_LEG]
    camera = Pinhole(figure.focal_px, (320, 240))
    return place_leg(chain, THIGH_M * px_per_m, SHANK_M * px_per_m, camera)


@pytest.mark.parametrize("bend_deg", [40, 70, 100])
def test_the_bend_of_a_knee_is_seen_from_the_front(bend_deg):
    assert bend_between(placed(Figure(), bend_deg)) == pytest.approx(bend_deg, abs=1)


@pytest.mark.parametrize("yaw_deg", [-12, -5, 0, 5, 12])
def test_with_yaw_and_perspective_taken_out_a_straight_knee_stays_straight(yaw_deg):
    figure = Figure(yaw_deg=yaw_deg)
    projected = figure.project(figure.body(75.0))[LEFT_LEG]
    seen_deg = leg_projection_angle(projected, Side.LEFT)
    square = seen_square(placed(figure, 75.0), yaw_deg)
    assert leg_projection_angle(square, Side.LEFT) == pytest.approx(0, abs=1.5)
    if abs(yaw_deg) >= 5:  # where the frame alone tells a story
        assert abs(seen_deg) > 4


def test_a_knee_that_caves_in_keeps_its_angle():
    figure = Figure(turn_left_deg=15.0)
    body = figure.body(75.0)[LEFT_LEG]
    true_deg = leg_projection_angle(body[:, [0, 2]] * [1, -1], Side.LEFT)
    square = seen_square(placed(figure, 75.0), 0.0)
    assert true_deg > 10
    assert leg_projection_angle(square, Side.LEFT) == pytest.approx(true_deg, abs=1.5)


def test_a_segment_that_looks_too_long_lies_in_the_frame_plane():
    chain = np.array([[320.0, 100], [320, 240], [320, 400]])
    place = place_leg(chain, 100.0, 100.0, Pinhole(530, (320, 240)))
    assert np.isfinite(place).all()
    assert bend_between(place) < 25
