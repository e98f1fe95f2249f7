"""Every bad file that people hand in, made anew, by the name of what is wrong."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_bytes(b"this is a shopping list, not a video\n" * 20)


def truncated(path: Path) -> None:
    no_person(path)  # its index stands at the end, as cameras write it
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def audio_only(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 16_000), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())


def zero_length(path: Path) -> None:
    _write(path, [])


def one_frame(path: Path) -> None:
    _write(path, [np.full((240, 320, 3), 120, np.uint8)])


def no_person(path: Path) -> None:
    wall = np.linspace(90, 160, 320).astype(np.uint8)
    _write(path, [np.dstack([np.tile(wall, (240, 1))] * 3)] * 60)


def _write(path: Path, images: list[np.ndarray]) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        container.start_encoding()
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
        container.mux(stream.encode())


UNREADABLE: dict[str, Callable[[Path], None]] = {
    "empty.mp4": empty,
    "text.mp4": text,
    "truncated.mp4": truncated,
    "audio_only.mp4": audio_only,
    "zero_length.mp4": zero_length,
    "one_frame.mp4": one_frame,
}
NOBODY: dict[str, Callable[[Path], None]] = {"no_person.mp4": no_person}
