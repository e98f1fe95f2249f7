"""What nobody foresaw: one sentence for the person, the rest in a file."""

import contextlib
import os
import tempfile
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from balance.model.errors import BalanceError, FaultError

MOST_KEPT = 50


@contextlib.contextmanager
def nothing_unforeseen() -> Iterator[None]:
    """Let only errors of the package out; whatever else happens becomes one of them.

    Raises
    ------
    FaultError
        With one sentence that names the file of the traceback.
    """
    try:
        yield
    except BalanceError:
        raise
    except Exception as error:
        raise FaultError(explain_fault(error)) from error


def explain_fault(error: BaseException) -> str:
    """Write the traceback into a file of its own and return the sentence to show."""
    place = _keep("".join(traceback.format_exception(error)))
    where = f" What happened is written in {place}." if place else ""
    # One line, whatever the error says of itself.
    said = " ".join(str(error).split())[:200]
    kind = type(error).__name__
    return (
        f"This should not have happened ({kind}{f': {said}' if said else ''}); nothing "
        f"was changed by this step.{where}"
    )


def log_folder() -> Path:
    """Return the folder for such files by the system's convention."""
    from platformdirs import user_log_path

    return user_log_path("balance", appauthor=False)


def _keep(text: str) -> Path | None:
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    name = f"fault-{moment}-{os.getpid()}.txt"
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / name
            flags = (
                os.O_CREAT | os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            )
            with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            _drop_oldest(folder)
            return path
    return None


def _drop_oldest(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for old in sorted(folder.glob("fault-*.txt"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
