"""Stands of rendered people, as other programs would hand over their landmarks."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, filtfilt

from balance.model.codes import FindingCode, TrialKind
from balance.model.files import read_recording
from balance.model.results import Trial
from balance.pipeline.analyze import assess_recording
from balance.pipeline.setup import make_setup
from balance.tracking.importers import import_recording

RENDERED = Path(__file__).parent / "rendered"
# Fourteen stands of fourteen people in the form in which they were rendered.
STANDS = [f"a{number}_stand" for number in ("01", "03", "05", "07", "10")] + [
    f"b{number}_stand" for number in ("01", "02", "03", "04", "05", "08", "09", "10")
]
STANDS.append("stand_left_hd")
LEAST_INSIDE = 13
# As programs of movement science filter what they find.
FILTER_HZ = 6.0


def truth(name: str) -> dict:
    return json.loads((RENDERED / f"{name}.json").read_text())


@cache
def imported(name: str, folder: Path, *, filtered: bool) -> tuple[Trial, list]:
    """The longest stand of a clip whose landmarks went through a JSON file."""
    recording = read_recording(RENDERED / f"{name}.npz")
    pose = recording.pose
    xy = np.where(np.isfinite(pose.xy_px), pose.xy_px, 0.0)
    if filtered:
        b, a = butter(2, FILTER_HZ / (pose.rate_hz / 2))
        xy = filtfilt(b, a, xy, axis=0)
    frames = [
        {
            "time_s": float(time_s),
            "landmarks": [
                {"x": float(x), "y": float(y), "visibility": 0.9} for x, y in points
            ],
        }
        for time_s, points in zip(pose.time_s, xy, strict=True)
    ]
    width, height = pose.size_px
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"width": width, "height": height, "frames": frames}))
    setup = make_setup(height_cm=truth(name)["height_mm"] / 10)
    made = assess_recording(import_recording(path, setup=setup))
    stands = [t for t in made.trials if t.kind is TrialKind.SINGLE_LEG_STANCE]
    longest = max(stands, key=lambda trial: trial.end_s - trial.start_s)
    return longest, [*made.findings, *longest.findings]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imported")


@pytest.mark.parametrize("filtered", [False, True])
def test_intervals_of_imported_holds_hold_the_truth(folder, filtered) -> None:
    inside = []
    for name in STANDS:
        hold = imported(name, folder, filtered=filtered)[0].measures["hold_s"]
        known = truth(name)
        held_s = known["foot_down_s"] - known["foot_off_s"]
        inside.append(hold.low <= held_s <= hold.high)
        assert hold.high - hold.low < 0.7, name
    assert len(STANDS) == 14
    assert sum(inside) >= LEAST_INSIDE


def true_rms_mm(name: str, window_s: tuple[float, float]) -> float:
    known = truth(name)
    time_s = np.arange(*window_s, 1 / 25)
    ml_mm = np.interp(time_s, known["time_s"], known["mid_hip_x_mm"])
    b, a = butter(2, 3.0 / 12.5)
    return float(np.std(filtfilt(b, a, ml_mm)))


def test_intervals_of_sway_from_landmarks_alone_hold_the_truth(folder) -> None:
    inside = []
    for name in STANDS:
        trial, _ = imported(name, folder, filtered=False)
        assert trial.signal is not None
        rms = trial.measures["sway_ml_rms_mm"]
        inside.append(rms.low <= true_rms_mm(name, trial.signal.window_s) <= rms.high)
    assert sum(inside) >= LEAST_INSIDE


def test_what_needs_the_video_is_said_to_and_nothing_was_out_of_sight(folder) -> None:
    for name in STANDS:
        trial, findings = imported(name, folder, filtered=False)
        codes = {finding.code for finding in findings}
        assert FindingCode.LOST_SIGHT not in codes
        assert FindingCode.SWAY_FROM_LANDMARKS in codes
        assert trial.measures["sway_ml_speed_mm_s"] is None
        assert trial.measures["sway_ml_path_mm"] is None
    texts = " ".join(finding.text for finding in findings)
    assert "need the video" in texts
    assert "out of sight" not in texts
