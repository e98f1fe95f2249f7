"""Signals over uneven time: gaps, runs, one rate, one zero-phase low-pass.

Arrays run along axis 0, with any number of further axes; times are seconds, strictly
increasing, and need not be evenly spaced. NaN = not seen, and stays NaN: nothing is
bridged unless ``fill_gaps`` is asked to.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from balance.model.recording import BoolArray, FloatArray, IntArray

# Four times the 25 Hz of the sway signal. Filtering on this grid and then taking
# every n-th sample keeps noise above half the final rate from folding into it.
WORKING_RATE_HZ = 100.0
# A gap up to here is bridged by whoever asks for the usual bridge; mid-hip sway has
# 99 % of its power below 1.1 Hz (Figtree & Migliaccio 2018, Front Neurol 9:507), so
# it cannot turn round unseen in 0.15 s.
SHORT_GAP_S = 0.15


def runs(mask: BoolArray) -> list[slice]:
    """Return the runs of True, in order, as slices."""
    if not len(mask):
        return []
    edges: list[int] = (np.flatnonzero(mask[1:] != mask[:-1]) + 1).tolist()
    if mask[0]:
        edges.insert(0, 0)
    if mask[-1]:
        edges.append(len(mask))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def lasting(time_s: FloatArray, mask: BoolArray, at_least_s: float) -> BoolArray:
    """Keep only the runs of True whose first and last sample lie that far apart."""
    kept = np.zeros(len(mask), bool)
    for run in runs(mask):
        if time_s[run.stop - 1] - time_s[run.start] >= at_least_s:
            kept[run] = True
    return kept


def length(vectors: FloatArray) -> FloatArray:
    """(…,) length of (…, 2) vectors; NaN where a part is NaN.

    NumPy's own norm takes five times as long over so short an axis.
    """
    x, y = vectors[..., 0], vectors[..., 1]
    return np.asarray(np.sqrt(x * x + y * y))


def median(values: ArrayLike) -> float:
    """Median without the missing; NaN, and no warning, where all are missing.

    A tenth of the time that NumPy's own takes over some hundred values.
    """
    known = np.asarray(values, np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return float("nan")
    low, high = (len(known) - 1) // 2, len(known) // 2
    middle = np.partition(known, (low, high))
    return float((middle[low] + middle[high]) / 2)


def nan_median(values: FloatArray, axis: int) -> FloatArray:
    """Median without the missing; NaN, and no warning, where all are missing."""
    ordered = np.sort(np.moveaxis(values, axis, 0), axis=0)  # the missing come last
    known = np.sum(~np.isnan(ordered), axis=0)[None]
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=0)[0]
    high = np.take_along_axis(ordered, known // 2 % len(ordered), axis=0)[0]
    return np.asarray(np.where(known[0] % 2, low, (low + high) / 2))


def seen(values: FloatArray) -> BoolArray:
    """Return (T,) True where every number of the row is finite."""
    finite = np.isfinite(values)
    return np.asarray(finite.reshape(len(values), -1).all(axis=1), dtype=bool)


def fill_gaps(
    time_s: FloatArray, values: FloatArray, longest_s: float = SHORT_GAP_S
) -> FloatArray:
    """Bridge gaps up to ``longest_s`` (from last seen to next seen) by straight lines.

    Each column on its own. Longer gaps, and those at either end, stay NaN.
    """
    columns = values.reshape(len(values), -1).copy()
    for column in columns.T:
        known = np.isfinite(column)
        for gap in runs(~known):
            if gap.start == 0 or gap.stop == len(column):
                continue
            if time_s[gap.stop] - time_s[gap.start - 1] <= longest_s + 1e-9:
                ends = [gap.start - 1, gap.stop]
                column[gap] = np.interp(time_s[gap], time_s[ends], column[ends])
    return columns.reshape(values.shape)


def low_pass(values: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    """Zero-phase 4th-order Butterworth low-pass of evenly spaced values.

    Half power at ``cutoff_hz``. Every unbroken stretch is filtered by itself; a
    stretch too short to be filtered (three samples and fewer) is left as it is.
    """
    if cutoff_hz >= rate_hz / 2:
        return values.copy()
    # Forward and backward passes double the order, 2 -> 4, and square the gain: each
    # pass must still let through sqrt(1/2) of the power at the wanted cut-off. The
    # analogue correction is applied to the pre-warped frequency, as Winter does.
    one_pass = math.tan(math.pi * cutoff_hz / rate_hz) / (math.sqrt(2) - 1) ** 0.25
    share = 2 / math.pi * math.atan(one_pass)
    # The transient dies within about one and a half periods of the cut-off.
    pad = math.ceil(1.5 * rate_hz / cutoff_hz)
    smooth = values.astype(np.float64, copy=True)
    for run in runs(seen(values)):
        length = run.stop - run.start
        if length > 3:
            smooth[run] = both_ways(values[run], share, min(pad, length - 1))
    return smooth


def both_ways(values: FloatArray, share: float, pad: int) -> FloatArray:
    """Filter forwards and backwards along the first axis, odd about both ends.

    A Butterworth low-pass of second order each way, its corner at a ``share`` of half
    the rate. As ``scipy.signal.filtfilt`` does, which works out the state that the
    filter starts in anew for every call: that takes longer than the filtering.
    """
    from scipy import signal  # here, because importing it costs 0.3 s

    before = 2 * values[0] - values[pad:0:-1]
    after = 2 * values[-1] - values[-2 : -pad - 2 : -1]
    padded = np.concatenate([before, values, after])
    above, below, state = _butterworth(share)
    state = state.reshape(2, *[1] * (values.ndim - 1))
    for _ in range(2):
        start = state * padded[0]
        padded, _ = signal.lfilter(above, below, padded, axis=0, zi=start)
        padded = padded[::-1]
    return np.asarray(padded[pad : len(padded) - pad])


@lru_cache(64)
def _butterworth(share: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the filter's two polynomials and the state that it starts in.

    Kept: a clip asks for the same few again and again, and each takes longer to
    design than to use.
    """
    from scipy import signal

    above, below = signal.butter(2, share)
    state = signal.lfilter_zi(above, below)
    return np.asarray(above), np.asarray(below), np.asarray(state, np.float64)


def low_pass_gain(frequency_hz: FloatArray, cutoff_hz: float) -> FloatArray:
    """Share of the amplitude at each frequency that ``low_pass`` lets through."""
    corner = cutoff_hz / (math.sqrt(2) - 1) ** 0.25
    return np.asarray(1 / (1 + (frequency_hz / corner) ** 4), dtype=np.float64)


def resample(
    time_s: FloatArray,
    values: FloatArray,
    rate_hz: float,
    window_s: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """Read the values at a fixed rate by straight lines between the samples.

    Parameters
    ----------
    window_s
        First and last second of the new time axis; the last is included when it
        falls on the grid.

    Returns
    -------
    The new times (N,) and values (N, …): NaN where a neighbouring sample was not
    seen and outside the recorded time.
    """
    start_s, end_s = window_s
    count = math.floor((end_s - start_s) * rate_hz + 1e-6) + 1
    grid_s = start_s + np.arange(max(count, 0)) / rate_hz
    columns = values.reshape(len(values), -1)
    out = np.full((len(grid_s), columns.shape[1]), np.nan)
    for k, column in enumerate(columns.T):
        # np.interp carries a NaN neighbour into the result, as it should.
        out[:, k] = np.interp(grid_s, time_s, column, left=np.nan, right=np.nan)
    return grid_s, out.reshape((len(grid_s), *values.shape[1:]))


def smooth_at_own_times(
    time_s: FloatArray, values: FloatArray, cutoff_hz: float
) -> FloatArray:
    """Low-pass unevenly timed values and read them at their own times again.

    Filtered on the ``WORKING_RATE_HZ`` grid, so that one cut-off means the same at
    any frame rate and with frames lost. What was NaN stays NaN.
    """
    known = seen(values)
    smooth = np.full(values.shape, np.nan)
    for run in runs(known):
        if run.stop - run.start < 2:
            smooth[run] = values[run]
            continue
        times = time_s[run]
        # One grid step beyond the end, held, so that the last sample is inside.
        window = (times[0], times[-1] + 1 / WORKING_RATE_HZ)
        grid_s, even = resample(times, values[run], WORKING_RATE_HZ, window)
        even[~seen(even)] = values[run][-1]
        even = low_pass(even, WORKING_RATE_HZ, cutoff_hz)
        columns = even.reshape(len(grid_s), -1)
        read = [np.interp(times, grid_s, column) for column in columns.T]
        smooth[run] = np.stack(read, axis=1).reshape(values[run].shape)
    return smooth


def low_passed_resample(
    time_s: FloatArray,
    values: FloatArray,
    rate_hz: float,
    cutoff_hz: float,
    window_s: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """Give the signal of a window at a fixed rate, low-passed without delay.

    The filter runs over up to one second on either side of the window where the
    values go on, so that the window's ends are filtered like its middle.
    """
    step = max(1, round(WORKING_RATE_HZ / rate_hz))
    fine_hz = rate_hz * step
    warm_up_s = math.ceil(min(1.0, max(0.0, window_s[0] - time_s[0])) * rate_hz - 1e-6)
    warm_up_s = max(0, warm_up_s - 1) / rate_hz
    wide = (window_s[0] - warm_up_s, min(window_s[1] + 1.0, float(time_s[-1])))
    fine_s, fine = resample(time_s, values, fine_hz, wide)
    smooth = low_pass(fine, fine_hz, cutoff_hz)
    first = round(warm_up_s * fine_hz)
    chosen = np.arange(first, len(fine_s), step)
    chosen = chosen[fine_s[chosen] <= window_s[1] + 1e-6]
    return fine_s[chosen], smooth[chosen]


def speed(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Rate of change per second by central differences; NaN beside a NaN."""
    if len(time_s) < 2:
        return np.full(values.shape, np.nan)
    return np.asarray(np.gradient(values, time_s, axis=0), dtype=np.float64)


def white_noise_sd(values: FloatArray) -> float:
    """Estimate the frame-to-frame noise under a smooth signal; NaN below 8 samples.

    Third differences cancel anything as smooth as a parabola over four frames and
    multiply the variance of white noise by 20. The median makes single jumps
    harmless. Noise that lasts longer than a few frames is not seen by it.
    """
    third = np.diff(values, n=3)
    third = third[np.isfinite(third)]
    if len(third) < 5:
        return float("nan")
    # 1.4826: median absolute deviation to standard deviation of a normal.
    return float(1.4826 * np.median(np.abs(third)) / math.sqrt(20.0))


def cheapest_path(first: FloatArray, steps: FloatArray) -> IntArray:
    """(T,) states of the cheapest course (Viterbi); of equal ones the lowest state.

    Parameters
    ----------
    first
        (S,) cost of beginning in each state.
    steps
        (T − 1, S, S) cost of going from state to state and of being there.
    """
    totals = np.empty((len(steps) + 1, len(first)))
    totals[0] = first
    # The state before is looked up for all frames at once, after the totals.
    for last, step, now in zip(totals[:, :, None], steps, totals[1:], strict=False):
        np.minimum.reduce(last + step, out=now)
    came_from = (totals[:-1, :, None] + steps).argmin(axis=1).tolist()
    path = [int(totals[-1].argmin())]
    for origin in reversed(came_from):
        path.append(origin[path[-1]])
    return np.array(path[::-1])
