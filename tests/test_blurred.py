"""Faces asked to be hidden: what is left of them in the pixels of a real frame."""

import base64
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from balance.cli.main import app
from balance.history import open_store
from balance.history.people import PersonRecord, add_person
from balance.history.recordings import save_recording
from balance.model.files import read_recording
from balance.reporting.charts import courses
from balance.reporting.pages.person_report import render_person
from balance.reporting.video.blurred import FaceBlur, blur_video
from balance.reporting.video.overlay import annotate
from balance.reporting.video.pen import BLOCKS, coarse
from balance.video.video import read_coded, read_video
from balance.video.video_writer import VideoWriter
from tests.made_results import assessment, stance

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_videos" / "stand_left.mp4"
LANDMARKS = ROOT / "tests" / "rendered" / "stand_left.npz"
ON = date(2026, 1, 5)
SHOWN_S = 1.0


@pytest.fixture(scope="module")
def recording():
    return read_recording(LANDMARKS)


@pytest.fixture(scope="module")
def frames():
    with read_video(SAMPLE, to_s=SHOWN_S) as images:
        return list(images)


@pytest.fixture(scope="module")
def video(frames, tmp_path_factory) -> Path:
    """The first second of the sample, as a video of its own."""
    path = tmp_path_factory.mktemp("video") / "stand.mp4"
    with VideoWriter(path, (640, 480), 30.0, quality=12) as writer:
        for frame in frames:
            writer.write(frame.rgb, frame.time_s)
    return path


def head_of(recording, time_s):
    """Rows and columns of the whole head, hair and chin."""
    frame = courses.frame_at(recording.pose, time_s)
    x, y, radius = courses.face_circle(recording.pose, frame)
    part = round(0.7 * radius)
    return np.s_[round(y) - part : round(y) + part, round(x) - part : round(x) + part]


def detail(image) -> float:
    """What a face is recognised by: how eyes, nose and mouth stand out from it."""
    grey = image.astype(float).mean(axis=2)
    return float(np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2.0)).mean())


def likeness(a, b) -> float:
    """Correlation of the fine structure of two frames."""
    fine = [p.astype(float).mean(axis=2) for p in (a, b)]
    fine = [f - cv2.GaussianBlur(f, (0, 0), 2.0) for f in fine]
    return float(np.corrcoef(fine[0].ravel(), fine[1].ravel())[0, 1])


def test_of_a_face_a_few_blocks_are_left(frames, recording):
    before = frames[0].rgb
    after = before.copy()
    FaceBlur(recording).hide(after, frames[0].time_s)
    head = head_of(recording, frames[0].time_s)
    assert detail(before[head]) > 3.0, "there was a face"
    assert detail(after[head]) < 0.25 * detail(before[head])
    assert abs(likeness(before[head], after[head])) < 0.35
    # Hips, knees and feet are what a clinician wants to see.
    np.testing.assert_array_equal(after[240:], before[240:])


def test_no_hair_and_no_chin_stand_out_of_what_is_hidden(frames, recording):
    """Everything above the shoulders that is not wall lies in the hidden circle."""
    image, pose = frames[0].rgb, recording.pose
    x, y, radius = courses.face_circle(pose, 0)
    shoulders = pose.xy_px[0, [11, 12]]
    neck_y = int(shoulders[:, 1].mean() - 0.25 * np.ptp(shoulders[:, 0]))
    columns = slice(int(x - 60), int(x + 60))
    wall = np.median(image[: int(y - 2 * radius), columns], axis=(0, 1))
    part = image[:neck_y, columns].astype(float)
    rows, cols = np.nonzero(np.abs(part - wall).max(axis=2) > 40)
    apart = np.hypot(cols + columns.start - x, rows - y)
    assert len(rows) > 200, "there was a head"
    assert np.mean(apart <= radius) > 0.97


def test_no_frame_of_the_annotated_video_shows_the_face(video, recording, tmp_path):
    told = assessment(stance())
    with read_coded(video) as images:
        annotate(images, told, recording, tmp_path / "a.mp4", blur_faces=True)
    assert all(hidden(tmp_path / "a.mp4", video, recording))


def test_no_frame_of_a_video_given_away_shows_the_face(video, recording, tmp_path):
    blur_video(video, recording, tmp_path / "b.mp4")
    shown = hidden(tmp_path / "b.mp4", video, recording)
    assert len(shown) == 31
    assert all(shown)


def test_mirror_image_is_given_away_as_one(frames, recording, tmp_path):
    """Else its own landmarks, which go along, would no longer fit it."""
    source = tmp_path / "selfie.mp4"
    with VideoWriter(source, (640, 480), 30.0, quality=12) as writer:
        for frame in frames[:5]:
            writer.write(frame.rgb[:, ::-1], frame.time_s)
    told = replace(recording, options=replace(recording.options, mirrored=True))
    blur_video(source, told, tmp_path / "d.mp4")
    with read_video(tmp_path / "d.mp4", mirrored=True) as images:
        first = next(iter(images)).rgb
    feet = np.s_[240:, :]
    assert np.abs(first[feet].astype(float) - frames[0].rgb[feet]).mean() < 3.0
    head = head_of(recording, 0.0)
    assert detail(first[head]) < 0.3 * detail(frames[0].rgb[head])


def test_measured_with_faces_hidden_the_video_shows_none(video, recording, tmp_path):
    words = ["analyze", str(video), "--out", str(tmp_path), "--blur-faces", "--quiet"]
    CliRunner().invoke(app, words)
    assert all(hidden(tmp_path / "stand" / "annotated.mp4", video, recording))


def hidden(after: Path, before: Path, recording) -> list[bool]:
    found = []
    with read_video(after) as ours, read_video(before) as theirs:
        for one, other in zip(ours, theirs, strict=True):
            head = head_of(recording, one.time_s)
            found.append(detail(one.rgb[head]) < 0.3 * detail(other.rgb[head]))
    return found


def test_video_without_landmarks_shows_nothing_at_all(video, tmp_path):
    blur_video(video, None, tmp_path / "c.mp4")
    with read_video(tmp_path / "c.mp4") as images:
        assert all(detail(frame.rgb) < 0.5 for frame in images)


def test_somebody_else_in_view_is_hidden_whole(frames, recording):
    people = np.full(len(recording.pose), np.nan)
    people[::15] = 2.0
    seen = replace(recording, scene=replace(recording.scene, person_count=people))
    image = frames[0].rgb.copy()
    image[:, :200] = np.random.default_rng(1).integers(0, 255, (480, 200, 3))
    before = image.copy()
    FaceBlur(seen).hide(image, frames[0].time_s)
    assert detail(image[:, :180]) < 0.1 * detail(before[:, :180])
    left, top, right, bottom = (round(v) for v in courses.body_box(seen.pose, 0))
    body = np.s_[(top + bottom) // 2 : bottom, left:right]
    np.testing.assert_array_equal(image[body], before[body])


def test_what_is_hidden_cannot_be_brought_back(frames):
    part = frames[0].rgb[100:200, 280:380]
    left = coarse(part)
    # All that it tells are so many blocks: the same ones give the same frame.
    blocks = cv2.resize(part, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
    again = cv2.resize(blocks, (100, 100), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_array_equal(left, again)


# -- out of the history ------------------------------------------------------------


@pytest.fixture
def store(video, recording, tmp_path):
    with open_store(tmp_path / "history.db") as opened:
        add_person(opened, PersonRecord("A7", consent_at="2026-01-01"))
        told = assessment(stance(start_s=0.2, end_s=0.8))
        save_recording(opened, "A7", told, recording, on=ON, video=video)
        yield opened


def test_video_taken_out_of_the_history_shows_no_face(
    store, video, recording, tmp_path
):
    target = tmp_path / "a7.zip"
    words = ["history", "export", "A7", str(target), "--blur-faces"]
    place = str(tmp_path / "history.db")
    assert CliRunner().invoke(app, [*words, "--store", place]).exit_code == 0
    with zipfile.ZipFile(target) as archive:
        (name,) = [n for n in archive.namelist() if n.startswith("videos/")]
        (tmp_path / "out.mp4").write_bytes(archive.read(name))
    assert all(hidden(tmp_path / "out.mp4", video, recording))
    with av.open(str(tmp_path / "out.mp4")) as opened:
        assert not opened.streams.audio, "a voice is known, too"


def test_report_of_a_visit_shows_stills_of_a_kept_video_and_hides_the_face(
    store, frames, recording
):
    pages = [render_person(store, "A7", [ON], blur_faces=b) for b in (False, True)]
    plain, blurred = (stills_in(page) for page in pages)
    assert len(plain) == len(blurred) == 3
    # Stills are cut to the person: the head is in the upper sixth.
    for a, b in zip(plain, blurred, strict=True):
        upper = np.s_[20 : len(a) // 6, a.shape[1] // 3 : 2 * a.shape[1] // 3]
        assert detail(b[upper]) < 0.5 * detail(a[upper])


def stills_in(page: str) -> list[np.ndarray]:
    found = []
    for part in page.split("data:image/jpeg;base64,")[1:]:
        data = np.frombuffer(base64.b64decode(part.partition('"')[0]), np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert image is not None
        found.append(image)
    return found
