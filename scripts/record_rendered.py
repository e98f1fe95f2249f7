"""Record rendered clips with their truth, as ``tests/rendered`` keeps them.

    python scripts/record_rendered.py clips/*.mp4 --out tests/rendered
    python scripts/record_rendered.py clips/b01_stand.mp4 --as dim --out tests/rendered

Beside each CLIP.mp4 lies CLIP.json as the renderer writes it. Out come NAME.npz, all
that ``balance`` assesses (no frame), and NAME.json, the truth that ``balance
benchmark`` holds it against, with the mid-hip as MediaPipe's smoothed VIDEO mode gives
it to everybody who uses it plainly. ``--as`` degrades the clip first, as another
camera, light or hand would have (``reencode.py``); its truth refers to that of the
clip, and VIDEO mode is not asked again.
"""

import argparse
import hashlib
import json
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from reencode import FORMS, Form, reencode

from balance.model.files import write_recording
from balance.model.landmarks import Landmark
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.pipeline.record import record_video
from balance.pipeline.setup import make_setup
from balance.pipeline.validation.benchmark import compare
from balance.tracking.detector import SHIPPED_MODEL
from balance.video.video import read_video

# Landmarks and tracks keep 1/32 px, 0.1 mm and less; the tracks' SD and how far down
# the pelvis is 1/256 px, and how much larger it looks 1/8192: 0.4 mm of forward and
# back from 3 m.
PLACE_STEPS, SD_STEPS, STRETCH_STEPS = 32, 256, 8192


def main() -> None:
    """Record every clip named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--as", dest="form", choices=FORMS)
    parser.add_argument("--out", type=Path, default=Path("tests/rendered"))
    told = parser.parse_args()
    for clip in told.clips:
        rendered = json.loads(clip.with_suffix(".json").read_text())
        if told.form is None:
            truth = truth_of(rendered) | {"video_mode_px": video_mode_px(clip)}
            record_clip(clip, clip.stem, rendered, told.out, truth)
            continue
        form = FORMS[told.form]
        with tempfile.TemporaryDirectory() as work:
            focal_px = rendered["camera"]["K"][0][0]
            video = reencode(clip, form, Path(work), focal_px)
            made = {"of": clip.stem, **told_of(form)}
            made["mm_per_px"] = mm_per_px(rendered) / form.size
            record_clip(video, f"{clip.stem}-{told.form}", rendered, told.out, made)


def record_clip(  # noqa: PLR0913
    video: Path,
    name: str,
    rendered: dict[str, Any],
    out: Path,
    truth: dict[str, Any],
    until_s: float | None = None,
) -> None:
    """Record one video up to ``until_s`` and write it with its truth."""
    height_mm = 1000 * rendered["person"]["height_m"]
    setup = make_setup(height_cm=height_mm / 10, to_s=until_s)
    recording = record_video(video, setup, progress=lambda *_: None)
    write_recording(compact(recording, name), out / f"{name}.npz")
    text = json.dumps(truth, separators=(",", ":"))
    (out / f"{name}.json").write_text(text + "\n")
    for row in compare(out / f"{name}.json"):
        if row.measured is not None:
            print(f"{name} {row.measure} {row.measured.value:.3f} of {row.truth:.3f}")


def compact(recording: Recording, name: str) -> Recording:
    """Keep what trials are assessed by, no finer than it is known."""
    pose, scene, edges = recording.pose, recording.scene, recording.leg_edges_px
    sway, feet = recording.sway_track, recording.foot_tracks
    return replace(
        recording,
        pose=PoseSequence(
            pose.time_s,
            rounded(pose.xy_px, PLACE_STEPS),
            rounded(pose.visibility, 8),
            pose.size_px,
            name,
        ),
        sway_track=SwayTrack(
            rounded(sway.ml_px, PLACE_STEPS),
            rounded(sway.sd_px, SD_STEPS),
            None
            if sway.scale_change is None
            else rounded(sway.scale_change, STRETCH_STEPS),
            None if sway.y_px is None else rounded(sway.y_px, SD_STEPS),
        ),
        foot_tracks=FootTracks(
            rounded(feet.left_px, PLACE_STEPS), rounded(feet.right_px, PLACE_STEPS)
        ),
        scene=Scene(
            rounded(scene.camera_shift_px, PLACE_STEPS),
            rounded(scene.luma, 2),
            rounded(scene.sharpness, 64),
            scene.person_count,
            scene.scene_cut,
        ),
        source=replace(
            recording.source, name=f"{name}{Path(recording.source.name).suffix}"
        ),
        leg_edges_px=None if edges is None else rounded(edges, PLACE_STEPS),
    )


def rounded(values: np.ndarray, steps: int) -> np.ndarray:
    """Round to whole parts of one."""
    return np.round(values * steps) / steps


def truth_of(rendered: dict[str, Any]) -> dict[str, Any]:
    """Return what ``balance benchmark`` needs of the renderer's truth."""
    events, joints = rendered["events"], rendered["joints3d"]
    parameters = rendered["parameters"]
    person = json.dumps(parameters["person"], sort_keys=True).encode()
    start_s, end_s = events["single_support"][0]
    return {
        "parameters": parameters,
        "person": hashlib.sha256(person).hexdigest()[:8],
        "height_mm": 1000 * rendered["person"]["height_m"],
        "stance": events["stance"],
        "foot_off_s": start_s,
        "foot_down_s": end_s,
        "touches": events["touches"],
        "moves": [move["t"] for move in events["stance_moves"]],
        "azimuth_deg": round(rendered["camera"]["azimuth_deg"], 2),
        "mm_per_px": mm_per_px(rendered),
        "time_s": [round(t, 5) for t in rendered["time_s"]],
        "mid_hip_x_mm": [round(1000 * x, 3) for x, _, _ in joints["mid_hip"]],
        "com_x_mm": [round(1000 * x, 3) for x, _, _ in joints["com"]],
    }


def mm_per_px(rendered: dict[str, Any]) -> float:
    """Return the scale at the hips while one foot was off the floor."""
    time_s = np.array(rendered["time_s"])
    start_s, end_s = rendered["events"]["single_support"][0]
    held = (time_s >= start_s) & (time_s <= end_s)
    depth_m = np.array(rendered["depth_m"]["mid_hip"])[held]
    return float(1000 * np.median(depth_m) / rendered["camera"]["K"][0][0])


def told_of(form: Form) -> dict[str, Any]:
    """Return a form's name, and of its parameters what is not usual."""
    usual = asdict(Form(form.name))
    special = {k: v for k, v in asdict(form).items() if v != usual[k]}
    return {"form": form.name, "form_parameters": special}


def video_mode_px(video: Path, until_s: float | None = None) -> list[float]:
    """(T,) x of the mid-hip in px from MediaPipe as it is used plainly: smoothed."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(SHIPPED_MODEL)),
        running_mode=vision.RunningMode.VIDEO,
    )
    found = []
    with (
        vision.PoseLandmarker.create_from_options(options) as landmarker,
        read_video(video, to_s=until_s) as frames,
    ):
        for frame in frames:
            image = mp.Image(mp.ImageFormat.SRGB, frame.rgb)
            seen = landmarker.detect_for_video(image, round(1000 * frame.time_s))
            if not seen.pose_landmarks:
                found.append(float("nan"))
                continue
            points = seen.pose_landmarks[0]
            hips = points[Landmark.LEFT_HIP].x + points[Landmark.RIGHT_HIP].x
            found.append(round(hips / 2 * frame.rgb.shape[1], 2))
    return found


if __name__ == "__main__":
    main()
