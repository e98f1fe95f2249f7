"""The public Python API: what ``import balance`` offers.

Names, parameters and columns that are documented here stay as they are until version
1.0 announces otherwise; measures are only added. Everything else in the package may
change with every version.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balance.model import files
from balance.model.errors import InputError
from balance.model.files import read_assessment
from balance.model.recording import Recording
from balance.model.results import Assessment
from balance.model.setup import Progress, Setup
from balance.pipeline.analyze import Result, analyze_video, assess_recording
from balance.pipeline.setup import as_parameter, make_setup
from balance.reference.loader import load_protocol

if TYPE_CHECKING:
    import pandas

    from balance.pipeline.batch.job import Outcome

__all__ = ["BatchResult", "analyze", "assess", "batch", "read_recording"]


def _silent(_what: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


def analyze(  # noqa: PLR0913  (each may be left away)
    path: str | Path,
    *,
    height_cm: float | None = None,
    age: float | None = None,
    sex: str | None = None,
    eyes: str = "unknown",
    footwear: str = "unknown",
    surface: str = "unknown",
    protocol: str = "auto",
    test: str = "auto",
    from_s: float | None = None,
    to_s: float | None = None,
    person: str | None = None,
    mirrored: bool = False,
    fps: float | None = None,
    slow_motion: float | None = None,
    flow: bool = True,
    every_frame: bool = False,
    model: str | Path | None = None,
    setup: Setup | None = None,
    workers: int | None = None,
    progress: Progress = _silent,
) -> Result:
    """Measure the stands and squats of one recorded video.

    Nothing is written; see `Result.save`.

    Parameters
    ----------
    path
        The video file.
    height_cm
        Body height in cm. Without it lengths are in % of body height, not in mm.
    age, sex
        Age in years and "f" or "m", for norms.
    eyes, footwear, surface
        "open", "closed" or "unknown"; "barefoot", "shoes" or "unknown"; "firm", "soft"
        or "unknown": what the camera cannot see of the test.
    protocol
        Code of a named protocol; "auto" sets no time limit.
    test
        What to look for: "auto", "single-leg-stance", "squat", "single-leg-squat",
        "heel-raise", "side-by-side-stance", "semi-tandem-stance", "tandem-stance",
        "weight-shift", "hop" or "sit-to-stand".
    from_s, to_s
        Part of the video, in its seconds.
    person
        Who, if there are several: "left", "centre", "right" or a number from the left.
    mirrored
        Whether the video is a mirror image.
    fps
        Frames per second of a file without time stamps.
    slow_motion
        How many times slower the video plays than it was; None is as the file says.
        All seconds, ``from_s`` and ``to_s`` too, are those of what happened.
    flow
        False: landmarks only, no texture tracking; quicker, sway is less exact.
    every_frame
        True: find landmarks in every frame even while nothing moves; slower.
    model
        Another MediaPipe pose model (``.task`` file).
    setup
        All of the above in one object, instead of the parameters.
    workers
        Cores to use, None for all. Does not affect results.
    progress
        Called with what is being done, frames done, and frames in all or None.

    Returns
    -------
    Result
        ``trials``, ``findings``, ``assessment``, ``recording``. A video that can be
        read but holds nothing to measure gives no trial and a finding that says why.

    Raises
    ------
    InputError
        Where a parameter makes no sense.
    VideoError
        Where the video cannot be opened or decoded.
    DetectorError
        Where the pose model or a system library is missing.

    Notes
    -----
    Landmarks: MediaPipe Pose Landmarker (full), unsmoothed. Measures, intervals and the
    sources of all norms are described in the report of each result.
    """
    if setup is None:
        setup = make_setup(
            named=as_parameter,
            height_cm=height_cm,
            age=age,
            sex=sex,
            eyes=eyes,
            footwear=footwear,
            surface=surface,
            protocol=protocol,
            test=test,
            from_s=from_s,
            to_s=to_s,
            person=person,
            mirrored=mirrored,
            fps=fps,
            slow_motion=slow_motion,
            flow=flow,
            every_frame=every_frame,
            model=None if model is None else Path(model),
        )
    return analyze_video(Path(path), setup, workers=workers, progress=progress)


def read_recording(path: str | Path) -> Recording:
    """Read the landmarks and tracks that a result was made from.

    Parameters
    ----------
    path
        A ``landmarks.npz``, or the result folder that holds it.

    Returns
    -------
    Recording
        ``pose`` with ``time_s`` (T,), ``xy_px`` (T, 33, 2) in px and ``visibility``
        (T, 33); ``sway``, ``foot_tracks``, ``scene`` and what was said of the person.
        NaN = not seen.

    Raises
    ------
    InputError
        Where there is no such file, or it is none of balance.
    """
    place = Path(path)
    return files.read_recording(place / "landmarks.npz" if place.is_dir() else place)


def assess(recording: Recording, *, protocol: str | None = None) -> Assessment:
    """Assess a recording, without the video; the same recording, the same numbers.

    Parameters
    ----------
    recording
        From `read_recording` or `Result.recording`. ``dataclasses.replace`` it to
        change what was said of the person or the test.
    protocol
        Code of a named protocol; None is the one that the recording carries.

    Returns
    -------
    Assessment
        Trials with measures and 95 % intervals, judgements, findings, provenance.

    Raises
    ------
    InputError
        Where there is no such protocol.
    """
    if protocol is not None:
        recording = replace(recording, protocol=load_protocol(protocol).code)
    return assess_recording(recording)


@dataclass(frozen=True, eq=False)
class BatchResult:
    """What became of many videos: an outcome for each, and the results on disk.

    ``outcomes`` in the order of the source: ``place``, ``grade`` ("good", "check",
    "unusable"), ``reasons``, ``trials``, ``folder``, ``sha256``. ``out`` is the folder
    of results and tables.
    """

    outcomes: "tuple[Outcome, ...]"
    out: Path

    def __len__(self) -> int:
        return len(self.outcomes)

    def __iter__(self) -> "Iterator[Outcome]":
        return iter(self.outcomes)

    def assessments(self) -> Iterator[Assessment]:
        """Read the assessment of each video that could be measured."""
        for outcome in self.outcomes:
            if outcome.folder:
                yield read_assessment(self.out / outcome.folder / "assessment.json")

    def to_dataframe(self, detail: str = "wide") -> "pandas.DataFrame":
        """Return all trials as a pandas data frame.

        Parameters
        ----------
        detail
            "wide": one row a trial, as ``summary.csv``; "long": one row a measure, as
            ``trials.csv``. ``clip`` tells two videos of one name apart.

        Raises
        ------
        OutputError
            Where pandas is not installed.
        InputError
            Where ``detail`` is neither.
        """
        from balance.pipeline.batch.table import batch_frame

        return batch_frame(self.outcomes, self.out, detail)


def batch(
    source: str | Path,
    *,
    out: str | Path = "results",
    workers: int | None = None,
    video: bool = False,
    report: bool = True,
    **facts: Any,
) -> BatchResult:
    """Measure many videos; what an earlier run has measured is not measured again.

    Parameters
    ----------
    source
        A folder, a pattern, or a ``.csv`` list with the column ``video`` and, where
        known, ``person``, ``height_cm``, ``age``, ``sex``, ``test``, ``protocol``,
        ``eyes``, ``footwear``, ``surface``.
    out
        Folder for a result folder a video, ``trials.csv``, ``summary.csv``,
        ``clips.csv`` and ``review.csv``.
    workers
        Processes, None for one a core. Does not affect results.
    video, report
        Whether annotated videos and report pages are written.
    facts
        What holds for every video; parameters of `analyze`.

    Raises
    ------
    InputError, OutputError
        Before anything is measured, where the source, a fact or the folder is of no
        use. A video that cannot be measured is an outcome, not an error.
    """
    from balance.pipeline.batch.run import Plan, run_batch

    strange = [name for name in facts if name not in FACTS]
    if strange:
        raise InputError(f"{strange[0]}: choose one of {', '.join(FACTS)}.")
    plan = Plan(Path(out), facts, video, workers, report=report)
    return BatchResult(tuple(run_batch(str(source), plan)), Path(out))


FACTS = (
    "height_cm",
    "age",
    "sex",
    "eyes",
    "footwear",
    "surface",
    "protocol",
    "test",
    "from_s",
    "to_s",
    "mirrored",
    "fps",
    "slow_motion",
    "flow",
    "every_frame",
    "model",
)
