"""Clips of the lengths and forms that people have, made of the sample videos."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream


def loop_clip(source: Path, target: Path, seconds: float) -> Path:
    """Repeat a clip end to end until it is ``seconds`` long; the last one is cut.

    The coded frames are copied with later times, so that an hour takes seconds.
    """
    with av.open(str(target), "w") as out:
        stream, shift_s = None, 0.0
        while shift_s < seconds:
            with av.open(str(source)) as container:
                track = container.streams.video[0]
                stream = stream or out.add_stream_from_template(track)
                shift_s += _copied(container, track, out, stream, shift_s, seconds)
    return target


def _copied(  # noqa: PLR0913  (from where, to where, and which part)
    container: "InputContainer",
    track: "VideoStream",
    out: "OutputContainer",
    stream: "VideoStream",
    shift_s: float,
    until_s: float,
) -> float:
    """Append one round and return its length in seconds."""
    base = track.time_base
    assert base is not None
    shift, end = round(shift_s / base), 0
    for packet in container.demux(track):
        if packet.pts is None or packet.dts is None:
            continue  # the mark of the end
        end = max(end, packet.pts + (packet.duration or 0))
        packet.pts += shift
        packet.dts += shift
        if packet.dts * base >= until_s:
            break
        packet.stream = stream
        out.mux(packet)
    return float(end * base)


def phone_clip(source: Path, target: Path, size: tuple[int, int]) -> Path:
    """Write a clip as a phone would: HEVC at 60 frames per second, enlarged."""
    with av.open(str(source)) as container, av.open(str(target), "w") as out:
        track = container.streams.video[0]
        twice = 2 * Fraction(track.average_rate or 30)
        stream = out.add_stream("libx265", rate=twice)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
        stream.codec_context.time_base = 1 / twice
        for number, frame in enumerate(container.decode(track)):
            large = frame.reformat(*size, format="yuv420p")
            large.time_base = 1 / twice
            for half in (0, 1):
                large.pts = 2 * number + half
                out.mux(stream.encode(large))
        out.mux(stream.encode(None))
    return target
