"""Zip files of the history, written whole, read with distrust; the videos in them."""

import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from balance.history.location import VIDEO_NAME
from balance.history.store import Store, explained
from balance.model.errors import BalanceError, InputError, StoreError
from balance.model.opening import open_regular
from balance.model.publish import marked_name, sweep, write_whole
from balance.model.unpacking import MB, NotReadableError, checked_zip, open_zip

VIDEOS = "videos"
# A history with many videos; more than any disk of a clinic's PC holds.
LARGEST_ZIP = 2**40
# Rows and landmarks shrink to a tenth; empty pages of a database to a hundredth.
MOST_TIMES = 200
LARGEST_SMALL = 64 * MB
BROKEN_ZIP = (
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    RuntimeError,  # encrypted, or a kind of compression that is not known
    UnicodeDecodeError,
)


def write_zip(target: Path, fill: Callable[[zipfile.ZipFile], None]) -> Path:
    """Write a zip beside its place and move it there once ``fill`` has filled it."""
    target = target.expanduser().absolute()

    def pack(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            fill(archive)

    write_whole(target, pack)
    return target


@contextmanager
def opened_zip(source: Path, what: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip to read; ``what`` it should be is said where it is none."""
    damaged = f"{source.name} is not {what}, or is damaged"
    try:
        with open_regular(source) as file, open_zip(file) as archive:
            _require_modest(archive, source.stat().st_size)
            yield archive
    except BalanceError as error:
        # A reason of the door's becomes one of the history's.
        raise StoreError(str(error)) if type(error) is InputError else error from error
    except NotReadableError as error:
        raise StoreError(f"{damaged}: {error}") from error
    except OSError as error:
        reason = error.strerror or "it is damaged"
        raise StoreError(f"cannot read {source.name}: {reason}") from error
    except BROKEN_ZIP as error:
        raise StoreError(damaged) from error


def _require_modest(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse what would unpack to far more than it is: a few bytes that fill a disk.

    All together are held against the file, since members may share their bytes.
    """
    members = checked_zip(archive, LARGEST_ZIP).values()
    for member in members:
        most = LARGEST_SMALL + MOST_TIMES * member.compress_size
        if member.file_size > most:
            raise NotReadableError(f"{member.filename} would unpack without end")
    if sum(member.file_size for member in members) > LARGEST_SMALL + MOST_TIMES * size:
        raise NotReadableError("it would unpack without end")


def pack_video(archive: zipfile.ZipFile, video: Path) -> None:
    """Put a kept video in as it is; one that is gone is left out."""
    if video.exists():
        archive.write(video, f"{VIDEOS}/{video.name}", zipfile.ZIP_STORED)


def require_room(folder: Path, needed: int) -> None:
    """Refuse before anything is written what the disk cannot hold."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StoreError(
            f"{folder} has {free / MB:.0f} MB free, and {needed / MB:.0f} MB are "
            "needed; nothing was changed. Make room and try again"
        )


class StagedVideos:
    """Videos out of a zip beside their place, which they take all at once or not."""

    def __init__(self, store: Store) -> None:
        self._folder = store.location.video_folder
        self._location = store.location
        self._staged: list[tuple[Path, Path]] = []
        self._new: list[Path] = []

    def take(self, archive: zipfile.ZipFile, names: Iterable[str]) -> None:
        """Unpack videos of these names, as far as they are there; no other path."""
        known = set(archive.namelist())
        ours = (name for name in names if VIDEO_NAME.fullmatch(name))
        wanted = [name for name in ours if f"{VIDEOS}/{name}" in known]
        if not wanted:
            return
        sizes = (archive.getinfo(f"{VIDEOS}/{name}").file_size for name in wanted)
        require_room(self._folder, sum(sizes))
        with explained(self._location):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sweep(self._folder)
            for name in wanted:
                self._unpack(archive, name)

    def _unpack(self, archive: zipfile.ZipFile, name: str) -> None:
        part = self._folder / marked_name()
        self._staged.append((part, self._folder / name))
        with archive.open(f"{VIDEOS}/{name}") as packed, part.open("xb") as kept:
            part.chmod(0o600)
            shutil.copyfileobj(packed, kept)
            kept.flush()
            os.fsync(kept.fileno())

    def put_in_place(self) -> None:
        """Rename all of them; takes no room."""
        with explained(self._location):
            for part, video in self._staged:
                if not video.exists():
                    self._new.append(video)
                part.replace(video)

    def undo(self) -> None:
        """Remove what was unpacked; what was there before stays."""
        for path in [*(part for part, _ in self._staged), *self._new]:
            with suppress(OSError):
                path.unlink(missing_ok=True)
