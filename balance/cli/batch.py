"""The command ``balance batch``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from balance.pipeline.batch.job import Outcome
    from balance.pipeline.batch.run import Told

app = typer.Typer()

NOTHING_MEASURED = 3
UNUSABLE = 2
SHOWN_FIRST = 10


@app.command()
def batch(  # noqa: PLR0913  (the options of the file contract)
    source: Annotated[
        str,
        typer.Argument(
            help="A folder, a pattern in quotes, an address, or a list: a .csv with "
            "the column video and, where known, person, height_cm, age, sex, test, "
            "protocol, eyes, footwear, surface.",
            metavar="FOLDER|GLOB|LIST.csv",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path(
        "results"
    ),
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; default one a core.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler, tcp://…, that does the work."),
    ] = None,
    test: Annotated[str, typer.Option(help="As in analyze, for every clip.")] = "auto",
    protocol: Annotated[str, typer.Option(help="As in analyze.")] = "auto",
    height_cm: Annotated[float | None, typer.Option(help="As in analyze.")] = None,
    age: Annotated[float | None, typer.Option(help="As in analyze.")] = None,
    sex: Annotated[str | None, typer.Option(help="As in analyze.")] = None,
    eyes: Annotated[str, typer.Option(help="As in analyze.")] = "unknown",
    footwear: Annotated[str, typer.Option(help="As in analyze.")] = "unknown",
    surface: Annotated[str, typer.Option(help="As in analyze.")] = "unknown",
    mirrored: Annotated[
        bool, typer.Option("--mirrored", help="As in analyze.")
    ] = False,
    model: Annotated[Path | None, typer.Option(help="As in analyze.")] = None,
    no_video: Annotated[
        bool, typer.Option("--no-video", help="Write no annotated videos.")
    ] = False,
    no_flow: Annotated[
        bool, typer.Option("--no-flow", help="Landmarks only, no texture tracking.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing but errors.")
    ] = False,
) -> None:
    """Measure many videos: a folder for each, tables of all. Stop and go on at will."""
    from balance.pipeline.batch.run import Plan, run_batch

    told: dict[str, Any] = {
        "test": test,
        "protocol": protocol,
        "height_cm": height_cm,
        "age": age,
        "sex": sex,
        "eyes": eyes,
        "footwear": footwear,
        "surface": surface,
        "mirrored": mirrored,
        "model": None if model is None else str(model.absolute()),
        "flow": not no_flow,
    }
    plan = Plan(out, told, not no_video, workers, scheduler)
    with _Progress(quiet) as tell:
        outcomes = run_batch(source, plan, tell)
    if not quiet:
        _summarise(outcomes, out)
    raise typer.Exit(exit_status(outcomes))


def exit_status(outcomes: "list[Outcome]") -> int:
    """Return 2 where a clip could not be read, 3 where one held nothing, else 0."""
    if any(outcome.error for outcome in outcomes):
        return UNUSABLE
    return NOTHING_MEASURED if any(o.trials == 0 for o in outcomes) else 0


class _Progress:
    """Clips done, those to look at, and the time left; a line each off a terminal."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._look = 0

    def __enter__(self) -> "Told":
        if self._quiet or not sys.stderr.isatty():
            return self._line
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("clips"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            # Clips take minutes: the speed is that of the last half hour.
            TimeRemainingColumn(),
            console=Console(stderr=True),
            speed_estimate_period=1800,
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=None)
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _show(self, outcome: "Outcome", done: int, total: int) -> None:
        self._look += outcome.grade != "good"
        text = f"{self._look} to look at" if self._look else ""
        self._bar.update(self._task, completed=done, total=total, description=text)

    def _line(self, outcome: "Outcome", done: int, total: int) -> None:
        if outcome.error:
            typer.secho(outcome.error, fg="red", err=True)
        elif not self._quiet:
            typer.echo(f"{done}/{total} {outcome.place}: {outcome.grade}", err=True)


def _summarise(outcomes: "list[Outcome]", out: Path) -> None:
    from balance.pipeline.batch.table import needs_eyes

    eyes = needs_eyes(outcomes)
    good = len(outcomes) - len(eyes)
    typer.echo(f"{len(outcomes)} clips, {good} good, {len(eyes)} to look at first:")
    for outcome in eyes[:SHOWN_FIRST]:
        typer.echo(f"  {outcome.grade}  {outcome.place}: {outcome.reasons[0]}")
    if len(eyes) > SHOWN_FIRST:
        typer.echo(f"  … and {len(eyes) - SHOWN_FIRST} more in needs_eyes.csv")
    typer.echo(
        f"Tables: {out / 'trials.csv'}, trials.parquet, clips.csv, needs_eyes.csv"
    )
