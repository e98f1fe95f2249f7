"""The edges of the legs are read off a mask drawn by hand."""

import numpy as np
import pytest

from balance.model.landmarks import LANDMARK_COUNT, Side
from balance.model.leg_outline import ROWS, row_heights
from balance.tracking.leg_outline import find_leg_edges


def landmarks(left_x: float, right_x: float) -> np.ndarray:
    """Two straight legs from y = 20 to y = 80."""
    xy = np.full((LANDMARK_COUNT, 2), 50.0)
    for side, x in ((Side.LEFT, left_x), (Side.RIGHT, right_x)):
        for joint, y in (("hip", 20), ("knee", 50), ("ankle", 80)):
            xy[side.landmark(joint)] = x, y
    return xy


def mask(*legs: tuple[float, float]) -> np.ndarray:
    """Rows of 1 between each leg's edges; a pixel that is cut holds its share."""
    column = np.arange(100)
    row = sum(
        np.clip(np.minimum(right - column, column + 1 - left), 0, 1)
        for left, right in legs
    )
    return np.tile(np.clip(row, 0, 1), (100, 1))


def test_both_edges_of_both_legs_are_found():
    edges = find_leg_edges(mask((20, 30), (60, 72)), landmarks(66, 25))
    assert edges.shape == (2, ROWS, 2)
    left, right = np.nanmedian(edges, axis=1)
    assert left == pytest.approx([60, 72], abs=0.5)
    assert right == pytest.approx([20, 30], abs=0.5)


def test_edges_are_found_to_a_fraction_of_a_pixel():
    (edges, _) = find_leg_edges(mask((60.3, 72.6), (10, 12)), landmarks(66, 11))
    assert np.nanmean(edges) == pytest.approx((60.3 + 72.6) / 2, abs=0.2)


def test_where_the_legs_touch_only_the_outer_edges_are_known():
    left, right = find_leg_edges(mask((20, 60)), landmarks(50, 30))
    assert np.isnan(left[:, 0]).all()
    assert left[:, 1] == pytest.approx(60, abs=0.5)
    assert np.isnan(right[:, 1]).all()


def test_a_leg_that_the_mask_does_not_show_has_no_edges():
    (left, _) = find_leg_edges(mask((5, 10)), landmarks(66, 8))
    assert np.isnan(left).all()


def test_rows_run_from_hip_to_ankle():
    chain = np.array([[0, 20.0], [0, 50], [0, 80]])
    heights = row_heights(chain)
    assert (heights[0], heights[-1]) == (20, 80)
