"""What nobody foresaw is one sentence, a file with the traceback, exit status 70."""

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from balance.app import measuring
from balance.app.measuring import Job, Measuring
from balance.model import unpacking
from balance.model.errors import FaultError, InputError, OutputError
from balance.model.fault_log import log_folder, nothing_unforeseen
from balance.model.setup import Setup
from balance.model.unpacking import (
    NotReadableError,
    read_json,
    read_npz,
    write_json,
)


@pytest.fixture(autouse=True)
def own_logs(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_fault_is_a_sentence_and_a_file() -> None:
    with pytest.raises(FaultError) as told, nothing_unforeseen():
        raise ZeroDivisionError("a\nb")
    assert "\n" not in str(told.value)
    assert told.value.exit_status == 70
    [log] = log_folder().glob("fault-*.txt")
    assert str(log) in str(told.value)
    assert "ZeroDivisionError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_errors_of_the_package_pass() -> None:
    with pytest.raises(InputError, match="so it is"), nothing_unforeseen():
        raise InputError("so it is")


def test_the_command_ends_with_70(monkeypatch, capsys) -> None:
    from balance.cli import main as cli

    def fail() -> None:
        raise KeyError("nobody foresaw this")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "Traceback" not in said


# -- the queue of the app ----------------------------------------------------------


def job(tmp_path: Path, name: str = "a.mp4") -> Job:
    video = tmp_path / "private" / name
    video.parent.mkdir(exist_ok=True)
    video.write_bytes(b"video")
    return Job(name, video, Setup(), tmp_path, delete_video=True)


def wait_for(one: Job) -> None:
    for _ in range(300):
        if not one.is_open:
            return
        time.sleep(0.05)
    raise AssertionError("it never ended")


def test_the_queue_survives_a_failed_start(tmp_path, monkeypatch) -> None:
    queue = Measuring()

    def no_start(*_, **__):
        raise OSError(12, "Cannot allocate memory")

    with monkeypatch.context() as patched:
        patched.setattr(measuring.subprocess, "Popen", no_start)
        first = queue.add(job(tmp_path))
        wait_for(first)
    assert first.state == "failed"
    assert "Cannot allocate memory" in first.sentence
    assert not first.video.exists()
    monkeypatch.setattr(measuring, "run", lambda one: setattr(one, "state", "done"))
    second = queue.add(job(tmp_path))
    wait_for(second)
    assert second.state == "done"


CHILDREN = {
    "sleeps": "import sys, time; sys.stdin.readline(); time.sleep(60)",
    "grows": "import sys, time; sys.stdin.readline(); x = b'1' * 300_000_000; "
    "time.sleep(60)",
    "has a child": "import subprocess, sys, time; sys.stdin.readline(); "
    "subprocess.Popen([sys.executable, '-c', \"import os, time; "
    "file = open('child.txt', 'w'); file.write(str(os.getpid())); file.close(); "
    "x = b'1' * 300_000_000; time.sleep(60)\"]); time.sleep(60)",
    "talks": "print('[1, 2]'); print('3'); print('{\"other\": 1}')",
}


def started(monkeypatch, code: str) -> None:
    popen = subprocess.Popen

    def start(_, **how):
        return popen([sys.executable, "-c", code], **how)

    monkeypatch.setattr(measuring.subprocess, "Popen", start)


def test_an_analysis_can_be_cancelled(tmp_path, monkeypatch) -> None:
    started(monkeypatch, CHILDREN["sleeps"])
    one = Measuring().add(job(tmp_path))
    while one.state == "waiting":
        time.sleep(0.02)
    one.cancel()
    wait_for(one)
    assert (one.state, one.sentence) == ("cancelled", "Cancelled.")
    assert not one.video.exists()


def test_one_that_waits_is_never_begun(tmp_path, monkeypatch) -> None:
    began = []
    monkeypatch.setattr(measuring, "run", began.append)
    queue = Measuring(hold_back=lambda: True)
    one = queue.add(job(tmp_path))
    one.cancel()
    wait_for(one)
    for _ in range(100):
        if not one.video.exists():
            break
        time.sleep(0.05)
    assert not one.video.exists()
    assert began == []


@pytest.mark.parametrize(
    ("child", "limit", "most", "said"),
    [
        ("sleeps", "LONGEST_S", 0.5, "took longer"),
        ("grows", "MOST_MEMORY", 100 * 2**20, "more memory"),
        ("has a child", "MOST_MEMORY", 200 * 2**20, "more memory"),
    ],
)
def test_time_and_memory_are_bounded(
    tmp_path, monkeypatch, child, limit, most, said
) -> None:
    """Of the process and of whatever it starts, which ends with it."""
    monkeypatch.chdir(tmp_path)
    started(monkeypatch, CHILDREN[child])
    monkeypatch.setattr(measuring, limit, most)
    one = Measuring().add(job(tmp_path))
    wait_for(one)
    assert one.state == "failed"
    assert said in one.sentence
    if child == "has a child":
        number = int(Path("child.txt").read_text())
        for _ in range(100):
            if not Path(f"/proc/{number}").exists():
                break
            time.sleep(0.05)
        assert not Path(f"/proc/{number}").exists()


def test_a_full_disk_at_the_end_ends_neither_the_queue_nor_the_result(
    tmp_path, monkeypatch
) -> None:
    """The queue was dead for good: what notes the end failed while it was handled."""

    def full(_: object) -> None:
        raise OutputError("The disk is full")

    done = 'print(\'{"folder": "there"}\')'
    queue, ends = Measuring(), {}
    for code, state in ((done, "done"), (CHILDREN["talks"], "failed")):
        monkeypatch.undo()
        started(monkeypatch, code)
        one = job(tmp_path, f"{state}.mp4")
        one.on_end = full
        wait_for(queue.add(one))
        ends[one.state] = one.sentence
    assert ends["done"] == "done.mp4: The disk is full"
    assert "stopped unexpectedly" in ends["failed"]


def test_strange_lines_of_a_child_are_nothing(tmp_path, monkeypatch) -> None:
    started(monkeypatch, CHILDREN["talks"])
    one = Measuring().add(job(tmp_path))
    wait_for(one)
    assert one.state == "failed"
    assert "stopped unexpectedly" in one.sentence


def test_an_analysis_ends_with_the_app() -> None:
    """Its standard input closes when the app is killed."""
    code = "from balance.app.measure_one import _end_with_the_app as end; end()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == 1


# -- what is unpacked ---------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "[Infinity]", '{"a": 1e999}', "[" * 100_000, "[" * 80 + "]" * 80,
     b"\xff\xfe", b"\x80"],
)  # fmt: skip
def test_json_that_is_none_is_refused(text) -> None:
    with pytest.raises(NotReadableError):
        read_json(text)


def test_json_is_written_so_that_every_reader_takes_it() -> None:
    text = write_json({"a": float("nan"), "b": [float("inf"), 1.5]})
    assert json.loads(text) == {"a": None, "b": [None, 1.5]}


def npz(shape: object, body: bytes, count: int = 1) -> io.BytesIO:
    head = io.BytesIO()
    told = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, told)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"a{number}.npy", head.getvalue() + body)
    file.seek(0)
    return file


def test_arrays_that_unpack_without_end_are_refused() -> None:
    for file in (
        npz((10**12,), b"12345678"),
        npz((2**62, 4), b""),
        npz((1000,), bytes(8000), count=100),
        npz((10**6,), bytes(8 * 10**6), count=60),
    ):
        with pytest.raises(NotReadableError):
            read_npz(file, largest=100 * 2**20)
    assert read_npz(npz((2,), bytes(16)))["a0"].tolist() == [0.0, 0.0]


def test_what_nothing_of_ours_packs_is_not_unpacked() -> None:
    """600 bytes of bzip2 unpack to 600 MB at once, whatever their directory says."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.npy", bytes(10**6))
    with pytest.raises(NotReadableError, match="packed in a way"):
        read_npz(file)
    locked = bytearray(npz((2,), bytes(16)).getvalue())
    locked[locked.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(NotReadableError, match="password"):
        read_npz(io.BytesIO(bytes(locked)))


def test_a_list_of_a_million_members_is_not_read_whole(monkeypatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_LIST", 46_000)
    entry, count = b"PK\1\2".ljust(46, b"\0"), 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, count * len(entry), 0, 0)
    asked = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size)
            return super().read(size)

    with pytest.raises(NotReadableError):
        read_npz(Watched(entry * count + end))
    assert max(asked) <= 46_000


def test_one_flipped_byte_is_a_sentence() -> None:
    file = io.BytesIO()
    np.savez_compressed(file, a=np.arange(1000.0))
    whole = file.getvalue()
    answers = set()
    for place in range(0, len(whole), 7):
        data = bytearray(whole)
        data[place] ^= 0x10
        try:
            read_npz(io.BytesIO(bytes(data)))
        except NotReadableError:
            answers.add("sentence")
        else:
            answers.add("result")
    assert "sentence" in answers


# -- who agreed ----------------------------------------------------------------------


def test_nothing_is_kept_without_consent(tmp_path) -> None:
    sys.path.insert(0, str(Path(__file__).parent / "history"))
    from stored_results import assessment_of, stance

    from balance.history import open_store
    from balance.history.people import (
        PersonRecord,
        add_person,
        give_consent,
        withdraw_consent,
    )
    from balance.history.recordings import load_recordings, save_recording
    from balance.history.self_reports import SelfReport, add_self_report
    from balance.model.errors import ConsentError

    told, day = assessment_of(stance()), date(2026, 1, 2)
    with open_store(tmp_path / "h.sqlite3") as store:
        add_person(store, PersonRecord("A7"))

        def refused() -> None:
            with pytest.raises(ConsentError, match="has not agreed"):
                save_recording(store, "A7", told, on=day)
            with pytest.raises(ConsentError):
                add_self_report(store, "A7", SelfReport(day, 1, 1))

        refused()
        give_consent(store, "A7", "the text")
        save_recording(store, "A7", told, on=day)
        withdraw_consent(store, "A7")
        refused()
        assert len(load_recordings(store, "A7")) == 1
        give_consent(store, "A7", "the text")
        for wrong in (date(9999, 12, 31), date(1, 1, 1)):
            with pytest.raises(InputError, match="no day of a visit"):
                save_recording(store, "A7", told, on=wrong)
