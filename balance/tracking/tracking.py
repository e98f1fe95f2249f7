"""From frames to the landmarks of the one person who is measured, and the scene.

The frames go through once (``first_pass``), with bounded memory. About twice a
second everybody is looked for. Only where these looks show that the person followed
is not always the subject, the frames go through again, this time with a `SubjectPrior`
that knows where the subject is and hides the others.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from balance.model.codes import TESTS, FindingCode, TrialKind
from balance.model.errors import VideoError
from balance.model.recording import BoolArray, FloatArray, PoseSequence, Scene
from balance.model.results import Finding, Options
from balance.tracking.detector import AnyFinder, Detector, MediaPipeDetector
from balance.tracking.first_pass import (
    FramesOf,
    Progress,
    TrackingJob,
    TrackingResult,
    track_segments,
)
from balance.tracking.subject import PersonTrack, choose_subject, follow_people
from balance.tracking.subject_prior import SubjectPrior
from balance.video.cores import usable_cores
from balance.video.parts import as_told
from balance.video.segments import WHOLE, Segment, cut_into_segments
from balance.video.video import Frame, VideoInfo, VideoReader, probe, read_video

SQUATS = {TrialKind.SQUAT_SET, TrialKind.SINGLE_LEG_SQUAT_SET}


@dataclass(frozen=True, eq=False)
class Tracked:
    """The subject's landmarks, the scene, and what a person should know of it.

    ``scene.camera_shift_px`` is NaN: it is measured by the optical flow.
    ``leg_edges_px`` (T, 2, rows, 2) is the outline of the legs, NaN where it was not
    read; None where it never was, as in a test that does not look at knees.
    ``inferred`` (T,) is False where landmarks are interpolated; None where they nowhere
    are.
    """

    pose: PoseSequence
    scene: Scene
    findings: tuple[Finding, ...] = ()
    leg_edges_px: FloatArray | None = None
    inferred: BoolArray | None = None


def track_video(  # noqa: PLR0913  (each may be left away)
    path: str | Path,
    options: Options | None = None,
    *,
    model: Path | None = None,
    every_frame: bool = True,
    info: VideoInfo | None = None,
    workers: int | None = None,
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
    every_frame
        Whether each frame is looked at even while nothing moves.
    info
        What `probe` said, where it is known already.
    workers
        How many segments are followed at the same time; None is one for each core.
        It changes no number.
    progress
        Called with the number of frames done. It starts again from the first where
        the frames must go through a second time.

    Raises
    ------
    VideoError, DetectorError
        If the file or the model cannot be read.
    InputError
        If the part or the person asked for is not there.
    """
    options = options or Options()
    source = _Source(Path(path), options)
    source.open(Segment()).close()  # a bad file is told before the model is loaded
    segments = segments_of(info or probe(path, options.slow_motion), options)

    everybody = AnyFinder(model)

    def tracked(segments: Sequence[Segment]) -> Tracked:
        return track(
            source.frames_of,
            lambda: MediaPipeDetector(model, everybody),
            outline=_about_knees(options),
            every_frame=every_frame,
            segments=segments,
            workers=workers,
            person=options.person,
            progress=progress,
            source=source.path.name,
        )

    with contextlib.closing(everybody):
        result = tracked(segments)
        if len(segments) > 1 and not source.is_sound:
            # Missing times are filled in from what came before: only the whole tells.
            source.readers.clear()
            result = tracked(WHOLE)
    return replace(result, findings=source.findings)


def _about_knees(options: Options) -> bool:
    """Whether squats may be in it: only their knees are read from the outline."""
    asked = TESTS.get(options.test)
    return asked is None or not asked.isdisjoint(SQUATS)


def segments_of(info: VideoInfo, options: Options) -> tuple[Segment, ...]:
    """Cut what was asked for of a video, by what its header says."""
    start_s = max(
        info.start_s, info.start_s if options.from_s is None else options.from_s
    )
    end_s = info.end_s
    if end_s is not None and options.to_s is not None:
        end_s = min(end_s, options.to_s)
    return cut_into_segments(start_s, end_s)


# Findings that every reader of a file makes.
OF_FILE = frozenset(
    {
        FindingCode.SEVERAL_TRACKS,
        FindingCode.SLOW_MOTION,
        FindingCode.TIMES_BY_RATE,
        FindingCode.INTERLACED,
        FindingCode.TURNED_BY_NO_QUARTER,
        FindingCode.HDR,
    }
)


class _Source:
    """The frames of a file, segment by segment and again, and its faults."""

    def __init__(self, path: Path, options: Options) -> None:
        self.path = path
        self._options = options
        # The last reader of each segment.
        self.readers: dict[Segment, VideoReader] = {}

    def open(self, segment: Segment) -> VideoReader:
        options = self._options
        first, last = segment.read_from_s, segment.end_s
        return read_video(
            self.path,
            from_s=options.from_s if first is None else first,
            to_s=options.to_s if last is None else last,
            **as_told(options),
        )

    def frames_of(self, segment: Segment) -> Iterator[Frame]:
        with self.open(segment) as reader:
            self.readers[segment] = reader
            try:
                yield from reader
            except VideoError:
                # The header promised more than there is: later segments are empty.
                if segment.start_s is None:
                    raise

    @property
    def is_sound(self) -> bool:
        return all(reader.is_sound for reader in self.readers.values())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the last segment that holds a frame tells of the end."""
        found: list[Finding] = []
        for segment in sorted(
            self.readers, key=lambda segment: segment.start_s or -np.inf
        ):
            found.extend(self.readers[segment].findings)
        of_file = [one for one in found if one.code in OF_FILE]
        rest = [one for one in found if one.code not in OF_FILE]
        last = rest[:1] if len(self.readers) > 1 else rest
        return (*dict.fromkeys(of_file), *last)


def track(  # noqa: PLR0913  (each may be left away)
    frames_of: FramesOf,
    detector: Callable[[], Detector],
    *,
    segments: Sequence[Segment] = WHOLE,
    workers: int | None = None,
    person: str | None = None,
    outline: bool = False,
    every_frame: bool = True,
    progress: Progress | None = None,
    source: str = "",
) -> Tracked:
    """Follow the subject through frames that can be had again.

    Parameters
    ----------
    frames
        Starts the frames of a segment, warm-up included; called twice where the first
        pass followed the wrong person.
    detector
        Makes a fresh detector.
    segments, workers
        Followed at the same time, so many at most; None is one for each core.
    outline
        Whether the outline of the legs is read too, where they may squat.
    every_frame
        Whether each frame is looked at even while nothing moves.
    """
    workers = workers or usable_cores()
    job = TrackingJob(frames_of, detector, None, outline, every_frame)
    passed = track_segments(job, segments, workers, progress)
    prior = _prior_of_subject(passed, person)
    if prior is not None:
        del passed  # not kept in memory beside the second one
        job = replace(job, prior=prior)
        passed = track_segments(job, segments, workers, progress)
    pose = passed.pose(source)
    return Tracked(
        pose,
        passed.scene(pose),
        leg_edges_px=passed.bodies.leg_edges_px,
        inferred=None if every_frame else passed.bodies.inferred,
    )


def _prior_of_subject(
    passed: TrackingResult, person: str | None
) -> SubjectPrior | None:
    """Where the subject is, if it was not followed throughout; None where it was."""
    tracks = follow_people(passed.scans)
    if not tracks:
        return None
    subject = choose_subject(tracks, passed.size_px, person)
    # Somebody seen in a single look is a frame on the wall, not a person.
    others = [t for t in tracks if t is not subject and len(t.seen) > 1]
    # Where nobody was, he is seen only in a part of a very wide frame.
    if passed.bodies.is_empty or (others and not _followed(subject, tracks, passed)):
        return SubjectPrior(passed.scans, subject)
    return None


def _followed(
    subject: PersonTrack, tracks: Sequence[PersonTrack], passed: TrackingResult
) -> bool:
    """Whether the first pass followed the subject at every scan."""
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
