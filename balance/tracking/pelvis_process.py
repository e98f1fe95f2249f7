"""Follow the pelvis in a process of its own, while feet and camera are followed here.

Following is many short steps in the interpreter: two threads take as long as one, two
processes little more than half as long. The process reads the video for itself and does
what would be done here, so the numbers are the same bits with and without it.
"""

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from balance.model.recording import PoseSequence
from balance.model.results import Options
from balance.video.cores import on_one_core, usable_cores
from balance.video.parts import open_grey
from balance.video.pieces import Segment
from balance.video.read_ahead import read_ahead

if TYPE_CHECKING:
    from balance.tracking.optical_flow import Pelves, StanceWindow
    from balance.tracking.region import RegionWatch

# A shorter video is followed before a process has begun.
LEAST_FRAMES = 200
_CODE = "from balance.tracking.pelvis_process import main; main()"


@dataclass(frozen=True, eq=False)
class PelvisJob:
    """What is to be followed: as `follow_pelves`, in a ``part`` of a video file."""

    path: Path
    options: Options
    part: Segment
    pose: PoseSequence
    windows: "Sequence[StanceWindow]"

    def run(self) -> "list[RegionWatch | None]":
        """Follow it here and now."""
        from balance.tracking.optical_flow import follow_pelves

        with (
            open_grey(self.path, self.options, self.part) as reader,
            contextlib.closing(read_ahead(reader)) as frames,
        ):
            return follow_pelves(frames, self.pose, self.windows)


# Begins a job and returns what waits for its answer.
Begin = Callable[[PelvisJob], "Pelves"]


@contextlib.contextmanager
def pelvis_process(frames: int | None, workers: int | None) -> Iterator[Begin | None]:
    """Start a process that follows pelves, ahead of its first job.

    None on one core and for a video of few ``frames``. Where the process fails,
    whatever for, its job is done here. On leaving, it has ended.
    """
    is_worth_it = workers != 1 and usable_cores() > 1 and sys.executable
    process = _started() if is_worth_it and (frames or 0) >= LEAST_FRAMES else None
    if process is None:
        yield None
        return

    def begin(job: PelvisJob) -> "Pelves":
        answer = talk.submit(_asked, process, job)
        return lambda: answer.result() or job.run()

    with process, ThreadPoolExecutor(1) as talk:
        try:
            yield begin
        finally:
            process.kill()


def _started() -> "subprocess.Popen[bytes] | None":
    """Start a process that finds the same modules as this one."""
    places = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": places},
        )
    except OSError:
        return None


def _asked(
    process: "subprocess.Popen[bytes]", job: PelvisJob
) -> "list[RegionWatch | None] | None":
    """Return a process's answer to a job; None where it gave none."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
        pickle.dump(job, process.stdin)
        process.stdin.flush()
        found: list[RegionWatch | None] = pickle.load(process.stdout)
        return found
    return None


def main() -> None:
    """Do the jobs that come on the standard input until it ends."""
    import balance.tracking.optical_flow  # noqa: F401  (ahead of the first job)

    # The other core is at work in the process that asks.
    no_more = contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt)
    with on_one_core(), no_more:
        while True:
            job: PelvisJob = pickle.load(sys.stdin.buffer)
            pickle.dump(job.run(), sys.stdout.buffer)
            sys.stdout.buffer.flush()
