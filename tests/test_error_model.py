"""Noise through the low-pass, and how errors add up."""

import numpy as np
import pytest

from balance.analysis import error_model, signals
from balance.reference.standards import load_sway_errors
from balance.reference.thresholds import MeasureError

RATE_HZ = 30.0


def noise_path(sd):
    time_s = np.arange(60_000) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, sd, len(time_s))
    window = (5.0, float(time_s[-1]) - 5)
    # The final grid holds the frames, so that reading between them costs nothing.
    return signals.low_passed_resample(time_s, noise, RATE_HZ, 3.0, window)[1]


def test_noise_after_the_low_pass_is_what_it_says():
    stated = error_model.noise_after_low_pass(2.0, RATE_HZ, 3.0)
    assert noise_path(2.0).std() == pytest.approx(stated, rel=0.05)


def test_speed_of_noise_is_what_it_says():
    stated = error_model.noise_speed(2.0, RATE_HZ, 3.0, RATE_HZ)
    measured = np.diff(noise_path(2.0)).std() * RATE_HZ
    assert measured == pytest.approx(stated, rel=0.08)


def test_twice_the_frames_halve_the_noise_power():
    slow = error_model.noise_after_low_pass(1.0, 30.0, 3.0)
    fast = error_model.noise_after_low_pass(1.0, 60.0, 3.0)
    assert slow / fast == pytest.approx(np.sqrt(2), rel=0.01)


@pytest.mark.parametrize(
    ("value", "noise", "left"), [(5.0, 3.0, 4.0), (5.0, 0.0, 5.0), (1.0, 2.0, 0.0)]
)
def test_noise_adds_in_squares(value, noise, left):
    assert error_model.without_noise(value, noise) == pytest.approx(left)


def test_relative_errors_floor_and_scale_add_in_squares():
    error = MeasureError(relative_sd=0.03, floor=1.2)
    assert error.sd(10.0, 0.04) == pytest.approx(np.hypot(0.5, 1.2))


def test_landmarks_are_never_better_than_the_frame():
    errors = load_sway_errors()
    for name, image in errors.video.items():
        assert errors.landmarks[name].relative_sd >= image.relative_sd
        assert errors.landmarks[name].floor >= image.floor
