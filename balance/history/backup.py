"""One file with everything, and everything back from that file.

A backup is a zip of an SQLite store and the kept videos, whatever the store itself
is: a clinic may move from a file to a server and back.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, delete, func, insert, select, text

from balance.history import schema
from balance.history.location import FILE_NAME
from balance.history.store import Store, explained, open_store
from balance.history.zips import VIDEOS, opened_zip, pack_video, unpack_video, write_zip
from balance.model.errors import StoreError

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

    ``replace`` empties the store first, in the same transaction: if anything fails,
    what was there is still there.
    """
    with (
        TemporaryDirectory(prefix="balance-restore-") as folder,
        opened_zip(source, "a backup") as archive,
    ):
        # Everything is read once before anything is changed.
        if FILE_NAME not in archive.namelist() or archive.testzip():
            raise StoreError(f"{source.name} is not a backup of balance, or is damaged")
        file = Path(archive.extract(FILE_NAME, folder))
        with open_store(file) as backup:
            _check_whole(backup, source)
            copy_rows(backup, store, replace=replace)
        _bring_videos(archive, store)
    with store.read() as connection:
        return int(
            connection.execute(select(func.count()).select_from(schema.person)).scalar()
            or 0
        )


def copy_rows(source: Store, target: Store, *, replace: bool = False) -> None:
    """Copy every row, as of one moment, in one transaction of the target."""
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
    """Make a folder on the target's own disk that only the user may read."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".balance-backup-", dir=folder) as name:
        yield Path(name)


def _add_videos(archive: zipfile.ZipFile, store: Store) -> None:
    table = schema.recording
    with store.read() as connection:
        named = table.c.video_name.is_not(None)
        names = connection.execute(select(table.c.video_name).where(named)).scalars()
        for name in names:
            pack_video(archive, store.location.video_folder / Path(name).name)


def _check_whole(backup: Store, source: Path) -> None:
    with backup.read() as connection:
        if connection.execute(text("PRAGMA integrity_check")).scalar() != "ok":
            raise StoreError(f"{source.name} is damaged and was not restored")


def _bring_videos(archive: zipfile.ZipFile, store: Store) -> None:
    """Take out what lies in the folder of videos; no other path is followed."""
    for entry in archive.namelist():
        name = Path(entry).name
        if name and entry == f"{VIDEOS}/{name}":
            unpack_video(store, archive, name)
