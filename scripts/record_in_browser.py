"""Record rendered clips through a real browser's camera and MediaRecorder.

    python scripts/record_in_browser.py clips/b02_stand.mp4 --out tests/rendered

Run from the repository's root, with Chromium (its path in $CHROMIUM). The clip is the
browser's fake camera; the page records it as the app's own page does. Every frame
carries its number in a strip below the floor, so that the truth of each recorded
frame is known even where a busy machine plays too slowly. Out comes a recording with
its truth, as ``record_rendered.py`` makes them.
"""

import argparse
import base64
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright
from record_rendered import mm_per_px, record_clip, video_mode_px

from balance.pipeline.validation.benchmark_table import BROWSER
from balance.video.video import probe, read_video
from tests.browser.clips import numbered, read_number, write_mjpeg
from tests.browser.conftest import CHROMIUM, FLAGS

# What the page of the app asks for, see balance/app/webcam/frontend/recorder.mjs.
BITS_PER_SECOND = 8_000_000
TYPES = {
    "vp8": "video/webm;codecs=vp8",
    "vp9": "video/webm;codecs=vp9",
    "h264": "video/mp4;codecs=avc1.640028",
}
NAMES = {"vp8": "VP8", "vp9": "VP9", "h264": "H.264"}
# A busy machine plays a clip up to so much slower; the rest is cut off.
SLOWEST = 1.5
RECORD = """
async ([mimeType, bits, seconds, width, height]) => {
  const stream = await navigator.mediaDevices.getUserMedia(
    {video: {width, height, frameRate: 30}});
  const recorder = new MediaRecorder(stream, {mimeType, videoBitsPerSecond: bits});
  const blobs = [];
  recorder.ondataavailable = ({data}) => blobs.push(data);
  const stopped = new Promise((done) => { recorder.onstop = done; });
  recorder.start(1000);
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  recorder.stop();
  await stopped;
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(new Blob(blobs));
  });
  return url.slice(url.indexOf(",") + 1);
}
"""


def main() -> None:
    """Record every clip named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--codec", choices=TYPES, default="vp8")
    parser.add_argument("--out", type=Path, default=Path("tests/rendered"))
    parser.add_argument(
        "--videos", type=Path, help="Keep the videos here; use those that are here."
    )
    told = parser.parse_args()
    for clip in told.clips:
        with tempfile.TemporaryDirectory() as work:
            video = through_browser(clip, told.codec, told.videos or Path(work))
            rendered = json.loads(clip.with_suffix(".json").read_text())
            shown_s, until_s = when_shown(video, rendered)
            made = {
                "of": clip.stem,
                "form": f"{BROWSER}, {NAMES[told.codec]}",
                "mm_per_px": mm_per_px(rendered),
                "video_mode_px": video_mode_px(video, until_s),
                **truth_as_shown(rendered, shown_s),
            }
            name = f"{clip.stem}-browser_{told.codec}"
            record_clip(video, name, rendered, told.out, made, until_s=until_s)


def through_browser(clip: Path, codec: str, work: Path) -> Path:
    """Play a clip to the browser's camera and return the video that it recorded."""
    video = work / f"{clip.stem}-{codec}.{'mp4' if codec == 'h264' else 'webm'}"
    if video.exists():
        return video
    info = probe(clip)
    with read_video(clip) as frames:
        camera = write_mjpeg(
            work / "camera.mjpeg", numbered([frame.rgb for frame in frames])
        )
    blank = work / "page.html"
    blank.write_text("<!doctype html><title>camera</title>", encoding="utf-8")
    seconds = SLOWEST * info.duration_s
    flags = [f"--use-file-for-fake-video-capture={camera}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, "--use-fake-ui-for-media-stream", *flags],
        )
        page = browser.new_page()
        page.goto(blank.as_uri())
        page.set_default_timeout(1000 * (seconds + 120))
        asked = [TYPES[codec], BITS_PER_SECOND, seconds, info.width_px, info.height_px]
        coded = page.evaluate(RECORD, asked)
        browser.close()
    camera.unlink()
    video.write_bytes(base64.b64decode(coded))
    return video


def when_shown(video: Path, rendered: dict[str, Any]) -> tuple[np.ndarray, float]:
    """Return when each frame of a clip was shown, in the recorded video's seconds.

    And until when: the camera plays the clip again and again.
    """
    with read_video(video) as frames:
        seen = [(read_number(frame.rgb), frame.time_s) for frame in frames]
    numbers, time_s = np.array(seen).T
    again = np.flatnonzero(np.diff(numbers) < 0)
    whole = slice(0, int(again[0]) + 1 if len(again) else None)
    numbers, time_s = numbers[whole], time_s[whole]
    first = np.concatenate(([True], np.diff(numbers) > 0))
    images = np.arange(len(rendered["time_s"]))
    shown_s = np.interp(images, numbers[first], time_s[first])
    outside = (images < numbers[0]) | (images > numbers[-1])
    return np.where(outside, np.nan, shown_s), float(time_s[-1])


def truth_as_shown(rendered: dict[str, Any], shown_s: np.ndarray) -> dict[str, Any]:
    """Return the truth in the recorded video's seconds."""
    seen = np.isfinite(shown_s)
    start_s, end_s = rendered["events"]["single_support"][0]
    moments = np.interp([start_s, end_s], rendered["time_s"], shown_s)
    joints = rendered["joints3d"]
    return {
        "foot_off_s": round(float(moments[0]), 4),
        "foot_down_s": round(float(moments[1]), 4),
        "time_s": np.round(shown_s[seen], 5).tolist(),
        "mid_hip_x_mm": np.round(
            1000 * np.array(joints["mid_hip"])[seen, 0], 3
        ).tolist(),
        "com_x_mm": np.round(1000 * np.array(joints["com"])[seen, 0], 3).tolist(),
    }


if __name__ == "__main__":
    main()
