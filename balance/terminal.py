"""What a person reads in the terminal: a progress bar and a table of results."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balance.codes import TrialKind
from balance.results import Assessment, Measurement, Trial

if TYPE_CHECKING:
    from rich.table import Table

    from balance.request import Progress

KIND_WORDS = {
    TrialKind.SINGLE_LEG_STANCE: "stand on one leg",
    TrialKind.SQUAT_SET: "squats",
    TrialKind.SINGLE_LEG_SQUAT_SET: "single-leg squats",
}
# Measures worth a line, in this order, where a trial has them.
SHOWN = (
    "hold_s",
    "sway_ml_rms_mm",
    "sway_ml_rms_pct_height",
    "sway_ml_speed_mm_s",
    "trunk_lean_deg",
    "knee_flexion_deg_mean",
    "fppa_left_deg_mean",
    "fppa_right_deg_mean",
    "knee_ankle_separation_ratio_mean",
)


@contextlib.contextmanager
def progress_bar(name: str, *, quiet: bool) -> "Iterator[Progress]":
    """Frames, frames a second and time left, on a terminal; nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
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
        TextColumn("{task.description}"),
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
    """Print one result: table, findings, where the report is."""
    from rich.console import Console

    console = Console()
    show_table([assessment])
    for finding in _all_findings(assessment):
        console.print(f"  • {finding}", highlight=False, markup=False)
    if folder is not None:
        report = folder / "report.html"
        console.print(
            f"Report: {report if report.exists() else folder}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )


def show_table(assessments: Sequence[Assessment]) -> None:
    """Print trials with their measures and 95 % intervals."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="95 % intervals in brackets", title_justify="left")
    for heading in ("clip", "trial", "side", "from – to", "measure", "value"):
        table.add_column(heading, no_wrap=heading == "value")
    for assessment in assessments:
        for trial in assessment.trials:
            _add_trial(table, assessment.source.name, trial)
        if not assessment.trials:
            table.add_row(assessment.source.name, "–", "", "", "nothing measured", "")
    Console().print(table)


def _add_trial(table: "Table", clip: str, trial: Trial) -> None:
    head = [
        clip,
        KIND_WORDS.get(trial.kind, trial.kind.value.replace("_", " ")),
        trial.side,
        f"{trial.start_s:.2f} – {trial.end_s:.2f} s",
    ]
    rows = [(name, trial.measures[name]) for name in SHOWN if trial.measures.get(name)]
    if trial.repetitions:
        head[1] += f" × {len(trial.repetitions)}"
    for name, measure in rows or [("", None)]:
        table.add_row(*head, name, with_interval(measure))
        head = ["", "", "", ""]
    for judgement in trial.judgements:
        answer = judgement.answer.value.replace("_", " ")
        table.add_row(*head, judgement.code.value, answer)


def with_interval(measure: Measurement | None) -> str:
    """Write ``10.98 s [10.91, 11.05]``; a censored value as ``≥ 31.3 s``."""
    if measure is None:
        return "cannot tell"
    digits = 2 if measure.unit in ("s", "mm") else 1
    value = f"{measure.value:.{digits}f} {measure.unit}"
    if measure.censored:
        return f"≥ {value}"
    if measure.low is None or measure.high is None:
        return value
    return f"{value} [{measure.low:.{digits}f}, {measure.high:.{digits}f}]"


def _all_findings(assessment: Assessment) -> list[str]:
    texts = [finding.text for finding in assessment.findings]
    texts += [f.text for trial in assessment.trials for f in trial.findings]
    return list(dict.fromkeys(texts))
