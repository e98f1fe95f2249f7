"""What a person reads in the terminal: a progress bar and a table of results."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balance.cli.output import current
from balance.cli.output import say as print_line
from balance.model.codes import Answer, Severity
from balance.model.results import Assessment, Finding, Judgement, Measurement, Trial
from balance.reporting.pages.report_view import reason_for
from balance.reporting.words.measure_words import measure_words
from balance.reporting.words.wording import (
    JUDGEMENT_WORDS,
    answer_words,
    say,
    trial_title,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from balance.model.setup import Progress

# Measures worth a line, in this order, where a trial has them.
SHOWN = (
    "hold_s",
    "sway_ml_rms_mm",
    "sway_ml_rms_pct_height",
    "sway_ml_speed_mm_s",
    "trunk_lean_deg",
    "knee_flexion_deg_mean",
    "fppa_frontal_left_deg_mean",
    "fppa_frontal_right_deg_mean",
    "knee_ankle_separation_ratio_mean",
)


@contextlib.contextmanager
def progress_bar(name: str, *, quiet: bool) -> "Iterator[Progress]":
    """Frames, frames per second and time left, on a terminal; nothing elsewhere."""
    if quiet or current().as_json or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, int] = {}

        def show(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(f"{name}: {what}", total=total, rate="")
            task = next(t for t in bar.tasks if t.id == tasks[what])
            rate = f"{task.speed:.0f} frames/s" if task.speed else ""
            bar.update(task.id, completed=done, total=total, rate=rate)

        yield show


def show_result(assessment: Assessment, folder: Path | None) -> None:
    """Print one result: table, findings, where the report is.

    Everything with ``-v``; otherwise what is only good to know is left to the report.
    """
    show_table([assessment])
    for finding in _all_findings(assessment, everything=current().verbose):
        print_line(f"  • {finding}")
    if folder is not None:
        report = folder / "report.html"
        made = f"Report: {report}" if report.exists() else f"Results: {folder}"
        print_line(made)


def show_table(assessments: Sequence[Assessment]) -> None:
    """Print trials with their measures and 95 % intervals, in plain words."""
    if current().quiet or current().as_json:
        return
    from rich.table import Table

    table = Table(title="In brackets: 95 % CI", title_justify="left")
    for heading in ("clip", "what", "measured", "value"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "value")
    for assessment in assessments:
        for trial in assessment.trials:
            _add_trial(table, assessment, trial)
        if not assessment.trials:
            table.add_row(assessment.source.name, "nothing to measure", "", "")
        table.add_section()
    _console().print(table)


def _console() -> "Console":
    from rich.console import Console

    # Names may hold brackets; they are no markup of ours.
    console = Console(markup=False)
    # Where nobody looks at a terminal (a file, a pipe), lines need not be cut.
    return console if console.is_terminal else Console(width=100, markup=False)


def _add_trial(table: "Table", assessment: Assessment, trial: Trial) -> None:
    count = f", {len(trial.repetitions)} times" if trial.repetitions else ""
    when = f"{trial.start_s:.2f}–{trial.end_s:.2f} s"
    head = [assessment.source.name, f"{trial_title(trial)}{count}\n{when}"]
    rows = [*_measures(trial, assessment.findings), *map(_answer, trial.judgements)]
    for words, value in rows or [("", "")]:
        table.add_row(*head, words, value)
        head = ["", ""]


def _measures(trial: Trial, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """Measures worth a line, and why one is missing; each reason once."""
    names = trial.measures if current().verbose else SHOWN
    given: set[str] = set()
    for name in (name for name in names if name in trial.measures):
        words = measure_words(name)[0] or name
        value = trial.measures[name]
        if value is not None:
            yield words, with_interval(value)
            continue
        reason = reason_for(name, trial, findings)
        if reason not in given or current().verbose:
            yield f"{words}\n{reason}", with_interval(None)
        given.add(reason)


def _answer(judgement: Judgement) -> tuple[str, str]:
    words = JUDGEMENT_WORDS[judgement.code][0]
    if judgement.answer is Answer.CANNOT_TELL and judgement.because:
        words = f"{words}\n{judgement.because}"
    return words, answer_words(judgement)


def with_interval(measure: Measurement | None) -> str:
    """Write ``10.98 s (10.91–11.05)``; a censored value as ``≥ 31.3 s``."""
    return "cannot tell" if measure is None else str(say(measure))


def _all_findings(assessment: Assessment, *, everything: bool) -> list[str]:
    found = [*assessment.findings, *(f for t in assessment.trials for f in t.findings)]
    texts = [
        finding.text
        for finding in found
        if everything or finding.severity is not Severity.INFO
    ]
    return list(dict.fromkeys(texts))
