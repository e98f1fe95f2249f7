"""Video files in and out, with the stream's own time stamps.

Frames leave here upright, unmirrored, with square pixels, in displayed
size: rotation tags, mirror images and anamorphic pixels are undone here and nowhere
else, so every coordinate of the project is a displayed pixel (px).

Times are the presentation times of the stream, as a player shows them: edit lists
are followed, frames that the edit list hides are not delivered, and the first
frame keeps its own time even where that is not zero. Frame numbers never make a
time. Missing or standing time stamps are filled in by `frame_times.steady`.

Frames up to 4K are not scaled down: half a px matters to the sway.
"""

import contextlib
import hashlib
from abc import abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypedDict, TypeVar, Unpack

from balance.model.codes import FindingCode, Severity
from balance.model.errors import InputError, VideoError
from balance.model.results import Finding
from balance.video.coded import CodedFrame, coded_from_rgb, upright_coded
from balance.video.file_notes import (
    EARLY_END_S,
    about_file,
    about_frame,
    believed,
    counted_times,
    early_end,
    rate_of_untimed,
    require_dense,
    stamped,
)
from balance.video.frame_times import steady
from balance.video.upright import Display, GreyImage, RgbImage, upright, upright_grey
from balance.video.video_file import (
    decoded_frames,
    decoded_from,
    opened_video,
    origin_s,
    pixel_aspect,
    promised_duration_s,
    promised_end_s,
    recorded_at,
    scanned_end_s,
    start_s,
    times_slower,
)
from balance.video.video_writer import VideoWriter

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

__all__ = [
    "CodedFrame",
    "CodedReader",
    "Frame",
    "GreyFrame",
    "GreyReader",
    "VideoInfo",
    "VideoReader",
    "VideoWriter",
    "probe",
    "read_coded",
    "read_grey",
    "read_video",
]


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame: upright ``rgb`` (H, W, 3) uint8, and when it is shown.

    ``index`` counts the frames delivered, from 0. It tells no time.
    """

    index: int
    time_s: float
    rgb: RgbImage


@dataclass(frozen=True, eq=False)
class GreyFrame:
    """One frame as `Frame`, of brightness alone: ``grey`` (H, W) uint8.

    ``gain`` is how many grey levels, 0 black to 255 white, one level of it is: most
    videos are coded from 16 to 235. ``is_b_frame`` is True for a frame that was coded
    between an earlier and a later one.
    """

    index: int
    time_s: float
    grey: GreyImage
    gain: float = 1.0
    is_b_frame: bool = False


@dataclass(frozen=True)
class VideoInfo:
    """What a file says of itself; only the measured frames tell the truth.

    ``width_px`` and ``height_px`` are those of the displayed frame.
    ``rotation_deg`` (0, 90, 180, 270) is the clockwise turn that shows it upright.
    ``rate_hz``, ``duration_s`` and ``frames`` are None where the header is silent.
    """

    name: str
    sha256: str
    width_px: int
    height_px: int
    rotation_deg: int
    rate_hz: float | None
    duration_s: float | None
    frames: int | None
    # The header's times of the first frame and of the end.
    start_s: float = 0.0
    end_s: float | None = None
    # When it was recorded (ISO 8601), where the file says.
    recorded_at: str | None = None


def probe(path: str | Path, slow_motion: float | None = None) -> VideoInfo:
    """Look at the header and the first frame; ``slow_motion`` as in `read_video`.

    Raises
    ------
    VideoError
        With one sentence for whatever keeps the file from being read.
    """
    path = Path(path)
    scanned_s = scanned_end_s(path)
    with opened_video(path) as (container, stream):
        frame = next(decoded_frames(container, stream, path, lambda: None))
        display = Display.of(frame, pixel_aspect(stream))
        width, height = display.size_px
        rate = stream.average_rate or stream.guessed_rate
        slower = times_slower(container, stream, slow_motion)
        promised_s = believed(promised_duration_s(container, stream), scanned_s)
        ends_s = believed(
            promised_end_s(container, stream), scanned_s, origin_s(stream)
        )
        return VideoInfo(
            name=path.name,
            sha256=file_sha256(path),
            width_px=width,
            height_px=height,
            rotation_deg=display.turn_deg,
            rate_hz=float(rate) * slower if rate else None,
            duration_s=None if promised_s is None else promised_s / slower,
            frames=stream.frames or None,
            start_s=(start_s(stream) - origin_s(stream)) / slower,
            end_s=None if ends_s is None else ends_s / slower,
            recorded_at=recorded_at({**stream.metadata, **container.metadata}),
        )


class Told(TypedDict, total=False):
    """What may be told of a file as a whole; see `read_video`."""

    mirrored: bool
    fps: float | None
    slow_motion: float | None


class Telling(Told, total=False):
    """And which part of it is wanted."""

    from_s: float | None
    to_s: float | None


def read_video(path: str | Path, **options: Unpack[Telling]) -> "VideoReader":
    """Iterate over the frames of a file.

    Parameters
    ----------
    from_s, to_s
        The part to read, in seconds of the video; None is the start or the end.
        Frames shown at exactly these times are part of it. Reading begins at the
        key frame before ``from_s`` where the file can be entered there.
    mirrored
        True where the recording is a mirror image, as selfie cameras make them.
    fps
        Frames per second of a file without time stamps; of no effect on others.
    slow_motion
        How many times slower it plays than it was; None is as the file says. All
        times, ``from_s`` and ``to_s`` too, are those of what happened.

    Raises
    ------
    InputError
        If the part asked for has no length.
    VideoError
        Here where the file cannot be opened; during the iteration where it holds
        fewer than two frames.
    """
    return VideoReader(Path(path), **options)


def read_grey(path: str | Path, **options: Unpack[Telling]) -> "GreyReader":
    """Iterate over the same frames without their colours, in less time."""
    return GreyReader(Path(path), **options)


def read_coded(path: str | Path, **options: Unpack[Telling]) -> "CodedReader":
    """Iterate over the same frames as they are coded, to write them again."""
    return CodedReader(Path(path), **options)


def _require_length(from_s: float | None, to_s: float | None) -> None:
    start, end = from_s or 0.0, float("inf") if to_s is None else to_s
    if end <= start:
        raise InputError(
            f"The part to analyse must end after it starts, "
            f"but it was given as {start:g} s to {end:g} s."
        )


B_FRAME_TYPE = 3  # AV_IMAGE_TYPE_B
Item = TypeVar("Item", Frame, GreyFrame, CodedFrame)


class _Reader(Iterator[Item]):
    """The frames of one file, once through.

    After the last frame ``findings`` tells what was wrong with the file
    (`uneven_frames`, `video_ends_early`).
    """

    def __init__(self, path: Path, **options: Unpack[Telling]) -> None:
        from av.video.reformatter import VideoReformatter

        from_s, to_s = options.get("from_s"), options.get("to_s")
        _require_length(from_s, to_s)
        self.path = path
        self.mirrored = options.get("mirrored", False)
        self._converter = VideoReformatter()
        self._from_s = float("-inf") if from_s is None else from_s
        self._to_s = float("inf") if to_s is None else to_s
        self._damaged = 0
        self._repaired = 0
        self._end_s = float("nan")
        self._stack = contextlib.ExitStack()
        container, stream = self._stack.enter_context(opened_video(path))
        self._promised_s = promised_end_s(container, stream)
        self._origin_s = origin_s(stream)
        self._fps = rate_of_untimed(path.name, container, options.get("fps"))
        slow_motion = options.get("slow_motion")
        self._slower = times_slower(container, stream, slow_motion)
        self._notes = tuple(about_file(container, stream, self._fps, slow_motion))
        self._frames: Generator[Item, None, None] = self._read(container, stream)

    @abstractmethod
    def _shown(
        self, index: int, time_s: float, raw: "VideoFrame", display: Display
    ) -> Item:
        """Make a decoded frame what is delivered."""

    def _upright(self, raw: "VideoFrame", display: Display) -> RgbImage:
        return upright(raw, display, self.mirrored, self._converter)

    def __next__(self) -> Item:
        return next(self._frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        self._frames.close()
        self._stack.close()

    @property
    def is_sound(self) -> bool:
        """Whether nothing was damaged and no time was missing up to here."""
        return not self._damaged and not self._repaired

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should know of the file, complete after the last frame."""
        found = list(dict.fromkeys(self._notes))
        if self._repaired:
            found.append(
                Finding(
                    FindingCode.UNEVEN_FRAMES,
                    Severity.WARNING,
                    f"{self._repaired} frames carry no usable time stamp; their "
                    f"times were filled in from their neighbours.",
                )
            )
        promised_s = ((self._promised_s or 0.0) - self._origin_s) / self._slower
        if self._end_s >= self._to_s - EARLY_END_S:
            promised_s = 0.0  # read as far as was asked for, wherever the file ends
        if early := early_end(self._damaged, promised_s, self._end_s):
            found.append(early)
        return tuple(found)

    def _read(
        self, container: "InputContainer", stream: "VideoStream"
    ) -> Generator[Item, None, None]:
        rate_hz = float(stream.guessed_rate or stream.average_rate or 30)
        step_s = 1.0 / (rate_hz * self._slower)
        decoded = decoded_from(
            self._from_s * self._slower + self._origin_s,
            container,
            stream,
            self.path,
            self._note_damage,
        )
        if self._fps is not None:
            times = counted_times(decoded, self._fps * self._slower)
        else:
            times = stamped(decoded, self._origin_s, self._slower)
        display: Display | None = None
        rotation_deg, index, seen, first_s = None, 0, 0, 0.0
        try:
            for time_s, was_repaired, raw in steady(times, step_s):
                seen += 1
                self._repaired += was_repaired
                if time_s > self._to_s:
                    self._promised_s = None
                    break
                first_s = time_s if seen == 1 else first_s
                require_dense(self.path.name, seen, time_s - first_s)
                self._end_s = time_s
                if time_s < self._from_s:
                    continue
                if display is None or raw.rotation != rotation_deg:
                    display = Display.of(raw, pixel_aspect(stream), display)
                    rotation_deg = raw.rotation
                    self._notes += tuple(about_frame(raw, display))
                yield self._shown(index, time_s, raw, display)
                index += 1
        finally:
            self._stack.close()
        self._require_some(index, seen)

    def _note_damage(self) -> None:
        self._damaged += 1

    def _require_some(self, delivered: int, seen: int) -> None:
        name = self.path.name
        if seen == 1 and self._from_s <= self._end_s:
            raise VideoError(
                f"{name} holds a single frame; a recording of some seconds is needed."
            )
        if delivered < 2:
            ends = f"it ends at {self._end_s:.1f} s."
            raise VideoError(
                f"{name} has nothing to measure in the part asked for: {ends}"
            )


class VideoReader(_Reader[Frame]):
    """The frames of one file, once through; see `read_video`."""

    def _shown(
        self, index: int, time_s: float, raw: "VideoFrame", display: Display
    ) -> Frame:
        return Frame(index, time_s, self._upright(raw, display))


class CodedReader(_Reader[CodedFrame]):
    """The frames as they are coded; see `read_coded`."""

    def _shown(
        self, index: int, time_s: float, raw: "VideoFrame", display: Display
    ) -> CodedFrame:
        as_rgb = partial(self._upright, raw, display)
        coded = upright_coded(raw, display, self.mirrored)
        if coded is None:
            return CodedFrame(index, time_s, coded_from_rgb(as_rgb()), as_rgb)
        return CodedFrame(index, time_s, coded, as_rgb, int(raw.colorspace))


class GreyReader(_Reader[GreyFrame]):
    """Their brightness alone; see `read_grey`."""

    def _shown(
        self, index: int, time_s: float, raw: "VideoFrame", display: Display
    ) -> GreyFrame:
        grey, gain = upright_grey(raw, display, self.mirrored)
        is_b_frame = int(raw.pict_type) == B_FRAME_TYPE
        return GreyFrame(index, time_s, grey, gain, is_b_frame)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
