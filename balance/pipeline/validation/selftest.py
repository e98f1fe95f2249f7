"""Check this installation on answers that are known, and the noise of this camera.

Skeletons of numbers go through the measuring code, the sample clip through all of
it. A clip of something that stands still tells what this camera's noise alone would
be taken for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from balance.analysis import signals
from balance.analysis.events import onset
from balance.analysis.measures import steadiness
from balance.model.results import Assessment
from balance.pipeline.analyze import analyze_video
from balance.pipeline.setup import make_setup
from balance.pipeline.validation import camera_noise
from balance.reference.loader import read_data
from balance.video.samples import SAMPLE_HEIGHTS_MM, sample_videos

# How far the sample clip may be off, from the goals set for such clips.
WORST_TIME_S = 0.10
WORST_RMS_SHARE = 0.15
# Numbers that follow from arithmetic alone.
WORST_SHARE = 0.03
SAMPLE = "stand_left"


@dataclass(frozen=True, slots=True)
class Check:
    """One known answer: what should have come out, what did, and how far is fine."""

    name: str
    expected: float
    got: float | None
    unit: str
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the answer lies within the tolerance."""
        return self.got is not None and abs(self.got - self.expected) <= self.tolerance


def run_selftest(*, with_clip: bool = True) -> Iterator[Check]:
    """Go through the checks one by one; the clip, which takes a while, comes last."""
    yield from check_numbers()
    if with_clip:
        yield from check_clip()


def check_numbers() -> Iterator[Check]:
    """Signals with an answer known by hand, at three frame rates."""
    for rate_hz in (24.0, 30.0, 60.0):
        time_s = np.arange(round(22 * rate_hz)) / rate_hz
        _, path = signals.low_passed_resample(
            time_s, 5 * np.sin(2 * np.pi * 0.5 * time_s), 25.0, 3.0, (1.0, 21.0)
        )
        name = f"at {rate_hz:.0f} frames/s"
        rms, speed = steadiness.rms(path), steadiness.mean_speed(path, 25.0)
        # A sine: RMS is amplitude/√2, and it travels four amplitudes a period.
        yield _share(f"sway RMS of a known path {name}", 5 / np.sqrt(2), rms, "mm")
        yield _share(f"sway speed of a known path {name}", 4 * 5 * 0.5, speed, "mm/s")
        yield _foot_off(rate_hz)


def _share(name: str, expected: float, got: float, unit: str) -> Check:
    return Check(name, expected, got, unit, WORST_SHARE * expected)


def _foot_off(rate_hz: float) -> Check:
    """Check a foot that leaves the floor between two frames."""
    time_s = np.arange(round(4 * rate_hz)) / rate_hz
    rise_px = 70 * np.clip(time_s - 2.01, 0, None)
    foot_px = np.column_stack([np.full(len(time_s), 300.0), 400 - rise_px])
    found = onset.refine_event(time_s, foot_px, 2.1, 170.0, lifts=True)
    got = None if found is None else found[0]
    name = f"foot-off between frames at {rate_hz:.0f} frames/s"
    return Check(name, 2.01, got, "s", 0.5 / rate_hz)


def check_clip() -> Iterator[Check]:
    """Analyse the sample clip whose answer is known."""
    known = read_data("selftest.toml")[SAMPLE]
    clip = next(video for video in sample_videos() if video.stem == SAMPLE)
    setup = make_setup(height_cm=SAMPLE_HEIGHTS_MM[SAMPLE] / 10)
    yield from compare(analyze_video(clip, setup).assessment, known)


def compare(assessment: Assessment, known: dict[str, float]) -> Iterator[Check]:
    """Hold one stand against what is known of it."""
    trial = assessment.trials[0] if len(assessment.trials) == 1 else None
    measure = trial.measures.get("sway_ml_rms_mm") if trial else None
    off_s, down_s = known["foot_off_s"], known["foot_down_s"]
    rms = known["sway_ml_rms_mm"]
    start = trial.start_s if trial else None
    end = trial.end_s if trial else None
    yield Check("sample clip: foot-off", off_s, start, "s", WORST_TIME_S)
    yield Check("sample clip: foot-down", down_s, end, "s", WORST_TIME_S)
    got = measure.value if measure else None
    yield Check("sample clip: sway RMS", rms, got, "mm", WORST_RMS_SHARE * rms)


def check_camera(path: Path) -> camera_noise.CameraNoise:
    """Measure the noise floor of a clip of something that stands still."""
    from balance.video.video import read_grey

    with read_grey(path) as frames:
        return camera_noise.camera_noise(frames)
