"""One file with everything, and everything back from that file.

A backup is a zip of an SQLite store and the kept videos, whatever the store itself
is: a clinic may move from a file to a server and back.
"""

import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, inspect, select, text

from balance.history import schema
from balance.history.archive import rows_of_person
from balance.history.archive_schema import read_archive
from balance.history.location import FILE_NAME
from balance.history.store import Store, explained, open_store
from balance.history.zips import (
    StagedVideos,
    opened_zip,
    pack_video,
    require_room,
    write_zip,
)
from balance.model.errors import BalanceError, StoreError
from balance.model.publish import marked_name, sweep
from balance.model.unpacking import NotReadableError

_ROWS_AT_ONCE = 500


def write_backup(store: Store, target: Path) -> Path:
    """Write a backup as of one moment while others may go on writing."""

    def fill(archive: zipfile.ZipFile) -> None:
        # On the target's own disk; readable by nobody else.
        with _scratch(target.expanduser().absolute().parent) as folder:
            file = folder / FILE_NAME
            with open_store(file) as copy:
                copy_rows(store, copy)
            archive.write(file, FILE_NAME)
        _add_videos(archive, store)

    return write_zip(target, fill)


def restore_backup(store: Store, source: Path, *, replace: bool = False) -> int:
    """Bring a backup back into an empty store; return the number of people.

    Everything is read, checked and unpacked beside its place first; then the rows and
    the videos take their places in one transaction. ``replace`` empties the store in
    the same one: if anything fails, what was there is still there.
    """
    videos = StagedVideos(store)
    try:
        with opened_zip(source, "a backup") as archive, _work_folder(store) as folder:
            file = _checked_copy(archive, source, folder)
            with _checked_store(file, source) as backup:
                videos.take(archive, _named_videos(backup))
                gone = _named_videos(store) if replace else set()
                copy_rows(backup, store, replace=replace, last=videos.put_in_place)
    except BaseException:
        videos.undo()
        raise
    for name in gone - _named_videos(store):
        (store.location.video_folder / Path(name).name).unlink(missing_ok=True)
    with store.read() as connection:
        return int(
            connection.execute(select(func.count()).select_from(schema.person)).scalar()
            or 0
        )


def _checked_copy(archive: zipfile.ZipFile, source: Path, folder: Path) -> Path:
    """Take the database out, after all of the archive was read once."""
    if FILE_NAME not in archive.namelist() or archive.testzip():
        raise StoreError(f"{source.name} is not a backup of balance, or is damaged")
    require_room(folder, archive.getinfo(FILE_NAME).file_size)
    file = folder / FILE_NAME
    with archive.open(FILE_NAME) as packed, file.open("xb") as copy:
        file.chmod(0o600)
        shutil.copyfileobj(packed, copy)
    return file


def copy_rows(
    source: Store,
    target: Store,
    *,
    replace: bool = False,
    last: Callable[[], None] = lambda: None,
) -> None:
    """Copy every row, as of one moment, in one transaction of the target.

    ``last`` is done when all rows are there, before they count.
    """
    with _snapshot(source) as reading, target.write() as writing:
        if replace:
            writing.execute(delete(schema.person))
        elif writing.execute(select(schema.person.c.id).limit(1)).first():
            raise StoreError(
                f"{target.location.shown} already holds people; restore into an empty "
                "history, or replace what is there with --replace"
            )
        for table in schema.metadata.sorted_tables:
            rows = reading.execute(select(table)).mappings()
            for some in rows.partitions(_ROWS_AT_ONCE):
                writing.execute(insert(table), [dict(row) for row in some])
        last()


@contextmanager
def _snapshot(store: Store) -> Iterator[Connection]:
    """Read all tables as they were at one moment."""
    with explained(store.location), store.engine.connect() as connection:
        if not store.is_sqlite:
            # A PostgreSQL transaction sees each statement's own moment by default.
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Make a marked folder that only the user may read, swept after a kill."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    work = folder / marked_name()
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _work_folder(store: Store) -> Iterator[Path]:
    """Make one beside the history, whose disk must have room for the rows anyway."""
    file = store.location.file
    place = store.location.video_folder.parent if file is None else file.parent
    with explained(store.location), _scratch(place) as folder:
        yield folder


def _add_videos(archive: zipfile.ZipFile, store: Store) -> None:
    table = schema.recording
    with store.read() as connection:
        named = table.c.video_name.is_not(None)
        names = connection.execute(select(table.c.video_name).where(named)).scalars()
        for name in names:
            pack_video(archive, store.location.video_folder / Path(name).name)


def _checked_store(file: Path, source: Path) -> Store:
    """Open the database of a backup; what is wrong with it is said of the backup."""
    backup = None
    try:
        _require_tables_alone(file)
        backup = open_store(file)
        _check_rows(backup)
    except BaseException as error:
        if backup is not None:
            backup.close()
        if not isinstance(error, BalanceError | NotReadableError | sqlite3.Error):
            raise
        reason = str(error).replace(str(file), source.name)
        raise StoreError(f"{source.name} was not restored: {reason}") from error
    return backup


def _require_tables_alone(file: Path) -> None:
    """Refuse what a database may do by itself: views and triggers never end."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT type, sql FROM sqlite_master")
        active = [
            kind not in ("table", "index") or str(sql).startswith("CREATE VIRTUAL")
            for kind, sql in rows
        ]
    if any(active):
        raise StoreError("it holds more than tables")


def _check_rows(backup: Store) -> None:
    """Hold every row against the schema of an exported person.

    A day that is none would break every later page of the history.
    """
    with backup.read() as connection:
        missing = set(schema.metadata.tables) - set(
            inspect(connection).get_table_names()
        )
        if missing:
            raise StoreError(f"it has no table {min(missing)}")
        whole = connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        if not whole or connection.execute(text("PRAGMA foreign_key_check")).first():
            raise StoreError("it is damaged")
        for person in connection.execute(select(schema.person.c.id)).scalars().all():
            read_archive(rows_of_person(connection, person))
        for table in (schema.trial, schema.measure):  # numbers are numbers
            for _ in connection.execute(select(table)):
                pass


def _named_videos(store: Store) -> set[str]:
    column = schema.recording.c.video_name
    with store.read() as connection:
        found = connection.execute(select(column).where(column.is_not(None))).scalars()
        return set(found)
