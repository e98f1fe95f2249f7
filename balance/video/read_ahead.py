"""Let the next items be made while this one is worked on."""

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

from balance.video.cores import usable_cores

Item = TypeVar("Item")

# Frames that may wait. More would only take memory: one side is always slower.
WAITING = 4
# Frames of a camera that wait for their turn: two seconds.
MOST_GATHERED = 60
_END = object()


def read_ahead(
    items: Iterable[Item], waiting: int = WAITING
) -> Generator[Item, None, None]:
    """Yield the items as they are; a thread makes the next ``waiting`` of them.

    An error in the making is raised here, at the item where it happened. Whoever
    stops early closes the iterator; the thread has ended when that returns. On one
    core nothing is gained by a thread, and the items are made one by one.
    """
    if usable_cores() == 1:
        return _one_by_one(items)
    line: queue.Queue[object] = queue.Queue(waiting)
    stopped = threading.Event()
    failed: list[BaseException] = []
    maker = threading.Thread(
        target=_make, args=(items, line, stopped, failed), daemon=True
    )
    return _handed_out(maker, line, stopped, failed)


def gathered(
    items: Iterable[Item], most: int = MOST_GATHERED
) -> Generator[list[Item], None, None]:
    """Yield all items that came since the last ones were asked for, at least one.

    For a source that goes on by itself. Up to ``most`` of them wait; an error comes
    after the items before it.
    """
    line: queue.Queue[object] = queue.Queue(most)
    stopped = threading.Event()
    failed: list[BaseException] = []
    maker = threading.Thread(
        target=_make, args=(items, line, stopped, failed), daemon=True
    )
    maker.start()
    try:
        ended = False
        while not ended:
            batch = [line.get()]
            while not line.empty():
                batch.append(line.get())
            ended = batch[-1] is _END
            if some := batch[: len(batch) - ended]:
                yield some  # type: ignore[misc]
    finally:
        stopped.set()
        maker.join()
    if failed:
        raise failed[0]


def _one_by_one(items: Iterable[Item]) -> Generator[Item, None, None]:
    try:
        yield from items
    finally:
        _close(items)


def _make(
    items: Iterable[Item],
    line: "queue.Queue[object]",
    stopped: threading.Event,
    failed: list[BaseException],
) -> None:
    try:
        for item in items:
            _put(line, item, stopped)
            if stopped.is_set():
                return
    except BaseException as error:  # handed on to whoever reads
        failed.append(error)
    finally:
        _close(items)
    _put(line, _END, stopped)


def _close(items: Iterable[object]) -> None:
    if close := getattr(items, "close", None):
        close()


def _put(line: "queue.Queue[object]", item: object, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            line.put(item, timeout=0.2)
        except queue.Full:
            continue
        return


def _handed_out(
    maker: threading.Thread,
    line: "queue.Queue[object]",
    stopped: threading.Event,
    failed: list[BaseException],
) -> Generator[Item, None, None]:
    maker.start()
    try:
        while (item := line.get()) is not _END:
            yield item  # type: ignore[misc]
    finally:
        stopped.set()
        maker.join()
    if failed:
        raise failed[0]
