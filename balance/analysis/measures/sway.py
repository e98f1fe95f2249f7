"""Side-to-side sway of pelvis and centre of mass, each number with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from balance.analysis.body.centre_of_mass import centre_of_mass
from balance.analysis.body.forward import relative_depth_change
from balance.analysis.body.scale import BodyScale
from balance.analysis.body.sideways import FrontalProjection
from balance.analysis.measures.path import Steadiness, measure_paths, window_rows
from balance.analysis.signals import median
from balance.model.codes import FindingCode, Severity
from balance.model.landmarks import Landmark
from balance.model.recording import FloatArray, PoseSequence, Recording, SwayTrack
from balance.model.results import SDS_95, Finding, Measurement, Measures, Signal
from balance.reference.protocol import Protocol
from balance.reference.thresholds import MeasureError, SwayErrors

# What is measured of a path -> (unit in mm, unit in % of height).
LENGTHS = {
    "rms": ("mm", "%"),
    "range": ("mm", "%"),
    "path": ("mm", "%"),
    "speed": ("mm/s", "%/s"),
    "noise": ("mm", "%"),
}
FREQUENCY = "mean_frequency"
# The pelvis, and the centre of mass, whose noise floor is the pelvis' own.
PELVIS, CENTRE_OF_MASS = "sway_ml", "com_ml"
# A path is the landmarks' own where its SD passes this share of body height: texture
# is followed five times and more finer.
FOLLOWED_SD = 0.0007
# SD of the middle of the hip landmarks, as a share of body height.
LANDMARK_SD = 0.003
# Without images nothing tells where landmarks wander: so much wider are intervals of
# what is given then, which hold 18 of 19 rendered stands (16 as they are).
WIDER_WITHOUT_IMAGE = 1.6
# Below this ratio of sway to noise nothing is said about speed and frequency.
LEAST_OVER_NOISE = 1.0
# So much of the recording on either side of the window is all that bears on it.
BESIDE_S = 2.0
# Somebody who is asked to face the camera does so within this (SD, degrees): own
# estimate, wider than the 2.3 of the rendered stands.
FACING_SD_DEG = 5.0


def mm_name(path: str, what: str) -> str:
    """Return a measure's name in mm, or mm/s: ``sway_ml_rms_mm``."""
    return f"{path}_{what}_mm" + ("_s" if what == "speed" else "")


def pct_name(path: str, what: str) -> str:
    """Return a measure's name in % of height: ``sway_ml_rms_pct_height``."""
    return f"{path}_{what}_pct_height" + ("_s" if what == "speed" else "")


def names_of(path: str) -> tuple[str, ...]:
    """Return the names of all that is measured of a path."""
    lengths = [what for what in LENGTHS if path == PELVIS or what != "noise"]
    return (
        *(mm_name(path, what) for what in lengths),
        *(pct_name(path, what) for what in lengths),
        frequency_name(path),
    )


def frequency_name(path: str) -> str:
    """Return the name of a path's mean frequency: ``sway_ml_mean_frequency_hz``."""
    return f"{path}_{FREQUENCY}_hz"


NAMES = (*names_of(PELVIS), *names_of(CENTRE_OF_MASS))
# What is given of landmarks alone: their noise allows no path, speed or frequency.
OF_LANDMARKS = tuple(
    name(path, what)
    for path in (PELVIS, CENTRE_OF_MASS)
    for name in (mm_name, pct_name)
    for what in ("rms", "range", "noise")
)
# What is still given where the sway is lost in the noise.
KEPT = tuple(
    name(PELVIS, what) for name in (mm_name, pct_name) for what in ("rms", "noise")
)


@dataclass(frozen=True, slots=True)
class Sway:
    """What was measured of one hold; every value None where none can be had."""

    measures: Measures
    signal: Signal | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SwayGeometry:
    """How the person is seen: their size, None unseen, and the camera's yaw.

    ``yaw_deg`` is None where nobody stood on two legs to tell it.
    """

    body: BodyScale | None
    yaw_deg: Measurement | None = None

    @property
    def yaw_and_sd_deg(self) -> tuple[float, float]:
        """The yaw and its SD, given that people who are tested face the camera."""
        if self.yaw_deg is None or self.yaw_deg.high is None:
            return 0.0, FACING_SD_DEG
        sd_deg = (self.yaw_deg.high - self.yaw_deg.value) / SDS_95
        share = FACING_SD_DEG**2 / (FACING_SD_DEG**2 + sd_deg**2)
        return share * self.yaw_deg.value, float(np.sqrt(share) * sd_deg)


def measure_sway(
    recording: Recording,
    hold_s: tuple[float, float],
    seen: SwayGeometry,
    protocol: Protocol,
    errors: SwayErrors,
) -> Sway:
    """Measure sway from foot-off + margin to foot-down − margin.

    Parameters
    ----------
    hold_s
        Foot-off and foot-down, in the video's own seconds.
    seen
        The person's size in the image, without which nothing can be given, and how
        far the camera is turned.
    errors
        What is known of the errors, from ``data/error_model.toml``.
    """
    nothing = dict.fromkeys(NAMES)
    window_s = sway_window(hold_s, protocol)
    if hold_s[1] - hold_s[0] < protocol.sway_min_hold_s:
        return Sway(nothing, None, (_too_short(hold_s, protocol),))
    around_s = (window_s[0] - BESIDE_S, window_s[1] + BESIDE_S)
    recording = recording[window_rows(recording.pose.time_s, around_s)]
    without_image = not np.isfinite(recording.sway_track.ml_px).any()
    if without_image and seen.body is not None:
        recording = replace(
            recording, sway_track=landmark_track(recording.pose, seen.body)
        )
    nearer = relative_depth_change(recording, window_s)
    turned = _Turned(recording.pose, nearer, seen, window_s, protocol)
    pelvis = turned.measure(recording.sway_track)
    body = seen.body
    if pelvis is None or body is None:
        return Sway(nothing, None, (_lost(window_s),))
    followed = _is_followed(recording, window_s, body)
    measures = _with_intervals(PELVIS, pelvis, body, errors.of_pelvis(followed))
    whole = turned.measure(centre_of_mass(recording))
    if whole is not None:
        table = errors.of_centre_of_mass(followed)
        measures |= _with_intervals(CENTRE_OF_MASS, whole, body, table)
    findings = []
    if without_image:
        findings.append(_landmarks_only(window_s))
        measures = {k: _wider(m) for k, m in measures.items() if k in OF_LANDMARKS}
    if pelvis.values["rms"] <= LEAST_OVER_NOISE * pelvis.floor_px:
        findings.append(_below_landmarks() if without_image else _below_noise())
        measures = {k: m for k, m in measures.items() if k in KEPT}
    if body.height_mm is None:
        findings.append(_no_scale())
    signal = Signal(protocol.sway_cutoff_hz, protocol.sway_rate_hz, window_s)
    return Sway({**nothing, **measures}, signal, tuple(findings))


@dataclass(frozen=True, eq=False)
class _Turned:
    """Measures tracks as a camera square to the person would see them."""

    pose: PoseSequence
    nearer: FloatArray | None
    seen: SwayGeometry
    window_s: tuple[float, float]
    protocol: Protocol

    def measure(self, track: SwayTrack) -> Steadiness | None:
        """Measure a track; None where it was lost."""
        yaw_deg, sd_deg = self.seen.yaw_and_sd_deg
        square = FrontalProjection.of(self.pose, track, self.nearer)
        # The person is turned to the line of sight; it and the camera's axis differ.
        yaw_deg += square.beside_deg
        tracks = [
            square.track(deg) for deg in (yaw_deg, yaw_deg - sd_deg, yaw_deg + sd_deg)
        ]
        measured = measure_paths(self.pose.time_s, tracks, self.window_s, self.protocol)
        if measured is None:
            return None
        found, less, more = measured
        by_yaw = {
            what: abs(more.values[what] - less.values[what]) / 2
            for what in found.values
        }
        return replace(found, sd_by_yaw=by_yaw)


def sway_window(hold_s: tuple[float, float], protocol: Protocol) -> tuple[float, float]:
    """Return the part of a hold whose sway counts, without lifting and lowering."""
    margin = protocol.sway_margin_s
    return (hold_s[0] + margin, hold_s[1] - margin)


def landmark_track(pose: PoseSequence, body: BodyScale) -> SwayTrack:
    """Return the path of the hip landmarks, for a recording without its images."""
    hips = pose.xy_px[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 0].mean(axis=1)
    sd_px = np.full(len(pose), LANDMARK_SD * body.height_px.value)
    return SwayTrack(hips, np.where(np.isfinite(hips), sd_px, np.nan))


def _is_followed(
    recording: Recording, window_s: tuple[float, float], body: BodyScale
) -> bool:
    rows = window_rows(recording.pose.time_s, window_s)
    sd_px = median(recording.sway_track.sd_px[rows])
    return bool(sd_px < FOLLOWED_SD * body.height_px.value)


def _with_intervals(
    path: str,
    measured: Steadiness,
    body: BodyScale,
    errors: Mapping[str, MeasureError],
) -> dict[str, Measurement]:
    to_pct = 100 / body.height_px.value
    values = {**measured.values, "noise": measured.floor_px}
    noise = measured.floor_px * to_pct
    measures = {}
    for what, (mm, pct) in LENGTHS.items():
        value = values[what] * to_pct
        sd = value * body.rel_sd
        if what in errors:
            sd = errors[what].sd(value, body.rel_sd, noise)
            sd = float(np.hypot(sd, measured.sd_by_yaw[what] * to_pct))
        measures[pct_name(path, what)] = _positive(value, sd, pct)
        if body.height_mm is not None:
            to_mm = body.height_mm / 100
            measures[mm_name(path, what)] = _positive(value * to_mm, sd * to_mm, mm)
    frequency = values[FREQUENCY]
    sd = errors[FREQUENCY].sd(frequency, noise=noise)
    sd = float(np.hypot(sd, measured.sd_by_yaw[FREQUENCY]))
    measures[frequency_name(path)] = _positive(frequency, sd, "Hz")
    return {name: m for name, m in measures.items() if name in NAMES}


def _wider(measure: Measurement) -> Measurement:
    sd = (measure.high - measure.value) / SDS_95 if measure.high is not None else 0.0
    return _positive(measure.value, WIDER_WITHOUT_IMAGE * sd, measure.unit)


def _positive(value: float, sd: float, unit: str) -> Measurement:
    """Return a value that cannot be negative, nor its interval."""
    half = SDS_95 * sd
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
        "measured. Keep the whole body in the frame and others out of the way.",
        window_s[0],
    )


def _below_noise() -> Finding:
    return Finding(
        FindingCode.BELOW_NOISE_FLOOR,
        Severity.INFO,
        "The sway is not larger than the noise of this video, so its speed and path "
        "are not given. A closer or sharper image with more light shows more.",
    )


def _landmarks_only(window_s: tuple[float, float]) -> Finding:
    return Finding(
        FindingCode.SWAY_FROM_LANDMARKS,
        Severity.INFO,
        "No image was followed: sway comes from the landmarks alone, and its intervals "
        "are wider. Its path, speed and frequency, and sway below the pixel, need the "
        "video.",
        window_s[0],
    )


def _below_landmarks() -> Finding:
    return Finding(
        FindingCode.BELOW_NOISE_FLOOR,
        Severity.INFO,
        "The sway is not larger than the noise of the landmarks, so its speed and path "
        "are not given. Sway below the pixel needs the video.",
    )


def _no_scale() -> Finding:
    return Finding(
        FindingCode.NO_SCALE,
        Severity.INFO,
        "Sway is given in per cent of body height only. Say how tall the person is "
        "to have millimetres.",
    )
