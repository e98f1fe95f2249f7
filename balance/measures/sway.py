"""Side-to-side sway of the pelvis during one hold, each number with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from balance import error_model, signals, steadiness
from balance.body.scale import BodyScale
from balance.codes import FindingCode, Severity
from balance.error_model import MeasureError, SwayErrors
from balance.pose import FloatArray, Recording
from balance.protocols.protocol import Protocol
from balance.results import Finding, Measurement, Measures, Signal

# measure -> (unit in mm, unit in % of height), and the name's end in either.
LENGTHS = {
    "rms": ("mm", "%"),
    "range": ("mm", "%"),
    "path": ("mm", "%"),
    "speed": ("mm/s", "%/s"),
}
MM_NAMES = {
    "rms": "sway_ml_rms_mm",
    "range": "sway_ml_range_mm",
    "path": "sway_ml_path_mm",
    "speed": "sway_ml_speed_mm_s",
    "noise": "sway_ml_noise_mm",
}
PCT_NAMES = {
    "rms": "sway_ml_rms_pct_height",
    "range": "sway_ml_range_pct_height",
    "path": "sway_ml_path_pct_height",
    "speed": "sway_ml_speed_pct_height_s",
    "noise": "sway_ml_noise_pct_height",
}
FREQUENCY_NAME = "sway_ml_mean_frequency_hz"
NAMES = (*MM_NAMES.values(), *PCT_NAMES.values(), FREQUENCY_NAME)
# A path is the landmarks' own where its SD passes this share of body height: texture
# is followed five times and more finer.
FOLLOWED_SD = 0.0007
# Below this ratio of sway to noise nothing is said about speed and frequency.
LEAST_OVER_NOISE = 1.0
KEPT = ("rms", "noise")


@dataclass(frozen=True, slots=True)
class Sway:
    """What was measured of one hold; every value None where none can be had."""

    measures: Measures
    signal: Signal | None
    findings: tuple[Finding, ...]


def measure_sway(
    recording: Recording,
    hold_s: tuple[float, float],
    body: BodyScale | None,
    protocol: Protocol,
    errors: SwayErrors,
) -> Sway:
    """Measure sway from foot-off + margin to foot-down − margin.

    Parameters
    ----------
    hold_s
        Foot-off and foot-down, in the video's own seconds.
    body
        The person's size in the picture; without it nothing can be given.
    errors
        What is known of the errors, from ``data/error_model.toml``.
    """
    nothing = dict.fromkeys(NAMES)
    window_s = sway_window(hold_s, protocol)
    if hold_s[1] - hold_s[0] < protocol.sway_min_hold_s:
        return Sway(nothing, None, (_too_short(hold_s, protocol),))
    path = _path(recording, window_s, protocol)
    if path is None or body is None:
        return Sway(nothing, None, (_lost(window_s),))
    values, noise = _values(path, recording, window_s, protocol)
    findings = []
    table = errors.picture if _is_followed(recording, window_s, body) else None
    measures = _with_intervals(values, noise, body, table or errors.landmarks)
    if values["rms"] <= LEAST_OVER_NOISE * noise:
        findings.append(_below_noise())
        kept = {MM_NAMES[k] for k in KEPT} | {PCT_NAMES[k] for k in KEPT}
        measures = {name: m for name, m in measures.items() if name in kept}
    if body.height_mm is None:
        findings.append(_no_scale())
    signal = Signal(protocol.sway_cutoff_hz, protocol.sway_rate_hz, window_s)
    return Sway({**nothing, **measures}, signal, tuple(findings))


def sway_window(hold_s: tuple[float, float], protocol: Protocol) -> tuple[float, float]:
    """Return the part of a hold whose sway counts, without lifting and lowering."""
    margin = protocol.sway_margin_s
    return (hold_s[0] + margin, hold_s[1] - margin)


def sway_path(
    recording: Recording, window_s: tuple[float, float], protocol: Protocol
) -> tuple[FloatArray, FloatArray]:
    """Return times and pelvis x in px at the protocol's rate and cut-off."""
    time_s = recording.pose.time_s
    ml_px = signals.fill_gaps(time_s, recording.sway_track.ml_px)
    return signals.low_passed_resample(
        time_s, ml_px, protocol.sway_rate_hz, protocol.sway_cutoff_hz, window_s
    )


def _path(
    recording: Recording, window_s: tuple[float, float], protocol: Protocol
) -> FloatArray | None:
    _, path = sway_path(recording, window_s, protocol)
    return path - path.mean() if len(path) > 2 and np.isfinite(path).all() else None


def _values(
    path: FloatArray,
    recording: Recording,
    window_s: tuple[float, float],
    protocol: Protocol,
) -> tuple[dict[str, float], float]:
    """All measures in px, freed of sure noise, and the noise that there may be."""
    rate_hz, cutoff_hz = protocol.sway_rate_hz, protocol.sway_cutoff_hz
    frames_hz = recording.pose.rate_hz
    sure, possible = _frame_noise(recording, window_s)
    floor = error_model.noise_after_low_pass(possible, frames_hz, cutoff_hz)
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
        "frequency": speed / (4 * np.sqrt(2) * max(away, 1e-12)),
    }
    return values, floor


def _frame_noise(
    recording: Recording, window_s: tuple[float, float]
) -> tuple[float, float]:
    """Noise from frame to frame in px: the less and the more of two estimates.

    What the tracking states takes in the slow wander of landmarks, which is no
    noise from frame to frame; what shows in the path takes in its quickest motion.
    """
    rows = _rows(recording, window_s)
    stated = float(np.sqrt(np.nanmean(recording.sway_track.sd_px[rows] ** 2)))
    shown = signals.white_noise_sd(recording.sway_track.ml_px[rows])
    if not np.isfinite(shown):
        return stated, stated
    return min(stated, shown), max(stated, shown)


def _is_followed(
    recording: Recording, window_s: tuple[float, float], body: BodyScale
) -> bool:
    sd_px = np.nanmedian(recording.sway_track.sd_px[_rows(recording, window_s)])
    return bool(sd_px < FOLLOWED_SD * body.height_px.value)


def _rows(recording: Recording, window_s: tuple[float, float]) -> slice:
    first, last = np.searchsorted(recording.pose.time_s, window_s)
    return slice(int(first), int(last))


def _with_intervals(
    values: Mapping[str, float],
    noise: float,
    body: BodyScale,
    errors: Mapping[str, MeasureError],
) -> dict[str, Measurement]:
    to_pct = 100 / body.height_px.value
    measures = {}
    for name, (mm, pct) in LENGTHS.items():
        value = values[name] * to_pct
        sd = errors[name].sd(value, body.rel_sd)
        measures[PCT_NAMES[name]] = _positive(value, sd, pct)
        if body.height_mm is not None:
            to_mm = body.height_mm / 100
            measures[MM_NAMES[name]] = _positive(value * to_mm, sd * to_mm, mm)
    frequency = values["frequency"]
    sd = errors["mean_frequency"].sd(frequency)
    measures[FREQUENCY_NAME] = _positive(frequency, sd, "Hz")
    noise_pct = noise * to_pct
    measures[PCT_NAMES["noise"]] = _positive(noise_pct, noise_pct * body.rel_sd, "%")
    if body.height_mm is not None:
        noise_mm = noise_pct * body.height_mm / 100
        measures[MM_NAMES["noise"]] = _positive(noise_mm, noise_mm * body.rel_sd, "mm")
    return measures


def _positive(value: float, sd: float, unit: str) -> Measurement:
    """Return a value that cannot be negative, nor its interval."""
    half = 1.959964 * sd
    return Measurement(value, unit, max(value - half, 0.0), value + half)


def _too_short(hold_s: tuple[float, float], protocol: Protocol) -> Finding:
    return Finding(
        FindingCode.TOO_SHORT_FOR_SWAY,
        Severity.INFO,
        f"Sway is measured from {protocol.sway_min_hold_s:.0f} s on one leg upwards; "
        f"this hold lasted {hold_s[1] - hold_s[0]:.1f} s.",
        hold_s[0],
    )


def _lost(window_s: tuple[float, float]) -> Finding:
    return Finding(
        FindingCode.LOST_SIGHT,
        Severity.WARNING,
        "The hips were out of sight for a moment of this hold, so its sway was not "
        "measured. Keep the whole body in the picture and others out of the way.",
        window_s[0],
    )


def _below_noise() -> Finding:
    return Finding(
        FindingCode.BELOW_NOISE_FLOOR,
        Severity.INFO,
        "The sway is not larger than the noise of this video, so its speed and path "
        "are not given. A closer or sharper picture with more light shows more.",
    )


def _no_scale() -> Finding:
    return Finding(
        FindingCode.NO_SCALE,
        Severity.INFO,
        "Sway is given in per cent of body height only. Say how tall the person is "
        "to have millimetres.",
    )
