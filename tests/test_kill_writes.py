"""Killed at each write of a result and of a batch: never half there."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "history"))
from killing import killed_at_every_write, needs_strace
from made_results import assessment, squats, stance
from stored_results import recording_of

from balance.model.files import read_assessment, read_recording
from balance.model.publish import sweep
from balance.pipeline.analyze import Result, analyze_to_folder
from balance.pipeline.batch.run import Plan, run_batch

pytestmark = [pytest.mark.slow, needs_strace]

FILES = ["assessment.json", "landmarks.npz", "trials.csv"]
NO_IMAGES = {"report": False, "video": False}


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have every video measured at once, with so many trials."""
    recording = recording_of(60)

    def be(trials: int) -> None:
        told = assessment(*[stance(), squats()][:trials])
        result = Result(told, recording)
        monkeypatch.setattr(
            "balance.pipeline.analyze.analyze_video", lambda *_, **__: result
        )

    return be


def test_a_result_is_the_old_one_or_the_new_one(tmp_path: Path, measured) -> None:
    out, video = tmp_path / "out", tmp_path / "a.mp4"
    video.write_bytes(b"video")
    measured(1)
    analyze_to_folder(video, out, **NO_IMAGES)
    measured(2)

    def see() -> None:
        sweep(out)  # as the next run does
        assert [path.name for path in out.iterdir()] == ["a"]
        assert sorted(path.name for path in (out / "a").iterdir()) == FILES
        told = read_assessment(out / "a" / "assessment.json")
        read_recording(out / "a" / "landmarks.npz")
        kinds = {trial.kind for trial in told.trials}
        rows = (out / "a" / "trials.csv").read_text()
        # Both files tell of the same run, the first or the second.
        assert ("squat_set" in kinds) == ("squat_set" in rows)

    def measure() -> None:
        analyze_to_folder(video, out, **NO_IMAGES)

    killed_at_every_write(measure, see, tmp_path)


def test_a_batch_goes_on_where_it_was_killed(
    tmp_path: Path, measured, monkeypatch
) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    for name in ("a", "b", "c"):
        (clips / f"{name}.mp4").write_text(name)
    strangers = out / ".a.old"
    strangers.mkdir(parents=True)
    (strangers / "mine").write_text("mine")
    measured(2)
    monkeypatch.setattr(
        "balance.pipeline.batch.run._spread",
        lambda work, jobs, _: ((n, work(job)) for n, job in enumerate(jobs)),
    )

    def run() -> None:
        run_batch(str(clips), Plan(out, workers=1, **NO_IMAGES))

    def see() -> None:
        sweep(out)  # as the next run does
        assert (strangers / "mine").read_text() == "mine"
        for folder in out.iterdir():
            if folder.is_dir() and not folder.name.startswith("."):
                json.loads((folder / "assessment.json").read_text())

    def fresh() -> None:
        for name in ("a", "trials.csv"):  # clips b and c are there already, at times
            shutil.rmtree(out / name, ignore_errors=True)
            (out / name).unlink(missing_ok=True)

    killed_at_every_write(run, see, tmp_path, fresh)
    run()
    rows = (out / "trials.csv").read_text().splitlines()
    assert sum("squat_set" in row for row in rows) >= 3
    names = sorted(path.name for path in out.iterdir() if path.name[0] == ".")
    assert [name for name in names if "balance" in name] == []
