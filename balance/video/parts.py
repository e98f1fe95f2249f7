"""Frames of the part of a video that was asked for."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from balance.model.results import Options
from balance.model.setup import Progress
from balance.video.segments import WHOLE, Segment
from balance.video.video import (
    CodedFrame,
    CodedReader,
    Frame,
    GreyFrame,
    GreyReader,
    Told,
    VideoReader,
    read_coded,
    read_grey,
    read_video,
)


def open_frames(path: Path, options: Options, part: Segment = WHOLE[0]) -> VideoReader:
    """Read what was asked for of a video, or a part of it, mirroring undone."""
    from_s, to_s = _asked_for(options, part)
    return read_video(path, from_s=from_s, to_s=to_s, **as_told(options))


def open_coded(path: Path, options: Options) -> CodedReader:
    """Read the same as it is coded."""
    from_s, to_s = _asked_for(options, WHOLE[0])
    return read_coded(path, from_s=from_s, to_s=to_s, **as_told(options))


def open_grey(path: Path, options: Options, part: Segment) -> GreyReader:
    """Read the same without its colours."""
    from_s, to_s = _asked_for(options, part)
    return read_grey(path, from_s=from_s, to_s=to_s, **as_told(options))


def as_told(options: Options) -> Told:
    """Return what was told of a file, as every reader takes it."""
    return {
        "mirrored": options.mirrored,
        "fps": options.fps,
        "slow_motion": options.slow_motion,
    }


def _asked_for(options: Options, part: Segment) -> tuple[float | None, float | None]:
    starts = [s for s in (options.from_s, part.start_s) if s is not None]
    ends = [s for s in (options.to_s, part.end_s) if s is not None]
    return max(starts, default=None), min(ends, default=None)


AnyFrame = TypeVar("AnyFrame", Frame, GreyFrame, CodedFrame)


def counted(
    frames: Iterable[AnyFrame], what: str, total: int, progress: Progress
) -> Iterator[AnyFrame]:
    """Pass frames on and say how many went by."""
    for frame in frames:
        yield frame
        progress(what, frame.index + 1, total)
