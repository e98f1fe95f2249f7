"""Measures of postural steadiness of evenly spaced signals, as Prieto defined them.

Along one axis ``x`` (N,), of a plane ``x`` and ``y``; the mean is taken out here.
Lengths keep the unit that comes in. Definitions and settings are those of the open
reference code of [1]_; the area is the 95 % *prediction* ellipse, which that code
computes though it calls it a confidence ellipse (see [2]_ for why it matters).

References
----------
.. [1] Quijoux et al. (2021), Physiol Rep 9(22):e15067, and its companion code
   (code_descriptors_postural_control).
.. [2] Schubert & Kirchner (2014), Gait Posture 39(1):518-522.
.. [3] Prieto et al. (1996), IEEE Trans Biomed Eng 43(9):956-966.
"""

from dataclasses import dataclass

import numpy as np

from balance.model.recording import FloatArray

# Welch periodogram of [1]_: 10 s windows that overlap by half, straight line taken
# out of each; frequencies from 0.15 to 5 Hz count.
SPECTRUM_WINDOW_S = 10.0
SPECTRUM_BAND_HZ = (0.15, 5.0)


def rms(x: FloatArray) -> float:
    """Root mean square distance from the mean."""
    return float(np.std(x))


def mean_distance(x: FloatArray) -> float:
    """Mean absolute distance from the mean."""
    return float(np.abs(x - x.mean()).mean())


def extent(x: FloatArray) -> float:
    """Greatest minus smallest (range)."""
    return float(np.ptp(x))


def path_length(x: FloatArray) -> float:
    """Sum of all steps, each taken as positive."""
    return float(np.abs(np.diff(x)).sum())


def mean_speed(x: FloatArray, rate_hz: float) -> float:
    """Path length over the time it took, per second."""
    return path_length(x) * rate_hz / (len(x) - 1)


def mean_frequency(x: FloatArray, rate_hz: float) -> float:
    """Frequency in Hz of a sine with the same mean speed and mean distance.

    NaN where nothing moves.
    """
    away = mean_distance(x)
    if away == 0:
        return float("nan")
    return float(mean_speed(x, rate_hz) / (4 * np.sqrt(2) * away))


def prediction_ellipse_area(x: FloatArray, y: FloatArray) -> float:
    """Area of the ellipse in which 95 % of further points are expected."""
    from scipy import stats  # here, because importing it costs 0.4 s

    n = len(x)
    spread = np.linalg.det(np.cov(np.stack([x, y])))
    quantile = stats.f.ppf(0.95, 2, n - 2) * (n * n - 1) / (n * (n - 2))
    return float(2 * np.pi * quantile * np.sqrt(max(spread, 0.0)))


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Where the power lies, all in Hz; ``dispersion`` 0 for a pure tone, up to 1."""

    half_power_hz: float
    power_95_hz: float
    centroid_hz: float
    dispersion: float


def spectrum(x: FloatArray, rate_hz: float) -> Spectrum:
    """Power frequencies of a signal; its length should be 10 s or more."""
    from scipy import signal  # here, because importing it costs 0.3 s

    window = min(len(x), round(SPECTRUM_WINDOW_S * rate_hz))
    frequency, power = signal.welch(
        np.asarray(x, np.float64),
        fs=float(rate_hz),
        nperseg=window,
        noverlap=window // 2,
        detrend=signal.detrend,
    )
    low, high = SPECTRUM_BAND_HZ
    band = (frequency >= low) & (frequency <= high)
    frequency, power = frequency[band], power[band]
    share = np.cumsum(power) / power.sum()
    moment = [float((frequency**k * power).sum()) for k in range(3)]
    return Spectrum(
        half_power_hz=float(frequency[np.searchsorted(share, 0.50)]),
        power_95_hz=float(frequency[np.searchsorted(share, 0.95)]),
        centroid_hz=float(np.sqrt(moment[2] / moment[0])),
        dispersion=float(
            np.sqrt(max(0.0, 1 - moment[1] ** 2 / (moment[0] * moment[2])))
        ),
    )
