"""Every command: its help, a typing mistake, JSON, quiet, version; one table."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from stored_results import assessment_of, recording_of, stance
from typer.testing import CliRunner

from balance.cli import start
from balance.cli.main import ORDER, app
from balance.cli.options import LANDMARK_FORMATS
from balance.model.codes import CHOICES
from balance.model.errors import BalanceError
from balance.model.files import write_assessment, write_recording
from balance.tracking.importers.load import FORMATS


@dataclass(frozen=True)
class Case:
    """A command; ``works`` are words that make it succeed on the prepared folder."""

    name: str
    works: str | None = None
    # Wrong in what is said, not in how it is spelt: one sentence that holds ``says``.
    wrong: str = ""
    says: str = ""
    status: int = 0

    def __str__(self) -> str:
        return self.name


CASES = (
    Case("demo", wrong="--out /dev/null/x", says="cannot write"),
    Case("analyze", wrong="x.mp4 --eyes opne", says="Did you mean open?"),
    Case("rescore", "clip", status=3, wrong="clip --sex x", says="choose one of f, m"),
    Case("app", wrong="--port 99999", says="not between 1024 and 65535"),
    Case("live", wrong="--test sqat", says="Did you mean squat?"),
    Case("batch", wrong="nowhere", says="holds no video"),
    Case("history path", "", wrong="--store ftp://x", says="ftp"),
    Case("history people", ""),
    Case("history add", "B8", wrong="../x", says="letters"),
    Case("history edit", "A7 --sex f", wrong="A7 --sex x", says="f or m"),
    Case("history consent", "A7", wrong="nobody", says="no person"),
    Case("history save", "A7 clip", wrong="A7 gone", says="cannot read"),
    Case("history show", "A7", wrong="A7 --on monday", says="no day"),
    Case("history self-report", "A7 --pain 2", wrong="A7 --pain 99", says="pain"),
    Case("history correct", wrong="key sneeze x --by B", says="cannot be corrected"),
    Case("history forget", "A7 --yes", wrong="nobody --yes", says="no person"),
    Case("history purge", ""),
    Case("history backup", "all.backup", wrong="/dev/null/x", says="annot"),
    Case("history restore", wrong="gone", says="gone"),
    Case("history export", "A7 a7.zip", wrong="nobody a.zip", says="no person"),
    Case("history import", wrong="gone.zip", says="gone.zip"),
    Case("history simulate-trend", "--people 1"),
    Case("report", "A7", wrong="A7 --out x.docx", says=".html or .pdf"),
    Case("export", "A7", wrong="--format cvs", says="Did you mean csv?"),
    Case("import", wrong="x.trc --size wide", says="1280x720"),
    Case("protocols", "", wrong="nonsense", says="no protocol"),
    Case(
        "protocol", "auto clip", status=3, wrong="auto clip --age 500", says="--age 500"
    ),
    Case("exercises", "", wrong="nonsense", says="choose one of"),
    Case("plan", "--age 40", wrong="--goal runer", says="Did you mean runner?"),
    Case("selftest", "--quick"),
    Case("benchmark", wrong="nowhere", says="nowhere"),
)
WORKING = [case for case in CASES if case.works is not None]
WRONG = [case for case in CASES if case.wrong]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_store: Path) -> Path:
    """A folder with a result ``clip`` and a history that holds A7."""
    monkeypatch.setenv("BALANCE_STORE", str(shutil.copy(empty_store, tmp_path / "h")))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip").mkdir()
    told = assessment_of(*(stance(side, 20.0) for side in ("left", "right")))
    write_assessment(told, tmp_path / "clip" / "assessment.json")
    write_recording(recording_of(), tmp_path / "clip" / "landmarks.npz")
    CliRunner().invoke(app, ["history", "add", "A7"])
    CliRunner().invoke(app, ["history", "consent", "A7", "--agree"])
    CliRunner().invoke(app, ["history", "save", "A7", "clip", "--on", "2026-11-20"])
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_no_command_is_missing_from_the_table() -> None:
    assert {case.name.split()[0] for case in CASES} == set(ORDER)
    listed = run("history", "--help").output
    listed = listed[listed.index("Commands:") :]
    known = {case.name.split()[1] for case in CASES if case.name.startswith("history ")}
    assert known == {
        line.split()[0] for line in listed.splitlines()[1:] if line.strip()
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_help_names_the_common_options(case: Case) -> None:
    done = run(*case.name.split(), "--help")
    assert done.exit_code == 0
    for option in ("--json", "-q, --quiet", "-v, --verbose", "--version"):
        assert option in done.output
    first = done.output.strip().splitlines()[2].strip()
    assert first.endswith(".")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistyped_option_is_refused_with_a_hint(case: Case) -> None:
    done = run(*case.name.split(), "--jsn")
    assert done.exit_code == 2
    assert "No such option: --jsn" in done.output
    assert "--json" in done.output


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistyped_command_is_refused_with_what_was_meant(case: Case) -> None:
    *before, name = case.name.split()
    done = run(*before, name[:1] + name[2:])
    assert done.exit_code == 2
    assert f"'{name}'" in done.output.split("Did you mean", 1)[-1]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_command_knows_the_version(case: Case) -> None:
    done = run(*case.name.split(), "--version")
    assert (done.exit_code, done.output.split()[0]) == (0, "balance")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("case", WORKING, ids=str)
def test_json_is_one_document(case: Case) -> None:
    done = run(*case.name.split(), *(case.works or "").split(), "--json")
    assert done.exit_code == case.status, done.output
    json.loads(done.stdout)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("case", WORKING, ids=str)
def test_quiet_says_nothing(case: Case) -> None:
    done = run(*case.name.split(), *(case.works or "").split(), "-q")
    assert done.exit_code == case.status, done.output
    assert done.stdout == ""


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("case", WRONG, ids=str)
def test_what_makes_no_sense_is_one_sentence(case: Case) -> None:
    done = run(*case.name.split(), *case.wrong.split())
    assert isinstance(done.exception, BalanceError | SystemExit)
    said = str(done.exception) + done.output
    assert case.says in said
    if isinstance(done.exception, BalanceError):
        assert done.exception.exit_status == 2
        assert len(str(done.exception).splitlines()) == 1


@pytest.mark.usefixtures("folder")
def test_an_error_in_json_is_a_document_too() -> None:
    done = run("history", "show", "nobody", "--json")
    assert json.loads(done.stdout)["exit_status"] == 2
    assert "nobody" in json.loads(done.stdout)["error"]


def test_the_choices_stand_in_the_help() -> None:
    said = "".join(run("analyze", "--help").output.split())
    for name in ("test", "eyes", "footwear", "surface", "sex"):
        assert f"--{name}{'|'.join(CHOICES[name])}" in said


def test_the_formats_of_the_help_are_those_that_are_read() -> None:
    assert ("auto", *FORMATS) == LANDMARK_FORMATS


def options_by_command() -> Iterator[tuple[str, str, str]]:
    """Command, option and its help, as the table of commands has them."""
    root = typer.main.get_command(app)
    for case in CASES:
        command = root
        for word in case.name.split():
            command = command.commands[word]  # type: ignore[attr-defined]
        for option in command.params:
            for name in option.opts:
                yield case.name, name, getattr(option, "help", None) or ""


def test_every_option_and_argument_says_what_it_is_for() -> None:
    assert not [one for one in options_by_command() if len(one[2].split()) < 2]


def test_arguments_are_written_in_capitals() -> None:
    for case in CASES:
        usage = run(*case.name.split(), "--help").output.split("\n\n")[0]
        wanted = usage.split("[OPTIONS]")[1].split()
        assert [word.upper().replace(".CSV", ".csv") for word in wanted] == wanted


# An option's name means the same everywhere; what is rated has a scale of its own,
# --out is a file where one file is written, and --from, in seconds elsewhere, is the
# format that is imported, as scripts of others know it.
SAID_ANEW = ("--out", "--from", "--on", "--pain", "--fatigue", "--minutes", "--notes")


def test_an_option_means_the_same_in_every_command() -> None:
    helps: dict[str, set[str]] = {}
    for _, name, said in options_by_command():
        if name.startswith("-"):
            helps.setdefault(name, set()).add(said)
    several = {name: said for name, said in helps.items() if len(said) > 1}
    allowed = (*SAID_ANEW, "--test", "--format", "-f", "--blur-faces", "--pdf")
    assert not set(several) - set(allowed), several


def test_completion_can_be_had() -> None:
    assert "--show-completion" in run("--help").output


@pytest.mark.parametrize("old", ["take-out", "take-in", "overrule", "where"])
def test_the_words_of_before_are_gone(old: str) -> None:
    assert run("history", old).exit_code == 2


@pytest.mark.usefixtures("folder")
def test_brackets_in_a_name_are_printed(folder: Path) -> None:
    (folder / "clip").rename(folder / "clip [red]")
    done = run("rescore", "clip [red]")
    assert done.exit_code == 3, done.output
    assert "clip [red]" in done.output


def test_scripts_that_import_by_the_older_options_go_on(tmp_path: Path) -> None:
    for older in (["--from", "mediapipe"], ["--rate-hz", "30"]):
        said = run("import", *older, str(tmp_path / "none.json"))
        assert "there is no" in str(said.exception)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", [(), ("--json",)], ids=["in words", "as JSON"])
def test_ctrl_c_in_a_command_is_one_word_and_status_130(monkeypatch, words) -> None:
    monkeypatch.setattr("balance.history.pages.people_page", interrupted)
    done = run("history", "people", *words)
    assert done.exit_code == 130
    assert done.stderr == "Stopped.\n"
    if words:
        assert json.loads(done.stdout) == {"error": "Stopped.", "exit_status": 130}


def test_ctrl_c_before_a_command_began_is_answered_alike(monkeypatch, capsys) -> None:
    monkeypatch.setattr("balance.cli.main.main", interrupted)
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "Stopped.\n"


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt
