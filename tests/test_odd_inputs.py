"""Inputs that once ended in a traceback or were believed; each has its sentence now."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "history"))
from stored_results import recording_of
from test_door import write_video
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.errors import BalanceError, InputError, VideoError
from balance.model.files import read_recording, write_recording
from balance.pipeline.analyze import assess_recording
from balance.video.video import probe, read_coded, read_grey, read_video


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "history.db"))
    write_video(tmp_path / "clip.mp4", (64, 48))
    np.save(tmp_path / "a.npy", np.zeros((2, 33, 3)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("analyze clip.mp4 --height-cm -5", "height"),
        ("analyze clip.mp4 --eyes banana", "open, closed"),
        ("analyze clip.mp4 --from 1e300", "from"),
        ("analyze clip.mp4 --from nan", "from"),
        ("analyze clip.mp4 --fps nan", "fps"),
        ("analyze clip.mp4 --out clip.mp4", "clip.mp4"),
        ("import a.npy --size ²x³ --fps 30", "size"),
        ("plan --left nan", "left"),
        ("plan --weeks -1", "weeks"),
        ("plan --start 9999-12-31", "9999-12-31"),
        ("history add ../../x", "../../x"),
        ("history add A7 --height-cm nan", "height"),
        ("history show A7 --on yesterday", "yesterday"),
    ],
)
def test_a_value_without_sense_is_one_sentence(words, said) -> None:
    done = CliRunner().invoke(app, words.split())
    told = str(done.exception) if isinstance(done.exception, BalanceError) else ""
    assert done.exit_code != 0
    assert told or done.exit_code == 2, done.exception
    assert said in told + done.output
    assert not Path("results").exists()


def test_a_device_in_a_list_does_not_hold_up_the_rest() -> None:
    from balance.pipeline.batch.run import Plan, run_batch

    Path("list.csv").write_text("video\n/dev/zero\nclip.mp4\n")
    plan = Plan(Path("out").absolute(), workers=1, video=False, report=False)
    first, second = run_batch("list.csv", plan)
    assert "a pipe or a device" in first.error
    assert not second.error


def test_a_tiff_is_no_video() -> None:
    import cv2

    cv2.imwrite("a.tiff", np.zeros((64, 64, 3), np.uint8))
    Path("a.tiff").rename("frame.mp4")
    with pytest.raises(VideoError, match="not a video that can be read"):
        probe("frame.mp4")


def write_black(container, frames: int) -> None:
    stream = container.add_stream("libx264", rate=30)
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
    for _ in range(frames):
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def test_a_title_in_another_alphabet_ends_nothing() -> None:
    with av.open("a.mkv", "w") as container:
        container.metadata["title"] = "XXXXXX"
        write_black(container, 5)
    data = Path("a.mkv").read_bytes()
    Path("a.mkv").write_bytes(data.replace(b"XXXXXX", "Größe!".encode("latin-1")))
    assert probe("a.mkv").width_px == 64
    assert len(list(read_video("a.mkv"))) == 5


def test_frames_of_sixteen_thousand_pixels_take_no_memory() -> None:
    """A header is enough to refuse them: 4.1 GB once."""
    write_video(Path("a.avi"), (64, 48), 1, codec="mjpeg")
    data = bytearray(Path("a.avi").read_bytes())
    large = (16_000).to_bytes(4, "little")
    at = data.index(b"strf") + 12
    data[at : at + 8] = large + large
    # The file's own head says it as well.
    frame = data.index(b"\xff\xc0") + 5
    data[frame : frame + 4] = (16_000).to_bytes(2, "big") * 2
    Path("a.avi").write_bytes(data)
    code = (
        "import sys; from balance.video.video import read_video as r; list(r('a.avi'))"
    )
    limited = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, (2**31,)*2); {code}"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]),
             "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert "VideoError" in done.stderr
    assert "MemoryError" not in done.stderr


def write_slow(path: str, tag: str | None) -> None:
    """Write two seconds that say, or do not say, at what rate they were captured."""
    with av.open(path, "w", options={"movflags": "use_metadata_tags"}) as container:
        if tag is not None:
            container.metadata["com.android.capture.fps"] = tag
        write_black(container, 60)


@pytest.mark.parametrize(
    ("tag", "told", "slower", "said"),
    [
        ("120.0", None, 4.0, "The file says that the video plays 4 times slower"),
        ("30.0", None, 1.0, ""),
        (None, None, 1.0, ""),
        (None, 8.0, 8.0, "It was told that the video plays 8 times slower"),
        ("120.0", 2.0, 2.0, "The file itself says 4 times"),
        ("120.0", 1.0, 1.0, "The file itself says 4 times"),
    ],
)
def test_slow_motion_is_measured_in_the_seconds_of_what_happened(
    tag, told, slower, said
) -> None:
    """By the file's tag, or as told; the player's seconds are no result."""
    write_slow("slow.mp4", tag)
    write_slow("plain.mp4", None)
    plain = [frame.time_s for frame in read_video("plain.mp4")]
    for read in (read_video, read_grey, read_coded):
        with read("slow.mp4", slow_motion=told) as frames:
            times = [frame.time_s for frame in frames]
            notes = [one.text for one in frames.findings if one.code == "slow_motion"]
        np.testing.assert_allclose(times, np.array(plain) / slower)
        assert [said in note for note in notes] == ([True] if said else [])
    info = probe("slow.mp4", told)
    assert info.duration_s == pytest.approx(2.0 / slower, rel=0.01)
    assert info.rate_hz == pytest.approx(30.0 * slower, rel=0.01)
    part = [f.time_s for f in read_video("slow.mp4", slow_motion=told, to_s=0.1)]
    assert len(part) == sum(time_s <= 0.1 for time_s in times)


def test_a_track_of_a_coding_that_is_not_known_is_a_sentence() -> None:
    data = Path("clip.mp4").read_bytes()
    place = data.index(b"stsd") + 16
    Path("odd.mp4").write_bytes(data[:place] + b"????" + data[place + 4 :])
    with pytest.raises(VideoError, match="not known"):
        probe("odd.mp4")


def test_a_cover_that_does_not_say_so_is_no_video() -> None:
    """One large image as a first track, and the video after it."""
    with av.open("cover.mkv", "w") as container:
        cover = container.add_stream("mjpeg", rate=30)
        cover.width, cover.height, cover.pix_fmt = 640, 640, "yuvj420p"
        video = container.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
        for number in range(12):
            for stream in (cover, video) if number == 0 else (video,):
                black = np.zeros((stream.height, stream.width, 3), np.uint8)
                frame = av.VideoFrame.from_ndarray(black, "rgb24")
                frame = frame.reformat(format=stream.pix_fmt)
                frame.pts = number
                container.mux(stream.encode(frame))
        for stream in (cover, video):
            container.mux(stream.encode())
    assert probe("cover.mkv").width_px == 320
    assert len(list(read_video("cover.mkv"))) == 12


def test_a_recording_with_nothing_in_its_numbers_is_assessed() -> None:
    whole = recording_of(60)
    for pose in (
        replace(whole.pose, xy_px=np.full_like(whole.pose.xy_px, np.nan)),
        replace(whole.pose, visibility=np.full_like(whole.pose.visibility, np.nan)),
    ):
        write_recording(replace(whole, pose=pose), Path("landmarks.npz"))
        assert assess_recording(read_recording(Path("landmarks.npz"))).trials == ()


@pytest.mark.parametrize(
    "time_s",
    [
        np.r_[np.arange(30) / 30, 1e9 + np.arange(30) / 30],
        np.arange(60) * 1e-300,
        np.arange(60) * 5e-324,
    ],
)
def test_times_at_which_no_camera_records_are_refused(time_s) -> None:
    """A gap of 30 years asked for 224 GB, steps that are none for an infinite rate."""
    write_recording(recording_of(60), Path("landmarks.npz"))
    with np.load("landmarks.npz") as stored:
        arrays = {**stored, "time_s": time_s}
    np.savez("landmarks.npz", **arrays)
    with pytest.raises(InputError, match="time_s"):
        read_recording(Path("landmarks.npz"))


def test_what_is_written_is_for_its_owner_alone() -> None:
    from datetime import date

    from balance.history import open_store
    from balance.history.archive import export_person
    from balance.history.backup import write_backup
    from balance.history.people import PersonRecord, add_person
    from balance.history.self_reports import SelfReport, add_self_report
    from balance.reporting.export.json_export import write_json
    from balance.reporting.export.tables import write_csv

    with open_store() as store:
        add_person(store, PersonRecord("A7", consent_at="2026-01-01"))
        add_self_report(store, "A7", SelfReport(date(2026, 1, 2), 3, 2, 10.0, ""))
        export_person(store, "A7", Path("a7.zip"))
        write_backup(store, Path("all.zip"))
        write_csv(store, Path("a.csv"), None)
        write_json(store, Path("a.json"), None)
    for name in ("history.db", "a7.zip", "all.zip", "a.csv", "a.json"):
        assert Path(name).stat().st_mode & 0o077 == 0, name
