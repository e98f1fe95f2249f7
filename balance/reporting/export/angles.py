"""Joint angles of every frame as MOT, the motion file of OpenSim.

Planar angles of the landmarks as the camera sees them, neither corrected nor smoothed:
the corrected ones, with their intervals, are in the results. From the front these are
angles of the frontal plane, from the side those of the sagittal plane. Names and signs
are those of OpenSim's gait models; ``fppa_l`` and ``fppa_r`` (+ = valgus), which those
do not have, stand beside them.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from balance.analysis.body import geometry
from balance.model.errors import OutputError
from balance.model.landmarks import Side
from balance.model.publish import write_whole
from balance.model.recording import PoseSequence

FloatArray = NDArray[np.float64]

# From here on the camera stands more beside than before the person.
SIDE_ON_DEG = 60.0
_LETTER = {Side.LEFT: "l", Side.RIGHT: "r"}


def joint_angles(pose: PoseSequence, yaw_deg: float = 0.0) -> dict[str, FloatArray]:
    """Return (T,) degrees by name, NaN = not seen; ``yaw_deg`` as in `markers`."""
    if abs(yaw_deg) >= SIDE_ON_DEG:
        return _sagittal(pose, yaw_deg)
    return _frontal(pose)


def write_mot(pose: PoseSequence, path: Path, yaw_deg: float = 0.0) -> None:
    """Write the angles; a gap is bridged by a straight line, as the format has none."""
    angles = {
        name: _bridged(pose.time_s, values)
        for name, values in joint_angles(pose, yaw_deg).items()
        if np.isfinite(values).any()
    }
    if len(pose) < 2 or not angles:
        raise OutputError("the recording has no two frames with joint angles to export")
    head = [
        "".join(letter if letter.isprintable() else "_" for letter in path.stem),
        "version=1",
        f"nRows={len(pose)}",
        f"nColumns={1 + len(angles)}",
        "inDegrees=yes",
        "endheader",
        "\t".join(["time", *angles]),
    ]
    table = np.column_stack([pose.time_s, *angles.values()])
    rows = ["\t".join(f"{value:.6f}" for value in row) for row in table]
    text = "\n".join([*head, *rows]) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))


def _frontal(pose: PoseSequence) -> dict[str, FloatArray]:
    facing = geometry.facing(pose)
    hips = [pose.point(side.landmark("hip")) for side in Side]
    tilt = geometry.pelvis_tilt(hips[0], hips[1], facing)
    shoulders, middle = (
        geometry.midpoint(pose, joint) for joint in ("shoulder", "hip")
    )
    lean = geometry.trunk_lean(shoulders, middle, facing)
    # OpenSim counts list and bending positive towards the right side.
    angles = {"pelvis_list": -tilt, "lumbar_bending": -(lean - tilt)}
    for side in Side:
        hip, knee, ankle = _leg(pose, side)
        letter = _LETTER[side]
        angles[f"hip_adduction_{letter}"] = geometry.hip_adduction(
            hip, knee, side, tilt, facing
        )
        angles[f"fppa_{letter}"] = geometry.frontal_plane_projection_angle(
            hip, knee, ankle, side, facing
        )
    return angles


def _sagittal(pose: PoseSequence, yaw_deg: float) -> dict[str, FloatArray]:
    # Seen from the left the person faces the image's left.
    forward = -np.sign(yaw_deg)
    shoulders, middle = (
        geometry.midpoint(pose, joint) for joint in ("shoulder", "hip")
    )
    trunk = geometry.lean_from_vertical(shoulders, middle) * forward
    angles = {"lumbar_extension": -trunk}
    for side in Side:
        hip, knee, ankle = _leg(pose, side)
        letter = _LETTER[side]
        thigh = geometry.lean_from_vertical(hip, knee) * forward
        angles[f"hip_flexion_{letter}"] = trunk - thigh
        # Bent knees are negative in OpenSim.
        angles[f"knee_angle_{letter}"] = -geometry.knee_flexion(hip, knee, ankle)
    return angles


def _leg(pose: PoseSequence, side: Side) -> list[FloatArray]:
    return [pose.point(side.landmark(joint)) for joint in ("hip", "knee", "ankle")]


def _bridged(time_s: FloatArray, values: FloatArray) -> FloatArray:
    seen = np.isfinite(values)
    return np.asarray(np.interp(time_s, time_s[seen], values[seen]))
