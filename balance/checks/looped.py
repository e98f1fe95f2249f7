"""A long clip made from a short one, without coding anything again."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream


def loop_clip(source: Path, target: Path, seconds: float) -> Path:
    """Repeat a clip end to end until it is ``seconds`` long; the last one is whole.

    The coded pictures are copied with later times, so that an hour takes seconds.
    """
    import av

    with av.open(str(target), "w") as out:
        stream, shift_s = None, 0.0
        while shift_s < seconds:
            with av.open(str(source)) as container:
                picture = container.streams.video[0]
                stream = stream or out.add_stream_from_template(picture)
                shift_s += _copied(container, picture, out, stream, shift_s)
    return target


def _copied(
    container: "object",
    picture: "VideoStream",
    out: "OutputContainer",
    stream: "VideoStream",
    shift_s: float,
) -> float:
    """Append one round and return its length in seconds."""
    base = picture.time_base
    assert base is not None
    shift, end = round(shift_s / base), 0
    for packet in container.demux(picture):  # type: ignore[attr-defined]
        if packet.pts is None or packet.dts is None:
            continue  # the mark of the end
        end = max(end, packet.pts + (packet.duration or 0))
        packet.pts += shift
        packet.dts += shift
        packet.stream = stream
        out.mux(packet)
    return float(end * base)
