"""Forget a person so that nothing is left: rows, free pages, log and videos.

SQLite leaves deleted bytes in the file and in its log until they are written over;
``secure_delete`` wipes them, the checkpoint empties the log and ``VACUUM`` rewrites
the file. A server keeps its own logs and backups: that is the administrator's to
clear. Backups made earlier still hold the person; whoever deletes is told so.
"""

import time
from pathlib import Path

from sqlalchemy import delete, select

from balance.history import schema
from balance.history.people import need_person, remove_row
from balance.history.store import Store, explained
from balance.model.errors import StoreError

# A video that no row names is somebody's copy half-way, or a leftover of a kill.
LEFTOVER_AFTER_S = 3600
_CHECKPOINT_TRIES = 20


def forget_person(store: Store, code: str) -> None:
    """Delete a person and everything about them, for good."""
    recording, visit = schema.recording, schema.visit
    with store.write() as connection:
        key = need_person(connection, code)
        videos = connection.execute(
            select(recording.c.video_name)
            .join(visit, visit.c.id == recording.c.visit_id)
            .where(visit.c.person_id == key, recording.c.video_name.is_not(None))
        ).scalars()
        names = list(videos)
        remove_row(connection, key)
    _unlink(store, names)
    purge(store)


def forget_recording(store: Store, key: str) -> None:
    """Delete one result with its landmarks and video, for good.

    A visit of which nothing is left, no note either, is none any more.
    """
    table, visit = schema.recording, schema.visit
    with store.write() as connection:
        found = connection.execute(
            select(table.c.video_name, table.c.visit_id).where(table.c.id == key)
        )
        row = found.one_or_none()
        if row is None:
            raise StoreError(f"there is no recording {key!r} in the history")
        connection.execute(delete(table).where(table.c.id == key))
        others = select(table.c.id).where(table.c.visit_id == row.visit_id)
        connection.execute(
            delete(visit)
            .where(visit.c.id == row.visit_id, visit.c.notes == "")
            .where(~others.exists())
        )
    _unlink(store, [row.video_name] if row.video_name else [])
    purge(store)


def purge(store: Store) -> None:
    """Wipe what deleted rows left behind, and videos that no row names any more."""
    _unlink_leftovers(store)
    with explained(store.location):
        if store.is_sqlite:
            _wipe_sqlite(store)
        else:
            _wipe_postgres(store)


def _wipe_sqlite(store: Store) -> None:
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("VACUUM")
        # The usual patience would be spent on every single try.
        driver.execute("PRAGMA busy_timeout = 250")
        for _ in range(_CHECKPOINT_TRIES):
            busy, *_rest = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(0.25)
    raise StoreError(
        "deleted; but another window still reads the history, and its log may hold old "
        "bytes. Close it and run 'balance history purge'"
    )


def _wipe_postgres(store: Store) -> None:
    with store.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in schema.metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")


def _unlink(store: Store, names: list[str]) -> None:
    with explained(store.location):
        for name in names:
            path = store.location.video_folder / Path(name).name
            path.unlink(missing_ok=True)


def _unlink_leftovers(store: Store) -> None:
    folder = store.location.video_folder
    if not folder.is_dir():
        return
    with store.read() as connection:
        known = set(connection.execute(select(schema.recording.c.video_name)).scalars())
    old = time.time() - LEFTOVER_AFTER_S
    with explained(store.location):
        for path in folder.iterdir():
            if path.name not in known and path.stat().st_mtime < old:
                path.unlink(missing_ok=True)
