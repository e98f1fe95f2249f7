"""Follow the pelvis in a process of its own, while feet and camera are followed here.

Following is many short steps in the interpreter: two threads take as long as one. The
video is decoded here alone; of each frame the process gets what is round the pelvis,
and does what would be done here: the numbers are the same bits with and without it.
"""

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from balance.video.cores import on_one_core, usable_cores

if TYPE_CHECKING:
    from balance.tracking.region import RegionWatch
    from balance.video.video import GreyFrame

# To begin one takes as much of both cores as it saves in a video of half a minute.
LEAST_FRAMES = 900
# Cuttings that may wait for the process: 6 MB of 640 x 480, 40 MB of 1920 x 1080.
WAITING = 128
_CODE = "from balance.tracking.pelvis_process import main; main()"


class ProcessLostError(Exception):
    """The process has ended before its work was done; it is to be done here."""


class PelvisElsewhere:
    """Stands for a watch that another process keeps; used as that."""

    def __init__(self, watch: "RegionWatch", number: int, link: "_Link") -> None:
        self._watch, self._number, self._link = watch, number, link
        link.send((number, None, watch))

    def see(self, row: int, frame: "GreyFrame") -> None:
        """Hand on what is needed of a frame."""
        first, last = self._watch.rows
        if first <= row <= last:
            view = self._watch.cut_out(frame)
            own = replace(view, grey=view.grey.copy())
            self._link.send((self._number, row, own))

    def settle(self) -> "RegionWatch":
        """Return the watch with what was followed.

        Raises
        ------
        ProcessLostError
            Where the process gave no answer, whatever for.
        """
        self._link.send((self._number, None, None))
        return self._link.answer()


Elsewhere = Callable[["RegionWatch"], PelvisElsewhere]


@contextlib.contextmanager
def pelvis_process(
    frames: int | None, workers: int | None
) -> Iterator[Elsewhere | None]:
    """Start a process that follows pelves, ahead of its first one.

    None on one core and for a video of few ``frames``. On leaving, it has ended.
    """
    is_worth_it = workers != 1 and usable_cores() > 1 and sys.executable
    process = _started() if is_worth_it and (frames or 0) >= LEAST_FRAMES else None
    if process is None:
        yield None
        return
    with process:
        link = _Link(process)
        try:
            yield link.begin
        finally:
            process.kill()
            link.close()


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


class _Link:
    """Messages to the process, sent by a thread, and its answers."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._answers: IO[bytes] = process.stdout
        self._line: queue.Queue[object] = queue.Queue(WAITING)
        self._begun = 0
        self._thread = threading.Thread(
            target=self._send_all, args=(process.stdin,), daemon=True
        )
        self._thread.start()

    def begin(self, watch: "RegionWatch") -> PelvisElsewhere:
        """Let the process keep a watch."""
        self._begun += 1
        return PelvisElsewhere(watch, self._begun, self)

    def send(self, message: object) -> None:
        self._line.put(message)

    def answer(self) -> "RegionWatch":
        try:
            watch: RegionWatch = pickle.load(self._answers)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise ProcessLostError from error
        return watch

    def close(self) -> None:
        self._line.put(None)
        self._thread.join()

    def _send_all(self, to: IO[bytes]) -> None:
        is_there = True
        while (message := self._line.get()) is not None:
            if is_there:  # else whoever sends must not wait
                try:
                    pickle.dump(message, to, pickle.HIGHEST_PROTOCOL)
                    to.flush()
                except OSError:
                    is_there = False


def main() -> None:
    """Keep watches by the messages on the standard input until it ends."""
    import balance.tracking.region  # noqa: F401  (ahead of the first message)

    watches: dict[int, Any] = {}
    no_more = contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt)
    # The other core is at work in the process that asks.
    with on_one_core(), no_more:
        while True:
            number, row, what = pickle.load(sys.stdin.buffer)
            if row is not None:
                watches[number].take(row, what)
            elif what is not None:
                watches[number] = what
            else:
                watch = watches.pop(number).settle()
                pickle.dump(watch, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
                sys.stdout.buffer.flush()
