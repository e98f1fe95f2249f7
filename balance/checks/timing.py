"""How long something took: on the clock, and of the processor."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock and seconds of all cores together.

    On a machine that does other things too, only the second can be held to a limit.
    """

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.2f} s ({self.cpu_s:.2f} s of core)"


def timed(work: Callable[[], object]) -> Timing:
    """Do the work once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - cpu)
