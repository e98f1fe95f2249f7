"""How steady a path from side to side is, freed of the noise of the tracking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from balance.analysis import error_model, signals
from balance.analysis.measures import steadiness
from balance.model.recording import FloatArray, SwayTrack
from balance.reference.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What was measured of one path.

    ``values``: rms, range, path in px, speed in px/s, mean_frequency in Hz, freed of
    what is surely noise; ``floor_px`` the RMS of the noise that there may be;
    ``sd_by_yaw`` how much of each value hangs on how far the camera is turned (SD).
    """

    values: Mapping[str, float]
    floor_px: float
    sd_by_yaw: Mapping[str, float] = field(default_factory=dict)


def smooth_path(
    time_s: FloatArray,
    ml_px: FloatArray,
    window_s: tuple[float, float],
    protocol: Protocol,
) -> tuple[FloatArray, FloatArray]:
    """Return times and x in px (…, as given) at the protocol's rate and cut-off."""
    return signals.low_passed_resample(
        time_s,
        signals.fill_gaps(time_s, ml_px),
        protocol.sway_rate_hz,
        protocol.sway_cutoff_hz,
        window_s,
    )


def measure_paths(
    time_s: FloatArray,
    tracks: Sequence[SwayTrack],
    window_s: tuple[float, float],
    protocol: Protocol,
) -> list[Steadiness] | None:
    """Measure tracks of one body within a window; None where it was lost for a moment.

    The tracks are the same one seen in several ways: all are known or none is. They
    are filtered together, which takes hardly longer than one.
    """
    together = np.stack([track.ml_px for track in tracks], axis=1)
    _, paths = smooth_path(time_s, together, window_s, protocol)
    if len(paths) < 3 or not np.isfinite(paths).all():
        return None
    return [
        _measured(time_s, track, path - path.mean(), window_s, protocol)
        for track, path in zip(tracks, paths.T, strict=True)
    ]


def _measured(
    time_s: FloatArray,
    track: SwayTrack,
    path: FloatArray,
    window_s: tuple[float, float],
    protocol: Protocol,
) -> Steadiness:
    """Measure a path (N,) that is zero on average; the track tells its noise."""
    rate_hz, cutoff_hz = protocol.sway_rate_hz, protocol.sway_cutoff_hz
    frames_hz = 1 / signals.median(np.diff(time_s))
    sure, possible = _frame_noise(track, window_rows(time_s, window_s))
    noise = error_model.noise_after_low_pass(sure, frames_hz, cutoff_hz)
    noisy_speed = error_model.noise_speed(sure, frames_hz, cutoff_hz, rate_hz)
    rms = error_model.without_noise(steadiness.rms(path), noise)
    # For normally distributed velocities mean |v| goes with their RMS, so noise
    # raises both by the same factor.
    step_rms = float(np.sqrt(np.mean(np.diff(path) ** 2))) * rate_hz
    calmed = error_model.without_noise(step_rms, noisy_speed) / max(step_rms, 1e-12)
    speed = steadiness.mean_speed(path, rate_hz) * calmed
    away = steadiness.mean_distance(path) * rms / max(steadiness.rms(path), 1e-12)
    values = {
        "rms": rms,
        "range": steadiness.extent(path),
        "path": speed * (len(path) - 1) / rate_hz,
        "speed": speed,
        "mean_frequency": speed / (4 * np.sqrt(2) * max(away, 1e-12)),
    }
    floor = error_model.noise_after_low_pass(possible, frames_hz, cutoff_hz)
    return Steadiness(values, floor)


def window_rows(time_s: FloatArray, window_s: tuple[float, float]) -> slice:
    """Return the frames that lie within a window."""
    first, last = np.searchsorted(time_s, window_s)
    return slice(int(first), int(last))


def _frame_noise(track: SwayTrack, rows: slice) -> tuple[float, float]:
    """Noise from frame to frame in px: the less and the more of two estimates.

    What the tracking states takes in the slow wander of landmarks, which is no
    noise from frame to frame; what shows in the path takes in its quickest motion.
    """
    stated = float(np.sqrt(np.nanmean(track.sd_px[rows] ** 2)))
    shown = signals.white_noise_sd(track.ml_px[rows])
    if not np.isfinite(shown):
        return stated, stated
    return min(stated, shown), max(stated, shown)
