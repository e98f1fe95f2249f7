"""Recordings of people whose motion is known exactly, beside their truth.

A truth that holds ``squats`` is compared by ``benchmark_squats``. Beside each other
recording ``NAME.npz`` lies ``NAME.json``: person, ``foot_off_s``,
``foot_down_s``, and the mid-hip's sideways place ``mid_hip_x_mm`` at ``time_s``; where
it was recorded, ``video_mode_px``: the mid-hip of MediaPipe's smoothed VIDEO mode, as
others use it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from balance import signals, steadiness
from balance.analyze import assess_recording
from balance.checks.benchmark_squats import compare_squats
from balance.checks.benchmark_table import Row
from balance.codes import TrialKind
from balance.contract import read_recording
from balance.errors import InputError
from balance.measures.sway import sway_path
from balance.pose import FloatArray, Recording
from balance.reference import load_protocol
from balance.results import Measurement, Trial


def compare_folder(folder: Path) -> list[Row]:
    """Compare every recording of a folder with the truth beside it."""
    truths = sorted(folder.glob("*.json"))
    if not truths:
        raise InputError(f"{folder} holds no NAME.json with a truth")
    return [row for path in truths for row in compare(path)]


def compare(path: Path) -> list[Row]:
    """Compare one recording; ``path`` is that of its truth."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    return compare_squats(path) if "squats" in truth else _compare_stand(path, truth)


def _compare_stand(path: Path, truth: dict[str, Any]) -> list[Row]:
    recording = read_recording(path.with_suffix(".npz"))
    trial = _the_stand(assess_recording(recording).trials, truth)
    off_s, down_s = truth["foot_off_s"], truth["foot_down_s"]
    start = Measurement(trial.start_s, "s", None, None) if trial else None
    end = Measurement(trial.end_s, "s", None, None) if trial else None
    values = {"hold_s": down_s - off_s}
    if trial is not None and trial.signal is not None:
        values |= _true_sway(truth, trial.signal.window_s)
        values |= {"r": 1.0, "residual_mm": 0.0, "video_mode_r": 1.0}
        values |= {"video_mode_rms_mm": values["sway_ml_rms_mm"]}
    own = {} if trial is None else {**trial.measures, **_paths(recording, trial, truth)}
    rows = [
        Row(path.stem, truth["person"], name, own.get(name), value)
        for name, value in values.items()
    ]
    rows.append(Row(path.stem, truth["person"], "foot_off_s", start, off_s))
    return [*rows, Row(path.stem, truth["person"], "foot_down_s", end, down_s)]


def _the_stand(trials: Sequence[Trial], truth: dict[str, Any]) -> Trial | None:
    """Return the stand on the right leg that overlaps the true one."""
    for trial in trials:
        same = trial.kind is TrialKind.SINGLE_LEG_STANCE
        same &= trial.side == truth["stance"]
        if same and abs(trial.start_s - truth["foot_off_s"]) < 0.5:
            return trial
    return None


def _true_path(truth: dict[str, Any], window_s: tuple[float, float]) -> FloatArray:
    """Return the truth through the same window, rate and filter."""
    protocol = load_protocol("auto")
    _, path = signals.low_passed_resample(
        np.array(truth["time_s"]),
        np.array(truth["mid_hip_x_mm"]),
        protocol.sway_rate_hz,
        protocol.sway_cutoff_hz,
        window_s,
    )
    return np.asarray(path - path.mean())


def _true_sway(
    truth: dict[str, Any], window_s: tuple[float, float]
) -> dict[str, float]:
    path, rate_hz = _true_path(truth, window_s), load_protocol("auto").sway_rate_hz
    return {
        "sway_ml_rms_mm": steadiness.rms(path),
        "sway_ml_range_mm": steadiness.extent(path),
        "sway_ml_path_mm": steadiness.path_length(path),
        "sway_ml_speed_mm_s": steadiness.mean_speed(path, rate_hz),
        "sway_ml_mean_frequency_hz": steadiness.mean_frequency(path, rate_hz),
    }


def _paths(
    recording: Recording, trial: Trial, truth: dict[str, Any]
) -> dict[str, Measurement]:
    """How well the whole path agrees, ours and that of plain VIDEO mode."""
    if trial.signal is None:
        return {}
    true = _true_path(truth, trial.signal.window_s)
    _, ml_px = sway_path(recording, trial.signal.window_s, load_protocol("auto"))
    # True px, so that the path's form is judged and not the typed height.
    ours = (ml_px - ml_px.mean()) * truth["mm_per_px"]
    found = {
        "r": float(np.corrcoef(ours, true)[0, 1]),
        "residual_mm": float(np.std(ours - true)),
    }
    if "video_mode_px" in truth:
        start_s, end_s = trial.signal.window_s
        time_s = recording.pose.time_s
        rows = (time_s >= start_s) & (time_s <= end_s)
        plain = np.array(truth["video_mode_px"])[rows] * truth["mm_per_px"]
        there = np.interp(time_s[rows], truth["time_s"], truth["mid_hip_x_mm"])
        found["video_mode_r"] = float(np.corrcoef(plain, there)[0, 1])
        found["video_mode_rms_mm"] = float(np.std(plain))
    return {name: Measurement(value, "", None, None) for name, value in found.items()}
