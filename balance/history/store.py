"""Open the history: one engine, transactions that hold, errors in one sentence.

SQLite runs with a write-ahead log and full synchronisation: what was committed
survives a killed process and a power cut. Writers take the lock when they begin, so
two windows and the command line wait for each other instead of failing half-way.
"""

import importlib.util
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from balance.history.location import Location, locate
from balance.history.migrate import bring_up_to_date, revision_of
from balance.history.schema import HEAD
from balance.model.errors import StoreError

# Long enough for a large restore in another window, short enough to be told.
WAIT_S = 30


class Store:
    """An open history. Use as a context manager, or call :meth:`close`."""

    def __init__(self, location: Location, engine: Engine) -> None:
        self.location = location
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this history is a file."""
        return self.location.file is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read everything as of one moment."""
        with explained(self.location), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write all of it or nothing."""
        with explained(self.location), self.engine.connect() as connection:
            connection = connection.execution_options(balance_writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(store: str | Path | None = None) -> Store:
    """Open the history, making or migrating it where needed.

    Raises
    ------
    StoreError
        It cannot be opened, is damaged, or was written by a newer version.
    """
    location = locate(store)
    with explained(location):
        try:
            return Store(location, _opened(location))
        except (SQLAlchemyError, sqlite3.Error, OSError):
            # A full or read-only disk has no room for SQLite's log; what was kept
            # can be read without one.
            engine = _only_to_read(location)
            if engine is None:
                raise
            return Store(location, engine)


def _opened(location: Location) -> Engine:
    if location.file is not None:
        _make_private(location.file)
    engine = _engine(location)
    try:
        bring_up_to_date(engine, location.shown)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _only_to_read(location: Location) -> Engine | None:
    """Open a file as it stands; None where its log holds more, or it is no history."""
    file = location.file
    if file is None:
        return None
    log = file.with_name(f"{file.name}-wal")
    try:
        if not file.stat().st_size or (log.exists() and log.stat().st_size):
            return None
    except OSError:
        return None
    place = f"file:{quote(str(file))}?mode=ro&immutable=1&uri=true"
    engine = create_engine(f"sqlite:///{place}", poolclass=NullPool)
    event.listen(engine, "connect", _without_own_transactions)
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect() as connection:
            is_ours = revision_of(connection) == HEAD
    except SQLAlchemyError:
        is_ours = False
    return engine if is_ours else None


@contextmanager
def explained(location: Location) -> Iterator[None]:
    """Turn an error of the database or the disk into one clear sentence."""
    try:
        yield
    except StoreError:
        raise
    except UnicodeEncodeError as error:
        # Bytes on a command line that are no text; nobody and nothing is called so.
        raise StoreError("this text holds signs that cannot be kept") from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(f"{location.shown}: {_reason(error)}") from error


def _make_private(file: Path) -> None:
    """Make the folder and an empty file that nobody else on the machine may read."""
    if not file.parent.exists():
        file.parent.mkdir(parents=True, mode=0o700)
    if file.is_dir():
        raise StoreError(f"{file} is a folder; name a file for the history")
    if not file.exists():
        file.touch(mode=0o600)


def _engine(location: Location) -> Engine:
    if location.file is None:
        _require_driver()
        return create_engine(
            location.url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": WAIT_S, "application_name": "balance"},
        )
    engine = create_engine(
        location.url, poolclass=NullPool, connect_args={"timeout": WAIT_S}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _require_driver() -> None:
    if importlib.util.find_spec("psycopg") is None:
        raise StoreError(
            "a history on a PostgreSQL server needs its driver; install it with: "
            "pip install 'pose-balance[postgres]'"
        )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    _without_own_transactions(connection, _record)
    _log_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _without_own_transactions(connection: Any, _record: object) -> None:
    # The driver's own transactions begin late and not at all before a CREATE TABLE;
    # ours begin where ``_begin`` says, so that a migration is whole or not at all.
    connection.isolation_level = None


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, and wait while another program does the same.

    The one step for which SQLite does not wait by itself, whatever its time limit.
    """
    give_up = monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
        sleep(0.01)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("balance_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# What the databases say, and what a person can do about it.
_REASONS = (
    (r"disk is full|disk I/O error|No space left|DiskFull|File too large",
     "the disk is full or failing; nothing of this step was saved. Make room and try "
     "again"),
    (r"readonly|read-only|Read-only file system|ReadOnly",
     "the place is read-only; choose another one with --store or change its rights"),
    (r"unable to open|Permission denied|InsufficientPrivilege|permission denied",
     "it cannot be opened; check that the folder exists and is yours"),
    (r"not a database|malformed|file is encrypted",
     "this is not a history, or it is damaged; restore a backup with 'balance history "
     "restore'"),
    (r"locked|busy|lock timeout",
     f"another program has been writing for {WAIT_S} s; close it and try again"),
    (r"UNIQUE constraint|duplicate key",
     "somebody else has just written the same; look again and repeat if need be"),
    (r"password|authentication|role .* does not exist",
     "the server refuses this user or password"),
    (r"database .* does not exist", "the server has no such database; create it first"),
    (r"connection|could not translate|refused|timeout|terminat",
     "the database server cannot be reached; check that it runs and the URL is right"),
)  # fmt: skip


def _reason(error: BaseException) -> str:
    text = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    kind = type(getattr(error, "orig", error)).__name__
    for pattern, sentence in _REASONS:
        if re.search(pattern, f"{kind} {text}", re.IGNORECASE):
            return sentence
    return f"the history cannot be used ({text.splitlines()[0] if text else kind})"
