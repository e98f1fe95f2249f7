"""Measures of postural steadiness of evenly spaced signals, as Prieto defined them.

Along one axis ``x`` (N,); the mean is taken out here. Lengths keep the unit that comes
in. Definitions and settings are those of the open reference code of [1]_.

References
----------
.. [1] Quijoux et al. (2021), Physiol Rep 9(22):e15067, and its companion code
   (code_descriptors_postural_control).
.. [2] Prieto et al. (1996), IEEE Trans Biomed Eng 43(9):956-966.
"""

import numpy as np

from balance.model.recording import FloatArray


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
