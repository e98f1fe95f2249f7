"""A foot that leaves the floor by its landmarks: by hand, and as a law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from balance.analysis.events.timing import AFTER_S, SEARCH_S, moment_of_rise

RATE_HZ = 30
TIME_S = np.arange(60) / RATE_HZ
UP = 30


def foot(height):
    """(T, 2) places of toe or heel so far above the floor, y down."""
    return np.stack([np.zeros_like(height), 2.0 - height], axis=1)


@pytest.mark.parametrize("off_s", [0.7, 0.9, 0.95])
def test_a_foot_that_rises_at_constant_speed(off_s):
    height = np.maximum(TIME_S - off_s, 0) * 0.8
    moment, sd_s = moment_of_rise(TIME_S, foot(height), foot(height), UP, 0.001)
    assert moment == pytest.approx(off_s, abs=1 / RATE_HZ)
    assert 0 < sd_s < 2 / RATE_HZ


@given(
    arrays(float, len(TIME_S), elements=st.floats(-0.1, 0.1)),
    st.floats(0.001, 0.05),
)
def test_whatever_the_foot_does_the_moment_is_where_it_was_sought(height, noise):
    moment, _ = moment_of_rise(TIME_S, foot(height), foot(height), UP, noise)
    assert TIME_S[UP] - SEARCH_S <= moment <= TIME_S[UP] + AFTER_S


def test_a_foot_that_never_surely_rises_left_between_two_frames():
    # The next frame is hardly higher than the last one on the floor.
    height = np.where(np.arange(len(TIME_S)) > UP, 0.001, 0.0)
    moment, _ = moment_of_rise(TIME_S, foot(height), foot(height), UP, 0.05)
    assert TIME_S[0] <= moment <= TIME_S[UP] + AFTER_S
