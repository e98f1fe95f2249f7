"""The commands: a person from adding to forgetting, reports, exports, imports."""

import json
from pathlib import Path

import numpy as np
import pytest
from stored_results import assessment_of, recording_of, stance
from typer.testing import CliRunner

from balance.cli.main import app
from balance.model.errors import BalanceError
from balance.model.files import write_assessment, write_recording


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_store: Path):  # type: ignore[no-untyped-def]
    import shutil

    place = shutil.copy(empty_store, tmp_path / "history.sqlite3")
    monkeypatch.setenv("BALANCE_STORE", str(place))
    monkeypatch.chdir(tmp_path)

    def command(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, list(words))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return done.output

    return command


@pytest.fixture
def result(tmp_path: Path) -> Path:
    folder = tmp_path / "clip"
    folder.mkdir()
    told = assessment_of(*(stance(side, 20.0) for side in ("left", "right") * 2))
    write_assessment(told, folder / "assessment.json")
    write_recording(recording_of(), folder / "landmarks.npz")
    return folder


@pytest.fixture
def filled(run, result: Path):  # type: ignore[no-untyped-def]
    run("history", "add", "A7", "--birth-year", "1956", "--height-cm", "164")
    run("history", "consent", "A7", "--agree")
    run("history", "save", "A7", str(result), "--on", "2026-11-13")
    run("history", "save", "A7", str(result), "--on", "2026-11-20")
    return run


def test_a_person_is_added_measured_shown_and_forgotten(filled, tmp_path: Path) -> None:
    assert "A7" in filled("history", "people")
    shown = filled("history", "show", "A7")
    assert "best 20 s, mean 20 s of 2" in shown
    assert "24.1 s" in shown
    assert "Left and right" in shown
    assert "Recording" in filled("history", "show", "A7", "--on", "2026-11-20")
    filled("history", "self-report", "A7", "--pain", "2", "--minutes", "30")
    assert "pain 2" in filled("history", "show", "A7")
    filled("history", "edit", "A7", "--dominant", "left")
    assert "Deleted" in filled("history", "forget", "A7", "--yes")
    assert "No people yet" in filled("history", "people")


def test_consent_is_shown_noted_and_withdrawn(filled) -> None:
    filled("history", "consent", "A7", "--withdraw")
    assert "Not agreed yet" in filled("history", "consent", "A7")
    filled("history", "consent", "A7", "--agree")
    assert "Agreed at" in filled("history", "consent", "A7")
    filled("history", "consent", "A7", "--withdraw")
    assert "Not agreed yet" in filled("history", "consent", "A7")


def test_an_overrule_says_what_was(filled) -> None:
    words = filled("history", "show", "A7", "--on", "2026-11-20").split()
    key = words[words.index("Recording") + 1]
    said = filled("history", "correct", key, "end_s", "12", "--by", "B")
    assert said.startswith("end_s: was 22, is 12 (B, ")
    assert "corrected" in filled("history", "show", "A7", "--on", "2026-11-20")


def test_backup_and_restore_are_one_command_each(filled, tmp_path: Path) -> None:
    filled("history", "backup", "all.backup")
    other = str(tmp_path / "new.sqlite3")
    assert "1 people" in filled("history", "restore", "all.backup", "--store", other)
    assert "2 visits" in filled("history", "people", "--store", other)
    filled("history", "export", "A7", "a7.zip")
    third = str(tmp_path / "third.sqlite3")
    assert "Added A7" in filled("history", "import", "a7.zip", "--store", third)


@pytest.mark.parametrize("kind", ["csv", "parquet", "json", "fhir"])
def test_every_export_writes_a_file(filled, tmp_path: Path, kind: str) -> None:
    filled("export", "A7", "--format", kind, "--out", f"out.{kind}")
    assert (tmp_path / f"out.{kind}").stat().st_size > 100


def test_the_schema_is_published(run) -> None:
    assert json.loads(run("export", "--format", "schema"))["$defs"]["Assessment"]


@pytest.mark.parametrize("kind", ["trc", "c3d"])
def test_landmarks_leave_as_motion_files(filled, tmp_path: Path, kind: str) -> None:
    assert "(mm" in filled("export", "clip", "--format", kind, "--out", "motion")
    assert (tmp_path / "motion" / f"clip.{kind}").exists()
    filled("export", "A7", "-f", kind, "--out", "person")
    assert len(list((tmp_path / "person").iterdir())) == 2


@pytest.mark.parametrize(
    "days", [(), ("2026-11-20",), ("2026-11-13", "2026-11-20")], ids=len
)
def test_reports_are_written(filled, tmp_path: Path, days: tuple[str, ...]) -> None:
    asked = [word for day in days for word in ("--on", day)]
    filled("report", "A7", *asked, "--out", "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.startswith("<!")
    assert "A7" in page


def test_imported_landmarks_become_a_result_folder(run, tmp_path: Path) -> None:
    data = Path(__file__).parents[1] / "data" / "stand_left.npz"
    with np.load(data) as stored:
        frames = [
            {"time_s": float(t), "landmarks": xy.astype(float).tolist()}
            for t, xy in zip(stored["time_s"], stored["xy_px"], strict=True)
        ]
    (tmp_path / "pose.json").write_text(json.dumps({"frames": frames}))
    run("import", "pose.json", "--size", "640x480", "--height-cm", "178")
    content = json.loads((tmp_path / "results/pose/assessment.json").read_text())
    assert content["trials"][0]["side"] == "left"


@pytest.mark.parametrize(
    "words",
    [
        ("history", "show", "nobody"),
        ("history", "add", "../x"),
        ("history", "show", "A7", "--on", "yesterday"),
        ("history", "restore", "gone"),
        ("report", "A7", "--on", "2020-01-01"),
        ("export", "--format", "fhir"),
        ("export", "--format", "trc"),
        ("import", "gone.trc"),
        ("import", "clip", "--size", "wide"),
    ],
)
def test_what_cannot_be_is_one_sentence(filled, words: tuple[str, ...]) -> None:
    with pytest.raises(BalanceError) as caught:
        filled(*words)
    assert len(str(caught.value).splitlines()) == 1
