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
from test_door import write_film
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.errors import BalanceError, VideoError
from balance.model.files import read_recording, write_recording
from balance.pipeline.analyze import assess_recording
from balance.video.video import probe, read_video


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "history.db"))
    write_film(tmp_path / "clip.mp4", (64, 48))
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
        ("import a.npy --size ²x³ --rate-hz 30", "size"),
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
    Path("a.tiff").rename("picture.mp4")
    with pytest.raises(VideoError, match="not a video that can be read"):
        probe("picture.mp4")


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
    write_film(Path("a.avi"), (64, 48), 1, codec="mjpeg")
    data = bytearray(Path("a.avi").read_bytes())
    large = (16_000).to_bytes(4, "little")
    at = data.index(b"strf") + 12
    data[at : at + 8] = large + large
    # The picture's own head says it as well.
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


@pytest.mark.parametrize(("captured", "times"), [("120.0", 4.0), ("30.0", None)])
def test_slow_motion_that_the_file_tells_of_is_told(captured, times) -> None:
    options = {"movflags": "use_metadata_tags"}
    with av.open("slow.mp4", "w", options=options) as container:
        container.metadata["com.android.capture.fps"] = captured
        write_black(container, 30)
    with read_video("slow.mp4") as frames:
        assert len(list(frames)) == 30
        told = [one for one in frames.findings if one.code == "slow_motion"]
    assert bool(told) == (times is not None)
    if times:
        assert f"{times:.1f} times faster" in told[0].text
        assert told[0].severity == "warning"


def test_a_recording_with_nothing_in_its_numbers_is_assessed() -> None:
    whole = recording_of(60)
    for pose in (
        replace(whole.pose, xy_px=np.full_like(whole.pose.xy_px, np.nan)),
        replace(whole.pose, visibility=np.full_like(whole.pose.visibility, np.nan)),
    ):
        write_recording(replace(whole, pose=pose), Path("landmarks.npz"))
        assert assess_recording(read_recording(Path("landmarks.npz"))).trials == ()


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
