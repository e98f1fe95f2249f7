"""The regions lie on the right parts of a stick figure."""

import numpy as np
import pytest

from balance.model.landmarks import Landmark, Side
from balance.tracking import body_regions
from tests.stick_figure import stick_figure


def contains(outline, point):
    mask = body_regions.inside(outline, (480, 640))
    x, y = np.round(point).astype(int)
    return bool(mask[y, x])


@pytest.mark.parametrize("stance", list(Side))
def test_stance_region_holds_stance_thigh_and_waist_not_the_raised_thigh(stance):
    points = stick_figure()
    outline = body_regions.stance_region(points, stance)
    thigh = points[[stance.landmark("hip"), stance.landmark("knee")]].mean(axis=0)
    other = points[[stance.other.landmark("hip"), stance.other.landmark("knee")]]
    hips = points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    assert contains(outline, thigh)
    assert contains(outline, hips - [0, 15])
    assert not contains(outline, other.mean(axis=0))
    assert not contains(outline, points[Landmark.NOSE])


def test_region_of_two_legs_holds_both():
    points = stick_figure()
    outline = body_regions.stance_region(points, None)
    for side in Side:
        thigh = points[[side.landmark("hip"), side.landmark("knee")]].mean(axis=0)
        assert contains(outline, thigh)


def test_mirrored_body_has_the_mirrored_region():
    points = stick_figure()
    mirrored = points * [-1, 1] + [640, 0]
    left = body_regions.stance_region(points, Side.LEFT)
    back = body_regions.stance_region(mirrored, Side.LEFT)
    np.testing.assert_allclose(left, back * [-1, 1] + [640, 0])


@pytest.mark.parametrize("stance", [*Side, None])
def test_hip_centre_lies_where_the_body_s_build_says_whatever_the_hip_landmarks(stance):
    points = stick_figure()
    before = body_regions.hip_centre(points, stance)
    points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] += [3, 10]
    after = body_regions.hip_centre(points, stance)
    np.testing.assert_allclose(after - before, [3, 0])
    # Shoulders 0.818 and hips 0.530 of body height over the floor (Drillis & Contini).
    points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] = 100
    points[[Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX], 1] = 100 + 818
    height_px = 918 - body_regions.hip_centre(points, stance)[1]
    assert height_px == pytest.approx(530, rel=0.01)


def test_the_raised_foot_is_no_floor():
    points = stick_figure()
    standing = body_regions.hip_centre(points, Side.LEFT)
    points[Landmark.RIGHT_FOOT_INDEX, 1] -= 80
    np.testing.assert_array_equal(body_regions.hip_centre(points, Side.LEFT), standing)


def test_foot_region_holds_the_toes():
    points = stick_figure()
    outline = body_regions.foot_region(points, Side.LEFT)
    assert contains(outline, points[Landmark.LEFT_FOOT_INDEX])
    assert not contains(outline, points[Landmark.RIGHT_FOOT_INDEX])


def test_body_box_ignores_frames_without_a_body():
    xy = np.stack([stick_figure(), np.full((33, 2), np.nan), stick_figure() + 10])
    box = body_regions.body_box(xy, margin=0.0)
    points = stick_figure()
    np.testing.assert_allclose(box, [points.min(axis=0), points.max(axis=0) + 10])
    assert np.isnan(body_regions.body_box(xy[1:2])).all()


def test_inside_a_square():
    mask = body_regions.inside(np.array([[1, 1], [4, 1], [4, 3], [1, 3]]), (5, 6))
    assert mask.sum() == 6
    assert mask[1:3, 1:4].all()
