"""The commands ``analyze``, ``rescore`` and ``demo``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from balance.cli import options as given
from balance.cli.options import NOTHING_MEASURED, day_of, worst
from balance.cli.output import current, emit, say, warn
from balance.model.errors import BalanceError

if TYPE_CHECKING:
    from balance.history import Store
    from balance.model.results import Assessment
    from balance.model.setup import Setup
    from balance.pipeline.analyze import Files, Result


def add_commands(app: typer.Typer) -> None:
    """Put these commands beside the others of ``balance``."""
    app.command("demo")(demo)
    app.command("analyze")(analyze)
    app.command("rescore")(rescore)


@dataclass(frozen=True)
class ForPerson:
    """Whose visit the results are, where they are kept, and on which day."""

    store: "Store"
    code: str
    on: date | None

    def facts(self, said: dict[str, Any]) -> dict[str, Any]:
        """Fill in what is stored of the person; say where it differs."""
        from balance.pipeline.for_person import facts_of_person

        facts, notes = facts_of_person(self.store, self.code, said, self.on)
        for note in notes:
            warn(note)
        return facts

    def save(self, assessment: "Assessment", recording: Any) -> None:
        """Save a result under the visit and say so."""
        from balance.pipeline.for_person import save_visit

        say(save_visit(self.store, self.code, assessment, recording, self.on))


@contextmanager
def for_person(
    for_: str | None, store: str | None, on: str | None
) -> Iterator[ForPerson | None]:
    """Open the history where a result is for somebody; None where it is not."""
    if for_ is None:
        if on is not None:
            from balance.model.errors import InputError

            raise InputError("--on is the day of a visit; say whose with --for PERSON")
        yield None
        return
    from balance.history import open_store

    with open_store(store) as opened:
        yield ForPerson(opened, for_, day_of(on))


def setup_for(whose: ForPerson | None, said: dict[str, Any]) -> "Setup":
    """Return what was said as a setup, with what is known of the person."""
    from balance.pipeline.setup import make_setup

    return make_setup(**(said if whose is None else whose.facts(said)))


@given.takes(facts=given.FACTS, pages=given.PAGES, visit=given.VISIT)
def analyze(  # noqa: PLR0913  (the options of the file contract)
    videos: Annotated[list[Path], typer.Argument(help="Video files.", metavar="VIDEO")],
    *,
    facts: given.Given,
    from_s: given.From = None,
    to_s: given.To = None,
    person: given.Who = None,
    mirrored: given.Mirrored = False,
    fps: given.Fps = None,
    slow_motion: given.SlowMotion = None,
    model: given.Model = None,
    out: given.Out = Path("results"),
    no_video: given.NoVideo = False,
    pages: given.Given,
    blur_faces: given.BlurFaces = False,
    no_flow: given.NoFlow = False,
    every_frame: given.EveryFrame = False,
    workers: given.Workers = None,
    visit: given.Given,
) -> None:
    """Measure stands and squats in recorded videos.

    Writes a folder for each. Exit status: 0 measured, 2 bad usage or unreadable
    input, 3 readable but nothing could be measured.
    """
    said = {
        **facts,
        "from_s": from_s,
        "to_s": to_s,
        "person": person,
        "mirrored": mirrored,
        "fps": fps,
        "slow_motion": slow_motion,
        "flow": not no_flow,
        "every_frame": every_frame,
        "model": model,
    }
    files = files_of(pages, video=not no_video, blur_faces=blur_faces)
    rows: list[dict[str, Any]] = []
    with for_person(**visit) as whose:
        setup = setup_for(whose, said)
        statuses = [
            _one_video(path, out, setup, files, workers, whose, rows) for path in videos
        ]
    emit(rows)
    raise typer.Exit(worst(statuses))


def files_of(pages: given.Given, **more: bool) -> "Files":
    """Return which files are written; without a browser a PDF is refused at once."""
    from balance.pipeline.analyze import Files
    from balance.reporting.pages.pdf import require_browser

    if pages["pdf"]:
        require_browser()
    report = not pages["no_report"]
    return Files(report=report, pdf=pages["pdf"], details=pages["details"], **more)


def _one_video(  # noqa: PLR0913  (what is measured, how, and for whom)
    path: Path,
    out: Path,
    setup: "Setup",
    files: "Files",
    workers: int | None,
    whose: ForPerson | None,
    rows: list[dict[str, Any]],
) -> int:
    """Measure one video, say so in a few lines, and return its exit status."""
    from balance.cli.terminal import progress_bar
    from balance.pipeline.analyze import analyze_to_folder

    try:
        with progress_bar(path.name, quiet=current().quiet) as progress:
            result = analyze_to_folder(
                path, out, setup, workers=workers, progress=progress, **asdict(files)
            )
        status = _shown(result.assessment, result.folder, rows)
        if whose is not None:
            whose.save(result.assessment, result.recording)
    except BalanceError as error:
        return _failed(path, error, rows)
    return status


def _shown(
    assessment: "Assessment", folder: Path | None, rows: list[dict[str, Any]]
) -> int:
    """Show a result and return the exit status that it stands for."""
    from balance.cli.terminal import show_result
    from balance.model.files import assessment_to_dict
    from balance.reporting.words.wording import nothing_measured

    if not assessment.trials:
        typer.echo(nothing_measured(assessment), err=True)
    show_result(assessment, folder)
    rows.append({"folder": str(folder), "assessment": assessment_to_dict(assessment)})
    return 0 if assessment.trials else NOTHING_MEASURED


def _failed(path: Path, error: BalanceError, rows: list[dict[str, Any]]) -> int:
    warn(error)
    rows.append({"source": str(path), "error": str(error)})
    return error.exit_status


@given.takes(facts=given.FACTS, pages=given.PAGES, visit=given.VISIT)
def rescore(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="landmarks.npz files or result folders.", metavar="LANDMARKS"
        ),
    ],
    *,
    facts: given.Given,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the results; default: where they are."),
    ] = None,
    pages: given.Given,
    visit: given.Given,
) -> None:
    """Assess stored landmarks again, without video or model.

    Facts that were forgotten may be given now; a new report is written.
    """
    from balance.pipeline.rescore import rescore_file

    written = files_of(pages)
    rows: list[dict[str, Any]] = []
    statuses = []
    with for_person(**visit) as whose:
        setup = setup_for(whose, facts)
        for path in files:
            try:
                done = rescore_file(path, setup, out=out, files=written)
                for note in done.notes:
                    warn(f"{path}: {note}")
                statuses.append(_shown(done.assessment, done.folder, rows))
                if whose is not None:
                    whose.save(done.assessment, done.recording)
            except BalanceError as error:
                statuses.append(_failed(path, error, rows))
    emit(rows)
    raise typer.Exit(worst(statuses))


def demo(
    out: given.Out = Path("results"),
    no_video: given.NoVideo = False,
    no_report: given.NoReport = False,
) -> None:
    """Analyse the sample videos and show the results."""
    from balance.cli.terminal import progress_bar, show_table
    from balance.model.files import assessment_to_dict
    from balance.model.results import Person
    from balance.model.setup import Setup
    from balance.pipeline.analyze import Files, analyze_to_folder
    from balance.video.samples import SAMPLE_HEIGHTS_MM, sample_videos

    files = Files(report=not no_report, video=not no_video)
    results: list[Result] = []
    for path in sample_videos():
        setup = Setup(person=Person(height_mm=SAMPLE_HEIGHTS_MM.get(path.stem)))
        with progress_bar(path.name, quiet=current().quiet) as progress:
            results.append(
                analyze_to_folder(path, out, setup, progress=progress, **asdict(files))
            )
    show_table([result.assessment for result in results])
    for result in results:
        if result.folder:
            say(f"Report: {result.folder / 'report.html'}")
    emit(
        [
            {
                "folder": str(result.folder),
                "assessment": assessment_to_dict(result.assessment),
            }
            for result in results
        ]
    )
