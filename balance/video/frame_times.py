"""Time stamps as files carry them, made strictly increasing without inventing a rate.

Good time stamps pass untouched, however uneven. Frames without one, or with one
that does not come after the last, are spread evenly up to the next good one.
"""

from collections.abc import Generator, Iterator
from typing import TypeVar

Decoded = TypeVar("Decoded")

# So many frames may wait for the next good time stamp (they are held in memory);
# after that the clock is taken to have been set back, and is continued.
LONGEST_WAIT = 4
# After a longer gap the clock is taken to have been set forward.
LONGEST_GAP_S = 20_000.0


def steady(
    stamped: Iterator[tuple[float | None, Decoded]], step_s: float
) -> Iterator[tuple[float, bool, Decoded]]:
    """Yield each frame with an increasing time and whether that was filled in.

    Parameters
    ----------
    stamped
        Time in seconds, None where missing, and the frame.
    step_s
        Usual spacing, used only where no good time stamp follows.
    """
    last = None
    offset_s = 0.0
    waiting: list[tuple[float | None, Decoded]] = []
    for stamp, decoded in stamped:
        time_s = None if stamp is None else stamp + offset_s
        leapt = False
        if time_s is not None and last is not None and time_s - last > LONGEST_GAP_S:
            goes_on_s = last + step_s * (len(waiting) + 1)
            offset_s, time_s, leapt = offset_s - time_s + goes_on_s, goes_on_s, True
        if time_s is None or (last is not None and time_s <= last):
            waiting.append((stamp, decoded))
            if len(waiting) > LONGEST_WAIT:
                last, offset_s = yield from _continued(waiting, last, step_s, offset_s)
                waiting = []
            continue
        yield from _spread(waiting, last, time_s, step_s)
        waiting = []
        yield time_s, leapt, decoded
        last = time_s
    yield from _spread(waiting, last, None, step_s)


def _spread(
    waiting: list[tuple[float | None, Decoded]],
    last: float | None,
    until_s: float | None,
    step_s: float,
) -> Iterator[tuple[float, bool, Decoded]]:
    """Give the waiting frames times between the last and the next good one."""
    if last is None:
        last = -step_s if until_s is None else until_s - step_s * (len(waiting) + 1)
    if until_s is not None:
        step_s = (until_s - last) / (len(waiting) + 1)
    for count, (_, decoded) in enumerate(waiting, start=1):
        yield last + count * step_s, True, decoded


def _continued(
    waiting: list[tuple[float | None, Decoded]],
    last: float | None,
    step_s: float,
    offset_s: float,
) -> Generator[tuple[float, bool, Decoded], None, tuple[float, float]]:
    """Go on at the usual spacing; return the last time and the clock's new offset."""
    yield from _spread(waiting, last, None, step_s)
    last = (-step_s if last is None else last) + len(waiting) * step_s
    stamp = waiting[-1][0]
    return last, offset_s if stamp is None else last - stamp
