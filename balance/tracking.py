"""From pictures to the landmarks of the one person who is measured, and the scene.

The pictures go through once, with bounded memory. About twice a second everybody is
looked for. Only where these looks show that the person followed is not always the
subject, the pictures go through again, this time with a `Guide` that knows where the
subject is and hides the others.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from balance.detector import Detector, MediaPipeDetector, RgbImage
from balance.landmarks import LANDMARK_COUNT
from balance.leg_outline import no_edges
from balance.pose import FloatArray, PoseSequence, Scene
from balance.results import Finding, Options
from balance.scene import SceneWatch, find_cuts
from balance.subject import (
    TORSO,
    Body,
    Look,
    PersonTrack,
    choose_subject,
    follow_people,
)
from balance.video import Frame, VideoReader, read_video

# Everybody is looked for this often; between two looks a person cannot come in,
# take over the skeleton and be gone again unseen.
LOOK_EVERY_S = 0.5
# The subject's place is known between two looks that lie at most so far apart.
LONGEST_BLIND_S = 2.0
# The person followed is the subject when the trunk lies within this many body
# heights of where the looks saw it.
SAME_PERSON = 0.3
# Room left round the subject when the others are hidden, in body heights.
ROOM = 0.35

Progress = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class Tracked:
    """The subject's landmarks, the scene, and what a person should know of it.

    ``scene.camera_shift_px`` is NaN: it is measured by the optical flow.
    ``leg_edges_px`` (T, 2, rows, 2) is the outline of the legs.
    """

    pose: PoseSequence
    scene: Scene
    findings: tuple[Finding, ...] = ()
    leg_edges_px: FloatArray | None = None


def track_video(
    path: str | Path,
    options: Options | None = None,
    *,
    model: Path | None = None,
    progress: Progress | None = None,
) -> Tracked:
    """Follow the subject through a video file.

    Parameters
    ----------
    path
        The video.
    options
        ``from_s``, ``to_s`` and ``mirrored`` as in `read_video`; ``person`` is None,
        ``left``, ``centre``, ``right`` or a number from the left.
    model
        Another pose model than the one that ships.
    progress
        Called after each picture with the number of pictures done. It starts again
        from 1 where the pictures must go through a second time.

    Raises
    ------
    VideoError, DetectorError
        If the file or the model cannot be read.
    InputError
        If the part or the person asked for is not there.
    """
    options = options or Options()
    readers: list[VideoReader] = []

    def pictures() -> VideoReader:
        readers.append(
            read_video(
                path,
                from_s=options.from_s,
                to_s=options.to_s,
                mirrored=options.mirrored,
            )
        )
        return readers[-1]

    pictures().close()  # a bad file is told before the model is loaded
    tracked = track(
        pictures,
        lambda: MediaPipeDetector(model),
        person=options.person,
        progress=progress,
        source=Path(path).name,
    )
    return replace(tracked, findings=readers[-1].findings)


def track(
    pictures: Callable[[], Iterable[Frame]],
    detector: Callable[[], Detector],
    *,
    person: str | None = None,
    progress: Progress | None = None,
    source: str = "",
) -> Tracked:
    """Follow the subject through pictures that can be had again.

    Parameters
    ----------
    pictures
        Starts the pictures from the beginning; called twice where the first way
        through followed the wrong person.
    detector
        Makes a fresh detector.
    """
    passed = _go_through(pictures, detector, None, progress)
    pose = passed.pose(source)
    tracks = follow_people(passed.looks)
    if tracks:
        subject = choose_subject(tracks, passed.size_px, person)
        if not _followed(subject, tracks, passed):
            guide = Guide(passed.looks, subject)
            passed = _go_through(pictures, detector, guide, progress)
            pose = passed.pose(source)
    return Tracked(pose, passed.scene(pose), leg_edges_px=passed.leg_edges_px())


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

    def leg_edges_px(self) -> FloatArray:
        """Outline of the legs in all pictures, NaN where nobody was seen."""
        edges = no_edges(len(self.bodies))
        for row, body in enumerate(self.bodies):
            if body is not None and body.leg_edges_px is not None:
                edges[row] = body.leg_edges_px
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


def _go_through(
    pictures: Callable[[], Iterable[Frame]],
    new_detector: Callable[[], Detector],
    guide: Guide | None,
    progress: Progress | None,
) -> Pass:
    with contextlib.closing(new_detector()) as detector:
        return _collect(pictures(), detector, guide, progress)


def _collect(
    pictures: Iterable[Frame],
    detector: Detector,
    guide: Guide | None,
    progress: Progress | None,
) -> Pass:
    passed = Pass()
    next_look_s = float("-inf")
    for frame in pictures:
        passed.size_px = (frame.rgb.shape[1], frame.rgb.shape[0])
        body = _follow(detector, frame, guide)
        if frame.time_s >= next_look_s:
            everybody = detector.find_all(frame.rgb, body)
            passed.looks.append(Look(frame.time_s, everybody))
            passed.looked_at.append(len(passed.bodies))
            next_look_s = (np.floor(frame.time_s / LOOK_EVERY_S) + 1) * LOOK_EVERY_S
        passed.time_s.append(frame.time_s)
        passed.bodies.append(body)
        passed.watch.see(frame.rgb, body)
        if progress is not None:
            progress(len(passed.bodies))
    return passed


def _follow(detector: Detector, frame: Frame, guide: Guide | None) -> Body | None:
    """Find the subject in one picture; with a guide nobody else."""
    if guide is None:
        return detector.follow(frame.rgb)
    expected = guide.xy_at(frame.time_s)
    if expected is None:
        return None
    hidden = _others_hidden(frame.rgb, expected)
    body = detector.follow(hidden)
    if body is not None and _is_same(body, expected):
        return body
    detector.forget()
    body = detector.follow(hidden)
    return body if body is not None and _is_same(body, expected) else None


def _is_same(body: Body, expected: FloatArray) -> bool:
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


def _followed(
    subject: PersonTrack, tracks: Sequence[PersonTrack], passed: Pass
) -> bool:
    """Whether the first way through followed the subject at every look."""
    for number, row in enumerate(passed.looked_at):
        body = passed.bodies[row]
        if body is None:
            continue
        near = [
            (float(np.linalg.norm(t.seen[number].middle_px - body.middle_px)), t)
            for t in tracks
            if number in t.seen
        ]
        if near and min(near, key=lambda pair: pair[0])[1].seen[number] is not (
            subject.seen.get(number)
        ):
            return False
    return True
