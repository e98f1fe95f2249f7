"""Encode a clip anew, as another camera or program would have recorded it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from balance.film.video import Frame, probe, read_video

CLOCK_HZ = 1000
MEDIA_RECORDER_BITS_S = 4_000_000


@dataclass(frozen=True)
class Form:
    """How to record a clip.

    ``light`` is the share of the light that is left, with the noise of so dim a
    picture (8-bit SD ``noise``); of ``every`` so many pictures one is kept;
    ``width_px`` None is the clip's own.
    """

    name: str
    codec: str = "libx264"
    suffix: str = ".mp4"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "18"})
    bits_s: int | None = None
    light: float = 1.0
    noise: float = 0.0
    every: int = 1
    width_px: int | None = None


# What MediaRecorder makes of a stream: one pass, as fast as the pictures come.
_FAST = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
FORMS = {
    "vp8": Form("recorded as VP8", "libvpx", ".webm", _FAST, MEDIA_RECORDER_BITS_S),
    "vp9": Form("recorded as VP9", "libvpx-vp9", ".webm", _FAST, MEDIA_RECORDER_BITS_S),
    "h264": Form(
        "recorded as H.264",
        options={"preset": "ultrafast", "tune": "zerolatency"},
        bits_s=MEDIA_RECORDER_BITS_S,
    ),
    "squeezed": Form("compressed hard", options={"crf": "34"}),
    "dim": Form("darkened", light=0.4, noise=4.0),
    "half_rate": Form("every other picture", every=2),
    "small": Form("downscaled", width_px=640),
}


def reencode(clip: Path, form: Form, folder: Path) -> Path:
    """Write the clip in another form and return the new file."""
    target = folder / f"{clip.stem}{form.suffix}"
    info = probe(clip)
    assert info.rate_hz is not None
    with av.open(str(target), "w") as container, read_video(clip) as frames:
        stream = container.add_stream(
            form.codec, rate=Fraction(info.rate_hz / form.every).limit_denominator(1001)
        )
        stream.pix_fmt = "yuv420p"
        stream.options = form.options
        stream.codec_context.time_base = Fraction(1, CLOCK_HZ)
        if form.bits_s is not None:
            stream.bit_rate = form.bits_s
        for rgb, time_s in _pictures(frames, form):
            stream.height, stream.width = rgb.shape[:2]
            picture = av.VideoFrame.from_ndarray(rgb, "rgb24")
            picture.pts = round(time_s * CLOCK_HZ)
            picture.time_base = Fraction(1, CLOCK_HZ)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return target


def _pictures(
    frames: Iterator[Frame], form: Form
) -> Iterator[tuple[np.ndarray, float]]:
    random = np.random.default_rng(0)
    for frame in frames:
        if frame.index % form.every:
            continue
        rgb = frame.rgb
        if form.width_px is not None:
            height = round(rgb.shape[0] * form.width_px / rgb.shape[1]) // 2 * 2
            rgb = cv2.resize(rgb, (form.width_px, height), interpolation=cv2.INTER_AREA)
        if form.light != 1.0:
            noise = random.normal(0, form.noise, rgb.shape)
            rgb = np.clip(rgb * form.light + noise, 0, 255).astype(np.uint8)
        yield np.ascontiguousarray(rgb), frame.time_s
