"""Landmarks as TRC and C3D, read back by somebody else's reader."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from balance.model.errors import OutputError
from balance.model.recording import PoseSequence
from balance.reporting.export.motion import marker_names, markers, write_c3d, write_trc


def pose_of(frames: int = 60, uneven: bool = False) -> PoseSequence:
    rng = np.random.default_rng(4)
    time_s = 0.5 + np.arange(frames) / 30.0
    if uneven:
        time_s = time_s + rng.uniform(0, 0.02, frames)
    xy = rng.uniform(0, 640, (1, 33, 2)) + rng.normal(0, 2, (frames, 33, 2))
    xy[20:25, 27] = np.nan
    return PoseSequence(time_s, xy, np.ones((frames, 33)), (640, 480), "clip")


def test_x_goes_right_and_y_goes_up_from_the_lower_edge() -> None:
    pose = pose_of()
    xyz = markers(pose, mm_per_px=2.0)
    assert xyz[0, 3, 0] == pytest.approx(2.0 * pose.xy_px[0, 3, 0])
    assert xyz[0, 3, 1] == pytest.approx(2.0 * (480 - pose.xy_px[0, 3, 1]))
    assert np.isnan(xyz[22, 27]).all()


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
