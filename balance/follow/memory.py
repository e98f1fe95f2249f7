"""Freed memory goes back to the system, so that a long video takes no more."""

import ctypes
import sys


def give_back() -> None:
    """Ask the C library for what it keeps of freed memory; only glibc keeps much.

    A pose model takes 200 MB in thousands of parts. Each piece of a video has its own
    model, and without this the parts that stay between two of them add up.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
