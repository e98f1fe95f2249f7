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


def test_prediction_ellipse_holds_95_percent_of_new_points():
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(400):
        x, y = rng.normal(0, 3, 40), rng.normal(0, 5, 40)
        area = steadiness.prediction_ellipse_area(x, y)
        # New points in units of the sample's own ellipse.
        points = rng.normal(0, 1, (50, 2)) * [3, 5] - [x.mean(), y.mean()]
        inverse = np.linalg.inv(np.cov(np.stack([x, y])))
        squared = np.einsum("ni,ij,nj->n", points, inverse, points)
        det = np.sqrt(np.linalg.det(np.cov(np.stack([x, y]))))
        inside.append((squared <= area / np.pi / det).mean())
    assert np.mean(inside) == pytest.approx(0.95, abs=0.005)


@pytest.mark.parametrize(
    ("n", "ratio"), [(150, 1.034), (300, 1.017), (900, 1.006), (1350, 1.004)]
)
def test_prediction_ellipse_against_the_chi_square_form(n, ratio):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=n), rng.normal(size=n)
    det = np.sqrt(np.linalg.det(np.cov(np.stack([x, y]))))
    chi_square = 5.991464547 * np.pi * det
    found = steadiness.prediction_ellipse_area(x, y) / chi_square
    assert found == pytest.approx(ratio, abs=5e-4)


def test_points_on_a_line_have_no_area():
    area = steadiness.prediction_ellipse_area(SINE, 2 * SINE)
    assert area == pytest.approx(0.0, abs=1e-5)


def test_spectrum_of_a_tone():
    tone = steadiness.spectrum(np.sin(2 * np.pi * 1.0 * T), RATE_HZ)
    assert tone.half_power_hz == pytest.approx(1.0)
    assert tone.centroid_hz == pytest.approx(1.0, rel=0.01)
    assert tone.dispersion < 0.1


def test_spectrum_of_flat_noise_fills_the_band():
    noise = np.random.default_rng(0).normal(size=100_000)
    flat = steadiness.spectrum(noise, RATE_HZ)
    assert flat.half_power_hz == pytest.approx((0.15 + 5.0) / 2, rel=0.05)
    assert flat.power_95_hz == pytest.approx(0.15 + 0.95 * 4.85, rel=0.05)
    # Of a uniform density on 0..5: sqrt(1 - (1/2)² / (1/3)) = 1/2.
    assert flat.dispersion == pytest.approx(0.5, abs=0.03)


def test_a_drift_is_taken_out_of_the_spectrum():
    drifting = steadiness.spectrum(np.sin(2 * np.pi * T) + 0.3 * T, RATE_HZ)
    assert drifting.half_power_hz == pytest.approx(1.0)
