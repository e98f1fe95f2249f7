"""Results that stay: every video and result is on disk from its first moment on.

A folder for each video, with ``job.json`` beside video and result. Whoever was tested
is written there, or nobody: then it lies among those not assigned. A program that is
started anew finds them all and measures what it had not finished.
"""

import json
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from balance.app.measure_one import setup_from
from balance.app.measuring import Job, setup_to_json
from balance.app.places import app_folder
from balance.model.errors import OutputError
from balance.model.publish import sweep, write_whole

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEPT = (
    *("name", "test_name", "state", "sentence"),
    *("person", "saved", "made", "blur_faces"),
)


def tray_folder(user: str = "") -> Path:
    """Return where results of a user of this computer are kept, beside the history."""
    return app_folder() / (user or "here")


class Tray:
    """All videos and results of one folder, shared by every tab."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: list[Job] = []
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise OutputError(
                f"results cannot be kept in {folder}: {error.strerror}"
            ) from error

    def load(self, measure: Callable[[Job], Job]) -> None:
        """Read what is there; videos that were not finished are measured again."""
        for home in self.folder.iterdir():
            sweep(home)  # what a kill left half written
        for place in sorted(self.folder.glob("*/job.json")):
            job = _read(place)
            if job is None:
                continue
            job.on_end = keep
            self.jobs.append(job)
            if job.is_open and job.video.is_file():
                job.state, job.share, job.doing = "waiting", 0.0, ""
                measure(job)
            elif job.is_open:
                job.state = "failed"
                job.sentence = f"{job.name} was not measured: its video is gone."

    @contextmanager
    def new_home(self) -> Iterator[Path]:
        """Make a folder for a video, named by the time so that they stay in order.

        It goes again where the video could not be put there and written down.
        """
        home = self.folder / f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        home.mkdir(mode=0o700)
        try:
            yield home
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise

    def add(self, job: Job) -> Job:
        """Keep a job from now on."""
        job.on_end = keep
        job.made = datetime.now().isoformat(timespec="seconds")
        keep(job)
        with self._lock:
            self.jobs.append(job)
        return job

    def delete(self, job: Job) -> None:
        """Delete a result with everything of it."""
        with self._lock:
            self.jobs.remove(job)
        if job.home is not None:
            shutil.rmtree(job.home, ignore_errors=True)

    # -- visits ------------------------------------------------------------------

    def write_visit(self, token: str, record: Mapping[str, Any]) -> None:
        """Keep what was told at a visit."""
        place = self._visit(token)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        _write(place, record)

    def read_visit(self, token: str) -> dict[str, Any] | None:
        """Return what was told at a visit, None where it is not known."""
        try:
            found = json.loads(self._visit(token).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _visit(self, token: str) -> Path:
        name = token if TOKEN.fullmatch(token) else "none"
        return self.folder / "visits" / f"{name}.json"


def keep(job: Job) -> None:
    """Write what is known of a job beside its video."""
    if job.home is None:
        return
    told = {name: getattr(job, name) for name in KEPT}
    told["film"] = str(job.video.relative_to(job.home))
    told["folder"] = job.folder.name if job.folder is not None else None
    told["about"] = job.about
    told["delete_film"] = job.delete_video
    told["setup"] = setup_to_json(job.setup)
    _write(job.home / "job.json", told)


def _read(place: Path) -> Job | None:
    home = place.parent
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        job = Job(
            told["name"],
            home / told["film"],
            setup_from(told["setup"]),
            home,
            about=told["about"],
            delete_video=told["delete_film"],
            home=home,
        )
        for name in KEPT:
            setattr(job, name, told[name])
        job.folder = None if told["folder"] is None else home / told["folder"]
    except (OSError, ValueError, KeyError, TypeError):
        return None  # half written when the computer went off; the video is still there
    return job


def _write(place: Path, told: Mapping[str, Any]) -> None:
    text = json.dumps(told).encode("utf-8", "backslashreplace")
    write_whole(place, lambda file: file.write(text))


_TRAYS: dict[Path, Tray] = {}
_LOCK = threading.Lock()


def open_tray(user: str, measure: Callable[[Job], Job]) -> Tray:
    """Return the one tray of a folder in this process."""
    folder = tray_folder(user)
    with _LOCK:
        if folder not in _TRAYS:
            _TRAYS[folder] = Tray(folder)
            _TRAYS[folder].load(measure)
        return _TRAYS[folder]
