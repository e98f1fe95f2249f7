"""OpenPose: a folder with one JSON file a frame, each with every person it saw."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.unpacking import read_json
from balance.tracking.importers.named import Imported, by_name

FloatArray = NDArray[np.float64]

# Order of the key points of OpenPose's two body models, as its documentation has it.
BODY_25 = (
    "nose", "neck", "rshoulder", "relbow", "rwrist", "lshoulder", "lelbow", "lwrist",
    "midhip", "rhip", "rknee", "rankle", "lhip", "lknee", "lankle", "reye", "leye",
    "rear", "lear", "lbigtoe", "lsmalltoe", "lheel", "rbigtoe", "rsmalltoe", "rheel",
)  # fmt: skip
COCO_18 = (
    "nose", "neck", "rshoulder", "relbow", "rwrist", "lshoulder", "lelbow", "lwrist",
    "rhip", "rknee", "rankle", "lhip", "lknee", "lankle", "reye", "leye", "rear",
    "lear",
)  # fmt: skip
MODELS = {len(names): names for names in (BODY_25, COCO_18)}


def read_openpose(path: Path, rate_hz: float | None) -> Imported:
    """Read a folder of frames, or any one of its files; the rate must be told."""
    folder = path if path.is_dir() else path.parent
    files = sorted(folder.glob("*_keypoints.json"))
    if not files:
        raise InputError(f"{folder.name} holds no OpenPose files (*_keypoints.json)")
    if rate_hz is None:
        raise InputError("OpenPose files carry no times; say the frame rate with --fps")
    people = [_people(file) for file in files]
    names = _model(people, folder)
    frames = np.stack(_follow_one(people, len(names)))
    points = by_name(names, frames[..., :2], folder.name)
    trust = by_name(names, frames[..., 2:], folder.name)[..., 0]
    time_s = np.arange(len(files)) / rate_hz
    return Imported(time_s, points, np.nan_to_num(trust), "px", "OpenPose")


def _people(file: Path) -> list[FloatArray]:
    """(N, 3) x, y, confidence of every person in a frame; not seen = NaN."""
    try:
        content: Any = read_json(file.read_bytes())
        found = [
            np.array(one["pose_keypoints_2d"], float).reshape(-1, 3)
            for one in content["people"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file.name} is not an OpenPose file") from error
    for points in found:
        points[points[:, 2] <= 0] = np.nan
    return found


def _model(people: list[list[FloatArray]], folder: Path) -> tuple[str, ...]:
    counts = {len(points) for frame in people for points in frame}
    if not counts:
        raise InputError(f"OpenPose saw nobody in {folder.name}")
    if len(counts) > 1 or counts & set(MODELS) == set():
        raise InputError(
            f"{folder.name}: body model with {sorted(counts)} points; BODY_25 and "
            "COCO (18) are known"
        )
    return MODELS[counts.pop()]


def _follow_one(people: list[list[FloatArray]], count: int) -> list[FloatArray]:
    """Follow the person who is largest at first: the list has no fixed order."""
    nobody = np.full((count, 3), np.nan)
    chosen: list[FloatArray] = []
    last: FloatArray | None = None
    for frame in people:
        seen = [points for points in frame if np.isfinite(points).any()]
        if not seen:
            chosen.append(nobody)
            continue
        if last is None:
            best = max(seen, key=lambda points: float(np.ptp(_finite(points)[:, 1])))
        else:
            centre = last
            best = min(seen, key=lambda points: _distance(points, centre))
        last = _finite(best).mean(axis=0)
        chosen.append(best)
    return chosen


def _finite(points: FloatArray) -> FloatArray:
    return points[np.isfinite(points).all(axis=1), :2]


def _distance(points: FloatArray, centre: FloatArray) -> float:
    return float(np.linalg.norm(_finite(points).mean(axis=0) - centre))
