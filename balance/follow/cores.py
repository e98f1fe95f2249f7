"""How many cores there are to work on."""

import os


def usable_cores() -> int:
    """Cores that this process may use; a container often grants fewer than it shows."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
