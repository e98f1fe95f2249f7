"""Signals whose answer is known by hand, and laws that hold for any."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import signal

from balance.analysis import signals


@given(arrays(bool, st.integers(0, 50)))
def test_runs_cover_exactly_the_true_samples(mask):
    rebuilt = np.zeros_like(mask)
    for run in signals.runs(mask):
        assert run.stop > run.start
        rebuilt[run] = True
    np.testing.assert_array_equal(rebuilt, mask)


numbers = st.floats(-1e6, 1e6)


@given(st.lists(numbers | st.just(math.nan), max_size=40))
def test_the_median_is_numpys_without_the_missing(values):
    known = [value for value in values if not math.isnan(value)]
    expected = np.median(known) if known else math.nan
    np.testing.assert_array_equal(signals.median(values), expected)  # -0 is 0


def test_a_run_shorter_than_asked_is_dropped():
    time_s = np.arange(10) / 10
    mask = np.array([1, 1, 0, 1, 1, 1, 1, 0, 0, 1], bool)
    kept = signals.lasting(time_s, mask, 0.3)
    assert signals.runs(kept) == [slice(3, 7)]


def test_short_gap_is_bridged_by_a_line_long_one_and_ends_stay():
    time_s = np.arange(12) / 30
    x = 3.0 * time_s
    x[[0, 3, 4, 6, 7, 8, 9, 10]] = np.nan
    filled = signals.fill_gaps(time_s, x, 0.12)
    assert np.isnan(filled[0])
    np.testing.assert_allclose(filled[[3, 4]], 3.0 * time_s[[3, 4]])
    assert np.isnan(filled[6:11]).all()


def test_filling_leaves_what_was_seen_alone():
    time_s = np.arange(6) / 30
    xy = np.ones((6, 2))
    xy[2, 1] = np.nan
    filled = signals.fill_gaps(time_s, xy)
    np.testing.assert_array_equal(filled, np.ones((6, 2)))


@pytest.mark.parametrize(
    ("frequency_hz", "gain"),
    [
        pytest.param(0.0, 1.0, id="a constant passes"),
        pytest.param(0.5, 1.0, id="sway passes"),
        pytest.param(3.0, np.sqrt(0.5), id="half the power at the cut-off"),
        pytest.param(10.0, 0.0, id="jitter does not"),
    ],
)
def test_low_pass_gain(frequency_hz, gain):
    t = np.arange(2000) / 100
    smooth = signals.low_pass(np.cos(2 * np.pi * frequency_hz * t), 100.0, 3.0)
    middle = slice(500, 1500)
    expected = gain * np.cos(2 * np.pi * frequency_hz * t)
    np.testing.assert_allclose(smooth[middle], expected[middle], atol=0.02)


def test_stated_gain_is_the_gain():
    t = np.arange(4000) / 100
    for frequency_hz in (0.5, 2.0, 3.0, 5.0):
        smooth = signals.low_pass(np.cos(2 * np.pi * frequency_hz * t), 100.0, 3.0)
        stated = signals.low_pass_gain(np.array([frequency_hz]), 3.0)[0]
        assert np.abs(smooth[1000:3000]).max() == pytest.approx(stated, abs=0.01)


def test_low_pass_does_not_delay():
    t = np.arange(1000) / 100
    pulse = np.exp(-(((t - 5.0) / 0.4) ** 2))
    assert t[np.argmax(signals.low_pass(pulse, 100.0, 3.0))] == pytest.approx(5.0)


def test_low_pass_keeps_a_gap_and_filters_round_it():
    x = np.ones(100)
    x[40:50] = np.nan
    smooth = signals.low_pass(x, 100.0, 3.0)
    assert np.isnan(smooth[40:50]).all()
    np.testing.assert_allclose(np.delete(smooth, np.s_[40:50]), 1.0)


def test_nothing_to_filter_below_nyquist_is_left_alone():
    x = np.arange(10.0)
    np.testing.assert_array_equal(signals.low_pass(x, 10.0, 6.0), x)


def test_resample_reads_between_the_frames():
    time_s = np.array([0.0, 0.1, 0.3, 0.4])
    grid_s, x = signals.resample(time_s, 10 * time_s, 20.0, (0.05, 0.35))
    np.testing.assert_allclose(grid_s, np.arange(7) / 20 + 0.05)
    np.testing.assert_allclose(x, 10 * grid_s)


def test_resample_outside_the_recording_is_not_seen():
    grid_s, x = signals.resample(np.array([1.0, 2.0]), np.ones(2), 2.0, (0.0, 3.0))
    np.testing.assert_array_equal(
        np.isnan(x), [True, True, False, False, False, True, True]
    )
    assert len(grid_s) == 7


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0])
def test_same_signal_at_any_frame_rate(rate_hz):
    time_s = np.arange(int(12 * rate_hz)) / rate_hz
    x = np.sin(2 * np.pi * 0.7 * time_s)
    grid_s, smooth = signals.low_passed_resample(time_s, x, 25.0, 3.0, (1.0, 11.0))
    np.testing.assert_allclose(np.diff(grid_s), 0.04)
    assert grid_s[0] == pytest.approx(1.0)
    assert len(grid_s) == 251
    np.testing.assert_allclose(smooth, np.sin(2 * np.pi * 0.7 * grid_s), atol=0.01)


def test_noise_above_the_final_rate_does_not_fold_into_it():
    # 20 Hz read at 25 Hz would look like 5 Hz, and 24 Hz like a slow 1 Hz sway.
    time_s = np.arange(1200) / 100
    x = np.sin(2 * np.pi * 24.0 * time_s)
    _, smooth = signals.low_passed_resample(time_s, x, 25.0, 3.0, (1.0, 11.0))
    assert np.abs(smooth).max() < 0.01


def test_window_at_the_ends_of_the_recording():
    time_s = np.arange(301) / 30
    grid_s, smooth = signals.low_passed_resample(
        time_s, time_s.copy(), 25.0, 3.0, (0.0, 10.0)
    )
    assert len(grid_s) == 251
    np.testing.assert_allclose(smooth, grid_s, atol=0.01)


def test_uneven_frames_are_smoothed_in_their_own_time():
    rng = np.random.default_rng(1)
    time_s = np.cumsum(rng.uniform(0.02, 0.06, 300))
    x = np.stack([np.sin(time_s), np.cos(time_s)], axis=1)
    x[100:120] = np.nan
    smooth = signals.smooth_at_own_times(time_s, x, 6.0)
    np.testing.assert_array_equal(np.isnan(smooth), np.isnan(x))
    np.testing.assert_allclose(smooth, x, atol=0.01)


def test_speed_of_a_line_is_its_slope():
    time_s = np.array([0.0, 0.1, 0.3, 0.6])
    np.testing.assert_allclose(signals.speed(time_s, 4 * time_s), 4.0)


def test_speed_of_one_sample_is_unknown():
    assert np.isnan(signals.speed(np.zeros(1), np.zeros(1))).all()


@given(st.floats(0.01, 100.0), st.integers(0, 2**32 - 1))
def test_noise_is_found_under_a_smooth_signal(sd, seed):
    t = np.arange(3000) / 30
    noise = np.random.default_rng(seed).normal(0, sd, len(t))
    measured = signals.white_noise_sd(sd * 5 * np.sin(t) + noise)
    assert measured == pytest.approx(sd, rel=0.1)


def test_noise_of_too_few_samples_is_unknown():
    assert np.isnan(signals.white_noise_sd(np.zeros(7)))


@pytest.mark.parametrize("shape", [(200,), (200, 3), (4, 2)])
def test_low_pass_is_the_published_filter_to_the_last_bit(shape):
    values = np.random.default_rng(1).normal(size=shape).cumsum(axis=0)
    corner = math.tan(math.pi * 5 / 60) / (math.sqrt(2) - 1) ** 0.25
    above, below = signal.butter(2, 2 / math.pi * math.atan(corner))
    padlen = min(18, len(values) - 1)
    there_and_back = signal.filtfilt(above, below, values, axis=0, padlen=padlen)
    smooth = signals.low_pass(values, 60, 5)
    np.testing.assert_array_equal(smooth, there_and_back)
    # The same filter by sections, up to rounding.
    sos = signal.tf2sos(above, below)
    by_sections = signal.sosfiltfilt(sos, values, axis=0, padlen=padlen)
    np.testing.assert_allclose(smooth, by_sections, rtol=1e-10, atol=1e-10)
