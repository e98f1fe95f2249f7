"""The one public verb: a video file in, an assessment and its files out."""

from dataclasses import dataclass, replace
from pathlib import Path

from balance.analysis.assessment import assess
from balance.model.fault_log import nothing_unforeseen
from balance.model.files import write_assessment, write_recording, write_trials
from balance.model.recording import Recording
from balance.model.result_folder import require_writable, result_folder, written_result
from balance.model.results import Assessment
from balance.model.setup import Progress, Setup
from balance.pipeline.record import record_video
from balance.reference.loader import load_protocol
from balance.reference.standards import load_standards


@dataclass(frozen=True, eq=False)
class Result:
    """An assessment, the recording that it came from, and where its files are."""

    assessment: Assessment
    recording: Recording
    folder: Path | None = None


def _silent(_what: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


def analyze_video(
    path: Path,
    setup: Setup | None = None,
    *,
    workers: int | None = None,
    progress: Progress = _silent,
) -> Result:
    """Measure one video on ``workers`` cores, None for all; they change no number.

    Raises
    ------
    VideoError, DetectorError, InputError
        With one sentence, where the video cannot be measured at all. A video that
        can be read but holds nothing to measure gives an assessment without trials.
    """
    setup = setup or Setup()
    load_protocol(setup.protocol)
    recording = record_video(path, setup, progress=progress, workers=workers)
    return Result(assess_recording(recording), recording)


def assess_recording(recording: Recording) -> Assessment:
    """Assess a recording by its own protocol and the norms that ship."""
    with nothing_unforeseen():
        return assess(recording, load_protocol(recording.protocol), load_standards())


def analyze_to_folder(  # noqa: PLR0913  (each may be left away)
    path: Path,
    out: Path,
    setup: Setup | None = None,
    *,
    name: str | None = None,
    video: bool = True,
    blur_faces: bool = False,
    workers: int | None = None,
    progress: Progress = _silent,
) -> Result:
    """Measure one video and write its folder below ``out``, whole or not at all.

    The folder is called ``name``, or as the video without its ending. ``blur_faces``
    makes faces in its frames unrecognisable.
    """
    require_writable(out)
    with nothing_unforeseen():
        result = analyze_video(path, setup, workers=workers, progress=progress)
    folder = result_folder(out, name or path.stem, result.assessment.source.sha256)
    with nothing_unforeseen(), written_result(folder) as work:
        write_assessment(result.assessment, work / "assessment.json")
        write_recording(result.recording, work / "landmarks.npz")
        write_trials(result.assessment, work / "trials.csv")
        _draw(path, result, work, video=video, blur_faces=blur_faces, progress=progress)
    return replace(result, folder=folder)


def _draw(  # noqa: PLR0913  (what is drawn, and how)
    path: Path,
    result: Result,
    work: Path,
    *,
    video: bool,
    blur_faces: bool,
    progress: Progress,
) -> None:
    """Write the report and, where asked, the annotated video."""
    from balance.reporting.pages.report import write_report
    from balance.reporting.video.film_stills import read_again, stills_of_film
    from balance.reporting.video.overlay import annotate
    from balance.reporting.video.stills import StillCollector, wanted_times
    from balance.video.memory import trim_heap

    assessment, recording = result.assessment, result.recording
    wanted_s = wanted_times(assessment)
    if video:
        collector = StillCollector(wanted_s)
        with read_again(path, recording, progress) as frames:
            passing = collector.passing(frames)
            film = work / "annotated.mp4"
            annotate(passing, assessment, recording, film, blur_faces=blur_faces)
        stills = collector.stills
    else:
        stills = stills_of_film(path, recording, wanted_s, progress)
    trim_heap()  # the charts' drawing takes 150 MB
    report = work / "report.html"
    write_report(assessment, recording, stills, report, blur_faces=blur_faces)
