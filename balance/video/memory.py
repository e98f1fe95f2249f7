"""How memory is asked for and given back, so that a long video takes no more.

A pose model takes 200 MB in thousands of parts, and each piece of a video has its own
model. Where large and small parts lie mixed, what is freed between two of them cannot
be used again: ten models one after the other left some 10 MB each, and leave none now.
"""

import ctypes
import sys
from functools import cache
from typing import Any

# Names of settings in the header of glibc.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
# Larger blocks, those of a model, are had from the system one by one and go back when
# they are freed. Smaller ones, most frames among them, are used again without it; in
# a Dask worker, whose environment asks for thrift, even those would go back each time.
LARGE_BYTES = 4 << 20
# So much that is freed stays for the next frames. Otherwise every frame's memory
# would go back and be had anew, a tenth of the time that a video of 720p takes.
KEPT_BYTES = 32 << 20


@cache
def set_malloc_thresholds() -> None:
    """Keep large blocks apart from small ones, from now on; only glibc mixes them."""
    if tune := _from_glibc("mallopt"):
        tune(M_MMAP_THRESHOLD, LARGE_BYTES)
        tune(M_TRIM_THRESHOLD, KEPT_BYTES)


def trim_heap() -> None:
    """Give what is kept of freed memory back to the system."""
    if trim := _from_glibc("malloc_trim"):
        trim(0)


def _from_glibc(name: str) -> Any:
    """Return a function of the C library; None where it has none of this name."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), name, None)
