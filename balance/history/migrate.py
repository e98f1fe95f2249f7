"""Bring a store to the newest shape, in one transaction; refuse one from the future."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from balance.history.schema import HEAD
from balance.model.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"

# Any fixed number: two programs that start together agree on who migrates.
_LOCK = 7_112_026


def bring_up_to_date(engine: Engine, shown: str) -> None:
    """Migrate the store to ``HEAD``; a kill half-way leaves it as it was."""
    with engine.connect() as connection:
        # The usual case costs one query, and does not load Alembic.
        if revision_of(connection) == HEAD:
            return
    with engine.connect() as connection:
        connection = connection.execution_options(balance_writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            _migrate(connection, shown)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a store, None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version"))
    revision = found.scalar()
    return None if revision is None else str(revision)


def _migrate(connection: Connection, shown: str, to: str = "head") -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {
        step.revision for step in ScriptDirectory.from_config(config).walk_revisions()
    }
    current = revision_of(connection)
    if current is None and _has_other_tables(connection):
        raise StoreError(f"{shown} is a database of something else; choose another")
    if current is not None and current not in known:
        raise StoreError(
            f"{shown} was written by a newer version of balance; update balance to "
            "use it"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _has_other_tables(connection: Connection) -> bool:
    return bool(set(inspect(connection).get_table_names()) - {"alembic_version"})
