"""Many videos: each once, in order, whatever is wrong with one of them."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow.parquet
import pytest
import quick_measuring
from clip_maker import ClipMaker
from made_results import assessment, recording, stance
from typer.testing import CliRunner

from balance.cli.batch import exit_status
from balance.cli.main import app
from balance.model.codes import FindingCode, Severity
from balance.model.errors import BalanceError, InputError
from balance.model.results import Finding
from balance.pipeline.analyze import Result
from balance.pipeline.batch.job import (
    CHECK,
    GOOD,
    UNUSABLE,
    Job,
    Outcome,
    graded,
    job_key,
)
from balance.pipeline.batch.list import Clip
from balance.pipeline.batch.run import LEDGER, Plan, read_ledger, run_batch
from balance.pipeline.batch.table import to_review


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name, content in {"a": "one", "b": "torn", "c": "three"}.items():
        (folder / f"{name}.mp4").write_text(content)
    return folder


def run(clips: Path, out: Path, **more: object) -> list[Outcome]:
    plan = Plan(out, workers=1, **more)  # type: ignore[arg-type]
    return run_batch(str(clips), plan, measure=quick_measuring.measure)


def runs(out: Path) -> list[str]:
    return (out / "runs.txt").read_text().split()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_torn_video_stops_nothing_and_is_looked_at_first(
    clips: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    outcomes = run(clips, out)
    assert [Path(o.place).stem for o in outcomes] == ["a", "b", "c"]
    assert [bool(o.error) for o in outcomes] == [False, True, False]
    assert exit_status(outcomes) == 2
    assert table(out / "review.csv")[0]["clip"].endswith("b.mp4")
    assert len(table(out / "clips.csv")) == 3


def test_the_tables_agree_and_keep_numbers_as_numbers(
    clips: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(clips, out)
    rows = table(out / "trials.csv")
    parquet = pyarrow.parquet.read_table(out / "trials.parquet")
    assert parquet.num_rows == len(rows) > 0
    assert parquet.column_names == list(rows[0])
    holds = [row for row in parquet.to_pylist() if row["measure"] == "hold_s"]
    assert len(holds) == 2
    assert isinstance(holds[0]["value"], float)
    text = next(row["value"] for row in rows if row["measure"] == "hold_s")
    assert holds[0]["value"] == float(text)


def test_after_a_stop_only_what_is_missing_is_done(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(clips, out)
    (clips / "a.mp4").rename(clips / "renamed.mp4")
    (clips / "b.mp4").write_text("copied again")
    (clips / "d.mp4").write_text("four")
    outcomes = run(clips, out)
    assert sorted(runs(out)) == ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]
    renamed = next(o for o in outcomes if o.place.endswith("renamed.mp4"))
    assert renamed.folder == "a"
    assert exit_status(outcomes) == 0


def test_other_options_are_another_measurement(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(clips, out)
    run(clips, out, options={"height_cm": 170.0})
    assert sorted(runs(out)) == ["a.mp4", "a.mp4", "c.mp4", "c.mp4"]


def test_a_line_that_was_broken_off_costs_one_clip(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(clips, out)
    ledger = out / LEDGER
    ledger.write_text(ledger.read_text()[:-20])
    run(clips, out)
    assert sorted(runs(out)) == ["a.mp4", "c.mp4", "c.mp4"]
    assert len(read_ledger(ledger)) == 2


def test_clips_of_one_name_have_folders_of_their_own(
    clips: Path, tmp_path: Path
) -> None:
    (clips / "more").mkdir()
    (clips / "more" / "a.mp4").write_text("another")
    folders = [o.folder for o in run(clips, tmp_path / "out") if o.folder]
    assert len(set(folders)) == len(folders) == 3
    assert sum(folder.startswith("a-") for folder in folders) == 1


def test_wrong_options_are_told_before_the_first_clip(
    clips: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="--height-cm"):
        run(clips, tmp_path / "out", options={"height_cm": 17.0})


def test_what_a_dead_process_left_is_swept_away(clips: Path, tmp_path: Path) -> None:
    from balance.model.publish import marked_name

    out = tmp_path / "out"
    parts = marked_name().split("-")
    parts[4] = "1"  # of a process that began before this one and is gone
    dead, alive = out / "-".join(parts), out / marked_name()
    foreign = out / ".a.old"  # begins with a clip's name and is somebody else's
    for folder in (dead, alive, foreign):
        folder.mkdir(parents=True)
        (folder / "work").write_text("x")
    run(clips, out)
    assert {path for path in out.iterdir() if path.name[0] == "."} == {alive, foreign}
    assert (foreign / "work").read_text() == "x"


def test_the_grade_says_whether_to_look() -> None:
    calm = graded(assessment(stance(judgements=(), findings=())))
    assert calm == (GOOD, ())
    dark = Finding(FindingCode.VIDEO_ENDS_EARLY, Severity.WARNING, "It ends early.")
    grade, reasons = graded(
        assessment(stance(judgements=(), findings=()), findings=(dark,))
    )
    assert (grade, reasons) == (CHECK, ("It ends early.",))
    assert graded(assessment())[0] == UNUSABLE


def test_the_worst_come_first() -> None:
    def one(place: str, grade: str, count: int) -> Outcome:
        return Outcome(place, "", "", "", grade, ("?",) * count)

    look = to_review(
        [
            one("a", CHECK, 1),
            one("b", GOOD, 0),
            one("c", CHECK, 3),
            one("d", UNUSABLE, 1),
        ]
    )
    assert [outcome.place for outcome in look] == ["d", "c", "a"]


def test_the_key_is_of_content_and_options_not_of_the_name() -> None:
    def key(place: str, **options: object) -> str:
        return job_key(Job(Clip(place), "out", options), "00ff")

    assert key("a.mp4") == key("elsewhere/b.mp4")
    assert key("a.mp4") != key("a.mp4", age=40.0)


def test_a_process_that_dies_costs_nothing(clips: Path, tmp_path: Path) -> None:
    (clips / "c.mp4").write_text("deadly")
    out = tmp_path / "out"
    outcomes = run_batch(
        str(clips), Plan(out, workers=2), measure=quick_measuring.slowly_and_deadly
    )
    assert (out / "died.txt").exists()
    assert [bool(o.error) for o in outcomes] == [False, True, False]
    assert sorted(runs(out)) == ["a.mp4", "c.mp4"]


def test_nobody_at_the_address_is_told(clips: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(BalanceError, match="no Dask scheduler answers"):
        run(clips, tmp_path / "out", scheduler="nonsense://here")


@pytest.mark.slow
def test_real_clips_go_through_the_command(
    make_clip: ClipMaker, tmp_path: Path
) -> None:
    make_clip("wall.mp4")
    (tmp_path / "torn.mp4").write_bytes(b"no video at all")
    out = tmp_path / "out"
    done = CliRunner().invoke(
        app, ["batch", str(tmp_path / "*.mp4"), "--out", str(out), "--no-video"]
    )
    assert done.exit_code == 2
    clips = {Path(row["clip"]).name: row for row in table(out / "clips.csv")}
    assert clips["wall.mp4"]["error"] == ""
    assert clips["wall.mp4"]["grade"] == UNUSABLE
    assert (out / "wall" / "assessment.json").exists()
    assert "not a video" in clips["torn.mp4"]["error"]
    assert pyarrow.parquet.read_table(out / "trials.parquet").num_rows == 0


def test_a_pdf_is_asked_of_every_clip(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def analyze(path: Path, *_: object, **written: object) -> Result:
        asked[path.name] = written
        return Result(assessment(stance()), recording(), folder=tmp_path / path.stem)

    monkeypatch.setattr("balance.pipeline.analyze.analyze_to_folder", analyze)
    monkeypatch.setattr("balance.pipeline.batch.run._spread", one_after_the_other)
    monkeypatch.setattr("balance.reporting.pages.pdf.find_browser", lambda: "chromium")
    words = ["batch", str(clips), "--out", str(tmp_path / "out"), "--pdf", "--details"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert set(asked) == {"a.mp4", "b.mp4", "c.mp4"}
    assert all(one["pdf"] and one["details"] for one in asked.values())


def one_after_the_other(
    work: Callable[[Job], Outcome], jobs: Sequence[Job], _: Plan
) -> Iterator[tuple[int, Outcome]]:
    return enumerate(map(work, jobs))


def test_without_a_browser_a_batch_with_pdf_begins_nothing(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balance.reporting.pages.pdf.find_browser", lambda: None)
    words = ["batch", str(clips), "--out", str(tmp_path / "out"), "--pdf"]
    done = CliRunner().invoke(app, words)
    assert "a PDF needs Chromium" in str(done.exception)
    assert not (tmp_path / "out").exists()
