"""Bring imported points into the frame that one camera in front would have seen."""

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import InputError
from balance.model.landmarks import Landmark
from balance.model.recording import PoseSequence
from balance.tracking.importers.named import Imported

FloatArray = NDArray[np.float64]

# Metres become pixels at this rate, a usual one for a webcam at 3 m.
PX_PER_M = 400.0
# A body of "metres" taller than this is one of pixels: Sports2D writes "m"
# above pixels too.
TALLEST_M = 10.0
# Room round the body where the size of the image is not known, share of its height.
MARGIN = 0.15

_UPPER = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_LOWER = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)


def as_pose(imported: Imported, source: str) -> PoseSequence:
    """Return the landmarks in displayed pixels, y down.

    Points in space are seen from the front: x along the line of the hips (the
    person's left to the right of the image), y against the body's long axis.
    """
    points, unit = imported.points, imported.unit
    if np.isnan(points).all():
        raise InputError(f"{source} holds no point that was seen")
    if unit == "image":
        points, unit = _from_fractions(imported, source), "px"
    if points.shape[2] == 3:
        points = _seen_from_front(points)
    elif _is_upside_down(points):
        points = points * (1.0, -1.0)
    if unit == "m" and _body_height(points) > TALLEST_M:
        unit = "px"
    points = points * {"px": 1.0, "m": PX_PER_M, "mm": PX_PER_M / 1000}[unit]
    points, size_px = _into_image(points, imported.size_px if unit == "px" else None)
    return PoseSequence(
        imported.time_s, points, imported.visibility, size_px, source=source
    )


def _from_fractions(imported: Imported, source: str) -> FloatArray:
    """Undo the division by width and height: angles are wrong before."""
    if imported.size_px is None:
        raise InputError(
            f"{source} gives fractions of the frame; say its size with --size, "
            "for example --size 1280x720"
        )
    size = np.array(imported.size_px, float)
    return np.asarray(imported.points[..., :2] * size, float)


def _mean_of(points: FloatArray, landmarks: tuple[Landmark, ...]) -> FloatArray:
    return np.asarray(points[:, list(landmarks)].mean(axis=1), float)


def _body_height(points: FloatArray) -> float:
    """Return the usual distance from shoulders to ankles."""
    axis = _mean_of(points, _UPPER) - _mean_of(points, _LOWER)
    return float(np.nanmedian(np.linalg.norm(axis, axis=1)))


def _is_upside_down(points: FloatArray) -> bool:
    """Whether y counts up: then the shoulders have the larger one."""
    upper = np.nanmedian(_mean_of(points, _UPPER)[:, 1])
    return bool(upper > np.nanmedian(_mean_of(points, _LOWER)[:, 1]))


def _seen_from_front(points: FloatArray) -> FloatArray:
    """Project space on the person's own frontal plane, the same for all frames.

    The long axis is an axis of space (y in Pose2Sim, z in FreeMoCap): a person who
    leans must be seen to lean.
    """
    up = _vertical(points)
    hips = points[:, Landmark.LEFT_HIP] - points[:, Landmark.RIGHT_HIP]
    across = np.nanmedian(hips, axis=0)
    across = across - up * (across @ up)
    across = across / np.linalg.norm(across)
    return np.stack([points @ across, -(points @ up)], axis=2)


def _vertical(points: FloatArray) -> FloatArray:
    body = np.nanmedian(_mean_of(points, _UPPER) - _mean_of(points, _LOWER), axis=0)
    axis = int(np.argmax(np.abs(body)))
    up = np.zeros(3)
    up[axis] = np.sign(body[axis])
    return up


def _into_image(
    points: FloatArray, size_px: tuple[int, int] | None
) -> tuple[FloatArray, tuple[int, int]]:
    """Shift the points into a frame, of the size told or just round the body."""
    low = np.nanmin(points, axis=(0, 1))
    high = np.nanmax(points, axis=(0, 1))
    if size_px is not None:
        # y that counted up from the lower edge is negative now.
        shift = (0.0, float(size_px[1]) if high[1] <= 0 else 0.0)
        return np.asarray(points + shift, float), size_px
    margin = MARGIN * float(high[1] - low[1])
    width, height = np.ceil(high - low + 2 * margin).astype(int)
    return points - low + margin, (int(width), int(height))
