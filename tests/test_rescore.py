"""Facts given later: the result is assessed again, differences are said."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from people import lift, recording, standing
from typer.testing import CliRunner

from balance.analysis.judging.overruling import overrule
from balance.cli.main import app
from balance.model.corrections import Correction
from balance.model.errors import InputError
from balance.model.files import (
    read_assessment,
    read_recording,
    write_assessment,
    write_recording,
)
from balance.model.landmarks import Side
from balance.model.results import Conditions, Person
from balance.pipeline.analyze import Files, assess_recording
from balance.pipeline.rescore import rescore_file, with_facts
from balance.pipeline.setup import make_setup

NO_PAGE = Files(report=False)


def stand(**more: object):
    time_s, xy = standing(8)
    return recording(time_s, lift(time_s, xy, Side.LEFT, 2, 6), **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    known = stand(person=Person(1780), conditions=Conditions("unknown"))
    write_recording(known, tmp_path / "clip" / "landmarks.npz")
    write_assessment(assess_recording(known), tmp_path / "clip" / "assessment.json")
    return tmp_path / "clip"


def test_facts_that_were_forgotten_are_filled_in_and_kept(folder: Path) -> None:
    done = CliRunner().invoke(
        app, ["rescore", str(folder), "--eyes", "open", "--age", "67", "--sex", "f"]
    )
    assert done.exit_code == 0, done.output
    stored = read_assessment(folder / "assessment.json")
    assert stored.person == Person(1780, 67, "f")
    assert stored.conditions.eyes == "open"
    assert stored.trials[0].norm is not None
    assert read_recording(folder / "landmarks.npz").person.age_years == 67
    assert "67" in (folder / "report.html").read_text(encoding="utf-8")
    assert "is used now" not in done.output


def test_a_difference_to_what_is_stored_is_a_sentence(folder: Path) -> None:
    done = CliRunner().invoke(
        app, ["rescore", str(folder), "--height-cm", "170", "--no-report"]
    )
    assert "stored body height was 178 cm; 170 cm is used now" in done.output
    assert read_assessment(folder / "assessment.json").person.height_mm == 1700
    assert not (folder / "report.html").exists()


def test_with_out_the_result_goes_below_a_folder_that_is_made(folder: Path) -> None:
    out = folder.parent / "new" / "again"
    done = CliRunner().invoke(app, ["rescore", str(folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    names = {path.name for path in (out / "clip").iterdir()}
    assert names == {"assessment.json", "landmarks.npz", "report.html", "trials.csv"}


def test_what_is_not_said_stays(folder: Path) -> None:
    before = read_recording(folder / "landmarks.npz")
    after, notes = with_facts(before, make_setup(protocol="bess", test="squat"))
    assert (after.protocol, after.options.test, notes) == ("bess", "squat", [])
    assert after.person == before.person
    _, notes = with_facts(after, make_setup(protocol="romberg", test="hop"))
    assert len(notes) == 2


def test_corrections_by_hand_are_made_again(folder: Path) -> None:
    made = read_assessment(folder / "assessment.json")
    by_hand = Correction.of_text(1, "end_s", "5.5", "B", "2026-11-20")
    write_assessment(overrule(made, by_hand), folder / "assessment.json")
    done = rescore_file(folder, make_setup(age=67), files=NO_PAGE)
    assert done.notes == ()
    assert done.assessment.trials[0].end_s == 5.5
    assert done.assessment.trials[0].overruled[0].by == "B"


def test_a_correction_that_no_longer_holds_is_said(folder: Path) -> None:
    made = overrule(
        read_assessment(folder / "assessment.json"),
        Correction.of_text(1, "side", "left", "B"),
    )
    old = tuple(replace(entry, becomes=None) for entry in made.trials[0].overruled)
    made = replace(made, trials=(replace(made.trials[0], overruled=old),))
    write_assessment(made, folder / "assessment.json")
    (note,) = rescore_file(folder, make_setup(), files=NO_PAGE).notes
    assert note.startswith("The correction of side in trial 1 was not carried over")


# -- for a person of the history ---------------------------------------------------


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "history.sqlite3"))

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    year = str(date.today().year - 67)
    run("history", "add", "P001", "--birth-year", year, "--height-cm", "164")
    run("history", "consent", "P001", "--agree")
    return run


def test_for_a_person_facts_come_from_the_history_and_the_visit_is_saved(
    folder: Path, history
) -> None:
    said = history("rescore", str(folder), "--for", "P001", "--on", "2026-11-20")
    assert "stored body height was 178 cm; 164 cm is used now" in said
    assert "Saved for P001 on 2026-11-20" in said
    assert read_assessment(folder / "assessment.json").person == Person(
        1640, 67, code="P001"
    )
    assert "1 visit, last 2026-11-20" in history("history", "people")


def test_what_is_said_goes_before_the_history_with_a_sentence(
    folder: Path, history
) -> None:
    said = history("rescore", str(folder), "--for", "P001", "--height-cm", "178")
    assert "The stored body height of P001 is 164 cm; 178 cm was said" in said
    assert read_assessment(folder / "assessment.json").person == Person(
        1780, 67, code="P001"
    )


def test_a_day_without_a_person_is_refused(folder: Path) -> None:
    done = CliRunner().invoke(app, ["rescore", str(folder), "--on", "2026-11-20"])
    assert isinstance(done.exception, InputError)
    assert "--for" in str(done.exception)
