"""Write a video that every browser plays, whole or not at all."""

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from balance.model.errors import OutputError
from balance.model.publish import cannot_write, whole_file
from balance.video.coded import BT601, CodedImage, coded_from_rgb

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

# Time stamps are kept to this fraction of a second; 90 kHz is what players expect.
CLOCK_HZ = 90_000


class GivenUpError(Exception):
    """Ends a file that is not to take its place."""


class VideoWriter:
    """H.264 in mp4 (yuv420p, index in front), one frame at a time.

    Used with ``with``. The file appears under its name only when the block is left
    without an error; until then it is written beside. Times are kept as they are
    given, however uneven; they must increase.

    Parameters
    ----------
    path
        Ends in ``.mp4``.
    size
        Width and height of the frames in px. H.264 wants even numbers: an odd last
        column or row is left out.
    rate_hz
        Usual frame rate, a hint for the encoder.
    quality
        Quantiser of x264, smaller is finer: 23 looks well, 12 keeps the texture that
        sway is measured by.
    colours
        Number of the colour matrix of what is written as it is coded.

    Raises
    ------
    OutputError
        Where the folder cannot be written or the disk is full.
    """

    def __init__(
        self,
        path: str | Path,
        size: tuple[int, int],
        rate_hz: float,
        *,
        quality: int = 23,
        colours: int = BT601,
    ) -> None:
        self.path = Path(path)
        self.size = (size[0] // 2 * 2, size[1] // 2 * 2)
        self._whole = contextlib.ExitStack()
        self._quality = quality
        self._colours = colours
        self._rate = Fraction(rate_hz).limit_denominator(1001)
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None

    def __enter__(self) -> Self:
        import av

        if not self.path.parent.is_dir():
            raise OutputError(
                f"{self.path} cannot be written: there is no folder {self.path.parent}."
            )
        part = self._whole.enter_context(whole_file(self.path))
        try:
            self._container = av.open(
                f"file:{part.absolute()}",
                "w",
                format="mp4",
                options={"movflags": "+faststart"},
            )
            self._stream = self._new_stream(self._container)
        except OSError as error:
            self._give_up()
            raise cannot_write(self.path, error) from error
        return self

    def _new_stream(self, container: "OutputContainer") -> "VideoStream":
        stream = container.add_stream("libx264", rate=self._rate)
        stream.width, stream.height = self.size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, CLOCK_HZ)
        stream.codec_context.colorspace = self._colours
        # One quantiser for all takes a fifth less time than one for each part, and
        # fewer bytes; so does one thread, which leaves the other cores to others.
        stream.options = {
            "preset": "ultrafast",
            "qp": str(self._quality),
            "threads": "1",
        }
        return stream

    def write(self, rgb: NDArray[np.uint8], time_s: float) -> None:
        """Append a frame (H, W, 3) shown from ``time_s`` on."""
        width, height = self.size
        # Writing takes a fifth less time than by the encoder's own way from RGB.
        self.write_coded(coded_from_rgb(rgb[:height, :width]), time_s)

    def write_coded(self, coded: CodedImage, time_s: float) -> None:
        """Append a frame (3 H / 2, W) as it is coded; it must not change any more."""
        import av

        assert self._stream is not None, "use VideoWriter with `with`"
        frame = av.VideoFrame.from_numpy_buffer(coded, format="yuv420p")
        frame.pts = round(time_s * CLOCK_HZ)
        frame.time_base = Fraction(1, CLOCK_HZ)
        try:
            self._mux(frame)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def _mux(self, frame: "object | None") -> None:
        assert self._stream is not None
        assert self._container is not None
        for packet in self._stream.encode(frame):  # type: ignore[arg-type]
            self._container.mux(packet)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._give_up()
            return
        try:
            self._mux(None)
            assert self._container is not None
            self._container.close()
        except OSError as problem:
            self._give_up()
            raise cannot_write(self.path, problem) from problem
        self._whole.close()

    def _give_up(self) -> None:
        """Leave nothing behind."""
        try:
            if self._container is not None:
                self._container.close()
        except OSError:
            pass  # closing writes too, and the disk may be full
        finally:
            given_up = GivenUpError()
            with contextlib.suppress(GivenUpError):
                self._whole.__exit__(GivenUpError, given_up, None)
