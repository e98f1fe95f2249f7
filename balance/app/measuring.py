"""Films waiting to be measured, one after the other, each in a process of its own.

The app computes nothing: it runs what ``balance analyze`` runs, at low priority so
that a live test beside it is not slowed, and reads the folder that comes out.
"""

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from balance.model.errors import BalanceError
from balance.model.setup import Setup

MODULE = "balance.app.measure_one"


@dataclass
class Job:
    """One film: what is known of it, how far it is, what came of it."""

    name: str
    film: Path
    setup: Setup
    out: Path
    about: dict[str, Any] = field(default_factory=dict)
    # Which test it was a try of; empty for a video that stands alone.
    sitting: str = ""
    state: str = "waiting"  # then measuring, and done or failed
    doing: str = ""
    share: float = 0.0
    folder: Path | None = None
    sentence: str = ""
    # An uploaded film, alone in its folder, is deleted with it once it is measured;
    # nobody was asked to keep it.
    delete_film: bool = False
    blur_faces: bool = False
    # Where all of it is kept, when it was made, for whom ("" nobody yet), and by which
    # key it is in that person's history.
    home: Path | None = None
    made: str = ""
    person: str = ""
    saved: str = ""
    on_end: Callable[["Job"], None] = lambda _: None

    @property
    def key(self) -> str:
        """A name that no other job has."""
        return self.home.name if self.home is not None else str(id(self))

    @property
    def is_open(self) -> bool:
        """Whether the result is still to come."""
        return self.state in ("waiting", "measuring")


class Measuring:
    """One worker thread that starts one process after the other."""

    def __init__(self, hold_back: Callable[[], bool] = lambda: False) -> None:
        self._queue: queue.Queue[Job] = queue.Queue()
        self._hold_back = hold_back
        self._worker: threading.Thread | None = None
        self._lock = threading.Lock()

    def add(self, job: Job) -> Job:
        """Queue a video; the thread is started with the first."""
        with self._lock:
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, daemon=True)
                self._worker.start()
        self._queue.put(job)
        return job

    def _work(self) -> None:
        while True:
            job = self._queue.get()
            while self._hold_back():
                time.sleep(0.5)
            run(job)


def run(job: Job) -> None:
    """Measure one video in a child process and follow what it says."""
    job.state = "measuring"
    order = json.dumps(
        {
            "film": str(job.film),
            "out": str(job.out),
            "setup": setup_to_json(job.setup),
            "blur_faces": job.blur_faces,
        }
    )
    outcome = ""
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(order)
        child.stdin.close()
        for line in child.stdout:
            outcome = _hear(job, line) or outcome
    if not outcome:
        outcome = "failed"
        job.sentence = f"Measuring {job.name} stopped unexpectedly. Please try again."
    if job.delete_film:
        shutil.rmtree(job.film.parent, ignore_errors=True)
    if outcome == "done" and job.person:
        save_for_person(job)
    # Last: whoever sees it finds everything else in its place.
    job.state = outcome
    job.on_end(job)


def save_for_person(job: Job) -> None:
    """Put a result into the history of whom it belongs to."""
    from balance.history.recordings import save_recording
    from balance.history.store import open_store
    from balance.model.files import read_assessment, read_recording

    assert job.folder is not None
    try:
        with open_store() as store:
            job.saved = save_recording(
                store,
                job.person,
                read_assessment(job.folder / "assessment.json"),
                read_recording(job.folder / "landmarks.npz"),
                on=datetime.fromisoformat(job.made).date() if job.made else None,
            )
    except BalanceError as error:
        job.sentence = f"Not yet saved for {job.person}: {error}"


def _hear(job: Job, line: str) -> str:
    """Take one line of the child; return the outcome, empty while there is none."""
    try:
        said = json.loads(line)
    except ValueError:
        return ""  # a library talks
    if "folder" in said:
        job.folder = Path(said["folder"])
        return "done"
    if "error" in said:
        job.sentence = said["error"]
        return "failed"
    job.doing, job.share = said["doing"], said["share"]
    return ""


def save_anew(job: Job) -> None:
    """Put a corrected result in place of the one that was saved."""
    from balance.history.deletion import forget_recording
    from balance.history.store import open_store

    with open_store() as store:
        forget_recording(store, job.saved)
    save_for_person(job)


def setup_to_json(setup: Setup) -> dict[str, Any]:
    """Return a setup as JSON values."""
    return {**asdict(setup), "model": None if setup.model is None else str(setup.model)}
