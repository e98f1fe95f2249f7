"""Sway of paths whose answer is known, through filter, scale and intervals."""

from dataclasses import replace

import numpy as np
import pytest

from balance.analysis.body.scale import BodyScale
from balance.analysis.measures.sway import NAMES, SwayGeometry, measure_sway
from balance.model.codes import FindingCode
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import Measurement, Software, Source
from balance.reference.protocol import Protocol
from balance.reference.standards import load_sway_errors

ERRORS = load_sway_errors()
PROTOCOL = Protocol("test", "Test", "here")
HOLD_S = (2.0, 22.0)
# 500 px for 1.80 m: 3.6 mm/px, and 1 px is 0.2 % of height.
BODY = BodyScale(Measurement.with_sd(500.0, 10.0, "px"), 1800.0)
MM_PER_PX = 3.6
SQUARE = Measurement.with_sd(0.0, 1.0, "deg")


def recording(path, rate_hz=30.0, seconds=24.0, sd_px=0.01):
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    frames = len(time_s)
    ml_px = np.asarray(path(time_s), float)
    feet = np.full((frames, 2), np.nan)
    return Recording(
        PoseSequence(
            time_s, np.zeros((frames, 33, 2)), np.ones((frames, 33)), (640, 480)
        ),
        SwayTrack(ml_px, np.full(frames, sd_px)),
        FootTracks(feet, feet),
        Scene.unknown(frames),
        Source("a.mp4", "", seconds, frames, rate_hz, 640, 480, 0),
        Software("0", "0", ""),
    )


def sine(time_s, hz=0.5, amplitude_px=2.0):
    return 320 + amplitude_px * np.sin(2 * np.pi * hz * time_s)


def measured(recording, hold_s=HOLD_S, body=BODY):
    return measure_sway(recording, hold_s, SwayGeometry(body, SQUARE), PROTOCOL, ERRORS)


def test_sine_of_known_amplitude():
    sway = measured(recording(sine))
    value = {name: m.value for name, m in sway.measures.items() if m is not None}
    assert set(value) == set(NAMES)
    assert value["sway_ml_rms_mm"] == pytest.approx(2 * 3.6 / np.sqrt(2), rel=0.02)
    assert value["sway_ml_range_mm"] == pytest.approx(4 * 3.6, rel=0.01)
    # Four amplitudes a period of 2 s.
    assert value["sway_ml_speed_mm_s"] == pytest.approx(4 * 2 * 3.6 / 2, rel=0.02)
    path_mm = value["sway_ml_speed_mm_s"] * (20 - 1.2)
    assert value["sway_ml_path_mm"] == pytest.approx(path_mm, rel=0.01)
    mean_frequency_hz = np.pi * 0.5 / (2 * np.sqrt(2))
    assert value["sway_ml_mean_frequency_hz"] == pytest.approx(
        mean_frequency_hz, rel=0.03
    )
    assert value["sway_ml_rms_pct_height"] == pytest.approx(0.2 * 2**0.5, rel=0.02)


def test_signal_says_how_it_was_made():
    signal = measured(recording(sine)).signal
    assert signal is not None
    assert (signal.cutoff_hz, signal.rate_hz) == (3.0, 25.0)
    assert signal.window_s == pytest.approx((2.6, 21.4))


def wander(time_s):
    """Sum of sines that sways as people do: most below 1 Hz, nothing above 2 Hz."""
    rng = np.random.default_rng(5)
    parts = [
        np.sin(2 * np.pi * (hz * time_s + rng.uniform())) / (0.3 + hz) ** 1.5
        for hz in np.arange(0.1, 2.0, 0.13)
    ]
    return np.sum(parts, axis=0)


@pytest.mark.parametrize("rate_hz", [24.0, 60.0])
@pytest.mark.parametrize("noise_px", [0.0, 0.1])
def test_frame_rate_changes_nothing(rate_hz, noise_px):
    rng = np.random.default_rng(6)

    def noisy(time_s):
        return wander(time_s) + rng.normal(0, noise_px, len(time_s))

    sd_px = max(noise_px, 0.01)
    here = measured(recording(noisy, rate_hz, sd_px=sd_px)).measures
    there = measured(recording(noisy, 30.0, sd_px=sd_px)).measures
    for name in ("sway_ml_rms_mm", "sway_ml_path_mm", "sway_ml_speed_mm_s"):
        assert here[name].value == pytest.approx(there[name].value, rel=0.03), name


def test_noise_is_taken_out():
    rng = np.random.default_rng(7)

    def noisy(time_s):
        return sine(time_s, 0.5, 1.5) + rng.normal(0, 0.3, len(time_s))

    clean = measured(recording(lambda t: sine(t, 0.5, 1.5))).measures
    found = measured(recording(noisy, sd_px=0.3)).measures
    assert found["sway_ml_rms_mm"].value == pytest.approx(
        clean["sway_ml_rms_mm"].value, rel=0.05
    )
    assert found["sway_ml_speed_mm_s"].value == pytest.approx(
        clean["sway_ml_speed_mm_s"].value, rel=0.1
    )
    # 0.3 px spread up to 15 Hz, of which about 3.1 Hz pass: 0.137 px.
    assert found["sway_ml_noise_mm"].value == pytest.approx(0.137 * 3.6, rel=0.1)


def test_landmarks_alone_have_the_wider_interval():
    followed = measured(recording(sine)).measures["sway_ml_rms_mm"]
    landmarks = measured(recording(sine, sd_px=2.0)).measures["sway_ml_rms_mm"]
    assert landmarks.high - landmarks.low > 2 * (followed.high - followed.low)


def test_standing_as_still_as_the_noise():
    rng = np.random.default_rng(8)
    sway = measured(recording(lambda t: rng.normal(0, 0.5, len(t)), sd_px=0.5))
    assert FindingCode.BELOW_NOISE_FLOOR in {f.code for f in sway.findings}
    assert sway.measures["sway_ml_speed_mm_s"] is None
    assert sway.measures["sway_ml_rms_mm"].low == 0.0


def test_scale_widens_millimetres():
    sure = measured(recording(sine)).measures["sway_ml_rms_mm"]
    unsure_body = replace(BODY, height_px=Measurement.with_sd(500.0, 60.0, "px"))
    unsure = measured(recording(sine), body=unsure_body).measures["sway_ml_rms_mm"]
    assert unsure.high - unsure.low > 2 * (sure.high - sure.low)


def test_without_a_height_per_cent_only():
    sway = measured(recording(sine), body=replace(BODY, height_mm=None))
    assert sway.measures["sway_ml_rms_mm"] is None
    assert sway.measures["sway_ml_rms_pct_height"] is not None
    assert [f.code for f in sway.findings] == [FindingCode.NO_SCALE]


@pytest.mark.parametrize("end_s", [11.9, 3.0])
def test_short_holds_have_no_sway(end_s):
    sway = measured(recording(sine), hold_s=(2.0, end_s))
    assert set(sway.measures.values()) == {None}
    assert sway.signal is None
    assert [f.code for f in sway.findings] == [FindingCode.TOO_SHORT_FOR_SWAY]


def test_a_short_gap_is_bridged_a_long_one_is_not():
    def gap(length):
        whole = recording(sine)
        whole.sway_track.ml_px[300 : 300 + length] = np.nan
        return measured(whole)

    assert gap(3).measures["sway_ml_rms_mm"] is not None
    lost = gap(20)
    assert set(lost.measures.values()) == {None}
    assert [f.code for f in lost.findings] == [FindingCode.LOST_SIGHT]


def test_mirror_image_sways_the_same():
    here = measured(recording(sine)).measures["sway_ml_rms_mm"].value
    there = measured(recording(lambda t: 640 - sine(t))).measures["sway_ml_rms_mm"]
    assert there.value == pytest.approx(here)


def leaning(yaw_deg, forward=0.004):
    """A person who sways forward as well, seen by a camera turned by the yaw."""
    sway = recording(sine)
    stretch = forward * np.sin(2 * np.pi * 0.3 * sway.pose.time_s)
    forward_px = 0.8 * 640 * stretch * np.sin(np.radians(yaw_deg))
    track = SwayTrack(
        sway.sway_track.ml_px - forward_px, sway.sway_track.sd_px, stretch
    )
    return replace(sway, sway_track=track)


def rms_of(recording, yaw):
    return measure_sway(
        recording, HOLD_S, SwayGeometry(BODY, yaw), PROTOCOL, ERRORS
    ).measures["sway_ml_rms_mm"]


def test_what_is_forward_is_taken_out_where_the_camera_is_turned():
    yaw = Measurement.with_sd(10.0, 0.5, "deg")
    assert rms_of(leaning(10.0), yaw).value == pytest.approx(
        rms_of(leaning(0.0), SQUARE).value, rel=0.02
    )


def test_a_yaw_that_is_hardly_known_widens_the_interval():
    sure, unsure = (Measurement.with_sd(0.0, sd, "deg") for sd in (0.5, 4.0))
    narrow, wide, unknown = (rms_of(leaning(0.0), yaw) for yaw in (sure, unsure, None))
    assert wide.high - wide.low > narrow.high - narrow.low
    assert unknown.high - unknown.low > wide.high - wide.low
