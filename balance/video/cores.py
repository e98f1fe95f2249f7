"""How many cores there are to work on."""

import contextlib
import os
from collections.abc import Iterator
from threading import Lock

_lock = Lock()
_content_with_one = 0


def usable_cores() -> int:
    """Cores that this process may use; a container often grants fewer than it shows."""
    if _content_with_one:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """Let this process be content with one core meanwhile.

    For one of as many processes as there are cores: threads beside the work itself,
    ours, the decoder's and OpenCV's, would only wait for each other.
    """
    import cv2

    global _content_with_one
    with _lock:
        _content_with_one += 1
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        with _lock:
            _content_with_one -= 1
            if not _content_with_one:
                cv2.setNumThreads(-1)  # as many as it likes
