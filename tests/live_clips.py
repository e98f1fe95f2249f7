"""Recorded landmarks of rendered people, fed frame by frame as a camera would."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from balance.live import LiveEvent, LiveFrame, LiveTest

DATA = Path(__file__).parent / "data" / "live"
# Standing on both feet before the recorded clip begins: its first moments, played
# forwards and backwards, as someone who is waiting for the countdown.
LEAD_S = 9.0
CALM_S = 0.6
TAIL_S = 3.0


def frames(
    name: str, rate_hz: float = 12.0, lead_s: float = LEAD_S
) -> Iterator[LiveFrame]:
    """Yield a clip's frames on its own clock: the lead-in has negative times."""
    with np.load(DATA / f"{name}.npz") as stored:
        time_s, xy_px = stored["time_s"], stored["xy_tenth_px"] / 10.0
        size_px = (int(stored["size_px"][0]), int(stored["size_px"][1]))
    step_s = float(np.median(np.diff(time_s)))
    calm = int(CALM_S / step_s)
    to_and_fro = [*range(calm), *range(calm - 1, 0, -1)]
    lead = int(lead_s / step_s)
    index = [to_and_fro[i % len(to_and_fro)] for i in range(-lead, 0)]
    index += [*range(len(time_s)), *[len(time_s) - 1] * int(TAIL_S / step_s)]
    due_s = -lead * step_s
    for number, i in enumerate(index):
        now_s = (number - lead) * step_s
        if now_s >= due_s:
            due_s = max(due_s + 1 / rate_hz, now_s)
            yield LiveFrame(now_s, xy_px[i], size_px, luma=128.0, people=1)


Change = Callable[[LiveFrame], LiveFrame]


def play(test: LiveTest, name: str, change: Change | None = None) -> list[LiveEvent]:
    """Feed a whole clip to a live test and return all that it said."""
    events: list[LiveEvent] = []
    for frame in frames(name):
        events += test.step(change(frame) if change else frame)
    return events


def moved(frame: LiveFrame, dx_px: float = 0.0, dy_px: float = 0.0) -> LiveFrame:
    """Shift the person in the image."""
    assert frame.xy_px is not None
    return replace(frame, xy_px=frame.xy_px + np.array([dx_px, dy_px]))


def scaled(frame: LiveFrame, factor: float, about: tuple[float, float]) -> LiveFrame:
    """Bring the person nearer or farther, seen from a point of the image."""
    assert frame.xy_px is not None
    centre = np.asarray(about)
    return replace(frame, xy_px=centre + factor * (frame.xy_px - centre))


def turned(frame: LiveFrame, degrees: float) -> LiveFrame:
    """Tilt the frame about its middle."""
    assert frame.xy_px is not None
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    centre = np.asarray(frame.size_px) / 2
    return replace(frame, xy_px=centre + (frame.xy_px - centre) @ turn.T)
