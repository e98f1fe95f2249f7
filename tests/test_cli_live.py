"""`balance live`: questions first, then a camera, then the video measured as a file."""

import re
import time
from collections.abc import Iterator

import numpy as np
import pytest
from typer.testing import CliRunner

from balance.cli import live as cli_live
from balance.cli import live_show
from balance.cli.main import app
from balance.model.codes import TrialKind
from balance.model.errors import InputError, VideoError
from balance.model.setup import Setup
from balance.reference.loader import load_safety
from balance.video import camera
from balance.video.camera import frames_of
from balance.video.video_writer import VideoWriter
from tests.browser.clips import RATE_HZ, standing_then

HOLD_S = 11.0  # of stand_left
QUESTIONS = load_safety().questions


# -- the camera ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("97", "no camera 97", id="a camera that is not there"),
        pytest.param("nothing.mp4", "no file nothing.mp4", id="a file that is not"),
        pytest.param("udp-like://x", "does not answer", id="a stream that is silent"),
    ],
)
def test_missing_camera_is_one_sentence(source, words):
    with pytest.raises(VideoError, match=words):
        next(frames_of(source))


class Device:
    """Stands in for OpenCV's capture: gives some frames, then none."""

    def __init__(self, images: int) -> None:
        self.left = images

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def read(self):
        self.left -= 1
        return self.left >= 0, np.zeros((48, 64, 3), np.uint8)

    def set(self, *_) -> None: ...

    def release(self) -> None: ...


@pytest.fixture
def device(monkeypatch):
    def plug_in(images: int) -> None:
        monkeypatch.setattr("cv2.VideoCapture", lambda _: Device(images))

    return plug_in


def test_camera_that_another_program_uses_is_one_sentence(device, monkeypatch):
    device(0)
    monkeypatch.setattr(camera.Path, "exists", lambda _: True)
    with pytest.raises(VideoError, match="another program may be using it"):
        next(frames_of("0"))


def test_camera_that_is_unplugged_gives_what_it_saw_and_then_says_so(device):
    device(20)
    seen: list = []
    with pytest.raises(VideoError, match="camera 0 stopped giving frames"):
        seen.extend(frame for some in frames_of("0") for frame in some)
    assert len(seen) == 19  # the first was a trial
    times = np.array([frame.time_s for frame in seen])
    assert (np.diff(times) > 0).all()


def test_frames_that_came_meanwhile_come_together(device):
    device(30)
    sizes: list[int] = []

    def look_slowly() -> None:
        for some in frames_of("0"):
            sizes.append(len(some))
            time.sleep(0.05)

    with pytest.raises(VideoError):
        look_slowly()
    assert sum(sizes) == 29
    assert max(sizes) > 1


# -- the plan --------------------------------------------------------------------


def test_plan_of_live_follows_the_protocol():
    plan = cli_live.live_plan("single-leg-stance", "both", 2)
    assert plan.kind is TrialKind.SINGLE_LEG_STANCE
    assert plan.sides == ("left", "right", "left", "right")
    assert plan.cap_s == 45.0


@pytest.mark.parametrize(("test", "side"), [("hop", "left"), ("squat", "middle")])
def test_live_says_what_may_be_chosen(test, side):
    with pytest.raises(InputError, match="choose one of"):
        cli_live.live_plan(test, side, 1)


# -- safety first ----------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch):
    """Answer the questions in a terminal: yes where the code is among these."""

    def answer(*yes: str) -> None:
        texts = {question.text for question in QUESTIONS if question.code in yes}
        texts |= {code for code in yes if " " in code}
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr(cli_live.typer, "confirm", lambda text: text in texts)

    return answer


def test_without_a_terminal_somebody_must_have_asked():
    result = CliRunner().invoke(app, ["live", "--headless", "--camera", "x.mp4"])
    assert isinstance(result.exception, InputError)
    assert "--safety-answered" in str(result.exception)


@pytest.mark.parametrize("code", ["fall_injury", "vertigo", "walking_aid"])
def test_yes_is_no_test(asked, code):
    asked(code)
    with pytest.raises(InputError, match="no test today"):
        cli_live.ask_safety("single-leg-stance")


def test_nothing_said_against_it_is_a_test_with_its_rules(asked, capsys):
    asked()
    cli_live.ask_safety("single-leg-stance")
    assert "Put the foot down before you fall" in capsys.readouterr().out


def test_squats_on_one_leg_come_after_ten_seconds(asked):
    asked()
    with pytest.raises(InputError, match="only after 10 s with open eyes"):
        cli_live.ask_safety("single-leg-squat")
    asked(cli_live.TEN_SECONDS)
    cli_live.ask_safety("single-leg-squat")


# -- what is finished stays --------------------------------------------------------


def made_recorder(tmp_path):
    video = tmp_path / "live" / "try-1.mp4"
    video.parent.mkdir()
    video.write_bytes(b"a finished trial")
    return live_show.Recorder(tmp_path / "live", videos=[(video, None)])


def test_ctrl_c_keeps_what_is_finished(tmp_path, monkeypatch):
    """It used to end the program, and the folder with the trials with it."""
    done = made_recorder(tmp_path)

    class Nothing:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def close(self):
            pass

    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(live_show, "Recorder", lambda _: done)
    monkeypatch.setattr(live_show, "run_live", pressed)
    monkeypatch.setattr("balance.tracking.detector.MediaPipeDetector", Nothing)
    monkeypatch.setattr("balance.video.camera.frames_of", lambda _: Nothing())
    plan = cli_live.live_plan("single-leg-stance", "left", 1)
    assert cli_live.record("0", plan, tmp_path, headless=True).videos == done.videos


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputError("no")])
def test_a_trial_that_cannot_be_measured_is_kept_as_a_video(
    tmp_path, monkeypatch, error, capsys
):
    def fail(*_):
        raise error

    monkeypatch.setattr("balance.pipeline.analyze.analyze_to_folder", fail)
    with pytest.raises((KeyboardInterrupt, InputError)):
        cli_live.measure_videos(made_recorder(tmp_path), Setup(), tmp_path / "out")
    [kept] = (tmp_path / "out").iterdir()
    assert kept.read_bytes() == b"a finished trial"
    assert str(kept) in capsys.readouterr().err


# -- all of it -------------------------------------------------------------------


def images() -> Iterator[np.ndarray]:
    yield from standing_then("stand_left", 10.0)


@pytest.mark.slow
def test_video_as_camera_is_timed_live_and_measured_as_a_file(tmp_path):
    path = tmp_path / "camera.mp4"
    with VideoWriter(path, (640, 480), RATE_HZ, quality=12) as video:
        for number, image in enumerate(images()):
            video.write(image, number / RATE_HZ)
    options = ["--headless", "--safety-answered", "--side", "left"]
    told = ["--height-cm", "178", "--age", "34", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, ["live", "--camera", str(path), *options, *told])
    assert result.exit_code == 0, result.output
    assert "clock_started" in result.output
    line = next(li for li in result.output.splitlines() if "Standing on the" in li)
    final_s, live_s = (float(s) for s in re.findall(r"([\d.]+) s", line)[:2])
    assert live_s == pytest.approx(HOLD_S, abs=0.3)
    assert final_s == pytest.approx(HOLD_S, abs=0.10)
    assert "The right foot touched the floor." in line
    (folder,) = (tmp_path / "out").iterdir()
    assert {file.name for file in folder.iterdir()} == {
        "annotated.mp4",
        "assessment.json",
        "landmarks.npz",
        "report.html",
        "trials.csv",
    }


def test_a_test_without_a_trial_is_status_3(monkeypatch):
    from balance.cli.live_show import Recorder

    def record(_camera, _plan, folder, **_):
        return Recorder(folder)

    monkeypatch.setattr(cli_live, "record", record)
    result = CliRunner().invoke(app, ["live", "--safety-answered", "--headless"])
    assert result.exit_code == 3
    assert "No trial was recorded" in result.output
