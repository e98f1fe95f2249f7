"""The live test without a browser: a camera, a detector, a window or plain lines.

The same brain as the page's (``balance/live``); here OpenCV shows it. The video of each
try is written as it is seen and measured afterwards like any file.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from balance.live import Agenda, Cue, LiveEvent, LiveFrame, LiveTest, LiveTrial, Phase
from balance.model.errors import InputError
from balance.tracking.detector import Detector
from balance.video.video import Frame
from balance.video.video_writer import VideoWriter

BONES = (
    *((11, 12), (11, 23), (12, 24), (23, 24), (23, 25), (25, 27), (24, 26), (26, 28)),
    *((11, 13), (13, 15), (12, 14), (14, 16), (27, 31), (28, 32)),
)
GREEN, WHITE, RED = (176, 229, 0), (255, 255, 255), (60, 60, 230)
Show = Callable[[Frame, LiveFrame, LiveTest, tuple[LiveEvent, ...]], str | None]
WINDOW = "balance (q: stop, space: I am all right)"
NOMINAL_HZ = 30.0
FINE = 12  # sway needs texture
LOOK_ROUND_S = 1.0


@dataclass
class Recorder:
    """Writes the video of one trial when the live test asks for it."""

    folder: Path
    videos: list[tuple[Path, LiveTrial | None]] = field(default_factory=list)
    _writer: VideoWriter | None = None
    _path: Path | None = None
    _zero_s: float = 0.0

    def see(self, frames: Sequence[Frame]) -> None:
        """Take frames into the video that is running."""
        for frame in frames:
            if self._writer is not None:
                self._writer.write(frame.rgb, frame.time_s - self._zero_s)

    def obey(self, event: LiveEvent, frame: Frame, test: LiveTest) -> None:
        """Start, keep or drop a video."""
        if event.cue is Cue.RECORD:
            height, width = frame.rgb.shape[:2]
            self._path = self.folder / f"try-{len(self.videos) + 1}.mp4"
            self._zero_s = frame.time_s
            size = (width, height)
            self._writer = VideoWriter(self._path, size, NOMINAL_HZ, quality=FINE)
            self._writer.__enter__()
        elif event.cue in (Cue.SAVE, Cue.DISCARD):
            self.close(keep=event.cue is Cue.SAVE, test=test)

    def close(self, *, keep: bool, test: LiveTest) -> None:
        """End the video that is running, if one is."""
        writer, path = self._writer, self._path
        self._writer = self._path = None
        if writer is None or path is None:
            return
        writer.__exit__(None, None, None)
        if keep:
            self.videos.append((path, test.done[-1] if test.done else None))
        else:
            path.unlink(missing_ok=True)


def run_live(
    arrivals: Iterable[Sequence[Frame]],
    detector: Detector,
    agenda: Agenda,
    recorder: Recorder,
    show: Show,
) -> LiveTest:
    """Feed a camera to the live test until it is finished.

    All of ``frames`` are recorded; of those that come together the newest is looked at.
    ``show`` is told every frame and may answer with a button: "stop", "all_right".
    A test that has halted and cannot be answered (no window) ends there.
    """
    test = LiveTest(agenda)
    try:
        for frames, live in _seen(arrivals, detector, test):
            frame = frames[-1]
            recorder.see(frames)
            events = test.step(live)
            button = show(frame, live, test, events)
            if button:
                events += test.press(button)
            for event in events:
                recorder.obey(event, frame, test)
            if test.phase is Phase.FINISHED:
                break
    finally:
        # A camera pulled out in mid-trial leaves a video that can still be measured.
        recorder.close(keep=test.phase is Phase.RUNNING or bool(test.done), test=test)
    return test


def _seen(
    arrivals: Iterable[Sequence[Frame]], detector: Detector, test: LiveTest
) -> Iterator[tuple[Sequence[Frame], LiveFrame]]:
    """Frames with what the detector sees in the newest; at times it looks round."""
    looked_s = float("-inf")
    for frames in arrivals:
        frame = frames[-1]
        body = detector.follow(frame.rgb)
        luma = people = None
        if test.phase is Phase.SET_UP and frame.time_s - looked_s >= LOOK_ROUND_S:
            looked_s = frame.time_s
            people = len(detector.find_all(frame.rgb, body))
            luma = float(np.mean(frame.rgb[::8, ::8]))
        height, width = frame.rgb.shape[:2]
        xy = None if body is None else body.xy_px
        yield frames, LiveFrame(frame.time_s, xy, (width, height), luma, people)


def print_events(
    _: Frame, __: LiveFrame, test: LiveTest, events: tuple[LiveEvent, ...]
) -> str | None:
    """Write each cue as a line: what ``--headless`` shows."""
    for event in events:
        print(f"{event.time_s:8.2f} s  {event.cue:<18} {event.text}", flush=True)
    # Nobody can press here, and a halted test must not go on without a press.
    return "stop" if test.phase is Phase.HALTED else None


class Window:
    """Skeleton, coach, clock and cues in a window, large enough for three metres."""

    def __enter__(self) -> Self:
        # OpenCV does not raise where there is no screen, it ends the program.
        places = ("DISPLAY", "WAYLAND_DISPLAY")
        if sys.platform == "linux" and not any(map(os.environ.get, places)):
            raise InputError("there is no screen for a window here; use --headless.")
        return self

    def __call__(
        self,
        frame: Frame,
        live: LiveFrame,
        test: LiveTest,
        events: tuple[LiveEvent, ...],
    ) -> str | None:
        """Draw a frame; return the button that was pressed."""
        import cv2

        if any(event.tone for event in events):
            print("\a", end="", file=sys.stderr, flush=True)
        cv2.imshow(WINDOW, draw(frame, live, test))
        key = cv2.waitKey(1) & 0xFF
        return {ord("q"): "stop", 27: "stop", ord(" "): "all_right"}.get(key)

    def __exit__(self, *_: object) -> None:
        import cv2

        cv2.destroyAllWindows()


def draw(frame: Frame, live: LiveFrame, test: LiveTest) -> Any:
    """Return the frame that is shown: BGR, mirrored, (H, W, 3) uint8."""
    import cv2

    image = np.ascontiguousarray(frame.rgb[:, ::-1, ::-1])
    width = image.shape[1]
    if live.body is not None:
        points = np.rint(live.body * [-1, 1] + [width, 0]).astype(int)
        for a, b in BONES:
            start, end = tuple(points[a].tolist()), tuple(points[b].tolist())
            cv2.line(image, start, end, GREEN, max(2, width // 250), cv2.LINE_AA)
    _write_words(image, test)
    return image


def _write_words(image: Any, test: LiveTest) -> None:
    """Headline, advice, clock and light; the light's colour is said in words, too."""
    import cv2

    view = test.view
    height, width = image.shape[:2]
    band = image[int(height * 0.8) :]
    band[:] = band // 4
    size = height / 480

    def write(text: str, x: float, y: float, scale: float, colour: Any = WHITE) -> None:
        # OpenCV's own letters know no typographic signs.
        plain = text.replace("“", '"').replace("”", '"').replace("…", "...")
        place = (int(width * x), int(height * y))
        thick = max(1, round(2 * scale * size))
        cv2.putText(image, plain, place, 0, scale * size, colour, thick, cv2.LINE_AA)

    halted = view.phase is Phase.HALTED
    write(view.headline, 0.02, 0.88, 0.8, RED if halted else WHITE)
    write("Press space: I am all right" if halted else view.advice, 0.02, 0.95, 0.55)
    if view.phase in (Phase.SET_UP, Phase.COUNTDOWN):
        ready = view.ready
        write("READY" if ready else "NOT YET", 0.03, 0.09, 0.8, GREEN if ready else RED)
    write(view.clock, 0.7, 0.3, 3.0)
