"""Record rendered clips of real movement with a small truth.

    python scripts/record_moves.py CLIPS PLAN.json --out tests/moves [NAME ...]

CLIPS holds NAME.mp4 and NAME.json as the renderer writes them, PLAN.json what
``make_moves.py`` says of each. Out come NAME.npz, the recording as ``tests/rendered``
keeps it, and NAME.json: what was done, by whom, seen from where, contact of each foot
in every frame, stands, and knees and depth at the bottoms of squats.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from record_rendered import compact

from balance.model.files import write_recording
from balance.pipeline.record import record_video
from balance.pipeline.setup import make_setup

SIDES = ("left", "right")
SCRIPTED_KIND = "single_leg_squat_set"
# What is kept of every frame, in degrees.
COURSES = (
    "left_knee_flexion",
    "right_knee_flexion",
    "left_fppa_frontal",
    "right_fppa_frontal",
    "left_fppa_2d",
    "right_fppa_2d",
    "trunk_lean_left",
    "pelvic_obliquity",
)
TOLD = ("kind", "body", "held_out", "mover", "source", "licence", "motion", "altered")


def main() -> None:
    """Record the clips that are named, or all of the plan."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    plan = {clip["name"]: clip for clip in json.loads(told.plan.read_text())}
    for name in told.names or list(plan):
        record(told.clips / f"{name}.mp4", plan[name], told.out)


def record(clip: Path, planned: dict[str, Any], out: Path) -> None:
    """Record one clip and write it with its truth."""
    rendered = json.loads(clip.with_suffix(".json").read_text())
    setup = make_setup(height_cm=100 * rendered["person"]["height_m"])
    recording = record_video(clip, setup, progress=lambda *_: None, workers=1)
    write_recording(compact(recording, clip.stem), out / f"{clip.stem}.npz")
    text = json.dumps(small_truth(rendered, planned), separators=(",", ":"))
    (out / f"{clip.stem}.json").write_text(text + "\n")


def small_truth(rendered: dict[str, Any], planned: dict[str, Any]) -> dict[str, Any]:
    """Return what recognition and knees are held against."""
    events, camera = rendered["events"], rendered["camera"]
    parameters, angles = rendered["parameters"], rendered["angles_deg"]
    stands = events.get("stands")
    if stands is None:
        stands = [
            {"side": events["stance"], "start_s": start_s, "end_s": end_s}
            for start_s, end_s in events["single_support"]
        ]
    kind = events.get("squat_kind") if "contact_s" in events else SCRIPTED_KIND
    return {
        **{key: planned.get(key) for key in TOLD},
        "activity": events.get("activity") or "scripted single-leg squats",
        "person": parameters["person"],
        "height_mm": 1000 * rendered["person"]["height_m"],
        "leg_mm": leg_mm(rendered["person"]),
        "size_px": [rendered["width"], rendered["height"]],
        "yaw_deg": planned["yaw_deg"],
        "camera": {
            "height_m": parameters["camera"]["height_m"],
            "distance_m": parameters["camera"]["distance"],
            "focal_px": round(camera["K"][0][0], 2),
            "roll_deg": parameters["camera"]["roll_deg"],
            "position_m": [round(x, 4) for x in camera["position_m"]],
            "rotation": camera["R_world_to_cam"],
        },
        "rate_hz": rendered["fps"],
        "contact": contact_of(rendered),
        "stands": stands,
        "squat_kind": kind,
        "squats": [rounded(squat) for squat in events.get("squats") or []],
        "course_deg": {name: [round(x, 1) for x in angles[name]] for name in COURSES},
    }


def leg_mm(person: dict[str, Any]) -> list[float]:
    """Thigh and shank together, left and right."""
    both = zip(person["thigh_m"], person["shank_m"], strict=True)
    return [round(1000 * (thigh + shank), 1) for thigh, shank in both]


def contact_of(rendered: dict[str, Any]) -> dict[str, list[int]]:
    """Whether each foot touches the floor, for every frame."""
    events, time_s = rendered["events"], np.array(rendered["time_s"])
    if "contact_s" in events:
        spans = events["contact_s"]
        down = {side: within(time_s, spans[side]) for side in SIDES}
    else:
        up = within(time_s, events["single_support"])
        down = {side: ~up | (side == events["stance"]) for side in SIDES}
    return {side: touches.astype(int).tolist() for side, touches in down.items()}


def within(time_s: np.ndarray, spans: list[list[float]]) -> np.ndarray:
    """(T,) whether each moment lies in one of the spans."""
    inside = np.zeros(len(time_s), bool)
    for start_s, end_s in spans:
        inside |= (time_s >= start_s) & (time_s < end_s)
    return inside


def rounded(squat: dict[str, Any]) -> dict[str, Any]:
    """Round the angles of one repetition to a hundredth of a degree."""
    return {k: round(v, 2) if isinstance(v, float) else v for k, v in squat.items()}


if __name__ == "__main__":
    main()
