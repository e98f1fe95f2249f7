"""A store as an older version of the program left it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from balance.history import migrate


def make_store_of(revision: str, url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.MIGRATIONS)))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(
            text(
                "INSERT INTO person (id, code, code_key, notes, created_at) "
                f"VALUES ('{'0' * 32}', 'OLD-1', 'old-1', '', '2026-01-01')"
            )
        )
    engine.dispose()
