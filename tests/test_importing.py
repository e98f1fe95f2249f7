"""Landmarks of other programs become a recording with the same points and times."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from balance.model.codes import FindingCode
from balance.model.errors import InputError
from balance.model.landmarks import Landmark
from balance.model.recording import (
    FootTracks,
    PoseSequence,
    Recording,
    Scene,
    SwayTrack,
)
from balance.model.results import Person
from balance.model.setup import Setup
from balance.pipeline.analyze import assess_recording
from balance.reporting.export.motion import write_trc
from balance.tracking.importers import import_recording
from balance.tracking.importers.named import landmark_of
from balance.tracking.importers.openpose import BODY_25, COCO_18

DATA = Path(__file__).parent / "data"
SIZE = (640, 480)

# Marker set of Sports2D's body_with_feet model: name of the marker, our landmark.
SPORTS2D = {
    "Nose": Landmark.NOSE,
    **{
        f"{letter}{joint}": Landmark[f"{side}_{ours}"]
        for letter, side in (("R", "RIGHT"), ("L", "LEFT"))
        for joint, ours in (
            ("Shoulder", "SHOULDER"), ("Elbow", "ELBOW"), ("Wrist", "WRIST"),
            ("Hip", "HIP"), ("Knee", "KNEE"), ("Ankle", "ANKLE"), ("Heel", "HEEL"),
            ("BigToe", "FOOT_INDEX"),
        )
    },
}  # fmt: skip


def clip(name: str = "stand_left") -> PoseSequence:
    with np.load(DATA / f"{name}.npz") as stored:
        width, height = stored["size_px"]
        return PoseSequence(
            stored["time_s"],
            stored["xy_px"].astype(float),
            stored["visibility"].astype(float),
            (int(width), int(height)),
            name,
        )


def figure(frames: int = 4) -> PoseSequence:
    """A plain standing figure that moves to the right, a pixel a frame."""
    xy = np.full((frames, 33, 2), np.nan)
    for side, x in (("LEFT", 20.0), ("RIGHT", -20.0)):
        for joint, y in (
            ("SHOULDER", 100.0), ("ELBOW", 150.0), ("WRIST", 200.0), ("HIP", 200.0),
            ("KNEE", 300.0), ("ANKLE", 400.0), ("HEEL", 410.0), ("FOOT_INDEX", 412.0),
        ):  # fmt: skip
            xy[:, Landmark[f"{side}_{joint}"]] = (320.0 + x, y)
    xy[:, Landmark.NOSE] = (320.0, 60.0)
    xy[..., 0] += np.arange(frames)[:, None]
    return PoseSequence(
        np.arange(frames) / 30.0, xy, np.ones((frames, 33)), SIZE, "figure"
    )


def sports2d_trc(pose: PoseSequence, path: Path, m_per_px: float | None) -> Path:
    """Write TRC as Sports2D does: "m" in the head whatever the unit, y up, z 0."""
    names = list(SPORTS2D)
    scale = m_per_px or 1.0
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"30\t30\t{len(pose)}\t{len(names)}\tm\t30\t0\t{len(pose)}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{n}\tY{n}\tZ{n}" for n in range(1, len(names) + 1)),
    ]
    for number, time_s in enumerate(pose.time_s):
        cells = []
        for landmark in SPORTS2D.values():
            x, y = pose.xy_px[number, landmark] * scale
            cells += ["", "", ""] if np.isnan(x) else [f"{x}", f"{-y}", "0.0"]
        lines.append("\t".join([str(number), f"{time_s}", *cells]))
    path.write_text("\n".join(lines) + "\n")
    return path


def recorded(pose: PoseSequence, like: Recording) -> Recording:
    """Return the same clip's own landmarks as a recording without a frame."""
    nothing, nowhere = np.full(len(pose), np.nan), np.full((len(pose), 2), np.nan)
    return Recording(
        pose, SwayTrack(nothing, nothing), FootTracks(nowhere, nowhere),
        Scene.unknown(len(pose)), like.source, like.software, like.person,
    )  # fmt: skip


@pytest.mark.parametrize("m_per_px", [None, 0.0049], ids=["pixels", "metres"])
@pytest.mark.parametrize("name", ["stand_left", "stand_right_touch_hop"])
def test_a_sports2d_trc_of_a_clip_gives_its_hold_times_within_a_frame(
    name: str, m_per_px: float | None, tmp_path: Path
) -> None:
    pose = clip(name)
    path = sports2d_trc(pose, tmp_path / "clip_px_person00.trc", m_per_px)
    setup = Setup(person=Person(height_mm=1780.0))
    imported = import_recording(path, setup=setup)
    own = assess_recording(recorded(pose, imported))
    got = assess_recording(imported)
    assert [(t.kind, t.side, t.end_reason) for t in got.trials] == [
        (t.kind, t.side, t.end_reason) for t in own.trials
    ]
    assert got.trials
    for mine, theirs in zip(own.trials, got.trials, strict=True):
        assert theirs.start_s == pytest.approx(mine.start_s, abs=1 / 30)
        assert theirs.end_s == pytest.approx(mine.end_s, abs=1 / 30)
    assert {one.code for one in got.findings} - {one.code for one in own.findings} == {
        FindingCode.IMPORTED_LANDMARKS
    }


def test_our_own_trc_comes_back_equal(tmp_path: Path) -> None:
    pose = clip()
    write_trc(pose, tmp_path / "own.trc")
    back = import_recording(tmp_path / "own.trc", size_px=SIZE).pose
    np.testing.assert_allclose(back.time_s, pose.time_s, atol=1e-6)
    shift = back.xy_px - pose.xy_px
    np.testing.assert_allclose(shift - shift[0, 0], 0, atol=1e-5)


def shape_of(pose: PoseSequence) -> Any:
    """Everything but place and size: what an assessment goes by."""
    xy = pose.xy_px[:, list(SPORTS2D.values())]
    height = xy[0, :, 1].max() - xy[0, :, 1].min()
    return (xy - xy[0, 0]) / height


def same_shape(pose: PoseSequence, other: PoseSequence) -> None:
    np.testing.assert_allclose(shape_of(pose), shape_of(other), atol=1e-6)


def openpose_folder(folder: Path, pose: PoseSequence, names: Any, extra: bool) -> Path:
    folder.mkdir()
    for frame in range(len(pose)):
        points = []
        for name in names:
            landmark = landmark_of(name)
            seen = landmark is not None and np.isfinite(pose.xy_px[frame, landmark, 0])
            x, y = pose.xy_px[frame, landmark] if seen else (0.0, 0.0)
            points += [float(x), float(y), 0.9 if seen else 0.0]
        people = [{"pose_keypoints_2d": points}]
        if extra:
            child = [
                value * 0.3 if n % 3 < 2 else value for n, value in enumerate(points)
            ]
            people.insert(frame % 2, {"pose_keypoints_2d": child})
        file = folder / f"clip_{frame:012d}_keypoints.json"
        file.write_text(json.dumps({"version": 1.3, "people": people}))
    return folder


@pytest.mark.parametrize("extra", [False, True], ids=["alone", "with a child"])
def test_openpose_frames_follow_the_larger_person(tmp_path: Path, extra: bool) -> None:
    folder = openpose_folder(tmp_path / "op", figure(), BODY_25, extra)
    back = import_recording(folder, rate_hz=25.0)
    same_shape(back.pose, figure())
    np.testing.assert_allclose(back.pose.time_s, np.arange(4) / 25.0)
    assert np.isnan(back.pose.point(Landmark.MOUTH_LEFT)).all()


def test_openpose_without_feet_has_none(tmp_path: Path) -> None:
    folder = openpose_folder(tmp_path / "op", figure(), COCO_18, False)
    first = next(iter(folder.iterdir()))
    back = import_recording(first, rate_hz=25.0).pose
    assert np.isnan(back.point(Landmark.LEFT_HEEL)).all()
    assert np.isfinite(back.point(Landmark.LEFT_ANKLE)).all()


def test_a_frame_without_a_person_keeps_its_row(tmp_path: Path) -> None:
    folder = openpose_folder(tmp_path / "op", figure(), BODY_25, False)
    (folder / "clip_000000000001_keypoints.json").write_text('{"people": []}')
    pose = import_recording(folder, rate_hz=25.0).pose
    assert len(pose) == 4
    assert np.isnan(pose.xy_px[1]).all()


def in_space(pose: PoseSequence, turn_deg: float) -> Any:
    """The flat figure put into a room, z up in mm, and turned round."""
    angle = np.radians(turn_deg)
    x, up = pose.xy_px[..., 0] - 320.0, 480.0 - pose.xy_px[..., 1]
    return np.stack([x * np.cos(angle), x * np.sin(angle), up], axis=2) * 4.0


@pytest.mark.parametrize("turn_deg", [0.0, 30.0, 90.0, 200.0])
def test_freemocap_is_seen_from_the_front_however_it_stands(
    tmp_path: Path, turn_deg: float
) -> None:
    np.save(tmp_path / "mediapipe_body_3d_xyz.npy", in_space(figure(), turn_deg))
    back = import_recording(tmp_path / "mediapipe_body_3d_xyz.npy", rate_hz=30.0).pose
    same_shape(back, figure())
    # Facing the camera, the person's left is on the right of the image.
    assert back.xy_px[0, Landmark.LEFT_HIP, 0] > back.xy_px[0, Landmark.RIGHT_HIP, 0]


def test_freemocap_csv_says_the_same_as_npy(tmp_path: Path) -> None:
    space = in_space(figure(), 30.0)
    names = [landmark.name.lower() for landmark in Landmark]
    head = ",".join(f"{name}_{axis}" for name in names for axis in "xyz")
    rows = [
        ",".join("" if np.isnan(x) else f"{x}" for x in frame.ravel())
        for frame in space
    ]
    (tmp_path / "body.csv").write_text("\n".join([head, *rows]) + "\n")
    same_shape(import_recording(tmp_path / "body.csv", rate_hz=30.0).pose, figure())


def test_pose2sim_in_space_has_y_up_and_metres(tmp_path: Path) -> None:
    flat = figure()
    x, up = flat.xy_px[..., 0] / 250, (480.0 - flat.xy_px[..., 1]) / 250
    names = list(SPORTS2D)
    lines = [
        "PathFileType\t4\t(X/Y/Z)\ta.trc",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"30\t30\t4\t{len(names)}\tm\t30\t1\t4",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t\t",
        "\t\t",
        "",
    ]
    for frame in range(4):
        # Pose2Sim: x forward, y up, z to the right of the person.
        cells = [
            f"0.05\t{up[frame, mark]}\t{-x[frame, mark]}" for mark in SPORTS2D.values()
        ]
        lines.append("\t".join([str(frame), f"{frame / 30}", *cells]))
    (tmp_path / "a.trc").write_text("\n".join(lines))
    same_shape(import_recording(tmp_path / "a.trc").pose, figure())


def dicts(pose: PoseSequence, frame: int, scale: Any) -> list[dict[str, float]]:
    xy = np.nan_to_num(pose.xy_px[frame]) / scale
    return [{"x": float(x), "y": float(y), "visibility": 0.8} for x, y in xy]


def full_figure() -> PoseSequence:
    pose = figure()
    return PoseSequence(
        pose.time_s, np.nan_to_num(pose.xy_px, nan=300.0), pose.visibility, SIZE
    )


FrameOf = Callable[[PoseSequence, int], Any]


@pytest.mark.parametrize(
    "frame_of",
    [
        pytest.param(lambda p, n: dicts(p, n, SIZE), id="a plain list of points"),
        pytest.param(
            lambda p, n: {
                "landmarks": dicts(p, n, SIZE),
                "timestamp_ms": n * 1000 / 30,
            },
            id="points with a time stamp",
        ),
        pytest.param(
            lambda p, n: {"poseLandmarks": [dicts(p, n, SIZE)], "time_s": n / 30},
            id="a list of people",
        ),
        pytest.param(
            lambda p, n: [[d["x"], d["y"], 0.0, 0.8] for d in dicts(p, n, 1.0)],
            id="arrays in pixels",
        ),
    ],
)
def test_mediapipe_json_in_the_shapes_people_save_it(
    tmp_path: Path, frame_of: FrameOf
) -> None:
    pose = full_figure()
    frames = [frame_of(pose, number) for number in range(4)]
    file = tmp_path / "pose.json"
    file.write_text(json.dumps({"width": 640, "height": 480, "frames": frames}))
    back = import_recording(file, rate_hz=30.0).pose
    np.testing.assert_allclose(back.xy_px, pose.xy_px, atol=1e-6)
    np.testing.assert_allclose(back.time_s, pose.time_s, atol=1e-9)
    assert back.size_px == SIZE


BAD = {
    "letter.trc": "dear reader",
    "unit.trc": "PathFileType\nUnits\nfeet\nFrame#\tTime\tRHip\n\n1\t0\t1\t1\t1\n",
    "few.trc": "PathFileType\nUnits\nm\nFrame#\tTime\tRHip\n\n1\t0\t1\t1\t1\n",
    "none.trc": "PathFileType\nUnits\nm\nFrame#\tTime\tRHip\n\n\n",
    "words.trc": "PathFileType\nUnits\nm\nFrame#\tTime\tRHip\n\n1\t0\tx\t1\t1\n",
    "a.npy": "no array",
    "b.csv": "nose_x,nose_y,nose_z\n",
    "c.csv": "nose_x,nose_y,nose_z\na,b,c\n",
    "d.csv": "nose_x,nose_y,nose_z\n1,2,3\n",
    "e.json": "{",
    "f.json": "[]",
    "g.json": '[{"landmarks": [1, 2]}]',
    "h.json": '{"frames": 3}',
    "i.json": json.dumps([[{"x": 0.1, "y": 0.1}] * 33]),
    "j.json": json.dumps([[{"y": 0.1}] * 33]),
    "x_keypoints.json": "[]",
    "clip.mp4": "video",
    "nothing.csv": "",
}


SAYS = {"clip.mp4": "balance analyze clip.mp4", "nothing.csv": "nothing.csv is empty"}


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_read_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BAD[name])
    with pytest.raises(InputError, match=SAYS.get(name, name.rpartition(".")[0])):
        import_recording(tmp_path / name, rate_hz=30.0)


def test_times_and_sizes_that_are_missing_are_asked_for(tmp_path: Path) -> None:
    folder = openpose_folder(tmp_path / "op", figure(), BODY_25, False)
    with pytest.raises(InputError, match="--fps"):
        import_recording(folder)
    np.save(tmp_path / "a.npy", in_space(figure(), 0.0))
    with pytest.raises(InputError, match="--fps"):
        import_recording(tmp_path / "a.npy")
    file = tmp_path / "pose.json"
    file.write_text(json.dumps([dicts(full_figure(), n, SIZE) for n in range(4)]))
    with pytest.raises(InputError, match="--fps"):
        import_recording(file)
    with pytest.raises(InputError, match="--size"):
        import_recording(file, rate_hz=30.0)
    with pytest.raises(InputError, match="1000"):
        import_recording(file, rate_hz=0.0)
    with pytest.raises(InputError, match="there is no"):
        import_recording(tmp_path / "gone.trc")
    with pytest.raises(InputError, match="none of"):
        import_recording(file, kind="vicon", rate_hz=30.0)
