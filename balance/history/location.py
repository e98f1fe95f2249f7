"""Where the history lives: the user's data folder, unless told otherwise."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from balance.model.errors import StoreError

STORE_VARIABLE = "BALANCE_STORE"
FILE_NAME = "history.sqlite3"
# A kept video is named by the key of its result: such a name leads to no other folder.
VIDEO_NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Location:
    """A database URL, the SQLite file behind it if any, and the folder of videos."""

    url: str
    file: Path | None
    video_folder: Path

    @property
    def shown(self) -> str:
        """The place in words, without a password."""
        if self.file is not None:
            return str(self.file)
        from sqlalchemy.engine import make_url

        return make_url(self.url).render_as_string(hide_password=True)


def locate(store: str | Path | None = None) -> Location:
    """Resolve a path, a ``postgresql://`` URL, or the default to a location.

    Without ``store`` the environment variable ``BALANCE_STORE`` decides, and without
    that the data folder of the operating system.
    """
    chosen = store or os.environ.get(STORE_VARIABLE) or data_folder() / FILE_NAME
    text = str(chosen)
    if text.startswith(("postgresql:", "postgres:", "postgresql+psycopg:")):
        # "postgresql://" alone would ask SQLAlchemy for a driver we do not ship.
        rest = text.split(":", 1)[1]
        return Location(f"postgresql+psycopg:{rest}", None, data_folder() / "videos")
    if "://" in text:
        kind = text.split("://", 1)[0]
        raise StoreError(
            f"the history cannot be kept in {kind!r}; give a file or a "
            "postgresql:// URL"
        )
    file = Path(text).expanduser().absolute()
    return Location(f"sqlite:///{file}", file, file.parent / "videos")


def data_folder() -> Path:
    """Return the user's data folder for this program by the system's convention."""
    from platformdirs import user_data_path

    return user_data_path("balance", appauthor=False)
