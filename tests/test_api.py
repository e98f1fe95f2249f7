"""`import balance`: the README's own block, executed; names, types, tables, errors."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from people import lift, standing
from people import recording as made

import balance
from balance.model.files import read_recording, write_recording
from balance.model.landmarks import Side
from balance.model.results import Conditions, Measurement, Person, Source
from balance.pipeline import analyze as pipeline
from balance.pipeline.analyze import Result, assess_recording

ROOT = Path(__file__).parents[1]
AT = "2026-11-20T10:00:00"


def stand(name: str = "clip.mp4", sha256: str = "0" * 64, **more: object):
    time_s, xy = standing(16)
    frames = len(time_s)
    source = Source(
        name, sha256, 16.0, frames, 30.0, 640, 480, 0, "2026-11-20T10:00:00"
    )
    return made(time_s, lift(time_s, xy, Side.LEFT, 2, 14), source=source, **more)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, balance.Setup]]:
    """Let every video show the same stand, by a model that needs no seconds."""
    asked = []

    def record(path: Path, setup: balance.Setup, **_: object):
        asked.append((path, setup))
        return stand(
            path.name,
            f"{len(asked):064d}",
            person=setup.person,
            conditions=setup.conditions,
            protocol=setup.protocol,
        )

    monkeypatch.setattr(pipeline, "record_video", record)
    monkeypatch.setattr(pipeline, "_draw", lambda *_: None)
    return asked


def readme_block() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]


def test_the_block_of_the_readme_runs(
    quick: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "clip.mp4").write_text("one")
    (tmp_path / "clip.mp4").write_text("one")
    in_this_process(monkeypatch)
    names: dict[str, object] = {}
    exec(compile(readme_block(), "README.md", "exec"), names)
    assert re.search(
        r"^single_leg_stance right 1\d\.\d+ s \(1\d\.\d+ to 1\d\.\d+\)$",
        capsys.readouterr().out,
        re.MULTILINE,
    )
    assert quick[0][1].person == Person(1780, 67)
    assert (tmp_path / "results" / "clip" / "assessment.json").exists()
    assert (tmp_path / "results" / "summary.csv").exists()


def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch measure here, where the recorder is replaced."""
    from balance.pipeline.batch import run, spread

    def here(work: Callable, jobs: list, *_: object):
        return ((number, work(job)) for number, job in enumerate(jobs))

    monkeypatch.setattr(spread, "on_processes", here)
    assert run.spread is spread


def test_two_folders_with_equal_names_in_three_lines_of_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_this_process(monkeypatch)
    swaying = read_recording(ROOT / "tests" / "rendered" / "a01_stand.npz")

    def record(path: Path, setup: balance.Setup, **_: object):
        source = replace(swaying.source, name=path.name)
        return replace(swaying, source=source, person=setup.person)

    monkeypatch.setattr(pipeline, "record_video", record)
    monkeypatch.setattr(pipeline, "_draw", lambda *_: None)
    for person in ("P001", "P002"):
        (tmp_path / person).mkdir()
        (tmp_path / person / "clip.mp4").write_text(person)
    videos = tmp_path / "list.csv"
    videos.write_text(
        "video,person,height_cm\nP001/clip.mp4,P001,178\nP002/clip.mp4,P002,160\n"
    )
    table = balance.batch(videos, out=tmp_path / "out").to_dataframe()
    assert list(table.groupby("clip").size()) == [1, 1]
    assert list(table["clip"]) == ["P001/clip.mp4", "P002/clip.mp4"]
    sway = table.groupby("person")["sway_ml_rms_mm"].mean()
    assert sway["P001"] > sway["P002"] > 0
    assert table["path"].nunique() == table["folder"].nunique() == 2


def test_importing_loads_nothing_heavy() -> None:
    heavy = ["numpy", "mediapipe", "cv2", "av", "scipy", "pydantic", "pandas", "typer"]
    code = f"import sys, balance; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_every_public_name_is_there_and_documented() -> None:
    assert set(balance.__all__) <= set(dir(balance))
    for name in balance.__all__:
        found = getattr(balance, name)
        assert name == "__version__" or found.__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        balance.analyse  # noqa: B018
    assert (ROOT / "balance" / "py.typed").exists()


USER_SCRIPT = """
import balance
from pathlib import Path

result: balance.Result = balance.analyze(Path("clip.mp4"), height_cm=178, eyes="open")
for trial in result.trials:
    hold: balance.Measurement | None = trial["hold_s"]
    print(trial.kind is balance.TrialKind.SQUAT_SET, trial.side, hold)
recording: balance.Recording = balance.read_recording("results/clip/landmarks.npz")
assessment: balance.Assessment = balance.assess(recording, protocol="bess")
print(assessment.person.height_mm, recording.sway.ml_px.shape)
try:
    result.save("results/clip").folder
except balance.errors.OutputError as error:
    print(error)
"""


def check_types(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    path = folder / "user.py"
    path.write_text(script)
    command = ["--strict", "--follow-imports=silent", "--config-file=", str(path)]
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--ignore-missing-imports", *command],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        check=False,
    )


@pytest.mark.slow
def test_a_script_of_a_user_is_typed(tmp_path: Path) -> None:
    run = check_types(tmp_path, USER_SCRIPT)
    assert run.returncode == 0, run.stdout
    wrong = check_types(tmp_path, "import balance\nbalance.analyze(7, eyes=3)\n")
    assert wrong.stdout.count("error:") == 2, wrong.stdout  # one an argument


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Measurement(10.98, "s", 10.91, 11.05), "10.98 s (10.91 to 11.05)"),
        (Measurement(31.3, "s", 31.2, None, True), "≥ 31.30 s (from 31.20)"),
        (Measurement(12.0, "deg", 8.4, 15.6), "12.0 deg (8.4 to 15.6)"),
        (Measurement(0.02, "ratio", 0.0, 0.05), "0.02 (0.00 to 0.05)"),
        (Measurement(3.0, "count", None, None), "3.00"),
    ],
)
def test_a_measure_prints_with_its_interval(value: Measurement, words: str) -> None:
    assert str(value) == words


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    recording = stand(person=Person(1780), conditions=Conditions("open"))
    folder = tmp_path / "results" / "clip"
    folder.parent.mkdir()
    Result(assess_recording(recording), recording).save(folder)
    return folder


def test_a_saved_result_is_read_and_assessed_again(saved: Path) -> None:
    recording = balance.read_recording(saved)
    assert recording.pose.xy_px.shape == (len(recording.pose), 33, 2)
    again = balance.assess(recording)
    assert again.source.recorded_at == AT
    assert again.trials[0]["hold_s"] is not None
    assert balance.assess(recording, protocol="bess").protocol == "bess"
    with pytest.raises(balance.InputError, match="no protocol"):
        balance.assess(recording, protocol="nonsense")
    with pytest.raises(KeyError):
        again.trials[0]["nonsense"]


def test_no_result_of_another_recording_is_overwritten(saved: Path) -> None:
    other = stand("other.mp4", "1" * 64)
    result = Result(assess_recording(other), other)
    with pytest.raises(balance.InputError, match="another recording"):
        result.save(saved)


def test_tables_hold_conditions_measures_and_answers(saved: Path) -> None:
    recording = balance.read_recording(str(saved / "landmarks.npz"))
    result = Result(assess_recording(recording), recording)
    (row,) = result.to_dataframe().to_dict("records")
    assert (row["clip"], row["eyes"], row["height_mm"]) == ("clip.mp4", "open", 1780)
    assert row["hold_s_low"] < row["hold_s"] < row["hold_s_high"]
    long = result.to_dataframe(detail="long")
    assert {"measure", "value", "low", "high", "unit"} <= set(long.columns)
    with pytest.raises(balance.InputError, match="wide, long"):
        result.to_dataframe("tall")


def test_recordings_become_tables(saved: Path) -> None:
    recording = balance.read_recording(saved)
    sway = recording.sway.to_dataframe()
    assert list(sway.columns) == ["time_s", "ml_px", "sd_px", "y_px"]
    assert len(sway) == len(recording.pose)
    data = recording.pose.to_xarray()
    assert data["xy_px"].dims == ("time", "landmark", "axis")
    hip = data["xy_px"].sel(landmark="left_hip", axis="x")
    np.testing.assert_array_equal(hip, recording.pose.xy_px[:, 23, 0])


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"height_cm": 17}, "^height_cm 17 is not between"),
        ({"eyes": "opne"}, "^eyes opne: choose one of .* Did you mean open"),
        ({"from_s": 5.0, "to_s": 2.0}, "^to_s 2 must come after from_s 5"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named_as_in_python(facts, words) -> None:
    with pytest.raises(balance.InputError, match=words):
        balance.analyze("clip.mp4", **facts)


def test_a_video_that_is_not_there_is_an_error_of_the_package() -> None:
    with pytest.raises(balance.VideoError, match="There is no file"):
        balance.analyze("gone.mp4")
    with pytest.raises(balance.InputError, match="choose one of height_cm"):
        balance.batch("x", heigth_cm=170)


def test_one_recording_is_written_and_read_the_same(tmp_path: Path) -> None:
    write_recording(stand(), tmp_path / "landmarks.npz")
    shutil.copy(tmp_path / "landmarks.npz", tmp_path / "again.npz")
    again = read_recording(tmp_path / "again.npz")
    assert again.source == stand().source


def test_every_field_of_a_public_class_is_explained_where_help_shows_it() -> None:
    for name in balance.__all__:
        thing = getattr(balance, name)
        if is_dataclass(thing):
            text = thing.__doc__ or ""
            silent = [f.name for f in fields(thing) if f.name not in text]
            assert not silent, f"{name}: {silent}"
