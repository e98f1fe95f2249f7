"""The moment at which a foot leaves or meets the floor, finer than a frame."""

import numpy as np
from scipy.ndimage import uniform_filter1d

from balance.analysis.signals import median, quantile
from balance.model.recording import BoolArray, FloatArray

# From standing to surely up takes at most about this long; what lies before is base.
RISING_S = 0.25
# The rise is sought in this stretch round the frame in which the foot is up.
SEARCH_S = 0.6
AFTER_S = 0.3
# Slowest rise taken for one, leg lengths per second; bounds the step back in time.
SLOWEST_PER_S = 0.15
# A rise shows above the tracker's wander from this height on, in leg lengths.
LEAST_RISE = 0.0075
# When the heel comes up while the toes stay, the toe landmark rises by about this share
# of the difference (and the heel landmark when the toes come up): it does not lie at
# the tip of the foot. The second holds for a foot that rolls off the floor, measured on
# a real foot seen from the front; the first for one that leaves flat and tips later.
LEVER, ROLLING_LEVER = 0.5, 0.7


def moment_of_rise(  # noqa: PLR0913  (the last one has a default)
    time_s: FloatArray,
    toe: FloatArray,
    heel: FloatArray,
    surely_up: int,
    noise: float,
    lever: float = LEVER,
) -> tuple[float, float]:
    """Time at which the lowest part of a foot starts to rise, and its SD, in s.

    The foot's own standing height just before is the base; the height's crossing
    of a level just above the noise is followed back along the rise to the base.

    Parameters
    ----------
    time_s
        (T,) increasing.
    toe, heel
        (T, 2) in leg lengths, y down; NaN where not seen.
    surely_up
        Index of a frame in which both are up.
    noise
        Standard deviation of a standing foot's height, leg lengths.
    lever
        ``LEVER``, or ``ROLLING_LEVER`` for a foot that is known to roll.
    """
    start = int(np.searchsorted(time_s, time_s[surely_up] - SEARCH_S))
    stop = int(np.searchsorted(time_s, time_s[surely_up] + AFTER_S))
    rows = slice(start, stop)
    t, up = time_s[rows], surely_up - start
    ends = _above_floor(t, toe[rows, 1], heel[rows, 1], t[up])
    return _moment(t, _lowest(t, *ends, lever), up, noise)


def _moment(
    t: FloatArray, rise: FloatArray, surely_up: int, noise: float
) -> tuple[float, float]:
    """Last moment of standing before the rise, and its SD, in s."""
    level = max(3 * noise, LEAST_RISE)
    spacing = median(np.diff(t)) if len(t) > 1 else 0.0
    up = np.flatnonzero(rise[surely_up:] > 4 * level)
    surely = surely_up + (int(up[0]) if len(up) else 0)
    standing = np.flatnonzero(rise[:surely] <= level)
    if not len(standing):
        return float(t[0]), spacing
    last = int(standing[-1])
    if last + 1 >= len(t):
        return float(t[last]), spacing
    step = max(float(rise[last + 1] - rise[last]), 1e-6)
    pace = max(step / (t[last + 1] - t[last]), SLOWEST_PER_S)
    # Where nothing rises for sure (a shaken camera), the next frame may be as low.
    share = min((level - rise[last]) / step, 1.0)
    crossing = t[last] + share * (t[last + 1] - t[last])
    moment = max(float(crossing - level / pace), float(t[last]))
    return moment, float(np.hypot(spacing / np.sqrt(12), noise / pace))


def _lowest(
    t: FloatArray, toe: FloatArray, heel: FloatArray, lever: float
) -> FloatArray:
    """(T,) height of the foot's lowest part above its standing place."""
    lowest = np.minimum(
        toe - lever * np.maximum(heel - toe, 0),
        heel - lever * np.maximum(toe - heel, 0),
    )
    # Three frames' mean where frames are dense: less noise, no shift in time.
    dense = len(t) > 3 and median(np.diff(t)) < 1 / 20
    return uniform_filter1d(lowest, 3, mode="nearest") if dense else lowest


def _above_floor(
    t: FloatArray, toe_y: FloatArray, heel_y: FloatArray, up_s: float
) -> tuple[FloatArray, FloatArray]:
    """Heights of toe and heel above where each stood just before."""
    standing = t < up_s - RISING_S
    return _above_base(toe_y, standing), _above_base(heel_y, standing)


def _above_base(y: FloatArray, standing: BoolArray) -> FloatArray:
    known = standing & np.isfinite(y)
    # y points down: the floor is the greater part, also after a tap of a few frames.
    base = quantile(y[known], 0.75) if known.any() else float(y[0])
    return base - y
