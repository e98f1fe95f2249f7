"""The frames once through: bodies, scans for everybody, and the scene.

The segments of a video go through at the same time, one thread each. MediaPipe lets go
of the interpreter while it works, so threads are enough and no frame is copied
from one process to another; each segment holds a handful of frames at a time.
"""

import contextlib
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from balance.model.recording import PoseSequence, Scene
from balance.tracking.body_rows import BodyRows
from balance.tracking.detector import Detector
from balance.tracking.follower import Follower
from balance.tracking.person_scanner import PersonScanner
from balance.tracking.scene import SceneWatch, find_cuts
from balance.tracking.subject import Body, PersonScan
from balance.tracking.subject_prior import SubjectPrior, is_same
from balance.video.read_ahead import read_ahead
from balance.video.segments import Segment, share_of_next
from balance.video.video import Frame

# Progress is told this often while several threads work.
TELL_EVERY_S = 0.2

Progress = Callable[[int], None]
FramesOf = Callable[[Segment], Iterable[Frame]]


@dataclass(eq=False)
class TrackingResult:
    """What one pass through the frames collects."""

    size_px: tuple[int, int] = (0, 0)
    time_s: "array[float]" = field(default_factory=lambda: array("d"))
    bodies: BodyRows = field(default_factory=BodyRows)
    scans: list[PersonScan] = field(default_factory=list)
    # Number of the image at which each look was taken.
    looked_at: list[int] = field(default_factory=list)
    watch: SceneWatch = field(default_factory=SceneWatch)
    # Frames of the warm-up before the segment's own ones: time and body.
    warm_up: list[tuple[float, Body | None]] = field(default_factory=list)

    def pose(self, source: str) -> PoseSequence:
        """Landmarks of all frames, NaN where nobody was seen."""
        return PoseSequence(
            np.array(self.time_s, float),
            self.bodies.xy_px,
            self.bodies.visibility,
            self.size_px,
            source,
        )

    def scene(self, pose: PoseSequence) -> Scene:
        """Return the scene, without the camera's shift."""
        people = np.full(len(pose), np.nan)
        people[self.looked_at] = [len(scan.bodies) for scan in self.scans]
        return Scene(
            camera_shift_px=np.full((len(pose), 2), np.nan),
            luma=np.array(self.watch.luma, float),
            sharpness=np.array(self.watch.sharpness, float),
            person_count=people,
            scene_cut=find_cuts(np.array(self.watch.likeness, float), pose),
        )

    def take_anew(self, bodies: Sequence[Body | None]) -> None:
        """Put bodies that were found anew in the place of the last ones."""
        own = min(len(bodies), len(self.bodies))
        before, here = bodies[: len(bodies) - own], bodies[len(bodies) - own :]
        for row, body in enumerate(here, len(self.bodies) - own):
            self.bodies[row] = body
        first = len(self.warm_up) - len(before)
        for place, body in enumerate(before, first):
            self.warm_up[place] = self.warm_up[place][0], body

    def append(self, later: "TrackingResult") -> None:
        """Take on the segment that follows, faded over its warm-up."""
        self._fade_into(later)
        self.looked_at += [len(self.bodies) + row for row in later.looked_at]
        self.size_px = self.size_px if self.bodies else later.size_px
        self.time_s += later.time_s
        self.bodies.extend(later.bodies)
        self.scans += later.scans
        self.watch.append(later.watch)

    def _fade_into(self, later: "TrackingResult") -> None:
        if not later.warm_up or not later.time_s:
            return
        times = np.array([time_s for time_s, _ in later.warm_up])
        shares = share_of_next(times, later.time_s[0])
        for (time_s, body), share in zip(later.warm_up, shares, strict=True):
            row = bisect_left(self.time_s, time_s)
            is_there = row < len(self.time_s) and self.time_s[row] == time_s
            if not is_there or share == 0:
                continue
            before = self.bodies[row]
            if before is not None and body is not None and is_same(before, body.xy_px):
                self.bodies[row] = before.mixed(body, float(share))


@dataclass(frozen=True, eq=False)
class TrackingJob:
    """One pass through the segments: what is needed to follow any of them.

    ``outline``: whether the outline of the legs is wanted; ``every_frame``: whether
    each frame is looked at even while nothing moves.
    """

    frames_of: FramesOf
    new_detector: Callable[[], Detector]
    prior: SubjectPrior | None = None
    outline: bool = False
    every_frame: bool = True
    stopped: threading.Event = field(default_factory=threading.Event)


def track_segments(
    job: TrackingJob,
    segments: Sequence[Segment],
    workers: int,
    progress: Progress | None,
) -> TrackingResult:
    """Follow through all segments, at most ``workers`` at the same time.

    ``progress`` is called from this thread only, with the frames done.
    """
    results = [TrackingResult() for _ in segments]
    if workers == 1 or len(segments) == 1:
        done = 0
        for segment, result in zip(segments, results, strict=True):
            for _ in _collected(job, segment, result):
                done += 1
                if progress is not None:
                    progress(done)
    else:
        _at_the_same_time(job, segments, results, workers, progress)
    frames = sum(len(result.bodies) for result in results)
    whole = results.pop(0)
    whole.bodies.reserve(frames)
    while results:  # each is let go as soon as it is taken on
        whole.append(results.pop(0))
    return whole


def _at_the_same_time(
    job: TrackingJob,
    segments: Sequence[Segment],
    results: Sequence[TrackingResult],
    workers: int,
    progress: Progress | None,
) -> None:
    def follow(segment: Segment, result: TrackingResult) -> None:
        for _ in _collected(job, segment, result):
            pass

    with ThreadPoolExecutor(min(workers, len(segments))) as pool:
        running: set[Future[None]] = {
            pool.submit(follow, *both) for both in zip(segments, results, strict=True)
        }
        try:
            while running:
                finished, running = wait(running, TELL_EVERY_S)
                for future in finished:
                    future.result()
                if progress is not None:
                    progress(sum(len(result.bodies) for result in results))
        except BaseException:
            job.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _collected(
    job: TrackingJob, segment: Segment, result: TrackingResult
) -> Iterable[None]:
    """Fill ``result`` with a segment, frame by frame."""
    with (
        contextlib.closing(job.new_detector()) as detector,
        contextlib.closing(read_ahead(job.frames_of(segment))) as frames,
    ):
        yield from _collect(frames, segment, detector, job, result)


def _collect(
    frames: Iterable[Frame],
    segment: Segment,
    detector: Detector,
    job: TrackingJob,
    result: TrackingResult,
) -> Iterable[None]:
    follower = Follower(detector, job.prior, job.outline, job.every_frame)
    scanner = PersonScanner(detector)
    for frame in frames:
        ended = segment.end_s is not None and frame.time_s >= segment.end_s
        if ended or job.stopped.is_set():
            break
        result.size_px = (frame.rgb.shape[1], frame.rgb.shape[0])
        warming_up = segment.start_s is not None and frame.time_s < segment.start_s
        due = not warming_up and scanner.is_due(frame.time_s)
        body = follower.follow(frame, closely=due)
        result.take_anew(follower.anew)
        if warming_up:
            result.warm_up.append((frame.time_s, body))
            result.watch.pass_by(frame.rgb)
            continue
        if due:
            result.scans.append(scanner.scan(frame.time_s, frame.rgb, body))
            result.looked_at.append(len(result.bodies))
        result.time_s.append(frame.time_s)
        result.watch.see(frame.rgb, body, closely=due)
        result.bodies.append(body)
        yield
    follower.settle()
    result.take_anew(follower.anew)
