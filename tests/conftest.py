"""Clips made for a test, with answers known by hand."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clip_maker import ClipMaker


@pytest.fixture(autouse=True)
def own_results(request, tmp_path, monkeypatch):
    """Let pages keep their results and history where nobody else looks."""
    if "test_ui" in request.module.__name__:
        monkeypatch.setenv("BALANCE_STORE", str(tmp_path / "app-history.db"))


def picture(number: int, size: tuple[int, int]) -> np.ndarray:
    """A grey frame with a bright top left corner and its number as brightness."""
    width, height = size
    rgb = np.full((height, width, 3), 40 + 2 * (number % 80), np.uint8)
    rgb[: height // 4, : width // 4] = 250
    return rgb


@pytest.fixture
def make_clip(tmp_path: Path) -> ClipMaker:
    """Write a clip whose frames are shown at the given times."""
    import av

    def make(
        name: str = "clip.mp4",
        *,
        times_s: Sequence[float] = tuple(i / 30 for i in range(30)),
        size: tuple[int, int] = (64, 48),
        codec: str = "libx264",
        pix_fmt: str = "yuv420p",
        rotation_deg: int = 0,
        display_matrix: Sequence[int] | None = None,
        pixel_aspect: Fraction | None = None,
        draw: Callable[[int, tuple[int, int]], np.ndarray] = picture,
        options: dict[str, str] | None = None,
        clock_hz: int = 1000,
        container_options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options=container_options or {}) as container:
            stream: Any = container.add_stream(codec, rate=30)
            stream.width, stream.height = size
            stream.pix_fmt = pix_fmt
            stream.codec_context.time_base = Fraction(1, clock_hz)
            stream.options = options or {}
            if rotation_deg:
                stream.set_display_rotation(-rotation_deg)
            if display_matrix:
                stream.set_display_matrix(display_matrix)
            if pixel_aspect:
                stream.codec_context.sample_aspect_ratio = pixel_aspect
            container.start_encoding()
            for number, time_s in enumerate(times_s):
                frame = av.VideoFrame.from_ndarray(draw(number, size), format="rgb24")
                frame.pts = round(time_s * clock_hz)
                frame.time_base = Fraction(1, clock_hz)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make
