"""What is written is there whole or not at all, and a sweep takes only what is ours."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from balance.model.errors import OutputError
from balance.model.publish import (
    marked_name,
    sweep,
    whole_file,
    write_whole,
    written_beside,
)
from balance.model.result_folder import result_folder


def test_a_file_appears_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    with whole_file(tmp_path / "new" / "a.csv") as part:
        part.write_bytes(b"whole")
        assert not (tmp_path / "new" / "a.csv").exists()
    assert (tmp_path / "new" / "a.csv").read_bytes() == b"whole"
    assert (tmp_path / "new" / "a.csv").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.csv"]


def test_a_file_that_is_replaced_stays_until_then_and_keeps_its_rights(tmp_path):
    old = tmp_path / "a.csv"
    old.write_bytes(b"old")
    old.chmod(0o640)

    def fail(file: IO[bytes]) -> None:
        file.write(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(old, fail)
    assert old.read_bytes() == b"old"
    write_whole(old, lambda file: file.write(b"new"))
    assert old.read_bytes() == b"new"
    assert old.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [old]


def test_a_name_as_long_as_names_get_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".csv")
    write_whole(path, lambda file: file.write(b"x"))
    assert path.read_bytes() == b"x"
    folder = result_folder(tmp_path, "n" * 251, "0" * 64)
    with written_beside(folder) as work:
        (work / "assessment.json").write_text("{}")
    assert (folder / "assessment.json").exists()


@pytest.mark.parametrize("stem", ["..", ".", "", "..."])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, stem: str) -> None:
    assert result_folder(tmp_path, stem, "0" * 64) == tmp_path / "video"


def test_a_device_and_a_folder_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("pipe", "no ordinary file"), ("", "a folder")):
        with pytest.raises(OutputError, match=said):
            write_whole(tmp_path / name, lambda file: file.write(b"x"))


def test_a_sweep_takes_only_what_is_ours_and_whose_owner_is_dead(tmp_path) -> None:
    strangers = [".vscode.old", ".clip.backup", ".balance-part-notes", ".git.x"]
    for name in strangers:
        (tmp_path / name).mkdir()
        (tmp_path / name / "work.txt").write_text("mine")
    alive = tmp_path / marked_name()
    alive.mkdir()
    dead = tmp_path / dead_name()
    dead.mkdir()
    elsewhere = tmp_path / dead.name.replace("part-", "part-0123", 1)
    elsewhere.mkdir()
    sweep(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*strangers, alive.name, elsewhere.name}


def dead_name() -> str:
    """Return a marked name of a process that has ended."""
    code = "from balance.model.publish import marked_name; print(marked_name())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_recycled_process_number_is_not_taken_for_the_owner(tmp_path) -> None:
    parts = marked_name().split("-")
    parts[4] = str(int(parts[4]) - 1)  # began earlier than this process
    (tmp_path / "-".join(parts)).mkdir()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_files_of_a_result_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "clip"
    folder.mkdir()
    for name in ("notes.txt", "annotated.mp4", "assessment.json"):
        (folder / name).write_text("old")
    with written_beside(folder, drop=("annotated.mp4",)) as work:
        (work / "assessment.json").write_text("new")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "notes.txt": "old",
        "assessment.json": "new",
    }


PUBLISHER = """
import sys, time
from pathlib import Path
from typing import IO
from balance.model.publish import written_beside
folder = Path(sys.argv[1])
number = 0
while True:
    number += 1
    with written_beside(folder) as work:
        for name in ("landmarks.npz", "trials.csv", "assessment.json"):
            (work / name).write_text(str(number))
    if number == 1:
        print("begun", flush=True)
"""


@pytest.mark.parametrize("kills", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_a_folder_is_never_half_after_a_kill(tmp_path: Path, kills: int) -> None:
    """Killed at any moment, and swept: all files are of one run."""
    folder = tmp_path / "clip"
    for number in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, str(folder)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.02 + 0.005 * (number % 17))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        sweep(tmp_path)
        told = {path.name: path.read_text() for path in folder.iterdir()}
        assert len(set(told.values())) == 1, told
        assert len(told) == 3
        assert [path.name for path in tmp_path.iterdir()] == ["clip"]
