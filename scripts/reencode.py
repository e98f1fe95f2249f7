"""Degrade a clip, as another camera, light, hand or program would have had it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from balance.video.video import Frame, probe, read_video

CLOCK_HZ = 1000
# Light that comes and goes: a cloud, and a camera that corrects its exposure.
CLOUD_S, EXPOSED_AT_S, EXPOSED_S = 4.0, 7.0, 0.3
# A hand trembles and drifts in this band, its angles' power falling with frequency.
TREMOR_HZ = (0.2, 6.0)
# About the line of sight a hand turns a camera less.
ROLL_SHARE = 0.4
# What a turned camera does not see at its edges is cut off.
CUT_SHARE = 0.025


@dataclass(frozen=True)
class Form:
    """How to record a clip.

    ``light`` is the share of the light that is left, with the noise of so dim a
    frame (8-bit SD ``noise``); ``wandering`` by what share the light comes and goes;
    ``kept`` (of, so many) frames, the others are lost; ``size`` the share of width
    and height that is left; ``shake_deg`` the SD of the angles of a hand-held camera.
    """

    name: str
    codec: str = "libx264"
    suffix: str = ".mp4"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "18"})
    bits_s: int | None = None
    light: float = 1.0
    noise: float = 0.0
    wandering: float = 0.0
    kept: tuple[int, int] = (1, 1)
    size: float = 1.0
    shake_deg: float = 0.0


# One pass, as fast as the frames come.
_LIVE_VP9 = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
_LIVE_H264 = {"preset": "ultrafast", "tune": "zerolatency"}
FORMS = {
    "h264": Form("H.264, 2 Mbit/s", options=_LIVE_H264, bits_s=2_000_000),
    "vp9": Form("VP9, 1 Mbit/s", "libvpx-vp9", ".webm", _LIVE_VP9, 1_000_000),
    "squeezed": Form("compressed hard", options={"crf": "34"}),
    "dim": Form("darkened", light=0.4, noise=4.0),
    "cloud": Form("changing light", wandering=0.15),
    "half_rate": Form("half the frames", kept=(1, 2)),
    "dropped": Form("a fifth lost", kept=(4, 5)),
    "small": Form("three quarters of size", size=0.75),
    "half_size": Form("half of size", size=0.5),
    "shaken": Form("shaken by 0.3°", shake_deg=0.3),
}


def reencode(clip: Path, form: Form, folder: Path, focal_px: float) -> Path:
    """Write the clip in another form and return the new file.

    ``focal_px`` is the focal length of the camera that recorded it.
    """
    target = folder / f"{clip.stem}{form.suffix}"
    info = probe(clip)
    assert info.rate_hz is not None
    kept, of = form.kept
    rate = Fraction(info.rate_hz * kept / of).limit_denominator(1001)
    with av.open(str(target), "w") as container, read_video(clip) as frames:
        stream = container.add_stream(form.codec, rate=rate)
        stream.pix_fmt = "yuv420p"
        stream.options = form.options
        stream.codec_context.time_base = Fraction(1, CLOCK_HZ)
        if form.bits_s is not None:
            stream.bit_rate = form.bits_s
        for rgb, time_s in _images(frames, form, focal_px):
            if not stream.codec_context.is_open:
                stream.height, stream.width = rgb.shape[:2]
            image = av.VideoFrame.from_ndarray(rgb, "rgb24")
            image.pts = round(time_s * CLOCK_HZ)
            image.time_base = Fraction(1, CLOCK_HZ)
            container.mux(stream.encode(image))
        container.mux(stream.encode())
    return target


def _images(
    frames: Iterator[Frame], form: Form, focal_px: float
) -> Iterator[tuple[np.ndarray, float]]:
    random = np.random.default_rng(0)
    tremor = _Tremor(form.shake_deg)
    kept, of = form.kept
    for frame in frames:
        if frame.index % of >= kept:
            continue
        rgb = frame.rgb
        if form.shake_deg:
            rgb = tremor.seen(rgb, frame.time_s, focal_px)
        if form.size != 1.0:
            height, width = (round(form.size * n / 2) * 2 for n in rgb.shape[:2])
            rgb = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
        light = form.light * _cloud(frame.time_s, form.wandering)
        if light != 1.0:
            noise = random.normal(0, form.noise, rgb.shape) if form.noise else 0.0
            rgb = np.clip(rgb * light + noise, 0, 255).astype(np.uint8)
        yield np.ascontiguousarray(rgb), frame.time_s


def _cloud(time_s: float, share: float) -> float:
    corrected = np.clip((time_s - EXPOSED_AT_S) / EXPOSED_S, 0, 1)
    return 1 - share * (0.5 + 0.5 * np.sin(2 * np.pi * time_s / CLOUD_S) + corrected)


class _Tremor:
    """Turns a camera about its three axes as a hand does."""

    def __init__(self, sd_deg: float, waves: int = 40) -> None:
        random = np.random.default_rng(1)
        low, high = np.log(TREMOR_HZ)
        self._hz = np.exp(random.uniform(low, high, (3, waves)))
        self._phase = random.uniform(0, 2 * np.pi, (3, waves))
        self._sd_rad = np.radians(sd_deg) * np.sqrt(2 / waves)

    def seen(self, rgb: np.ndarray, time_s: float, focal_px: float) -> np.ndarray:
        """Return what the turned camera sees, its edges cut off."""
        waves = np.sin(2 * np.pi * self._hz * time_s + self._phase)
        angles = self._sd_rad * waves.sum(axis=1) * np.array([1, 1, ROLL_SHARE])
        turned, _ = cv2.Rodrigues(angles)
        height, width = rgb.shape[:2]
        lens = np.array(
            [[focal_px, 0, width / 2], [0, focal_px, height / 2], [0, 0, 1.0]]
        )
        warp = lens @ turned @ np.linalg.inv(lens)
        out = cv2.warpPerspective(
            rgb,
            warp,
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        x, y = (round(CUT_SHARE * n / 2) * 2 for n in (width, height))
        return out[y : height - y, x : width - x]
