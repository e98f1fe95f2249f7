"""Videos waiting to be measured, one after the other, each in a process of its own.

The app computes nothing: it runs what ``balance analyze`` runs, at low priority so
that a live test beside it is not slowed, and reads the folder that comes out.
"""

import contextlib
import json
import os
import queue
import shutil
import signal
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
from balance.model.fault_log import explain_fault
from balance.model.setup import Setup

MODULE = "balance.app.measure_one"
CANCELLED = "Cancelled."
# An hour of video at 60 frames per second takes two on a slow computer.
LONGEST_S = 4 * 3600.0
MOST_MEMORY = 4 * 2**30


@dataclass
class Job:
    """One video: what is known of it, how far it is, what came of it."""

    name: str
    video: Path
    setup: Setup
    out: Path
    about: dict[str, Any] = field(default_factory=dict)
    # Which test it was a trial of; empty for a video that stands alone.
    test_name: str = ""
    state: str = "waiting"  # then measuring, and done, failed or cancelled
    doing: str = ""
    share: float = 0.0
    folder: Path | None = None
    sentence: str = ""
    # An uploaded video, alone in its folder, is deleted with it once it is measured;
    # nobody was asked to keep it.
    delete_video: bool = False
    blur_faces: bool = False
    # Where all of it is kept, when it was made, for whom ("" nobody yet), and by which
    # key it is in that person's history.
    home: Path | None = None
    made: str = ""
    person: str = ""
    saved: str = ""
    on_end: Callable[["Job"], None] = lambda _: None

    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Stop measuring it, or never begin."""
        self._cancelled.set()
        if self.state == "waiting":
            self.sentence, self.state = CANCELLED, "cancelled"

    @property
    def test_title(self) -> str:
        """The test's name without its time."""
        return self.test_name.rpartition(", ")[0]

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked for it not to be measured."""
        return self._cancelled.is_set()

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
            while self._hold_back() and not job.is_cancelled:
                time.sleep(0.5)
            work_off(job)


def work_off(job: Job) -> None:
    """Measure one video; whatever happens, the next one is measured, too."""
    try:
        if not job.is_cancelled:
            run(job)
    except Exception as error:
        job.sentence, job.state = explain_fault(error), "failed"
        _note_end(job)
    finally:
        if job.delete_video:
            shutil.rmtree(job.video.parent, ignore_errors=True)


def run(job: Job) -> None:
    """Measure one video in a child process and follow what it says."""
    job.state = "measuring"
    order = json.dumps(
        {
            "video": str(job.video),
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
            # A group of its own: whatever it starts is counted and ended with it.
            start_new_session=True,
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        # Open until the end: the child stops when nobody holds the other end.
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(f"{order}\n")
            child.stdin.flush()
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(job, child, ended), daemon=True)
        watch.start()
        for line in child.stdout:
            outcome = _hear(job, line) or outcome
        child.wait()
        ended.set()
        watch.join()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
    if job.is_cancelled:
        outcome, job.sentence = "cancelled", CANCELLED
    elif not outcome:
        outcome = "failed"
        job.sentence = job.sentence or (
            f"Measuring {job.name} stopped unexpectedly. Please try again."
        )
    if outcome == "done" and job.person:
        save_for_person(job)
    # Last: whoever sees it finds everything else in its place.
    job.state = outcome
    _note_end(job)


def _note_end(job: Job) -> None:
    """Have it written down; a full disk must not end the queue, nor undo a result."""
    try:
        job.on_end(job)
    except (BalanceError, OSError) as error:
        job.sentence = job.sentence or f"{job.name}: {error}"


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


def _watch(job: Job, child: "subprocess.Popen[str]", ended: threading.Event) -> None:
    """Stop a child that is cancelled, takes too long or too much memory."""
    began_s = time.monotonic()
    while not ended.wait(0.5):
        if time.monotonic() - began_s > LONGEST_S:
            job.sentence = f"{job.name} took longer than {LONGEST_S / 3600:.0f} hours."
        elif group_bytes(child.pid) > MOST_MEMORY:
            job.sentence = f"{job.name} needs more memory than may be used for it."
        elif not job.is_cancelled:
            continue
        end_group(child)
        return


def end_group(child: "subprocess.Popen[str]") -> None:
    """End a child at once, and whatever it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def group_bytes(leader: int) -> int:
    """Memory that a process and all of its group hold; 0 where that is not told."""
    return sum(
        _memory_bytes(int(place.name))
        for place in Path("/proc").glob("[0-9]*")
        if _group_of(place) == leader
    )


def _group_of(place: Path) -> int | None:
    try:
        text = (place / "stat").read_text(encoding="utf-8", errors="replace")
        # The name in brackets may hold blanks and brackets of its own.
        return int(text.rpartition(")")[2].split()[2])
    except (OSError, ValueError, IndexError):
        return None


def _memory_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _hear(job: Job, line: str) -> str:
    """Take one line of the child; return the outcome, empty while there is none."""
    try:
        said = json.loads(line)
    except ValueError:
        return ""  # a library talks
    if not isinstance(said, dict):
        return ""
    if "folder" in said:
        job.folder = Path(said["folder"])
        return "done"
    if "error" in said:
        job.sentence = said["error"]
        return "failed"
    if "doing" in said:
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
