"""MediaPipe's landmarks as people save them: a list of frames with 33 points each."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.landmarks import LANDMARK_COUNT
from balance.model.unpacking import MB, read_json
from balance.tracking.importers.named import Imported

FloatArray = NDArray[np.float64]

_FRAMES = ("frames", "results", "data", "poses")
_POINTS = ("landmarks", "pose_landmarks", "poseLandmarks", "keypoints")
# Key: seconds in one of it.
_TIMES = {
    "time_s": 1.0,
    "time": 1.0,
    "t": 1.0,
    "timestamp_s": 1.0,
    "timestamp_ms": 0.001,
    "time_ms": 0.001,
    "timestampMs": 0.001,
}
# Fractions of the image reach a little beyond 1 where a limb leaves it.
LARGEST_FRACTION = 4.0
LARGEST_IMPORT = 100 * MB


def read_mediapipe_json(path: Path, rate_hz: float | None) -> Imported:
    """Read frames with ``x``, ``y`` and, where given, ``visibility`` of 33 points."""
    try:
        content: Any = read_json(path.read_bytes(), LARGEST_IMPORT)
    except ValueError as error:
        raise InputError(f"{path.name} is not JSON") from error
    frames = _frames(content, path)
    points = np.stack([_points(frame, path) for frame in frames])
    time_s = _times(frames, rate_hz, path)
    xy = points[..., :2]
    unit = "px" if np.nanmax(np.abs(xy), initial=0) > LARGEST_FRACTION else "image"
    return Imported(
        time_s, xy, np.nan_to_num(points[..., 2]), unit, "MediaPipe", _size(content)
    )


def _frames(content: Any, path: Path) -> list[Any]:
    if isinstance(content, dict):
        content = next((content[key] for key in _FRAMES if key in content), None)
    if not isinstance(content, list) or not content:
        raise InputError(f"{path.name} holds no list of frames")
    return content


def _points(frame: Any, path: Path) -> FloatArray:
    """(33, 3) x, y, visibility; a frame in which nobody was seen is NaN."""
    points: Any = frame
    if isinstance(frame, dict):
        points = next((frame[key] for key in _POINTS if key in frame), None)
    # Tasks give a list of people; the first is the one.
    if isinstance(points, list) and len(points) == 1 and isinstance(points[0], list):
        points = points[0]
    if not points:
        return np.full((LANDMARK_COUNT, 3), np.nan)
    if not isinstance(points, list) or len(points) != LANDMARK_COUNT:
        raise InputError(f"{path.name} must have 33 points in each frame")
    try:
        return np.array([_point(point) for point in points], float)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(f"{path.name} has a point without x and y") from error


def _point(point: Any) -> tuple[float, float, float]:
    if isinstance(point, dict):
        trust = next((point[key] for key in ("visibility", "score") if key in point), 1)
        return float(point["x"]), float(point["y"]), float(trust)
    trust = point[3] if len(point) > 3 else 1
    return float(point[0]), float(point[1]), float(trust)


def _times(frames: list[Any], rate_hz: float | None, path: Path) -> FloatArray:
    first = frames[0] if isinstance(frames[0], dict) else {}
    key = next((key for key in _TIMES if key in first), None)
    if key is not None:
        try:
            times = np.array([one[key] for one in frames], float)
            return np.asarray(times * _TIMES[key], float)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path.name} has a frame without its {key}") from error
    if rate_hz is None:
        raise InputError(f"{path.name} carries no times; say the frame rate with --fps")
    return np.arange(len(frames)) / rate_hz


def _size(content: Any) -> tuple[int, int] | None:
    if not isinstance(content, dict):
        return None
    for width, height in (("width", "height"), ("width_px", "height_px")):
        if content.get(width) and content.get(height):
            return int(content[width]), int(content[height])
    return None
