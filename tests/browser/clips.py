"""Videos for Chromium's fake camera, made from the sample videos."""

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from tests.browser.positions import POSITIONS, placed

SAMPLES = Path(__file__).parents[2] / "sample_videos"
RATE_HZ = 30
BITS, STRIP = 12, 16
FOOT_OFF_S, FOOT_DOWN_S = 2.0, 13.0  # of stand_left
CALM = 15  # frames of the beginning and end in which the person just stands

Image = np.ndarray


def standing_then(name: str, lead_s: float, tail_s: float = 3.0) -> list[Image]:
    """Put calm standing before and after a sample, played to and fro."""
    with av.open(str(SAMPLES / f"{name}.mp4")) as video:
        images = [f.to_ndarray(format="rgb24") for f in video.decode(video=0)]
    before = _to_and_fro(images[:CALM], int(lead_s * RATE_HZ))
    after = _to_and_fro(images[-CALM:][::-1], int(tail_s * RATE_HZ))
    return [*before[::-1], *images, *after]


def widened(images: list[Image]) -> list[Image]:
    """640×480 becomes 1280×720: larger, with the wall going on at both sides."""
    out = []
    for image in images:
        height, width = image.shape[:2]
        large = np.asarray(
            av.VideoFrame.from_ndarray(image, "rgb24")
            .reformat(width=width * 720 // height, height=720)
            .to_ndarray()
        )
        beside = (1280 - large.shape[1]) // 2
        out.append(np.pad(large, ((0, 0), (beside, beside), (0, 0)), mode="edge"))
    return out


def noisy(images: list[Image], sd: float = 8.0) -> list[Image]:
    """Add what every real camera adds; without it a video has nothing to encode."""
    rng = np.random.default_rng(1)
    shape = images[0].shape[:2]
    grain = [rng.normal(0, sd, (*shape, 1)).astype(np.int16) for _ in range(8)]
    return [
        np.clip(image + grain[i % 8], 0, 255).astype(np.uint8)
        for i, image in enumerate(images)
    ]


def mirrored(images: list[Image]) -> list[Image]:
    """Left becomes right: a stand on the other leg."""
    return [np.ascontiguousarray(p[:, ::-1]) for p in images]


def dropping(images: list[Image], from_s: float) -> list[Image]:
    """The person goes down and out of the frame, two heights a second."""
    height = images[0].shape[0]
    fallen = []
    for number, image in enumerate(images):
        down = max(0.0, number / RATE_HZ - from_s) * 2 * height
        fallen.append(_moved_down(image, min(height, int(down))))
    return fallen


def _moved_down(image: Image, rows: int) -> Image:
    out = np.empty_like(image)
    out[:] = image[:1]  # the wall above
    if rows < len(image):
        out[rows:] = image[: len(image) - rows]
    return out


def _to_and_fro(images: list[Image], count: int) -> list[Image]:
    cycle = [*images, *images[-2:0:-1]]
    return [cycle[i % len(cycle)] for i in range(count)]


def numbered(images: list[Image]) -> list[Image]:
    """Write each frame's number into its lowest rows, as black and white blocks.

    A fake camera on a busy machine plays too slowly; by the numbers in the recorded
    video one knows when each moment was really shown.
    """
    height, width = images[0].shape[:2]
    block = width // BITS
    out = []
    for number, image in enumerate(images):
        marked = image.copy()
        for bit in range(BITS):
            on = 255 if number >> bit & 1 else 0
            marked[height - STRIP :, bit * block : (bit + 1) * block] = on
        out.append(marked)
    return out


def read_number(image: Image) -> int:
    """Read back what ``numbered`` wrote."""
    height, width = image.shape[:2]
    block = width // BITS
    strip = image[height - STRIP // 2 - 2 : height - STRIP // 2 + 2].mean(axis=(0, 2))
    middles = [strip[int((bit + 0.5) * block)] for bit in range(BITS)]
    return sum(1 << bit for bit, light in enumerate(middles) if light > 127)


def shown_s(video: Path, first: int, last: int) -> float:
    """How long a recorded video took from one numbered frame to another."""
    with av.open(str(video)) as recorded:
        seen = [
            (read_number(f.to_ndarray(format="rgb24")), float(f.time))
            for f in recorded.decode(video=0)
        ]
    numbers, times = np.array(seen).T
    # The camera plays the clip again and again; keep the round that holds both.
    begins = np.flatnonzero((numbers[:-1] <= first) & (numbers[1:] > first))
    assert len(begins), f"{video.name} shows {numbers[0]} to {numbers[-1]}, not {first}"
    part = slice(int(begins[0]), None)
    return float(
        np.interp(last, numbers[part], times[part])
        - np.interp(first, numbers[part], times[part])
    )


def write_mjpeg(path: Path, images: Iterator[Image] | list[Image]) -> Path:
    """Write what Chromium's --use-file-for-fake-video-capture reads."""
    with av.open(str(path), "w", format="mjpeg") as video:
        stream = video.add_stream("mjpeg", rate=RATE_HZ)
        stream.pix_fmt = "yuvj420p"
        stream.options = {"qmin": "2", "qmax": "4"}
        for number, image in enumerate(images):
            if number == 0:
                stream.height, stream.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            video.mux(stream.encode(frame))
        video.mux(stream.encode())
    return path


def four_stages() -> list[Image]:
    """Three positions of the feet one after the other, then a stand on one leg.

    Each lasts long enough for a busy machine: whoever is ready waits for the next.
    """
    with av.open(str(SAMPLES / "stand_left.mp4")) as video:
        calm = [
            f.to_ndarray(format="rgb24")
            for f, _ in zip(video.decode(video=0), range(CALM), strict=False)
        ]
    shown: list[Image] = []
    for name, seconds in STAGES_S.items():
        images = [placed(image, POSITIONS[name]) for image in calm]
        shown += _to_and_fro(images, int(seconds * RATE_HZ))
    return shown + standing_then("stand_left", 10.0, 8.0)


STAGES_S = {"side_by_side": 44.0, "semi_tandem": 32.0, "tandem": 32.0}
LEADS_S = (14.0, 16.0)
CLIP_S, TAIL_S = 15.0, 3.0
# Numbers of the frames at foot-off and foot-down of both stands.
STANDS = tuple(
    (round((start_s + FOOT_OFF_S) * RATE_HZ), round((start_s + FOOT_DOWN_S) * RATE_HZ))
    for start_s in (LEADS_S[0], LEADS_S[0] + CLIP_S + TAIL_S + LEADS_S[1])
)

Maker = Callable[[], list[Image]]
CLIPS: dict[str, Maker] = {
    # Left: 11.0 s; then the same mirrored, so right: 11.0 s.
    "both_legs": lambda: numbered(
        [
            *standing_then("stand_left", LEADS_S[0]),
            *mirrored(standing_then("stand_left", LEADS_S[1])),
        ]
    ),
    "stand": lambda: standing_then("stand_left", 14.0),
    "four_stages": four_stages,
    "stand_hd": lambda: noisy(widened(standing_then("stand_left", 14.0))),
    "squats": lambda: standing_then("squat_valgus_left", 14.0),
    # Foot-off at 16 s of the video, the drop five seconds later.
    "drop": lambda: dropping(standing_then("stand_left", 14.0), 21.0),
}
