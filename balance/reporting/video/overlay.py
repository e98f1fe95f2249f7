"""The annotated video: skeleton, clock, what is going on, and what happened when."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from balance.analysis.body.clean_recording import clean
from balance.model.codes import SQUAT_SETS, EventCode
from balance.model.landmarks import Side
from balance.model.recording import FloatArray, Recording
from balance.model.results import Assessment, Event, Repetition, Trial
from balance.reporting.charts import courses
from balance.reporting.video.blurred import FaceBlur
from balance.reporting.video.pen import (
    EVENT,
    LEFT,
    RIGHT,
    WHITE,
    Pen,
    Rgb,
    draw_knee_angle,
    draw_skeleton,
)
from balance.reporting.words import wording
from balance.video.coded import BT601, CodedImage, coded_from_rgb, size_of
from balance.video.read_ahead import read_ahead

if TYPE_CHECKING:
    from balance.video.video import CodedFrame

# How long, in seconds, something that happened in a moment stays on the frame.
_EVENT_SHOWN_S = 1.2
_RESULT_SHOWN_S = 2.5
_BOTTOM_SHOWN_S = 0.35
_SIDE_PAINT: dict[str, Rgb] = {"left": LEFT, "right": RIGHT, "both": WHITE}


def annotate(  # noqa: PLR0913
    frames: "Iterable[CodedFrame]",
    assessment: Assessment,
    recording: Recording,
    path: str | Path,
    on_frame: Callable[[float], None] | None = None,
    *,
    blur_faces: bool = False,
) -> None:
    """Write the video with everything drawn on it as H.264, whole or not at all.

    ``on_frame`` is told the time in seconds of each frame that is done.
    """
    from balance.video.video import VideoWriter

    painter = Painter(assessment, recording, blur_faces=blur_faces)
    rate_hz = assessment.source.rate_hz or 30.0
    rows = iter(frames)
    first = next(rows, None)
    if first is None:
        return
    # Faces are hidden in RGB, and what comes back is coded our way.
    colours = BT601 if blur_faces else first.colours
    with (
        VideoWriter(path, size_of(first.coded), rate_hz, colours=colours) as writer,
        # Some frames are painted while others are written.
        closing(read_ahead(map(painter.painted, chain([first], rows)))) as painted,
    ):
        for coded, time_s in painted:
            writer.write_coded(coded, time_s)
            if on_frame is not None:
                on_frame(time_s)


@dataclass(frozen=True, slots=True)
class Now:
    """What is to be said at a moment: the trial, and how long ago it ended."""

    trial: Trial | None = None
    running: bool = False


class Painter:
    """Draws one frame after the other; what does not change is worked out once."""

    def __init__(
        self, assessment: Assessment, recording: Recording, *, blur_faces: bool = False
    ) -> None:
        self.pose = recording.pose
        self.trials = assessment.trials
        self.blur = FaceBlur(recording) if blur_faces else None
        # A frame further than this from any landmark row shows no skeleton.
        rate_hz = self.pose.rate_hz
        self.reach_s = 1.5 / rate_hz if np.isfinite(rate_hz) else 0.1
        self.events = sorted(
            (event for trial in self.trials for event in trial.events),
            key=lambda event: event.time_s,
        )
        self.knees = {
            trial.start_s: courses.knee_angles(
                clean(recording).recording, assessment, trial
            )
            for trial in self.trials
            if trial.kind in SQUAT_SETS
        }
        self.span_s = _span(recording)

    def painted(self, frame: "CodedFrame") -> tuple[CodedImage, float]:
        """Draw everything on a frame; return it (3 H / 2, W) and its time."""
        coded = frame.coded
        if self.blur is not None:
            shown = frame.rgb
            self.blur.hide(shown, frame.time_s)
            coded = coded_from_rgb(shown)
        self._draw(Pen.for_coded(coded), frame.time_s)
        return coded, frame.time_s

    def _draw(self, pen: Pen, time_s: float) -> None:
        now = what_goes_on(self.trials, time_s)
        frame = self._frame(time_s)
        if frame is not None:
            self._draw_body(pen, frame, now, time_s)
        if now.trial is not None:
            _draw_clock(pen, now.trial, now.running, time_s)
        self._draw_event(pen, time_s)
        self._draw_ribbon(pen, time_s)

    def _frame(self, time_s: float) -> int | None:
        if not len(self.pose):
            return None
        frame = courses.frame_at(self.pose, time_s)
        near = abs(float(self.pose.time_s[frame]) - time_s) <= self.reach_s
        return frame if near else None

    def _draw_body(self, pen: Pen, frame: int, now: Now, time_s: float) -> None:
        xy_px = self.pose.xy_px[frame]
        side = now.trial.side if now.trial is not None and now.running else None
        stance = [s for s in Side if side in ("both", s.value)]
        draw_skeleton(pen, xy_px, stance)
        if now.trial is None or not now.running or now.trial.kind not in SQUAT_SETS:
            return
        for leg in stance:
            draw_knee_angle(
                pen, xy_px, leg, *self._angle(now.trial, leg, frame, time_s)
            )

    def _angle(
        self, trial: Trial, side: Side, frame: int, time_s: float
    ) -> tuple[str, ...]:
        """Return the measured angle at the bottom, elsewhere that of this frame."""
        repetition = current_repetition(trial, time_s)
        if repetition and abs(time_s - repetition.bottom_s) <= _BOTTOM_SHOWN_S:
            measured = repetition.measures.get(f"fppa_frontal_{side}_deg")
            if measured is not None:
                said = wording.say(measured)
                return said.value + said.joined_unit, f"({said.interval})"
        angles = self.knees[trial.start_s].get(side)
        if angles is None or not np.isfinite(angles[frame]):
            return ("?",)
        return (f"{wording.say_number(float(angles[frame]), 0)}°",)

    def _draw_event(self, pen: Pen, time_s: float) -> None:
        event = _event_at(self.events, time_s)
        if event is None:
            return
        text = wording.EVENT_WORDS[event.code]
        width = pen.size_px[0]
        wide, tall = pen.text_size(text, 18)
        x = width - wide - 44 * pen.unit_px
        y = 26 * pen.unit_px
        box = (x - 12 * pen.unit_px, y - tall, width, y + 0.75 * tall)
        pen.plate(box)
        pen.diamond((x + 6 * pen.unit_px, y), 7, EVENT)
        pen.text(text, (x + 22 * pen.unit_px, y + 0.35 * tall), 18)

    def _draw_ribbon(self, pen: Pen, time_s: float) -> None:
        """Draw the whole video as a strip: trials, events, and where we are."""
        width, height = pen.size_px
        top = height - 12 * pen.unit_px
        pen.plate((0, top, width, height))
        x = self._ribbon_scale(width)
        for trial in self.trials:
            ends = np.array([[x(trial.start_s), 0], [x(trial.end_s), 0]])
            ends[:, 1] = height - 6 * pen.unit_px
            pen.line(ends, _SIDE_PAINT[trial.side], 6)
        for event in self.events:
            pen.diamond((x(event.time_s), height - 6 * pen.unit_px), 5, EVENT)
        cursor = np.array([[x(time_s), top], [x(time_s), height]])
        pen.line(cursor, WHITE, 2.5)

    def _ribbon_scale(self, width: int) -> Callable[[float], float]:
        start_s, end_s = self.span_s
        return lambda time_s: width * (time_s - start_s) / (end_s - start_s)


def what_goes_on(trials: Iterable[Trial], time_s: float) -> Now:
    """Return the trial that runs, or the one that has just ended, or neither."""
    just_ended = Now()
    for trial in trials:
        if trial.start_s <= time_s <= trial.end_s:
            return Now(trial, running=True)
        if 0.0 < time_s - trial.end_s <= _RESULT_SHOWN_S:
            just_ended = Now(trial, running=False)
    return just_ended


def current_repetition(trial: Trial, time_s: float) -> Repetition | None:
    """Return the repetition that runs at a time, else None."""
    return next((r for r in trial.repetitions if r.start_s <= time_s <= r.end_s), None)


def clock_text(trial: Trial, running: bool, time_s: float) -> str:
    """Return the large number: seconds so far or in the end, or repetitions begun."""
    if wording.is_set(trial):
        return str(sum(rep.start_s <= time_s for rep in trial.repetitions))
    if running:
        return f"{time_s - trial.start_s:.1f} s"
    hold = trial.measures.get("hold_s")
    if hold is None:
        return f"{trial.end_s - trial.start_s:.1f} s"
    said = wording.say(hold)
    return f"{said.value}{said.joined_unit}"


def _draw_clock(pen: Pen, trial: Trial, running: bool, time_s: float) -> None:
    number = clock_text(trial, running, time_s)
    lines = [wording.trial_title(trial)]
    if not running:
        lines.extend(_ending(trial))
    unit = pen.unit_px
    wide = max(pen.text_size(line, 16)[0] for line in lines)
    wide = max(wide, pen.text_size(number, 44, 700)[0])
    pen.plate((0, 0, wide + 32 * unit, (62 + 24 * len(lines)) * unit))
    paint = _SIDE_PAINT[trial.side] if running else WHITE
    pen.text(number, (16 * unit, 50 * unit), 44, paint, 700)
    for k, line in enumerate(lines):
        pen.text(line, (16 * unit, (74 + 24 * k) * unit), 16)


def _ending(trial: Trial) -> list[str]:
    hold = trial.measures.get("hold_s")
    if wording.is_set(trial) or hold is None:
        return [wording.end_words(trial)]
    return [f"({wording.say(hold).interval})", wording.end_words(trial)]


def _event_at(events: Iterable[Event], time_s: float) -> Event | None:
    """Return the last event of the last moments; a touchdown is said by the clock."""
    shown = [
        event
        for event in events
        if 0.0 <= time_s - event.time_s <= _EVENT_SHOWN_S
        and event.code is not EventCode.TOUCHDOWN
    ]
    return shown[-1] if shown else None


def _span(recording: Recording) -> tuple[float, float]:
    time_s: FloatArray = recording.pose.time_s
    if len(time_s) < 2:
        return 0.0, max(1.0, recording.source.duration_s)
    return float(time_s[0]), float(time_s[-1])
