"""Recorded stands of rendered people beside their truth.

Beside each recording ``NAME.npz`` lies ``NAME.json``: the person (a code), the stance
leg, ``foot_off_s`` and ``foot_down_s``, and where mid-hip and centre of mass were from
side to side at ``time_s`` (``mid_hip_x_mm``, ``com_x_mm``), with what it was rendered
with. A clip that was degraded (coded, darkened, shaken, by a browser) says ``of``
which it is and in what ``form``, and differs from it in what it states itself.
``video_mode_px`` is the mid-hip of MediaPipe's smoothed VIDEO mode, as others use it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from balance.analysis.body.centre_of_mass import centre_of_mass
from balance.analysis.body.forward import relative_depth_change
from balance.analysis.body.sideways import project_frontal
from balance.analysis.measures import steadiness
from balance.analysis.measures.path import smooth_path
from balance.model.codes import FindingCode, TrialKind
from balance.model.files import read_recording
from balance.model.recording import FloatArray, Recording, SwayTrack
from balance.model.results import Measurement, Trial
from balance.pipeline.analyze import assess_recording
from balance.pipeline.validation.benchmark_table import BROWSER, DEGRADED, ORIGINAL, Row
from balance.reference.loader import load_protocol

# The stand that is found is the true one where it starts so near to it.
SAME_S = 0.5
# Parameters of a rendered clip from which on it is called so.
COMPRESSED_CRF, DIM_GAIN, COUNTER_GAIN = 30, 0.7, 1.5
FAR_M, NEAR_M = 4.0, 2.4


@dataclass(frozen=True, eq=False)
class _Clip:
    """One recording, its truth, and the stand that was found in it."""

    name: str
    truth: dict[str, Any]
    recording: Recording
    trial: Trial | None
    yaw_deg: float = 0.0

    def rows(self) -> list[Row]:
        """Return everything that was measured, with its truth."""
        trial, truth = self.trial, self.truth
        off_s, down_s = truth["foot_off_s"], truth["foot_down_s"]
        found: dict[str, tuple[Measurement | None, float]] = {
            "hold_s": (trial.measures["hold_s"] if trial else None, down_s - off_s),
            "foot_off_s": (_plain(trial.start_s, "s") if trial else None, off_s),
            "foot_down_s": (_plain(trial.end_s, "s") if trial else None, down_s),
        }
        if trial is not None and trial.signal is not None:
            found |= self._sway(trial, trial.signal.window_s)
        groups = groups_of(truth, self.recording)
        return [
            Row(self.name, truth["person"], name, measured, true, groups)
            for name, (measured, true) in found.items()
        ]

    def _sway(
        self, trial: Trial, window_s: tuple[float, float]
    ) -> dict[str, tuple[Measurement | None, float]]:
        recording, mm_per_px = self.recording, self.truth["mm_per_px"]
        time_s = recording.pose.time_s
        hips = self._true_path("mid_hip_x_mm", window_s)
        found = _beside("sway_ml", trial, hips)
        # True px, so that the path's form is judged and not the typed height.
        pose, yaw_deg = recording.pose, self.yaw_deg
        nearer = relative_depth_change(recording, window_s)
        square = project_frontal(pose, recording.sway_track, nearer, yaw_deg)
        pelvis = _path(time_s, square, window_s) * mm_per_px
        found |= _agreement("", pelvis, hips)
        if "com_x_mm" in self.truth:
            com = self._true_path("com_x_mm", window_s)
            body = project_frontal(pose, centre_of_mass(recording), nearer, yaw_deg)
            own = _path(time_s, body, window_s) * mm_per_px
            found |= _beside("com_ml", trial, com) | _agreement("com_", own, com)
        if "video_mode_px" in self.truth:
            plain_px = np.array(self.truth["video_mode_px"], np.float64)
            track = SwayTrack(plain_px, np.zeros(len(plain_px)))
            plain = _path(time_s, track, window_s) * mm_per_px
            found |= _agreement("video_mode_", plain, hips)
            found |= {
                f"video_mode_{name}": (_plain(value, ""), true)
                for (name, value), true in zip(
                    _steadiness(plain).items(), _steadiness(hips).values(), strict=True
                )
                if name in ("rms_mm", "speed_mm_s")
            }
        return found

    def _true_path(self, joint: str, window_s: tuple[float, float]) -> FloatArray:
        """Return the truth through the same window, rate and filter."""
        place = np.array(self.truth[joint], np.float64)
        track = SwayTrack(place, np.zeros(len(place)))
        return _path(np.array(self.truth["time_s"]), track, window_s)


def compare_stand(path: Path, truth: dict[str, Any]) -> list[Row]:
    """Compare one recording of a stand; ``path`` is that of its truth."""
    if "of" in truth:
        origin = path.with_name(f"{truth['of']}.json")
        same = json.loads(origin.read_text(encoding="utf-8"))
        same.pop("video_mode_px", None)  # of the other video
        truth = same | truth
    recording = read_recording(path.with_suffix(".npz"))
    assessment = assess_recording(recording)
    trial, yaw = _the_stand(assessment.trials, truth), assessment.camera.yaw_deg
    yaw_deg = yaw.value if yaw else 0.0
    return _Clip(path.stem, truth, recording, trial, yaw_deg).rows()


def _the_stand(trials: Sequence[Trial], truth: dict[str, Any]) -> Trial | None:
    """Return the stand on the right leg that starts with the true one."""
    for trial in trials:
        same = trial.kind is TrialKind.SINGLE_LEG_STANCE
        same &= trial.side == truth["stance"]
        if same and abs(trial.start_s - truth["foot_off_s"]) < SAME_S:
            return trial
    return None


def groups_of(truth: dict[str, Any], recording: Recording) -> tuple[str, ...]:
    """Return where a clip came from and what is special about it.

    That is how it was recorded, or, of one as it was rendered, its frame, light,
    clothes and motion.
    """
    if "form" in truth:
        form = str(truth["form"])
        return (BROWSER if form.startswith("through a browser") else DEGRADED, form)
    parameters = truth["parameters"]
    person, camera, motion, post, light = (
        parameters.get(part, {})
        for part in ("person", "camera", "motion", "post", "light")
    )
    width, height = recording.pose.size_px
    rate_hz = round(recording.pose.rate_hz)
    special = {
        f"{width}×{height}": True,
        f"{rate_hz} frames/s": rate_hz != 30,
        "plain clothes": bool(person.get("tint")),
        "compressed": post.get("crf", 0) >= COMPRESSED_CRF,
        "dim": light.get("gain", 1.0) <= DIM_GAIN,
        "shaken camera": post.get("jitter_deg", 0.0) > 0,
        "counter-moving trunk": motion.get("trunk", {}).get("comp_gain", 0.0)
        >= COUNTER_GAIN,
        "far": camera.get("distance", 3.0) >= FAR_M,
        "near": camera.get("distance", 3.0) <= NEAR_M,
        FindingCode.NO_TEXTURE.value: any(
            note.code is FindingCode.NO_TEXTURE for note in recording.notes
        ),
    }
    return (ORIGINAL, *(group for group, holds in special.items() if holds))


def _beside(
    path: str, trial: Trial, true: FloatArray
) -> dict[str, tuple[Measurement | None, float]]:
    """Return the measures of a path with those of the true one."""
    return {
        f"{path}_{name}": (trial.measures.get(f"{path}_{name}"), value)
        for name, value in _steadiness(true).items()
    }


def _steadiness(path_mm: FloatArray) -> dict[str, float]:
    rate_hz = load_protocol("auto").sway_rate_hz
    return {
        "rms_mm": steadiness.rms(path_mm),
        "range_mm": steadiness.extent(path_mm),
        "path_mm": steadiness.path_length(path_mm),
        "speed_mm_s": steadiness.mean_speed(path_mm, rate_hz),
        "mean_frequency_hz": steadiness.mean_frequency(path_mm, rate_hz),
    }


def _agreement(
    path: str, own: FloatArray, true: FloatArray
) -> dict[str, tuple[Measurement | None, float]]:
    """Return how well a whole path in mm agrees with the true one."""
    shared = min(len(own), len(true))
    own, true = own[:shared], true[:shared]
    r = float(np.corrcoef(own, true)[0, 1])
    residual = float(np.std(own - true))
    return {
        f"{path}r": (_plain(r, ""), 1.0),
        f"{path}residual_mm": (_plain(residual, "mm"), 0.0),
    }


def _path(
    time_s: FloatArray, track: SwayTrack, window_s: tuple[float, float]
) -> FloatArray:
    _, path = smooth_path(time_s, track.ml_px, window_s, load_protocol("auto"))
    return np.asarray(path - path.mean())


def _plain(value: float, unit: str) -> Measurement:
    return Measurement(value, unit, None, None)
