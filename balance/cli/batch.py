"""The command ``balance batch``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from balance.cli import options as given
from balance.cli.analyze import files_of
from balance.cli.options import NOTHING_MEASURED, UNUSABLE
from balance.cli.output import current, emit, say, warn

if TYPE_CHECKING:
    from balance.pipeline.batch.job import Outcome
    from balance.pipeline.batch.run import Told

SHOWN_FIRST = 10


def add_commands(app: typer.Typer) -> None:
    """Put the command beside the others of ``balance``."""
    app.command("batch")(batch)


@given.takes(facts=given.FACTS, pages=given.PAGES)
def batch(  # noqa: PLR0913  (the options of the file contract)
    source: Annotated[
        str,
        typer.Argument(
            help="A folder, a pattern in quotes, an address, or a list: a .csv with "
            "the column video and, where known, person, height_cm, age, sex, test, "
            "protocol, eyes, footwear, surface, fps, slow_motion.",
            metavar="FOLDER|GLOB|LIST.csv",
        ),
    ],
    *,
    out: given.Out = Path("results"),
    workers: given.Workers = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler, tcp://…, that does the work."),
    ] = None,
    facts: given.Given,
    mirrored: given.Mirrored = False,
    fps: given.Fps = None,
    slow_motion: given.SlowMotion = None,
    model: given.Model = None,
    no_video: given.NoVideo = False,
    pages: given.Given,
    no_flow: given.NoFlow = False,
    every_frame: given.EveryFrame = False,
) -> None:
    """Measure many videos, resumable.

    Writes a folder for each and tables of all.
    """
    from balance.pipeline.batch.run import Plan, run_batch

    said: dict[str, Any] = {
        **facts,
        "mirrored": mirrored,
        "fps": fps,
        "slow_motion": slow_motion,
        "model": None if model is None else str(model.absolute()),
        "flow": not no_flow,
        "every_frame": every_frame,
    }
    known = {name: value for name, value in said.items() if value is not None}
    files = files_of(pages, video=not no_video)
    plan = Plan(
        out,
        known,
        files.video,
        workers,
        scheduler,
        report=files.report,
        pdf=files.pdf,
        details=files.details,
    )
    with _Progress(current().quiet) as tell:
        outcomes = run_batch(source, plan, tell)
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
        text = f"{self._look} to review" if self._look else ""
        self._bar.update(self._task, completed=done, total=total, description=text)

    def _line(self, outcome: "Outcome", done: int, total: int) -> None:
        if outcome.error:
            warn(outcome.error)
        elif not self._quiet:
            typer.echo(f"{done}/{total} {outcome.place}: {outcome.grade}", err=True)


def _summarise(outcomes: "list[Outcome]", out: Path) -> None:
    from dataclasses import asdict

    from balance.pipeline.batch.table import to_review

    some = to_review(outcomes)
    good = len(outcomes) - len(some)
    say(f"{len(outcomes)} clips, {good} good, {len(some)} to review:")
    for outcome in some[:SHOWN_FIRST]:
        say(f"  {outcome.grade}  {outcome.place}: {outcome.reasons[0]}")
    if len(some) > SHOWN_FIRST:
        say(f"  … and {len(some) - SHOWN_FIRST} more in clips.csv")
    say(
        f"Tables: {out / 'trials.csv'}, trials.parquet, summary.csv, clips.csv, "
        "review.csv"
    )
    emit([asdict(outcome) for outcome in outcomes])
