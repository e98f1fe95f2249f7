"""The pictures once through: bodies, looks at everybody, and the scene.

The pieces of a video go through at the same time, one thread each. MediaPipe lets go
of the interpreter while it works, so threads are enough and no picture is copied
from one process to another; each piece holds a handful of pictures at a time.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from balance.film.read_ahead import read_ahead
from balance.film.video import Frame
from balance.follow.detector import Detector, RgbImage
from balance.follow.leg_outline import no_edges
from balance.follow.pieces import GRID_S, Piece, share_of_next
from balance.follow.scene import SceneWatch, find_cuts
from balance.follow.subject import TORSO, Body, Look, PersonTrack
from balance.landmarks import LANDMARK_COUNT
from balance.pose import FloatArray, PoseSequence, Scene

# Everybody is looked for this often; between two looks a person cannot come in,
# take over the skeleton and be gone again unseen. The cuts between pieces lie on
# the same grid, so the looks do not depend on them.
LOOK_EVERY_S = GRID_S
# The subject's place is known between two looks that lie at most so far apart.
LONGEST_BLIND_S = 2.0
# The person followed is the subject when the trunk lies within this many body
# heights of where the looks saw it.
SAME_PERSON = 0.3
# Room left round the subject when the others are hidden, in body heights.
ROOM = 0.35
# Progress is told this often while several threads work.
TELL_EVERY_S = 0.2

Progress = Callable[[int], None]
Pictures = Callable[[Piece], Iterable[Frame]]


@dataclass(eq=False)
class Pass:
    """What one way through the pictures collects."""

    size_px: tuple[int, int] = (0, 0)
    time_s: list[float] = field(default_factory=list)
    bodies: list[Body | None] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    # Number of the picture at which each look was taken.
    looked_at: list[int] = field(default_factory=list)
    watch: SceneWatch = field(default_factory=SceneWatch)
    # Pictures of the run-in before the piece's own ones: time and body.
    run_in: list[tuple[float, Body | None]] = field(default_factory=list)

    def pose(self, source: str) -> PoseSequence:
        """Landmarks of all pictures, NaN where nobody was seen."""
        frames = len(self.bodies)
        xy = np.full((frames, LANDMARK_COUNT, 2), np.nan)
        visibility = np.full((frames, LANDMARK_COUNT), np.nan)
        for row, body in enumerate(self.bodies):
            if body is not None:
                xy[row], visibility[row] = body.xy_px, body.visibility
        return PoseSequence(
            np.array(self.time_s, float), xy, visibility, self.size_px, source
        )

    def leg_edges_px(self) -> FloatArray | None:
        """Outline of the legs in all pictures, NaN where nobody was seen.

        None where the detector reads no outline.
        """
        read = {
            row: body.leg_edges_px
            for row, body in enumerate(self.bodies)
            if body is not None and body.leg_edges_px is not None
        }
        if not read:
            return None
        edges = no_edges(len(self.bodies))
        edges[list(read)] = list(read.values())
        return edges

    def scene(self, pose: PoseSequence) -> Scene:
        """Return the scene, without the camera's shift."""
        people = np.full(len(pose), np.nan)
        people[self.looked_at] = [len(look.bodies) for look in self.looks]
        return Scene(
            camera_shift_px=np.full((len(pose), 2), np.nan),
            luma=np.array(self.watch.luma, float),
            sharpness=np.array(self.watch.sharpness, float),
            people=people,
            cut=find_cuts(np.array(self.watch.likeness, float), pose),
        )

    def append(self, later: "Pass") -> None:
        """Take on the piece that follows, faded over its run-in."""
        self._fade_into(later)
        self.looked_at += [len(self.bodies) + row for row in later.looked_at]
        self.size_px = self.size_px if self.bodies else later.size_px
        self.time_s += later.time_s
        self.bodies += later.bodies
        self.looks += later.looks
        self.watch.append(later.watch)

    def _fade_into(self, later: "Pass") -> None:
        if not later.run_in or not later.time_s:
            return
        row_at = {time_s: row for row, time_s in enumerate(self.time_s)}
        times = np.array([time_s for time_s, _ in later.run_in])
        shares = share_of_next(times, later.time_s[0])
        for (time_s, body), share in zip(later.run_in, shares, strict=True):
            row = row_at.get(time_s)
            if row is None or share == 0:
                continue
            before = self.bodies[row]
            if before is not None and body is not None and is_same(before, body.xy_px):
                self.bodies[row] = _mixed(before, body, float(share))


def _mixed(one: Body, other: Body, share: float) -> Body:
    """Mix the landmarks of two bodies; outlines are the nearer one's."""
    nearer = one if share < 0.5 else other
    return Body(
        (1 - share) * one.xy_px + share * other.xy_px,
        (1 - share) * one.visibility + share * other.visibility,
        nearer.leg_edges_px,
    )


class Guide:
    """Where the subject is between the looks, and the others with it."""

    def __init__(self, looks: Sequence[Look], subject: PersonTrack) -> None:
        numbers = sorted(subject.seen)
        self._time_s = np.array([looks[n].time_s for n in numbers])
        self._xy = np.stack([subject.seen[n].xy_px for n in numbers])

    def xy_at(self, time_s: float) -> FloatArray | None:
        """(33, 2) px of the subject, None where nobody knows."""
        after = int(np.searchsorted(self._time_s, time_s))
        if after == 0 or after == len(self._time_s):
            edge = self._xy[min(after, len(self._time_s) - 1)]
            near = np.min(np.abs(self._time_s - time_s)) <= LOOK_EVERY_S
            return edge if near else None
        gap_s = self._time_s[after] - self._time_s[after - 1]
        if gap_s > LONGEST_BLIND_S:
            return None
        share = (time_s - self._time_s[after - 1]) / gap_s
        return np.asarray((1 - share) * self._xy[after - 1] + share * self._xy[after])


@dataclass(frozen=True, eq=False)
class Way:
    """One way through the pieces: what is needed to follow any of them."""

    pictures: Pictures
    new_detector: Callable[[], Detector]
    guide: Guide | None = None
    stopped: threading.Event = field(default_factory=threading.Event)


def go_through(
    way: Way, pieces: Sequence[Piece], workers: int, progress: Progress | None
) -> Pass:
    """Follow through all pieces, at most ``workers`` at the same time.

    ``progress`` is called from this thread only, with the pictures done.
    """
    passes = [Pass() for _ in pieces]
    if workers == 1 or len(pieces) == 1:
        done = 0
        for piece, passed in zip(pieces, passes, strict=True):
            for _ in _collected(way, piece, passed):
                done += 1
                if progress is not None:
                    progress(done)
    else:
        _at_the_same_time(way, pieces, passes, workers, progress)
    whole = passes[0]
    for later in passes[1:]:
        whole.append(later)
    return whole


def _at_the_same_time(
    way: Way,
    pieces: Sequence[Piece],
    passes: Sequence[Pass],
    workers: int,
    progress: Progress | None,
) -> None:
    def follow(piece: Piece, passed: Pass) -> None:
        for _ in _collected(way, piece, passed):
            if way.stopped.is_set():
                return

    with ThreadPoolExecutor(min(workers, len(pieces))) as pool:
        running: set[Future[None]] = {
            pool.submit(follow, *both) for both in zip(pieces, passes, strict=True)
        }
        try:
            while running:
                finished, running = wait(running, TELL_EVERY_S)
                for future in finished:
                    future.result()
                if progress is not None:
                    progress(sum(len(passed.bodies) for passed in passes))
        except BaseException:
            way.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _collected(way: Way, piece: Piece, passed: Pass) -> Iterable[None]:
    """Fill ``passed`` with a piece, picture by picture."""
    with (
        contextlib.closing(way.new_detector()) as detector,
        contextlib.closing(read_ahead(way.pictures(piece))) as frames,
    ):
        yield from _collect(frames, piece, detector, way.guide, passed)


def _collect(
    frames: Iterable[Frame],
    piece: Piece,
    detector: Detector,
    guide: Guide | None,
    passed: Pass,
) -> Iterable[None]:
    next_look_s = float("-inf")
    for frame in frames:
        if piece.end_s is not None and frame.time_s >= piece.end_s:
            return
        passed.size_px = (frame.rgb.shape[1], frame.rgb.shape[0])
        body = _follow(detector, frame, guide)
        if piece.start_s is not None and frame.time_s < piece.start_s:
            passed.run_in.append((frame.time_s, body))
            passed.watch.pass_by(frame.rgb)
            continue
        looked = frame.time_s >= next_look_s
        if looked:
            everybody = detector.find_all(frame.rgb, body)
            passed.looks.append(Look(frame.time_s, everybody))
            passed.looked_at.append(len(passed.bodies))
            next_look_s = (np.floor(frame.time_s / LOOK_EVERY_S) + 1) * LOOK_EVERY_S
        passed.time_s.append(frame.time_s)
        passed.watch.see(frame.rgb, body, closely=looked)
        passed.bodies.append(body)
        yield


def _follow(detector: Detector, frame: Frame, guide: Guide | None) -> Body | None:
    """Find the subject in one picture; with a guide nobody else."""
    if guide is None:
        return detector.follow(frame.rgb)
    expected = guide.xy_at(frame.time_s)
    if expected is None:
        return None
    hidden = _others_hidden(frame.rgb, expected)
    body = detector.follow(hidden)
    if body is not None and is_same(body, expected):
        return body
    detector.forget()
    body = detector.follow(hidden)
    return body if body is not None and is_same(body, expected) else None


def is_same(body: Body, expected: FloatArray) -> bool:
    """Whether a body stands where (33, 2) px say that it should."""
    way = np.linalg.norm(body.middle_px - expected[TORSO].mean(axis=0))
    return bool(way <= SAME_PERSON * max(np.ptp(expected[:, 1]), 1.0))


def _others_hidden(rgb: RgbImage, expected: FloatArray) -> RgbImage:
    """Keep the picture round the subject, grey elsewhere."""
    room = ROOM * np.ptp(expected[:, 1])
    size = np.array(rgb.shape[1::-1])
    low = np.clip(expected.min(axis=0) - room, 0, size).astype(int)
    high = np.clip(expected.max(axis=0) + room, 0, size).astype(int)
    hidden = np.full_like(rgb, 128)
    part = np.s_[low[1] : high[1], low[0] : high[0]]
    hidden[part] = rgb[part]
    return hidden
