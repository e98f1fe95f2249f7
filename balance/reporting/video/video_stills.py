"""Frames fetched from a video for the stills of a result."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from balance.model.errors import VideoError
from balance.model.recording import Recording
from balance.model.setup import Progress
from balance.reporting.video.stills import KeptStills, collect_stills
from balance.video.parts import counted, open_coded, open_frames
from balance.video.read_ahead import read_ahead
from balance.video.segments import Segment
from balance.video.video import CodedFrame

# A still is sought among the frames so near to its time.
NEAR_S = 0.5


def silent(_what: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


@contextlib.contextmanager
def read_again(
    path: Path, recording: Recording, progress: Progress
) -> Iterator[Iterator[CodedFrame]]:
    """Read all frames again, ahead of whoever draws on them."""
    with (
        open_coded(path, recording.options) as reader,
        contextlib.closing(read_ahead(reader)) as ahead,
    ):
        yield counted(ahead, "drawing", len(recording.pose), progress)


def stills_of_video(
    path: Path,
    recording: Recording,
    wanted_s: Sequence[float],
    progress: Progress = silent,
) -> KeptStills:
    """Fetch a few frames without reading all; all where the times are not sound."""
    stills = KeptStills()
    try:
        for time_s in () if recording.notes else wanted_s:
            near = Segment(time_s - NEAR_S, time_s + NEAR_S)
            with open_frames(path, recording.options, near) as reader:
                collect_stills(reader, [time_s], stills)
    except VideoError:  # no two frames so near
        stills = KeptStills()
    if len(stills) < len(wanted_s):
        with read_again(path, recording, progress) as frames:
            stills = collect_stills(frames, wanted_s)
    return stills
