"""Still frames of a trial: which moments, how they are cut out, drawn and stored."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from balance.model.errors import InputError, OutputError
from balance.model.landmarks import Side
from balance.model.recording import PoseSequence, Recording
from balance.model.results import Assessment, Repetition, Trial
from balance.reporting.charts import courses
from balance.reporting.video.blurred import FaceBlur
from balance.reporting.video.pen import Pen, RgbImage, draw_knee_angle, draw_skeleton
from balance.reporting.words import wording

if TYPE_CHECKING:
    from balance.video.video import CodedFrame, Frame

AnyFrame = TypeVar("AnyFrame", "Frame", "CodedFrame")
Stills = Mapping[float, RgbImage]

# Height of a still in the report: sharp on a page, small in the file.
STILL_HEIGHT_PX = 560
_JPEG_QUALITY = 82
# More repetitions than this are told by the table and the curves.
_MOST_BOTTOMS = 3


class KeptStills(Mapping[float, RgbImage]):
    """Frames (H, W, 3) by the time that was wanted, in seconds.

    Each comes back as good as it was to the eye, not to the bit.
    """

    def __init__(self) -> None:
        self._packed: dict[float, bytes] = {}

    def __setitem__(self, time_s: float, image: RgbImage) -> None:
        self._packed[time_s] = as_jpeg(image, quality=95)

    def __getitem__(self, time_s: float) -> RgbImage:
        import cv2

        packed = np.frombuffer(self._packed[time_s], np.uint8)
        bgr = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def __iter__(self) -> Iterator[float]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a trial worth a frame."""

    time_s: float
    caption: str
    repetition: Repetition | None = None


def moments(trial: Trial) -> tuple[Moment, ...]:
    """Start, middle, end of a hold; the deepest of the worst squats, in order."""
    if not wording.is_set(trial):
        middle_s = (trial.start_s + trial.end_s) / 2
        return (
            Moment(trial.start_s, f"start, {trial.start_s:.1f} s"),
            Moment(middle_s, f"in the middle, {middle_s:.1f} s"),
            Moment(trial.end_s, f"end, {trial.end_s:.1f} s"),
        )
    numbered = list(enumerate(trial.repetitions, 1))
    worst = sorted(numbered, key=lambda pair: -_most_valgus(pair[1]))[:_MOST_BOTTOMS]
    return tuple(
        Moment(rep.bottom_s, f"deepest point of number {n}, {rep.bottom_s:.1f} s", rep)
        for n, rep in sorted(worst, key=lambda pair: pair[0])
    )


def wanted_times(assessment: Assessment) -> tuple[float, ...]:
    """All times that the report wants a frame of, each once, in order."""
    times = {m.time_s for trial in assessment.trials for m in moments(trial)}
    return tuple(sorted(times))


@dataclass
class StillCollector:
    """Keeps the frame nearest to each wanted time while frames pass by."""

    wanted_s: Iterable[float]
    stills: KeptStills = field(default_factory=KeptStills)

    def passing(self, frames: "Iterable[AnyFrame]") -> "Iterator[AnyFrame]":
        """Yield the frames; ``stills`` is complete after the last one."""
        waiting = sorted(set(self.wanted_s), reverse=True)
        last: AnyFrame | None = None
        for frame in frames:
            while waiting and waiting[-1] <= frame.time_s:
                self._keep(waiting.pop(), last, frame)
            yield frame
            last = frame
        while waiting and last is not None:
            self._keep(waiting.pop(), last, last)

    def _keep(
        self, time_s: float, before: "AnyFrame | None", after: "AnyFrame"
    ) -> None:
        nearer = after
        if before is not None and time_s - before.time_s <= after.time_s - time_s:
            nearer = before
        self.stills[time_s] = nearer.rgb


def collect_stills(
    frames: "Iterable[AnyFrame]",
    wanted_s: Iterable[float],
    kept: KeptStills | None = None,
) -> KeptStills:
    """Keep the frame nearest to each wanted time; reads the frames to the end.

    They are added to those that are ``kept`` already.
    """
    collector = StillCollector(wanted_s, KeptStills() if kept is None else kept)
    for _ in collector.passing(frames):
        pass
    return collector.stills


def still_uri(
    still: RgbImage,
    moment: Moment,
    trial: Trial,
    recording: Recording,
    blur_faces: bool = False,
) -> str:
    """Return a still cut to the person and drawn on, as a ``data:`` address."""
    pose = recording.pose
    image = still.copy()
    frame = courses.frame_at(pose, moment.time_s) if len(pose) else None
    if blur_faces:
        FaceBlur(recording).hide(image, moment.time_s)
    if frame is None:
        return _jpeg_uri(_resized(image))
    left, top, right, bottom = _cut(pose, frame, image)
    # Drawn after cutting and resizing: lines are crisp, no word is cut off.
    shown = _resized(image[top:bottom, left:right])
    enlarged = STILL_HEIGHT_PX / (bottom - top)
    xy_px = (pose.xy_px[frame] - (left, top)) * enlarged
    pen = Pen.for_image(shown, STILL_HEIGHT_PX / 480.0)
    stance = [side for side in Side if trial.side in ("both", side.value)]
    draw_skeleton(pen, xy_px, stance)
    measures = moment.repetition.measures if moment.repetition else {}
    for side in stance:
        angle = measures.get(f"fppa_frontal_{side}_deg")
        if angle is not None:
            said = wording.say(angle)
            lines = said.value + said.joined_unit, f"({said.interval})"
            draw_knee_angle(pen, xy_px, side, *lines)
    return _jpeg_uri(shown)


def _most_valgus(repetition: Repetition) -> float:
    angles = [repetition.measures.get(f"fppa_frontal_{side}_deg") for side in Side]
    return max((angle.value for angle in angles if angle), default=0.0)


def _cut(pose: PoseSequence, frame: int, image: RgbImage) -> tuple[int, int, int, int]:
    """Left, top, right, bottom px round the person; the whole if unseen."""
    height, width = image.shape[:2]
    left, top, right, bottom = courses.body_box(pose, frame)
    if not np.isfinite(left):
        return 0, 0, width, height
    tall = 1.16 * (bottom - top)
    wide = max(0.75 * tall, 1.1 * (right - left))
    x, y = (left + right) / 2, (top + bottom) / 2
    edges = (
        max(0, round(x - wide / 2)),
        max(0, round(y - tall / 2)),
        min(width, round(x + wide / 2)),
        min(height, round(y + tall / 2)),
    )
    # A person who is all but outside leaves nothing to cut out.
    empty = edges[2] - edges[0] < 2 or edges[3] - edges[1] < 2
    return (0, 0, width, height) if empty else edges


def _resized(image: RgbImage) -> RgbImage:
    import cv2

    height, width = image.shape[:2]
    size = (max(1, round(width * STILL_HEIGHT_PX / height)), STILL_HEIGHT_PX)
    way = cv2.INTER_AREA if height > STILL_HEIGHT_PX else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=way), np.uint8)


def _jpeg_uri(image: RgbImage) -> str:
    jpeg = base64.b64encode(as_jpeg(image, _JPEG_QUALITY))
    return "data:image/jpeg;base64," + jpeg.decode("ascii")


# ``data:`` address of each still by its time in s.
DrawnStills = Mapping[float, str]


# Files keep times to a few milliseconds; frames are farther apart than this.
NEAR_S = 0.005


_HEAD = "data:image/jpeg;base64,"


def read_drawn_stills(report: Path) -> DrawnStills:
    """Return the stills of a report of ours; empty where there is no such file."""
    if not report.is_file():
        return {}
    try:
        page = report.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{report.name} cannot be read as a report") from error
    reader = _Stills()
    reader.feed(page)
    return reader.found


def drawn_at(stills: DrawnStills, time_s: float) -> str | None:
    """Return the still of a moment; None where there is none."""
    nearest = min(stills, key=lambda known: abs(known - time_s), default=None)
    if nearest is None or abs(nearest - time_s) > NEAR_S:
        return None
    return stills[nearest]


class _Stills(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[float, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        address, time_s = attributes.get("src") or "", attributes.get("data-time")
        if tag == "img" and time_s and address.startswith(_HEAD):
            self.found[float(time_s)] = address


def as_jpeg(image: RgbImage, quality: int) -> bytes:
    """Return a frame as the content of a JPEG file."""
    import cv2

    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise OutputError("a still image could not be stored as JPEG")
    return jpeg.tobytes()
