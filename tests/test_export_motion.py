"""Landmarks as TRC and C3D, read back by somebody else's reader."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from balance.model.errors import OutputError
from balance.model.files import read_recording
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence
from balance.reporting.export.angles import write_mot
from balance.reporting.export.motion import marker_names, markers, write_c3d, write_trc


def pose_of(frames: int = 60, uneven: bool = False) -> PoseSequence:
    rng = np.random.default_rng(4)
    time_s = 0.5 + np.arange(frames) / 30.0
    if uneven:
        time_s = time_s + rng.uniform(0, 0.02, frames)
    xy = rng.uniform(0, 640, (1, 33, 2)) + rng.normal(0, 2, (frames, 33, 2))
    xy[20:25, 27] = np.nan
    return PoseSequence(time_s, xy, np.ones((frames, 33)), (640, 480), "clip")


def person(name: str) -> tuple[PoseSequence, float, float]:
    """A rendered person's landmarks, the scale and where the camera stood."""
    folder = Path(__file__).parent / "rendered"
    pose = read_recording(folder / f"{name}.npz").pose
    known = json.loads((folder / f"{name}.json").read_text())
    return pose, known.get("mm_per_px", 5.0), known.get("yaw_deg", 0.0)


def columns_of(path: Path) -> dict[str, np.ndarray]:
    """Markers of a TRC file as pandas reads them: (T, 3) mm by name."""
    names = path.read_text().splitlines()[3].split("\t")[2::3]
    table = pd.read_csv(path, sep="\t", skiprows=6, header=None).iloc[:, 2:]
    return {
        name: table.iloc[:, 3 * n : 3 * n + 3].to_numpy(float)
        for n, name in enumerate(names)
        if name
    }


def test_a_person_seen_from_the_front_stands_on_the_floor_and_faces_x(tmp_path) -> None:
    pose, mm_per_px, _ = person("a01_stand")
    write_trc(pose, tmp_path / "a.trc", mm_per_px)
    at = columns_of(tmp_path / "a.trc")
    # The camera in front sees no depth.
    assert np.nanmax(np.abs(at["nose"][:, 0])) == 0
    # Z is to the person's right, Y up.
    assert np.nanmedian(at["right_hip"][:, 2] - at["left_hip"][:, 2]) > 100
    assert 1400 < np.nanmedian(at["nose"][:, 1]) < 1800
    # The toes, nearer to the camera, are lower in its image than the heels.
    feet = [at[f"right_{part}"][:, 1] for part in ("heel", "foot_index")]
    assert abs(np.nanmedian(np.min(feet, axis=0))) < 20
    assert np.nanmedian(np.max(feet, axis=0)) < 120


def test_a_person_seen_from_the_side_has_the_toes_in_front_of_the_heels() -> None:
    pose, mm_per_px, yaw_deg = person("squat_side_heel_lift")
    assert abs(yaw_deg) > 60
    xyz = markers(pose, mm_per_px, yaw_deg)
    for side in Side:
        toe, heel = (side.landmark(part) for part in ("foot_index", "heel"))
        assert np.nanmedian(xyz[:, toe, 0] - xyz[:, heel, 0]) > 80


def test_lengths_are_those_of_the_image_whatever_the_axes() -> None:
    pose = pose_of()
    xyz = markers(pose, mm_per_px=2.0, yaw_deg=30.0)
    mm = np.linalg.norm(xyz[0, 3] - xyz[0, 9])
    px = np.linalg.norm(pose.xy_px[0, 3] - pose.xy_px[0, 9])
    assert mm == pytest.approx(2.0 * px)
    assert np.isnan(xyz[22, 27]).all()


def read_mot(path: Path) -> pd.DataFrame:
    lines = path.read_text().splitlines()
    end = lines.index("endheader")
    table = pd.read_csv(path, sep="\t", skiprows=end + 1)
    said = dict(line.split("=") for line in lines[1:end])
    assert said["nRows"] == str(len(table))
    assert said["nColumns"] == str(table.shape[1])
    assert said["inDegrees"] == "yes"
    return table


def test_joint_angles_from_the_front_are_those_of_the_frontal_plane(tmp_path) -> None:
    pose, _, _ = person("squat_valgus_left")
    write_mot(pose, tmp_path / "a.mot")
    table = read_mot(tmp_path / "a.mot")
    np.testing.assert_allclose(table["time"], pose.time_s, atol=1e-6)
    assert {"pelvis_list", "lumbar_bending", "hip_adduction_l"} < set(table)
    # The knee that moves inwards does so at the bottom, not when standing.
    assert table["fppa_l"].max() > 5 > abs(table["fppa_l"].iloc[:10].median())


def test_joint_angles_from_the_side_follow_the_signs_of_opensim(tmp_path) -> None:
    pose, _, yaw_deg = person("squat_side_heel_lift")
    write_mot(pose, tmp_path / "a.mot", yaw_deg)
    table = read_mot(tmp_path / "a.mot")
    near = "l" if yaw_deg > 0 else "r"
    knee, hip = table[f"knee_angle_{near}"], table[f"hip_flexion_{near}"]
    assert knee.min() < -60
    assert knee.max() > -20
    assert hip[knee.idxmin()] > 40
    assert np.corrcoef(knee, hip)[0, 1] < -0.9


def test_trc_read_by_pandas_has_equal_times_and_values(tmp_path: Path) -> None:
    pose = pose_of(uneven=True)
    write_trc(pose, tmp_path / "clip.trc", mm_per_px=2.5)
    head = (tmp_path / "clip.trc").read_text().splitlines()[:5]
    assert head[2].split("\t")[2:5] == ["60", "33", "mm"]
    assert [name for name in head[3].split("\t")[2:] if name] == marker_names()
    table = pd.read_csv(tmp_path / "clip.trc", sep="\t", skiprows=6, header=None)
    np.testing.assert_allclose(table[1], pose.time_s, atol=1e-6)
    values = table.iloc[:, 2:].to_numpy().reshape(60, 33, 3)
    np.testing.assert_allclose(values, markers(pose, 2.5), atol=1e-6)


# The reader warns that there are no force plates.
@pytest.mark.filterwarnings("ignore:No analog data")
def test_c3d_read_by_another_library_has_equal_values(tmp_path: Path) -> None:
    import c3d

    pose = pose_of()
    assert write_c3d(pose, tmp_path / "clip.c3d", mm_per_px=2.5) is False
    with (tmp_path / "clip.c3d").open("rb") as file:
        reader = c3d.Reader(file)
        assert reader.point_rate == pytest.approx(30.0)
        labels = [label.strip() for label in reader.point_labels]
        frames = np.array([points for _, points, _ in reader.read_frames()])
    assert labels == marker_names()
    expected = markers(pose, 2.5)
    seen = ~np.isnan(expected).any(axis=2)
    # C3D stores 4-byte floats.
    np.testing.assert_allclose(frames[..., :3][seen], expected[seen], rtol=1e-6)
    # A point that was not seen is marked as invalid.
    assert (frames[..., 3][~seen] < 0).all()
    assert (frames[..., 3][seen] >= 0).all()


def test_uneven_frames_are_brought_to_one_rate_and_gaps_stay(tmp_path: Path) -> None:
    import ezc3d

    pose = pose_of(uneven=True)
    assert write_c3d(pose, tmp_path / "clip.c3d") is True
    points = ezc3d.c3d(str(tmp_path / "clip.c3d"))["data"]["points"]
    middle = points.shape[2] // 2
    assert np.isnan(points[:3, 27]).any()
    assert np.isfinite(points[:3, 26, middle]).all()
    ezc3d_unit = ezc3d.c3d(str(tmp_path / "clip.c3d"))["parameters"]["POINT"]["UNITS"]
    assert ezc3d_unit["value"][0] == "px"


def test_no_frames_and_no_place_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no two frames"):
        write_trc(pose_of(1), tmp_path / "a.trc")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        write_c3d(pose_of(), tmp_path / "file" / "a.c3d")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_cannot_break_the_columns(tmp_path: Path) -> None:
    write_trc(pose_of(), tmp_path / "a\tb.trc")
    first = (tmp_path / "a\tb.trc").read_text().splitlines()[0]
    assert first.split("\t") == ["PathFileType", "4", "(X/Y/Z)", "a_b.trc"]
