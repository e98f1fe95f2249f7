"""Bad files in the app give the same clear sentence as on the command line."""

import time
from pathlib import Path

import pytest
from bad_videos import NOBODY, UNREADABLE
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from balance.app.state import KEY, LIVE_SESSIONS
from balance.cli.main import app as cli
from balance.model.errors import BalanceError
from tests.page_script import page_script

PAGE = page_script("analyse", ("result",))


@pytest.fixture
def page():
    yield AppTest.from_string(PAGE, default_timeout=60).run()
    LIVE_SESSIONS.close_all()


def upload(page: AppTest, path: Path) -> AppTest:
    page.file_uploader[0].set_value((path.name, path.read_bytes(), "video/mp4"))
    page.run()
    next(b for b in page.button if b.label == "Measure").click()
    page.run()
    (job,) = page.session_state[KEY].jobs
    for _ in range(2400):
        if not job.is_open:
            break
        time.sleep(0.1)
    return page.run()


def sentence_of_the_command(path: Path) -> str:
    out = path.parent / "results"
    told = CliRunner().invoke(cli, ["analyze", str(path), "--out", str(out), "--quiet"])
    assert told.exit_code in (2, 3)
    (line,) = told.stderr.strip().splitlines()
    return line


@pytest.mark.slow
@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_file_is_one_sentence(page, name, tmp_path):
    UNREADABLE[name](tmp_path / name)
    upload(page, tmp_path / name)
    assert not page.exception
    assert [e.value for e in page.error] == [sentence_of_the_command(tmp_path / name)]
    assert name in page.error[0].value
    (job,) = page.session_state[KEY].jobs
    assert not job.video.exists(), "the upload is still there"


@pytest.mark.slow
@pytest.mark.parametrize("name", NOBODY)
def test_video_of_nobody_says_so(page, name, tmp_path):
    NOBODY[name](tmp_path / name)
    upload(page, tmp_path / name)
    assert [w.value for w in page.warning] == [sentence_of_the_command(tmp_path / name)]


@pytest.mark.parametrize(
    ("label", "value", "option"),
    [("Height in cm", 17, "--height-cm 17"), ("Age in years", 500, "--age 500")],
)
def test_impossible_number_is_one_sentence_and_nothing_is_measured(
    page, label, value, option, tmp_path
):
    told = CliRunner().invoke(cli, ["analyze", "x.mp4", *option.split()]).exception
    assert isinstance(told, BalanceError)
    next(n for n in page.number_input if n.label == label).set_value(value).run()
    # What is shown is text, whatever signs of Markdown it holds.
    assert [e.value.replace("\\", "") for e in page.error] == [str(told)]
    assert next(b for b in page.button if b.label == "Measure").disabled


def test_faces_are_hidden_where_that_is_asked(page):
    box = next(box for box in page.checkbox if "unrecognisable" in box.label)
    box.check()
    page.file_uploader[0].set_value(("a.mp4", b"x", "video/mp4")).run()
    next(b for b in page.button if b.label == "Measure").click()
    page.run()
    (job,) = page.session_state[KEY].jobs
    assert job.blur_faces


def test_full_disk_is_one_sentence(page, monkeypatch, tmp_path):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("balance.app.state.shutil.copyfileobj", full)
    page.file_uploader[0].set_value(("a.mp4", b"x", "video/mp4")).run()
    next(b for b in page.button if b.label == "Measure").click()
    page.run()
    assert not page.exception
    assert "No space left on device; free some space" in page.error[0].value
