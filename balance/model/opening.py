"""The one door for files that come in: ordinary files only, opened without waiting."""

import os
import stat
from pathlib import Path
from typing import IO

from balance.model.errors import InputError


def require_regular(path: Path) -> int:
    """Return the size of an ordinary file, or say in one sentence why it is none.

    A pipe would be waited for, and a device may never end.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name makes no sense"
        raise InputError(f"cannot read {path.name}: {reason}") from error
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"cannot read {path.name}: it is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(
            f"cannot read {path.name}: it is a pipe or a device, not an ordinary file"
        )
    return found.st_size


def open_regular(path: Path) -> IO[bytes]:
    """Open an ordinary file to read its bytes."""
    require_regular(path)
    try:
        # Whatever was put there meanwhile, opening it does not wait.
        number = os.open(
            path,
            os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0),
        )
    except OSError as error:
        raise InputError(f"cannot read {path.name}: {error.strerror}") from error
    return os.fdopen(number, "rb")


def read_regular(path: Path, largest: int) -> bytes:
    """Return the content of an ordinary file that is not too large."""
    size = require_regular(path)
    if size > largest:
        raise InputError(
            f"{path.name} is too large: {size / 2**20:.0f} MB, at most "
            f"{largest / 2**20:.0f} MB are read"
        )
    try:
        with open_regular(path) as file:
            return file.read(largest + 1)
    except OSError as error:
        raise InputError(f"cannot read {path.name}: {error.strerror}") from error
