"""A path that was seen through a video's coding: what is quick comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance.tracking.coding import BETWEEN_WEIGHT, smooth_b_frames

NOTHING = np.zeros(0)


def images(rate_hz, seconds=10.0, every=4):
    """Times, and which frames were coded between two others: three of four."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return time_s, np.arange(len(time_s)) % every != 0


def sway(time_s, hz):
    return np.sin(2 * np.pi * hz * time_s)


def averaged(time_s, path, is_b_frame):
    """What a coder makes of it: between two frames, their average, in proportion."""
    return np.where(
        is_b_frame, np.interp(time_s, time_s[~is_b_frame], path[~is_b_frame]), path
    )


def gain(time_s, path, hz):
    """Size of a path's part at a frequency, away from its ends."""
    inner = slice(len(time_s) // 10, -(len(time_s) // 10))
    waves = np.stack([sway(time_s, hz), np.cos(2 * np.pi * hz * time_s)], axis=1)
    parts = np.linalg.lstsq(waves[inner], path[inner], rcond=None)[0]
    return float(np.linalg.norm(parts))


@pytest.mark.parametrize(("rate_hz", "hz"), [(24, 1.5), (24, 2.0), (30, 2.0)])
def test_most_of_what_averaging_took_from_quick_sway_comes_back(rate_hz, hz):
    time_s, is_b_frame = images(rate_hz)
    true = sway(time_s, hz)
    coded = averaged(time_s, true, is_b_frame)
    lost = 1 - gain(time_s, coded, hz)
    still_lost = abs(1 - gain(time_s, smooth_b_frames(time_s, coded, is_b_frame), hz))
    assert lost > 0.03
    assert still_lost < 0.5 * lost


def test_frames_that_saw_rightly_are_hardly_changed():
    time_s, is_b_frame = images(24)
    true = sway(time_s, 0.5) + 0.2 * sway(time_s, 1.7)
    inner = slice(8, -8)
    off = (smooth_b_frames(time_s, true, is_b_frame) - true)[inner]
    assert np.std(off) < 0.01 * np.std(true)


def test_a_frame_between_counts_a_third():
    time_s, is_b_frame = images(30)
    path = np.zeros(len(time_s))
    path[6] = 1.0
    assert is_b_frame[6]
    assert smooth_b_frames(time_s, path, is_b_frame)[6] == pytest.approx(BETWEEN_WEIGHT)


@pytest.mark.parametrize(
    ("rate_hz", "why"), [(12, "others too far apart"), (30, "no frame between")]
)
def test_the_path_stays_as_it_is(rate_hz, why):
    time_s, is_b_frame = images(rate_hz)
    if why == "no frame between":
        is_b_frame[:] = False
    path = sway(time_s, 2.0)
    np.testing.assert_array_equal(smooth_b_frames(time_s, path, is_b_frame), path)


def test_across_a_gap_nothing_is_drawn():
    time_s, is_b_frame = images(30)
    path = sway(time_s, 1.0)
    path[100:140] = np.nan
    path[140:] += 50
    found = smooth_b_frames(time_s, path, is_b_frame)
    assert np.isnan(found[100:140]).all()
    np.testing.assert_allclose(found[:100], path[:100], atol=0.02)
    np.testing.assert_allclose(found[140:], path[140:], atol=0.02)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(-5, 5))
def test_a_straight_path_stays_straight_however_it_was_coded(coded, slope):
    time_s = np.arange(len(coded)) / 25
    path = 3 + slope * time_s
    found = smooth_b_frames(time_s, path, np.array(coded))
    np.testing.assert_allclose(found, path, atol=1e-9)


def test_nothing_stays_nothing():
    assert len(smooth_b_frames(NOTHING, NOTHING, NOTHING.astype(bool))) == 0
