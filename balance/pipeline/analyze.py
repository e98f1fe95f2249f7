"""A video file in, an assessment and its files out."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from balance.model.errors import InputError
from balance.model.fault_log import nothing_unforeseen
from balance.model.files import write_assessment, write_recording, write_trials
from balance.model.recording import Recording
from balance.model.result_folder import require_writable, result_folder, written_result
from balance.model.results import Assessment, Finding, Trial
from balance.model.setup import Progress, Setup
from balance.model.tables import results_frame
from balance.pipeline.meanwhile import FOR_ANALYSIS, FOR_REPORT, loading
from balance.pipeline.record import record_video
from balance.reference.loader import load_protocol

if TYPE_CHECKING:
    import pandas

    from balance.reporting.video.stills import DrawnStills, Stills


def _silent(_what: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Files:
    """Which files of a result are written beside those that always are.

    ``report`` the page, ``pdf`` the same as ``report.pdf``, ``video`` the annotated
    video; ``blur_faces`` makes faces in their images unrecognisable, ``details`` opens
    all that can be opened in the report.
    """

    report: bool = True
    video: bool = True
    blur_faces: bool = False
    pdf: bool = False
    details: bool = False

    @property
    def pages(self) -> bool:
        """Whether a page is drawn at all."""
        return self.report or self.pdf


ALL_FILES = Files()


@dataclass(frozen=True, eq=False)
class Result:
    """An assessment, the recording that it came from, and where its files are.

    ``folder`` is None until it is saved; ``video`` None where the video is not at hand.
    """

    assessment: Assessment
    recording: Recording
    folder: Path | None = None
    video: Path | None = None

    @property
    def trials(self) -> tuple[Trial, ...]:
        """What the person did, by time; empty where nothing could be measured."""
        return self.assessment.trials

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to know of the whole recording, or why nothing was measured."""
        return self.assessment.findings

    def to_dataframe(self, detail: str = "wide") -> "pandas.DataFrame":
        """Return the trials as a pandas data frame.

        Parameters
        ----------
        detail
            "wide": one row a trial, three columns a measure (value, ``_low`` and
            ``_high`` of its 95 % interval) with the unit in the name; "long": one row a
            measure, the columns of ``trials.csv``.

        Raises
        ------
        OutputError
            Where pandas is not installed.
        InputError
            Where ``detail`` is neither.
        """
        return results_frame([self.assessment], detail)

    def save(
        self,
        folder: str | Path,
        *,
        report: bool = True,
        pdf: bool = False,
        video: bool = False,
        blur_faces: bool = False,
    ) -> "Result":
        """Write the result's files into a folder, all or none; return where they are.

        ``assessment.json``, ``landmarks.npz`` and ``trials.csv`` always;
        ``report.html``, ``report.pdf`` and ``annotated.mp4`` where asked. Images need
        the video, a PDF needs Chromium or Chrome.

        Raises
        ------
        OutputError
            Where the folder cannot be written.
        InputError
            Where it holds the result of another recording.
        """
        place = Path(folder)
        require_writable(place.parent)
        sha256 = self.assessment.source.sha256
        if result_folder(place.parent, place.name, sha256) != place:
            raise InputError(f"{place} holds another recording's result")
        return write_result(self, place, Files(report, video, blur_faces, pdf))


def analyze_video(
    path: Path,
    setup: Setup | None = None,
    *,
    workers: int | None = None,
    progress: Progress = _silent,
    report_follows: bool = False,
) -> Result:
    """Measure one video on ``workers`` cores, None for all; they change no number.

    ``report_follows``: what a report needs is loaded meanwhile.

    Raises
    ------
    VideoError, DetectorError, InputError
        With one sentence, where the video cannot be measured at all. A video that
        can be read but holds nothing to measure gives an assessment without trials.
    """
    setup = setup or Setup()
    load_protocol(setup.protocol)
    steps = FOR_REPORT if report_follows else FOR_ANALYSIS
    with loading(steps, progress) as while_loading:
        recording = record_video(path, setup, progress=while_loading, workers=workers)
    return Result(assess_recording(recording), recording, video=path)


def assess_recording(recording: Recording) -> Assessment:
    """Assess a recording by its own protocol and the norms that ship."""
    from balance.analysis.assessment import assess
    from balance.reference.standards import load_standards

    with nothing_unforeseen():
        return assess(recording, load_protocol(recording.protocol), load_standards())


def analyze_to_folder(  # noqa: PLR0913  (each may be left away)
    path: Path,
    out: Path,
    setup: Setup | None = None,
    *,
    name: str | None = None,
    report: bool = True,
    video: bool = True,
    blur_faces: bool = False,
    pdf: bool = False,
    details: bool = False,
    workers: int | None = None,
    progress: Progress = _silent,
) -> Result:
    """Measure one video and write its folder below ``out``, whole or not at all.

    The folder is called ``name``, or as the video without its ending; see `Files` for
    what is written.
    """
    require_writable(out)
    with nothing_unforeseen():
        result = analyze_video(
            path, setup, workers=workers, progress=progress, report_follows=report
        )
    folder = result_folder(out, name or path.stem, result.assessment.source.sha256)
    files = Files(report, video, blur_faces, pdf, details)
    return write_result(result, folder, files, progress)


def write_result(
    result: Result, folder: Path, files: Files, progress: Progress = _silent
) -> Result:
    """Write a result's folder, whole or not at all; return the result with it."""
    with nothing_unforeseen(), written_result(folder) as work:
        write_assessment(result.assessment, work / "assessment.json")
        write_recording(result.recording, work / "landmarks.npz")
        write_trials(result.assessment, work / "trials.csv")
        if result.video is None:
            write_pages(result, {}, work, files)
        else:
            _draw(result.video, result, work, files, progress)
    return replace(result, folder=folder)


def write_pages(
    result: Result,
    stills: "Stills",
    folder: Path,
    files: Files,
    drawn: "DrawnStills | None" = None,
) -> None:
    """Write the report and its PDF, each where asked; ``drawn`` as in the report."""
    from balance.reporting.pages.pdf import print_pdf
    from balance.reporting.pages.report import render_report, write_page

    if not files.pages:
        return
    page = render_report(
        result.assessment,
        result.recording,
        stills,
        drawn=drawn,
        blur_faces=files.blur_faces,
        details=files.details,
    )
    if files.report:
        write_page(page, folder / "report.html")
    if files.pdf:
        print_pdf(page, folder / "report.pdf")


def _draw(
    path: Path, result: Result, work: Path, files: Files, progress: Progress
) -> None:
    """Write the report and the annotated video, each where asked."""
    from balance.reporting.video.overlay import annotate
    from balance.reporting.video.stills import StillCollector, wanted_times
    from balance.reporting.video.video_stills import read_again, stills_of_video
    from balance.video.memory import trim_heap

    assessment, recording = result.assessment, result.recording
    blur_faces = files.blur_faces
    wanted_s = wanted_times(assessment) if files.pages else []
    if files.video:
        collector = StillCollector(wanted_s)
        with read_again(path, recording, progress) as frames:
            passing = collector.passing(frames)
            drawn = work / "annotated.mp4"
            annotate(passing, assessment, recording, drawn, blur_faces=blur_faces)
        stills = collector.stills
    else:
        stills = stills_of_video(path, recording, wanted_s, progress)
    trim_heap()  # the charts' drawing takes 150 MB
    write_pages(result, stills, work, files)
