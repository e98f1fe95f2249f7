"""A camera at this computer, a stream or a file, as frames that carry their own time.

OpenCV opens devices and streams on every system; videos are read by ``video.py``,
since only that one keeps the time stamps of a file.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from balance.model.errors import VideoError
from balance.video.read_ahead import gathered
from balance.video.video import Frame, read_video

WANTED_SIZE = (1280, 720)
# So many frames in a row may fail before the camera counts as unplugged.
PATIENCE = 10


def frames_of(source: str) -> Generator[list[Frame], None, None]:
    """Frames of a camera number, a stream's address or a file, as they come.

    A camera does not wait: what came while the last frames were worked on comes
    together, the newest last, so that none is missing in a video of them. Frames of
    a file come one by one.

    Raises
    ------
    VideoError
        Where it is missing, busy or unplugged, with a sentence that says what to do.
    """
    if source.isdigit():
        return gathered(_frames_of_device(int(source)))
    if "://" in source:
        return gathered(_frames_of_stream(source))
    path = Path(source)
    if not path.exists():
        raise VideoError(
            f"there is no file {source}; give a camera number (0), a stream's address "
            "or a video file."
        )
    return _one_by_one(path)


def _one_by_one(path: Path) -> Generator[list[Frame], None, None]:
    for frame in read_video(path):
        yield [frame]


def _frames_of_device(number: int) -> Iterator[Frame]:
    import cv2

    with _opened(number) as capture:
        if capture is None:
            raise VideoError(_why_no_device(number))
        for name, value in zip(
            (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT),
            WANTED_SIZE,
            strict=True,
        ):
            capture.set(name, value)
        yield from _until_it_stops(capture, f"camera {number}")


def _frames_of_stream(address: str) -> Iterator[Frame]:
    with _opened(address) as capture:
        if capture is None:
            raise VideoError(
                f"the stream {address} does not answer; check the address and that "
                "the camera is on."
            )
        yield from _until_it_stops(capture, address)


@contextmanager
def _opened(source: int | str) -> Iterator[Any]:
    """Yield an open capture, or None; it is released whatever happens."""
    import cv2

    # OpenCV prints its own complaints; ours is one sentence.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    capture = cv2.VideoCapture(source)
    try:
        yield capture if capture.isOpened() and capture.read()[0] else None
    finally:
        capture.release()


def _until_it_stops(capture: Any, name: str) -> Iterator[Frame]:
    start_s = time.monotonic()
    index = failed = 0
    last_s = -1.0
    while failed < PATIENCE:
        got, bgr = capture.read()
        if not got:
            failed += 1
            time.sleep(0.05)
            continue
        failed = 0
        # The clock of this computer: devices of many kinds give no time stamps.
        now_s = max(time.monotonic() - start_s, last_s + 1e-4)
        yield Frame(index, now_s, np.ascontiguousarray(bgr[:, :, ::-1]))
        index, last_s = index + 1, now_s
    raise VideoError(f"{name} stopped giving frames; plug it in again and start anew.")


def _why_no_device(number: int) -> str:
    """Find out whether the camera is missing or somebody else is using it."""
    device = Path(f"/dev/video{number}")
    if device.exists():
        return (
            f"camera {number} is there but gives no frame; another program may be "
            "using it (a video call, a browser tab). Close it and try again."
        )
    return (
        f"there is no camera {number} at this computer; plug one in, or give another "
        "number, a stream's address or a video file with --camera."
    )
