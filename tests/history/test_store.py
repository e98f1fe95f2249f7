"""Opening, waiting, migrating, refusing; a full or read-only disk is a sentence."""

import os
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from old_store import make_store_of
from sqlalchemy import inspect, text
from stored_results import assessment_of, recording_of, stance

from balance.history import Store, locate, migrate, open_store, schema
from balance.history.people import PersonRecord, add_person, list_people
from balance.history.recordings import load_recordings, save_recording
from balance.history.self_reports import load_self_reports
from balance.model.errors import StoreError


def test_a_new_store_has_every_table_as_the_schema_says(store: Store) -> None:
    with store.read() as connection:
        found = inspect(connection)
        for table in schema.metadata.sorted_tables:
            columns = {
                column["name"]: column["nullable"]
                for column in found.get_columns(table.name)
            }
            assert columns == {c.name: c.nullable for c in table.columns}, table.name
            assert {one["name"] for one in found.get_indexes(table.name)} >= {
                index.name for index in table.indexes
            }


def test_the_schema_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_an_older_store_is_migrated_and_keeps_its_people(place: str) -> None:
    make_store_of("r0001", locate(place).url)
    with open_store(place) as store:
        assert [person.code for person in list_people(store)] == ["OLD-1"]
        assert load_self_reports(store, "OLD-1") == []
        with store.read() as connection:
            assert migrate.revision_of(connection) == schema.HEAD


def test_a_migration_that_fails_leaves_the_old_store(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_store_of("r0001", locate(place).url)
    from alembic import op

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(StoreError, match="disk is full"):
        open_store(place)
    monkeypatch.undo()
    with open_store(place) as store:
        assert load_self_reports(store, "OLD-1") == []


def test_a_store_from_the_future_is_refused_in_a_sentence(place: str) -> None:
    with open_store(place) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    with pytest.raises(StoreError, match="newer version of balance; update"):
        open_store(place)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_is_no_history_is_refused_and_left_alone(place: str) -> None:
    import sqlite3

    Path(place).write_bytes(b"a letter to somebody" * 100)
    with pytest.raises(StoreError, match="not a history, or it is damaged"):
        open_store(place)
    assert Path(place).read_bytes() == b"a letter to somebody" * 100
    Path(place).unlink()
    with sqlite3.connect(place) as other:
        other.execute("CREATE TABLE recipes (cake TEXT)")
    other.close()
    with pytest.raises(StoreError, match="something else"):
        open_store(place)


def test_a_folder_and_a_strange_url_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="postgresql://"):
        open_store("mysql://somewhere/x")


def test_a_server_that_is_not_there_is_a_sentence_without_the_password() -> None:
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        open_store("postgresql://a7:hush@127.0.0.1:1/none")
    assert "hush" not in str(caught.value)


def test_without_the_driver_a_server_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(StoreError, match=r"pose-balance\[postgres\]"):
        open_store("postgresql://a7@127.0.0.1:1/none")


def test_the_default_is_the_data_folder_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("BALANCE_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert locate().file == tmp_path / "balance" / "history.sqlite3"
    monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "mine.sqlite3"))
    assert locate().file == tmp_path / "mine.sqlite3"
    assert locate("postgres://u@h/d").url == "postgresql+psycopg://u@h/d"


def test_many_writers_wait_for_each_other_and_lose_nothing(
    place: str, store: Store, a7: str
) -> None:
    """Two app windows and the command line: each its own connection, all at once."""
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            with open_store(place) as mine:
                for number in range(8):
                    told = assessment_of(name=f"{writer}-{number}.mp4")
                    save_recording(mine, a7, told)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    names = {kept.assessment.source.name for kept in load_recordings(store, a7)}
    assert names == {f"{w}-{n}.mp4" for w in range(3) for n in range(8)}


def test_two_programs_that_start_together_make_one_store(place: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            open_store(place).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_opening_waits_for_a_program_that_is_just_making_the_file(
    tmp_path: Path,
) -> None:
    """SQLite itself refuses at once to change the kind of log of a file in use."""
    place = tmp_path / "history.sqlite3"
    making = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    making.execute("BEGIN IMMEDIATE")
    making.execute("CREATE TABLE passing (x)")
    making.execute("DROP TABLE passing")
    done = threading.Timer(0.3, making.commit)
    done.start()
    open_store(place).close()
    done.join()
    making.close()


def in_a_child(work: Callable[[], None]) -> str:
    """Run something in a child that may spoil its own rights and limits."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
            said = "done"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_full_disk_is_a_sentence_and_keeps_what_was_there(
    store: Store, a7: str
) -> None:
    save_recording(store, a7, assessment_of())
    long = recording_of(900)

    def save_beyond_the_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        save_recording(store, a7, assessment_of(stance("right")), long)

    said = in_a_child(save_beyond_the_limit)
    assert said.startswith("StoreError")
    assert "disk is full" in said
    assert len(load_recordings(store, a7)) == 1
    save_recording(store, a7, assessment_of(stance("right")), long)
    assert len(load_recordings(store, a7)) == 2


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_read_only_place_is_a_sentence(kind: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="balance-"))
    place = folder / "history.sqlite3"
    open_store(place).close()

    def write() -> None:
        if os.geteuid() == 0:  # root may write everywhere: be somebody else
            os.setgid(65534)
            os.setuid(65534)
        with open_store(place) as store:
            add_person(store, PersonRecord("X"))

    try:
        place.chmod(0o444 if kind == "file" else 0o666)
        folder.chmod(0o777 if kind == "file" else 0o555)
        said = in_a_child(write)
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)
    assert said.startswith("StoreError")
    assert "read-only" in said or "cannot be opened" in said
