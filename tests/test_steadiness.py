"""Every measure against a signal whose answer is known by hand."""

import numpy as np
import pytest

from balance.analysis.measures import steadiness

RATE_HZ = 25.0
# 40 s and whole periods of 0.5 Hz; amplitude 4.
T = np.arange(1000) / RATE_HZ
SINE = 4.0 * np.sin(2 * np.pi * 0.5 * T)


def test_sine():
    assert steadiness.rms(SINE) == pytest.approx(4 / np.sqrt(2))
    assert steadiness.mean_distance(SINE) == pytest.approx(4 * 2 / np.pi, rel=2e-3)
    assert steadiness.extent(SINE) == pytest.approx(8.0, rel=3e-3)
    # 20 periods, four amplitudes each, all but the last step.
    assert steadiness.path_length(SINE) == pytest.approx(20 * 16, rel=4e-3)
    assert steadiness.mean_speed(SINE, RATE_HZ) == pytest.approx(8.0, rel=4e-3)


def test_mean_frequency_of_a_sine():
    # v/(4√2·mean|x|) is exact for a triangle wave up to 1/√2; a sine gives
    # 4·A·f/(4√2·2A/π) = π f/(2√2).
    expected = np.pi * 0.5 / (2 * np.sqrt(2))
    found = steadiness.mean_frequency(SINE, RATE_HZ)
    assert found == pytest.approx(expected, rel=5e-3)


def test_standing_still_has_no_frequency():
    assert np.isnan(steadiness.mean_frequency(np.ones(100), RATE_HZ))


def test_the_mean_does_not_matter():
    for measure in (steadiness.rms, steadiness.mean_distance, steadiness.extent):
        assert measure(SINE + 1000) == pytest.approx(measure(SINE))


def test_path_of_steps():
    assert steadiness.path_length(np.array([0.0, 1.0, -1.0, -1.0])) == 3.0
    assert steadiness.mean_speed(np.array([0.0, 1.0, -1.0, -1.0]), 2.0) == 2.0
