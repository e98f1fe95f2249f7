"""The command ``balance``: arguments in, sentences and exit status out."""

import io
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from balance import __version__
from balance.cli.app import add_commands as add_app
from balance.cli.batch import app as batch_app
from balance.cli.exchange import add_commands as add_exchange
from balance.cli.live import add_commands as add_live
from balance.cli.selftest import add_commands as add_selftest
from balance.cli.training import add_commands as add_training
from balance.model.errors import BalanceError
from balance.model.fault_log import nothing_unforeseen

# The order of the help: what most people want comes first.
ORDER = (
    "demo",
    "analyze",
    "rescore",
    "app",
    "live",
    "batch",
    "history",
    "report",
    "export",
    "import",
    "protocols",
    "protocol",
    "exercises",
    "plan",
    "selftest",
    "benchmark",
)


class InOrder(typer.core.TyperGroup):
    """The commands, those of ``ORDER`` first."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands in the order of the help."""
        names = super().list_commands(ctx)
        known = [name for name in ORDER if name in names]
        return known + [name for name in names if name not in known]


# Help and errors must not wait for MediaPipe: everything heavy is imported inside.
app = typer.Typer(
    name="balance",
    cls=InOrder,
    help="Measure human balance with an ordinary camera. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


NOTHING_MEASURED = 3
UNUSABLE = 2

Test = Annotated[
    str,
    typer.Option(
        help="What was done: auto, single-leg-stance, squat, single-leg-squat."
    ),
]
Height = Annotated[
    float | None, typer.Option(help="Body height in cm; gives millimetres.")
]
Age = Annotated[
    float | None, typer.Option(help="Age in years; gives norms from 18 on.")
]
Sex = Annotated[str | None, typer.Option(help="f or m, where norms differ.")]
Eyes = Annotated[str, typer.Option(help="open, closed or unknown.")]
Footwear = Annotated[str, typer.Option(help="barefoot, shoes or unknown.")]
Surface = Annotated[str, typer.Option(help="firm, soft or unknown.")]
ProtocolCode = Annotated[
    str, typer.Option("--protocol", help="Named protocol; auto caps nothing.")
]
From = Annotated[float | None, typer.Option("--from", help="Start at this second.")]
To = Annotated[float | None, typer.Option("--to", help="Stop at this second.")]
Who = Annotated[
    str | None,
    typer.Option("--person", help="left, centre, right or a number from the left."),
]
Mirrored = Annotated[
    bool, typer.Option("--mirrored", help="The video is a mirror image (selfie).")
]
Fps = Annotated[
    float | None,
    typer.Option("--fps", help="Frames per second of a file without time stamps."),
]
Model = Annotated[Path | None, typer.Option(help="Another pose model (.task file).")]
Out = Annotated[Path, typer.Option(help="Folder for the results.")]
NoVideo = Annotated[bool, typer.Option("--no-video", help="Write no annotated video.")]
BlurFaces = Annotated[
    bool, typer.Option("--blur-faces", help="Make faces in pictures unrecognisable.")
]
NoFlow = Annotated[
    bool, typer.Option("--no-flow", help="Landmarks only, no texture tracking.")
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Cores to use; default all. Changes no number."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]


def _version(show: bool) -> None:
    if show:
        typer.echo(f"balance {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Measure human balance with an ordinary camera. Nothing leaves this machine."""


@app.command()
def analyze(  # noqa: PLR0913  (the options of the file contract)
    videos: Annotated[
        list[Path], typer.Argument(help="Video files.", metavar="VIDEO…")
    ],
    test: Test = "auto",
    height_cm: Height = None,
    age: Age = None,
    sex: Sex = None,
    eyes: Eyes = "unknown",
    footwear: Footwear = "unknown",
    surface: Surface = "unknown",
    protocol: ProtocolCode = "auto",
    from_s: From = None,
    to_s: To = None,
    person: Who = None,
    mirrored: Mirrored = False,
    fps: Fps = None,
    model: Model = None,
    out: Out = Path("results"),
    no_video: NoVideo = False,
    blur_faces: BlurFaces = False,
    no_flow: NoFlow = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Measure stands and squats in recorded videos and write a folder for each."""
    from balance.pipeline.setup import make_setup

    setup = make_setup(
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
        flow=not no_flow,
        model=model,
    )
    status = 0
    for path in videos:
        status = max(
            status,
            _one_video(
                path,
                out,
                setup,
                video=not no_video,
                blur_faces=blur_faces,
                workers=workers,
                quiet=quiet,
            ),
            key=_badness,
        )
    raise typer.Exit(status)


def _badness(status: int) -> int:
    return {0: 0, NOTHING_MEASURED: 1}.get(status, 2)


def _one_video(  # noqa: PLR0913  (the options of the file contract)
    path: Path,
    out: Path,
    setup: Any,
    *,
    video: bool,
    blur_faces: bool,
    workers: int | None,
    quiet: bool,
) -> int:
    """Measure one video, say so in a few lines, and return its exit status."""
    from balance.cli.terminal import progress_bar, show_result
    from balance.pipeline.analyze import analyze_to_folder

    try:
        with progress_bar(path.name, quiet=quiet) as progress:
            result = analyze_to_folder(
                path,
                out,
                setup,
                video=video,
                blur_faces=blur_faces,
                workers=workers,
                progress=progress,
            )
    except BalanceError as error:
        _say(error)
        return error.exit_status
    if not result.assessment.trials:
        from balance.reporting.words.wording import nothing_measured

        typer.echo(nothing_measured(result.assessment), err=True)
    if not quiet:
        show_result(result.assessment, result.folder)
    return 0 if result.assessment.trials else NOTHING_MEASURED


@app.command()
def rescore(
    files: Annotated[
        list[Path], typer.Argument(help="landmarks.npz files.", metavar="LANDMARKS…")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; default: beside each file."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Assess stored landmarks again, without video or model."""
    from balance.cli.terminal import show_result
    from balance.model.files import read_recording, write_assessment, write_trials
    from balance.pipeline.analyze import assess_recording

    status = 0
    for path in files:
        try:
            assessment = assess_recording(read_recording(path))
            folder = path.parent if out is None else out / path.parent.name
            write_assessment(assessment, folder / "assessment.json")
            write_trials(assessment, folder / "trials.csv")
        except BalanceError as error:
            _say(error)
            status = max(status, error.exit_status, key=_badness)
            continue
        if not quiet:
            show_result(assessment, folder)
        if not assessment.trials:
            status = max(status, NOTHING_MEASURED, key=_badness)
    raise typer.Exit(status)


@app.command()
def demo(
    out: Out = Path("results"),
    no_video: NoVideo = False,
) -> None:
    """Analyse the sample videos and show what comes out."""
    from balance.cli.terminal import progress_bar, show_table
    from balance.model.results import Person
    from balance.model.setup import Setup
    from balance.pipeline.analyze import analyze_to_folder
    from balance.video.samples import SAMPLE_HEIGHTS_MM, sample_videos

    results = []
    for path in sample_videos():
        setup = Setup(person=Person(height_mm=SAMPLE_HEIGHTS_MM.get(path.stem)))
        with progress_bar(path.name, quiet=False) as progress:
            results.append(
                analyze_to_folder(
                    path, out, setup, video=not no_video, progress=progress
                )
            )
    show_table([result.assessment for result in results])
    for result in results:
        if result.folder:
            typer.echo(f"Report: {result.folder / 'report.html'}")


for add in (add_app, add_live, add_training, add_exchange, add_selftest):
    add(app)
app.add_typer(batch_app)


def _say(error: BalanceError) -> None:
    typer.secho(str(error), fg="red", err=True)


def main() -> None:
    """Run the command; one place turns an error into a sentence and a status."""
    for stream in (sys.stdout, sys.stderr):
        # A name in letters that this terminal does not know must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with nothing_unforeseen():
            app()
    except BalanceError as error:
        _say(error)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        sys.exit(130)
