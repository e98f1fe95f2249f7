"""Work spread over processes of this machine or over a Dask cluster.

Both give each job exactly one answer, also when a process dies in the middle: the
job is done again elsewhere, and a job that takes several processes with it is given
up with a `Lost` in place of its answer.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait as wait_for
from typing import Any, TypeVar

from balance.model.errors import InputError

Job = TypeVar("Job")
Answer = TypeVar("Answer")

# A job is begun so often before it is held to be the one that kills its process.
ATTEMPTS = 3
CONNECT_S = "20s"


@dataclass(frozen=True)
class Lost:
    """Instead of an answer: every process that tried this job died."""

    reason: str


def on_processes(
    work: Callable[[Job], Answer], jobs: Sequence[Job], workers: int
) -> Iterator[tuple[int, Answer | Lost]]:
    """Yield each job's number and answer as they come, on processes of this machine."""
    waiting = list(range(len(jobs)))
    begun = [0] * len(jobs)
    while waiting:
        answered: set[int] = set()
        for number, answer in _until_one_dies(work, jobs, waiting, begun, workers):
            answered.add(number)
            yield number, answer
        waiting = [number for number in waiting if number not in answered]
        for number in [n for n in waiting if begun[n] >= ATTEMPTS]:
            waiting.remove(number)
            yield number, Lost("every process that tried it ended; is memory short?")
        # Those that were at work when a process died are looked at one by one, so
        # that the guilty one takes no other with it.
        suspects = [number for number in waiting if begun[number]]
        for number in suspects:
            waiting.remove(number)
            yield number, _alone(work, jobs[number], ATTEMPTS - begun[number])


def _until_one_dies(
    work: Callable[[Job], Answer],
    jobs: Sequence[Job],
    waiting: Sequence[int],
    begun: list[int],
    workers: int,
) -> Iterator[tuple[int, Answer]]:
    with _pool(min(workers, len(waiting))) as pool:
        # Only so many are handed over at a time: the rest is not suspected of a death.
        line = iter(waiting)
        running: dict[Future[Answer], int] = {}
        try:
            _hand_over(pool, work, jobs, line, running, begun, workers)
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    number = running.pop(future)
                    yield number, future.result()
                    _hand_over(pool, work, jobs, line, running, begun, 1)
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if running:  # stopped in the middle, or one died
                end_workers()


def _pool(workers: int) -> ProcessPoolExecutor:
    _begin_tracker()
    # A fresh interpreter: threads and native state must not be copied into a child.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=begin_worker)


def _begin_tracker() -> None:
    """Start Python's own helper that frees what a killed process had shared.

    It would say so in a warning of two lines, at which nobody can do anything.
    """
    name, quiet = "PYTHONWARNINGS", "ignore:resource_tracker:UserWarning"
    before = os.environ.get(name)
    os.environ[name] = quiet if before is None else f"{before},{quiet}"
    try:
        resource_tracker.ensure_running()
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


def begin_worker() -> None:
    """Let a process end with the one that started it, and only by it.

    Ctrl-C reaches every process of a terminal; the first one decides what it means.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def end_workers() -> None:
    """End the processes that are at work: what they began is swept at the next start.

    The pool itself would wait for them, minutes after a Ctrl-C.
    """
    for child in multiprocessing.active_children():
        child.terminate()


def _hand_over(  # noqa: PLR0913
    pool: ProcessPoolExecutor,
    work: Callable[[Job], Answer],
    jobs: Sequence[Job],
    line: Iterator[int],
    running: dict[Future[Answer], int],
    begun: list[int],
    count: int,
) -> None:
    for _ in range(count):
        number = next(line, None)
        if number is None:
            return
        running[pool.submit(work, jobs[number])] = number
        begun[number] += 1


def _alone(work: Callable[[Job], Answer], job: Job, attempts: int) -> Answer | Lost:
    for _ in range(max(1, attempts)):
        with _pool(1) as pool:
            try:
                return pool.submit(work, job).result()
            except BrokenProcessPool:
                continue
            except BaseException:
                end_workers()
                raise
    return Lost("every process that tried it ended; is memory short?")


def on_cluster(
    work: Callable[[Job], Answer], jobs: Sequence[Job], address: str
) -> Iterator[tuple[int, Answer | Lost]]:
    """Yield each job's number and answer as they come, on a Dask cluster.

    Raises
    ------
    InputError
        Where Dask is not installed or nobody answers at the address.
    """
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "--scheduler needs Dask; install it with: pip install 'pose-balance[dask]'."
        ) from error
    dask: Any = distributed  # it has no types of its own
    try:
        client = dask.Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address}; start one with: dask scheduler."
        ) from error
    with client:
        # Not pure: the same clip asked for twice is two jobs.
        futures = client.map(work, jobs, pure=False, retries=ATTEMPTS - 1)
        number_of = {future.key: number for number, future in enumerate(futures)}
        for future in dask.as_completed(futures):
            try:
                answer = future.result()
            except dask.KilledWorker as error:
                answer = Lost(str(error))
            yield number_of[future.key], answer
            future.release()
