"""Arguments in, sentences and exit status out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from people import lift, recording, standing
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.errors import BalanceError
from balance.model.files import write_recording
from balance.model.landmarks import LANDMARK_COUNT, Side
from balance.pipeline.setup import make_setup

ROOT = Path(__file__).parents[1]


def balance(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "balance", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        **more,
    )


def test_help_answers_without_loading_what_is_heavy() -> None:
    heavy = ["mediapipe", "cv2", "av", "scipy", "streamlit", "sqlalchemy", "altair"]
    code = (
        "import sys; from typer.testing import CliRunner;"
        "from balance.cli.main import app;"
        "r = CliRunner().invoke(app, ['--help']); assert r.exit_code == 0, r.output;"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"height_cm": 17.0}, "--height-cm 17"),
        ({"age": 500.0}, "--age 500"),
        ({"eyes": "shut"}, "open, closed, unknown"),
        ({"sex": "x"}, "choose one of f, m"),
        ({"protocol": "nonsense"}, "no protocol"),
        ({"from_s": 5.0, "to_s": 3.0}, "--to 3 must come after --from 5"),
    ],
)
def test_a_wrong_option_is_one_sentence_that_names_it(told, words) -> None:
    with pytest.raises(BalanceError, match=words):
        make_setup(**told)


BAD_FILES = {
    "missing.mp4": None,
    "empty.mp4": b"",
    "text.mp4": b"this is a shopping list, not a video\n" * 20,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_sentence_and_status_2(name, tmp_path) -> None:
    path = tmp_path / name
    if BAD_FILES[name] is not None:
        path.write_bytes(BAD_FILES[name])
    run = balance("analyze", str(path), "--out", str(tmp_path / "out"))
    assert run.returncode == 2
    assert name in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr
    assert not list((tmp_path / "out").glob("*"))


def test_a_folder_given_as_video_is_one_sentence(tmp_path) -> None:
    run = balance("analyze", str(tmp_path), "--out", str(tmp_path / "out"))
    assert run.returncode == 2
    assert "folder" in run.stderr


def test_an_output_that_cannot_be_a_folder_is_refused_before_the_work(
    make_clip, tmp_path
) -> None:
    (tmp_path / "taken").write_text("")
    run = balance("analyze", str(make_clip()), "--out", str(tmp_path / "taken"))
    assert run.returncode == 2
    assert "--out" in run.stderr


def stored(folder: Path, *, people: bool = True) -> Path:
    time_s, xy = standing(8)
    xy = lift(time_s, xy, Side.LEFT, 2, 6)
    if not people:
        xy = np.full((len(time_s), LANDMARK_COUNT, 2), np.nan)
    path = folder / "clip" / "landmarks.npz"
    write_recording(recording(time_s, xy), path)
    return path


def test_rescoring_needs_neither_video_nor_model(tmp_path) -> None:
    path = stored(tmp_path)
    result = CliRunner().invoke(app, ["rescore", str(path)])
    assert result.exit_code == 0, result.output
    data = json.loads((path.parent / "assessment.json").read_text())
    assert data["trials"][0]["side"] == "right"
    assert "Time held" in result.output


def test_nothing_to_measure_is_status_3_and_the_reason_is_kept(tmp_path) -> None:
    path = stored(tmp_path, people=False)
    result = CliRunner().invoke(app, ["rescore", str(path), "--quiet"])
    assert result.exit_code == 3
    data = json.loads((path.parent / "assessment.json").read_text())
    assert "no_person" in [f["code"] for f in data["findings"]]


def test_a_read_only_folder_is_one_sentence(make_clip, tmp_path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    if os.access(closed, os.W_OK):
        pytest.skip("this user may write everywhere")
    run = balance("analyze", str(make_clip()), "--out", str(closed))
    assert run.returncode == 2
    assert "cannot write" in run.stderr
