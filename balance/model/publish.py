"""Files and folders that are there whole or not at all.

Whatever is written is complete and synced under a marked temporary name before it
takes its place; what was there stays until then. The name says which process of which
machine owns it, so that `sweep` removes only what is this program's own and whose
owner is dead. It does not repeat the target's name, which may be as long as names get.

A folder is put in place in two steps: it is renamed to a second mark, *ready*, and
then its files are moved. A process killed in between leaves a folder that the next
one completes; what else lies in the target stays.
"""

import contextlib
import errno
import hashlib
import json
import os
import platform
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO

from balance.model.errors import OutputError

_PART, _READY = ".balance-part-", ".balance-ready-"
_ORDER = ".order.json"
# Moved last: whoever reads a result begins with it.
_LAST = "assessment.json"


@contextlib.contextmanager
def whole_file(path: Path, *, suffix: str = "") -> Iterator[Path]:
    """Give a name to write under; the file takes its place when the block is left.

    Only its owner may read a new file; one that is replaced keeps its rights.

    Parameters
    ----------
    suffix
        End of the temporary name, for writers that go by it.

    Raises
    ------
    OutputError
        With one sentence where the disk is full or may not be written.
    """
    part: Path | None = None
    try:
        _require_replaceable(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = _new_file(path.parent, suffix)
        yield part
        part.chmod(_rights(path))
        _sync(part)
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let ``write`` fill a file that is there whole or not at all; see `whole_file`."""
    with whole_file(path) as part, part.open("wb") as file:
        write(file)


class written_beside:  # noqa: N801  (reads as a verb in a with statement)
    """A working folder whose files move into ``folder`` when all of them are there.

    Parameters
    ----------
    folder
        Where they go.
    drop
        Files of an earlier run that would tell another story, where this one did not
        make them.
    """

    def __init__(self, folder: Path, drop: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.drop = drop

    def __enter__(self) -> Path:
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.work = self.folder.parent / marked_name()
            self.work.mkdir(mode=0o700)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        return self.work

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._publish()
        except OSError as reason:
            raise cannot_write(self.folder, reason) from reason
        finally:
            shutil.rmtree(self.work, ignore_errors=True)

    def _publish(self) -> None:
        order = {"folder": self.folder.name, "drop": list(self.drop)}
        (self.work / _ORDER).write_text(json.dumps(order), encoding="utf-8")
        for file in self.work.iterdir():
            if file.is_file():
                file.chmod(_rights(self.folder / file.name))
            _sync(file)
        _sync_folder(self.work)
        ready = self.work.with_name(self.work.name.replace(_PART, _READY))
        self.work.rename(ready)
        _sync_folder(self.folder.parent)
        _complete(ready)


def sweep(folder: Path) -> None:
    """Complete or remove what processes that are dead left in a folder.

    Whatever carries no mark of this program, whatever belongs to a living process or
    to another machine, stays.
    """
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if path.name.startswith((_PART, _READY)) and not _owner_lives(path.name):
                _swept(path)


def _swept(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            # Without its order all its files are in their place already.
            if path.name.startswith(_READY) and (path / _ORDER).exists():
                _complete(path)
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _complete(ready: Path) -> None:
    """Move the files of a ready folder into their place; may be done twice."""
    order = json.loads((ready / _ORDER).read_text(encoding="utf-8"))
    folder = ready.parent / Path(order["folder"]).name
    folder.mkdir(exist_ok=True, mode=0o700)
    made = [file for file in ready.iterdir() if file.name != _ORDER]
    for name in set(order["drop"]) - {file.name for file in made}:
        (folder / Path(name).name).unlink(missing_ok=True)
    for file in sorted(made, key=lambda file: file.name == _LAST):
        with contextlib.suppress(FileNotFoundError):  # somebody else completes it, too
            file.replace(folder / file.name)
    _sync_folder(folder)
    shutil.rmtree(ready, ignore_errors=True)


def marked_name(suffix: str = "") -> str:
    """Return a new temporary name that says whose it is."""
    owner = f"{_machine()}-{os.getpid()}-{_started(os.getpid())}"
    return f"{_PART}{owner}-{secrets.token_hex(4)}{suffix}"


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Return the sentence that says why something cannot be written."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return OutputError(
            f"The disk is full: {path.name} could not be written to {path.parent}; "
            "free some space or choose another folder with --out."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(
            f"{path.parent} may not be written to, so {path.name} was not saved; "
            "choose another folder with --out."
        )
    return OutputError(
        f"cannot write {path}: {error.strerror or error}; choose another place or "
        "free some space."
    )


def _require_replaceable(path: Path) -> None:
    """Refuse to put a file where a folder or a device is."""
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file"
        raise OutputError(f"{path} is {what}; choose another name for what is written.")


def _new_file(folder: Path, suffix: str) -> Path:
    part = folder / marked_name(suffix)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    os.close(os.open(part, flags, 0o600))
    return part


def _rights(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o600


def _sync(file: Path) -> None:
    if file.is_dir():
        return
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    """Make renames last; systems that cannot sync a folder do without."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@cache
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _started(pid: int) -> int:
    """When a process began, in the system's ticks; 0 where that is not told."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        # The name in brackets may hold blanks and brackets of its own.
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def _owner_lives(name: str) -> bool:
    """Whether the process that a marked name tells of may still be at work."""
    try:
        machine, pid, started, _ = name.split("-", 2)[2].split("-", 3)
        number, began = int(pid), int(started)
    except ValueError:
        return True  # not a name of ours after all
    if machine != _machine():
        return True  # nobody here can tell
    return _is_alive(number) and _started(number) in (0, began)


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _is_alive_on_windows(pid: int) -> bool:
    """Ask for the process: signal 0 would end it there."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259  # STILL_ACTIVE
