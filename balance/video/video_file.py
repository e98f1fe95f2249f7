"""Open a video file, decode what can be decoded, and say in one sentence why not."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from balance.model.errors import VideoError
from balance.video.cores import usable_cores
from balance.video.door import (
    MOST_PIXELS,
    WITHOUT_TIMES,
    open_options,
    place_of,
    require_sensible_size,
    require_video_file,
)

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream


# Each thread holds frames of its own.
FEW_THREADS_PIXELS = 9_000_000
# A recording that begins later than this was stamped by a clock on the wall.
LATEST_START_S = 86_400.0
# Recorded faster than it is shown: more than rounding.
SLOWED_FROM = 1.5
# Two tellings of slow motion that differ by a smaller share are one.
SAME_SHARE = 0.02
# Packets that are looked at where there are several tracks; one is a cover's only one,
# and one more says that a track has ended.
LOOKED_AT, LEAST_PACKETS = 500, 2
# Packets in a row that cannot be decoded before the rest is given up.
MOST_DAMAGED = 100_000


@contextlib.contextmanager
def opened_video(path: Path) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    """Open the file and its frame stream, or say in one sentence why not."""
    import av

    require_video_file(path)
    try:
        container = av.open(place_of(path), **open_options())
    except (av.FFmpegError, ValueError, OSError) as error:
        raise VideoError(_why_unreadable(path)) from error
    with container:
        streams = _moving_tracks(path, container)
        # The first of the largest: a second track is often a small preview.
        stream = max(streams, key=lambda s: s.width * s.height)
        require_sensible_size(path.name, stream.width or 16, stream.height or 16)
        stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        stream.thread_type = "AUTO"
        if usable_cores() == 1 or stream.width * stream.height > FEW_THREADS_PIXELS:
            stream.thread_count = 1
        yield container, stream


def _moving_tracks(path: Path, container: "InputContainer") -> list["VideoStream"]:
    """Return the tracks that can be decoded and move, or say why there is none."""
    tracks = _tracks(container)
    if not tracks:
        holds = "sound but no frames" if container.streams.audio else "no video"
        raise VideoError(f"{path.name} holds {holds}; choose a video file.")
    # Of a coding that is not known there is no size either.
    known = [track for track in tracks if track.codec_context is not None]
    if not known:
        raise VideoError(
            f"{path.name} is coded in a way that is not known here; save it as an mp4."
        )
    if len(known) == 1:
        return known
    numbers = _numbers_of_moving(path)
    return [track for track in known if track.index in numbers] or known


def _tracks(container: "InputContainer") -> list["VideoStream"]:
    """Tracks of images without covers, which are tracks of one frame to a container."""
    from av.stream import Disposition

    return [
        s
        for s in container.streams.video
        if not s.disposition & Disposition.attached_pic
    ]


def _numbers_of_moving(path: Path) -> set[int]:
    """Return which tracks have a second frame near the start: a cover has none."""
    import av

    seen: Counter[int] = Counter()
    with av.open(place_of(path), **open_options()) as container:
        packets = container.demux(*container.streams.video)
        with contextlib.suppress(av.FFmpegError, OSError):
            seen.update(packet.stream.index for packet in islice(packets, LOOKED_AT))
    return {number for number, count in seen.items() if count > LEAST_PACKETS}


def origin_s(stream: "VideoStream") -> float:
    """Return what is taken off every time stamp: nothing, or a clock on the wall.

    Some recorders write the time of day, or seconds since 1970.
    """
    begins = start_s(stream)
    return begins if abs(begins) > LATEST_START_S else 0.0


def carries_times(container: "InputContainer") -> bool:
    """Whether the file tells when its frames are shown."""
    return WITHOUT_TIMES.isdisjoint(container.format.name.split(","))


def video_tracks(container: "InputContainer") -> int:
    """Return how many tracks of moving images there are."""
    return len(_tracks(container))


# What files call the time of recording; phones write the second with their time zone.
_RECORDED_AT = ("com.apple.quicktime.creationdate", "creation_time", "date")
# Files of devices whose clock was never set carry the first second of their calendar.
_EARLIEST_YEAR = 1990


def recorded_at(metadata: Mapping[str, str]) -> str | None:
    """Return when a video was recorded (ISO 8601), where its metadata says.

    A year alone, or the date of a clock that was never set, is none.
    """
    for name in _RECORDED_AT:
        try:
            at = datetime.fromisoformat(metadata.get(name, ""))
        except ValueError:
            continue
        if at.year >= _EARLIEST_YEAR:
            return at.isoformat(timespec="seconds")
    return None


def slowed_down(container: "InputContainer", stream: "VideoStream") -> float | None:
    """Return how many times slower it plays than it was, where the file says so."""
    tags = {**container.metadata, **stream.metadata}
    try:
        captured_hz = float(tags.get("com.android.capture.fps", ""))
        shown_hz = float(stream.average_rate or 0)
    except ValueError:
        return None
    if not 0 < shown_hz < captured_hz < 10_000:
        return None
    times = captured_hz / shown_hz
    if times < SLOWED_FROM:
        return None
    # Both rates are rounded, or a mean over frames of which one was lost.
    return round(times) if abs(times - round(times)) < SAME_SHARE * times else times


def times_slower(
    container: "InputContainer", stream: "VideoStream", stated: float | None
) -> float:
    """Return how many times slower it plays than it was: as told, else by its tag."""
    return stated or slowed_down(container, stream) or 1.0


def scanned_end_s(path: Path) -> float | None:
    """Return the time at which the last frame in the file ends; nothing is decoded."""
    last = None
    with opened_video(path) as (container, stream):
        for packet in _packets(container, stream):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is not None:
                ends = stamp + (packet.duration or 0)
                last = ends if last is None else max(last, ends)
        return None if last is None else float(last * (stream.time_base or 0))


def _packets(
    container: "InputContainer", stream: "VideoStream"
) -> Iterator["Packet[VideoStream]"]:
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.InvalidDataError:
            continue
        except (av.FFmpegError, OSError):
            return
        if packet is None:
            return
        yield packet


def _why_unreadable(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return (
            f"{path.name} is cut off: the index that an mp4 or mov file needs is "
            f"missing, as after a recording or a copy that was broken off; copy or "
            f"record it again."
        )
    return (
        f"{path.name} is not a video that can be read; give an mp4, mov, webm, mkv, "
        f"avi or gif file."
    )


def decoded_frames(
    container: "InputContainer",
    stream: "VideoStream",
    path: Path,
    note_damage: Callable[[], None],
) -> Iterator["VideoFrame"]:
    """Decode what can be decoded; damaged parts are counted, not fatal."""
    import av

    count = damaged = 0
    packets = container.demux(stream)
    while damaged <= MOST_DAMAGED:
        try:
            packet = next(packets, None)
            if packet is None:
                break
            for frame in packet.decode():
                count += 1
                yield frame
        except (av.FFmpegError, ValueError) as error:
            damaged += 1
            note_damage()
            if _is_last(error):
                break
    if count == 0:
        raise VideoError(
            f"{path.name} holds no frame that can be decoded; record or copy it again."
        )


def _is_last(error: Exception) -> bool:
    """Whether nothing more comes after an error."""
    import av

    ends = (av.EOFError, av.error.PatchWelcomeError, av.error.MemoryError)
    return isinstance(error, (*ends, av.error.TimeoutError))


def decoded_from(
    from_s: float,
    container: "InputContainer",
    stream: "VideoStream",
    path: Path,
    note_damage: Callable[[], None],
) -> Iterator["VideoFrame"]:
    """Decode from the key frame before ``from_s`` on, or all where that fails.

    Only containers with an index are entered in the middle. A file that is entered
    too late all the same is read from its start again.
    """
    decoded = decoded_frames(container, stream, path, note_damage)
    if not _can_be_entered(from_s, container, stream):
        yield from decoded
        return
    container.seek(
        int(from_s / stream.time_base),  # type: ignore[operator]
        stream=stream,
        backward=True,
    )
    try:
        first = next(decoded, None)
    except VideoError:  # nothing from there on
        first = None
    if first is None or first.time is None or first.time > from_s:
        container.seek(stream.start_time or 0, stream=stream, backward=True)
        yield from decoded_frames(container, stream, path, note_damage)
        return
    yield first
    yield from decoded


def _can_be_entered(
    from_s: float, container: "InputContainer", stream: "VideoStream"
) -> bool:
    indexed = {"mov", "mp4", "matroska", "webm"}
    known = indexed & set(container.format.name.split(","))
    return bool(known and stream.time_base and from_s > start_s(stream))


def start_s(stream: "VideoStream") -> float:
    """Time in seconds at which the header says the frames begin."""
    return float((stream.start_time or 0) * (stream.time_base or 0))


def promised_duration_s(
    container: "InputContainer", stream: "VideoStream"
) -> float | None:
    """Length in seconds that the header promises, None where it is silent."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # The container's duration is that of its longest stream, perhaps the sound.
    if container.duration and not container.streams.audio:
        length_s = float(Fraction(container.duration, 1_000_000))
        # Most Matroska files tell when they end instead of how long they last.
        is_end = "matroska" in container.format.name and length_s > start_s(stream)
        return length_s - start_s(stream) if is_end else length_s
    return None


def promised_end_s(container: "InputContainer", stream: "VideoStream") -> float | None:
    """Time in seconds at which the header says the frames end."""
    duration_s = promised_duration_s(container, stream)
    if duration_s is None:
        return None
    return start_s(stream) + duration_s


def pixel_aspect(stream: "VideoStream") -> float:
    """Width of a stored pixel over its height; 1 where the file is silent."""
    return float(stream.sample_aspect_ratio or 1)
