"""Zip files of the history, written whole, read with distrust; the videos in them."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from balance.history.store import Store, explained
from balance.model.errors import StoreError
from balance.model.publish import write_whole

VIDEOS = "videos"


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
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as error:
        reason = error.strerror or "it is damaged"
        raise StoreError(f"cannot read {source.name}: {reason}") from error
    except (zipfile.BadZipFile, EOFError) as error:
        raise StoreError(f"{source.name} is not {what}, or is damaged") from error


def pack_video(archive: zipfile.ZipFile, video: Path) -> None:
    """Put a kept video in as it is; one that is gone is left out."""
    if video.exists():
        archive.write(video, f"{VIDEOS}/{video.name}", zipfile.ZIP_STORED)


def unpack_video(store: Store, archive: zipfile.ZipFile, name: str) -> None:
    """Take a video out into the store's folder; ``name`` is a bare file name."""
    packed_name = f"{VIDEOS}/{name}"
    if packed_name not in archive.namelist():
        return
    folder = store.location.video_folder
    with explained(store.location):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with archive.open(packed_name) as packed, (folder / name).open("wb") as kept:
            (folder / name).chmod(0o600)
            shutil.copyfileobj(packed, kept)
