"""Landmarks as TRC and C3D, joint angles as MOT, in the axes of OpenSim.

X is where the person faces, Y is up from the floor, Z is to the person's right. One
camera sees no depth: all points lie in the plane through the person that it looks at,
Y–Z for a camera in front. Millimetres where the scale is known, else pixels, and the
unit says which.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import OutputError
from balance.model.landmarks import Landmark, Side
from balance.model.publish import whole_file, write_whole
from balance.model.recording import PoseSequence

FloatArray = NDArray[np.float64]

# Largest deviation from an even spacing that a file with a fixed rate may hide, in
# frames: a hundredth of a frame is 0.3 ms at 30 Hz.
EVEN_WITHIN_FRAMES = 0.01
_BLOCK = 512  # bytes, of C3D


def marker_names() -> list[str]:
    """Names of the markers, in small letters, in the order of the columns."""
    return [landmark.name.lower() for landmark in Landmark]


def markers(
    pose: PoseSequence, mm_per_px: float | None = None, yaw_deg: float = 0.0
) -> FloatArray:
    """(T, 33, 3) X forward, Y up from the floor, Z right; NaN = not seen.

    Parameters
    ----------
    mm_per_px
        Scale at the person: the result is in mm, else in px.
    yaw_deg
        How far the camera stands towards the person's left; 90 sees the left side.
    """
    scale = 1.0 if mm_per_px is None else mm_per_px
    across = (pose.xy_px[..., 0] - _middle_px(pose)) * scale
    xyz = np.empty((len(pose), len(Landmark), 3))
    # The image's right is the person's left for a camera in front, their back for one
    # at their left side.
    xyz[..., 0] = -across * np.sin(np.radians(yaw_deg))
    xyz[..., 1] = (_floor_px(pose) - pose.xy_px[..., 1]) * scale
    xyz[..., 2] = -across * np.cos(np.radians(yaw_deg))
    xyz[np.isnan(pose.xy_px).any(axis=2)] = np.nan
    return xyz


_FEET = [
    side.landmark(part) for side in Side for part in ("ankle", "heel", "foot_index")
]


def _floor_px(pose: PoseSequence) -> float:
    """Return y of the floor: where the lower foot usually is, else the lowest point."""
    return _usual(pose.xy_px[:, _FEET, 1], pose.xy_px[..., 1], np.max)


def _middle_px(pose: PoseSequence) -> float:
    """Return x between the feet, else of the whole body."""
    return _usual(pose.xy_px[:, _FEET, 0], pose.xy_px[..., 0], np.mean)


def _usual(
    feet: FloatArray, body: FloatArray, one_of: Callable[..., FloatArray]
) -> float:
    """Return the median over the frames of what ``one_of`` makes of each frame."""
    for points in (feet, body):
        seen = points[np.isfinite(points).all(axis=1)]
        if len(seen):
            return float(np.median(one_of(seen, axis=1)))
    rest = body[np.isfinite(body)]
    return float(one_of(rest)) if len(rest) else 0.0


def write_trc(
    pose: PoseSequence,
    path: Path,
    mm_per_px: float | None = None,
    yaw_deg: float = 0.0,
) -> None:
    """Write TRC: the time of each frame is kept; what was not seen is empty."""
    _require_frames(pose)
    xyz = markers(pose, mm_per_px, yaw_deg)
    unit = "px" if mm_per_px is None else "mm"
    lines = [*_trc_head(path.name, pose, unit)]
    for number, (time_s, points) in enumerate(zip(pose.time_s, xyz, strict=True), 1):
        cells = ["" if np.isnan(x) else f"{x:.6f}" for x in points.ravel()]
        lines.append("\t".join([str(number), f"{time_s:.6f}", *cells]))
    text = "\n".join(lines) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))


def _trc_head(name: str, pose: PoseSequence, unit: str) -> list[str]:
    names = marker_names()
    rate = f"{pose.rate_hz:.6f}"
    axes = [f"{axis}{n}" for n in range(1, len(names) + 1) for axis in "XYZ"]
    spaced = [cell for marker in names for cell in (marker, "", "")]
    # A name of a file is text from outside: no tab may break the columns.
    safe = "".join(letter if letter.isprintable() else "_" for letter in name)
    return [
        f"PathFileType\t4\t(X/Y/Z)\t{safe}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{len(pose)}\t{len(names)}\t{unit}\t{rate}\t1\t{len(pose)}",
        "\t".join(["Frame#", "Time", *spaced]),
        "\t".join(["", "", *axes]),
        "",
    ]


def write_c3d(
    pose: PoseSequence,
    path: Path,
    mm_per_px: float | None = None,
    yaw_deg: float = 0.0,
) -> bool:
    """Write C3D; return whether the frames had to be brought to an even rate.

    C3D knows one rate and no times. Where the video's frames are uneven the markers
    are put on an even grid by straight lines between neighbours; a gap stays a gap.
    """
    try:
        import ezc3d
    except ImportError as error:
        raise OutputError(
            "C3D needs ezc3d; install it with: pip install 'pose-balance[export]'"
        ) from error
    _require_frames(pose)
    xyz, uneven = _on_even_grid(pose, markers(pose, mm_per_px, yaw_deg))
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [pose.rate_hz]
    file["parameters"]["POINT"]["LABELS"]["value"] = marker_names()
    unit = "px" if mm_per_px is None else "mm"
    file["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    for axis, along in (("X", "+X"), ("Y", "+Y")):
        file.add_parameter("POINT", f"{axis}_SCREEN", along)
    points = np.ones((4, len(Landmark), len(xyz)))
    points[:3] = np.moveaxis(xyz, 0, 2).transpose(1, 0, 2)
    file["data"]["points"] = points
    with whole_file(path, suffix=".c3d") as part:
        try:
            file.write(str(part))
        except RuntimeError as error:
            raise OutputError(f"cannot write {path}: {error}") from error
        _require_whole(part, len(xyz), len(Landmark))
    return uneven


def _require_whole(part: Path, frames: int, points: int) -> None:
    """Refuse a file that was cut: its writer does not say so on a full disk.

    Nor can its reader be asked, which ends the program over such a file. By the
    format, word 9 of the head is the block of 512 bytes at which the points begin,
    four numbers of four bytes each.
    """
    with part.open("rb") as file:
        head = file.read(_BLOCK)
    begins = int.from_bytes(head[16:18], "little")
    least = (begins - 1) * _BLOCK + frames * points * 16
    if len(head) < _BLOCK or begins < 2 or part.stat().st_size < least:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _on_even_grid(pose: PoseSequence, xyz: FloatArray) -> tuple[FloatArray, bool]:
    grid = pose.time_s[0] + np.arange(len(pose)) / pose.rate_hz
    off = np.abs(pose.time_s - grid).max() * pose.rate_hz
    if off <= EVEN_WITHIN_FRAMES:
        return xyz, False
    frames = int(np.floor((pose.time_s[-1] - pose.time_s[0]) * pose.rate_hz)) + 1
    grid = pose.time_s[0] + np.arange(frames) / pose.rate_hz
    flat = xyz.reshape(len(pose), -1)
    # np.interp carries NaN of either neighbour along: a gap is not bridged.
    even = [np.interp(grid, pose.time_s, column) for column in flat.T]
    return np.stack(even, axis=1).reshape(frames, *xyz.shape[1:]), True


def _require_frames(pose: PoseSequence) -> None:
    if len(pose) < 2:
        raise OutputError("the recording has no two frames to export")
