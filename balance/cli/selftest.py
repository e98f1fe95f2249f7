"""The commands that show how right the numbers are: selftest and benchmark."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from balance.cli.output import emit, say, warn

Clip = Annotated[
    Path | None,
    typer.Option(help="Some seconds of something still, recorded by your camera."),
]
Quick = Annotated[
    bool,
    typer.Option("--quick", help="Leave out the video, which takes longest."),
]
FAILED = 1


def add_commands(parent: typer.Typer) -> None:
    """Put these commands beside the others of ``balance``."""
    parent.command()(selftest)
    parent.command()(benchmark)


def selftest(camera_clip: Clip = None, quick: Quick = False) -> None:
    """Check this installation on known answers.

    With --camera-clip the noise of your camera, too.
    """
    from dataclasses import asdict

    from balance.pipeline.validation.selftest import check_camera, run_selftest

    wrong = 0
    rows = []
    for check in run_selftest(with_clip=not quick):
        wrong += not check.passed
        got = "nothing" if check.got is None else f"{check.got:.3f}"
        rows.append({**asdict(check), "passed": bool(check.passed)})
        say(
            f"{'ok   ' if check.passed else 'WRONG'} {check.name}: {got} {check.unit}, "
            f"known {check.expected:.3f} ± {check.tolerance:.3f}"
        )
    if camera_clip is not None:
        noise = check_camera(camera_clip)
        say(
            f"This camera's noise over {noise.seconds:.1f} s: {noise.rms_px:.3f} px, "
            f"taken for {noise.rms_mm:.2f} mm of sway and {noise.speed_mm_s:.1f} mm/s "
            "in a person who fills 80 % of the frame's height."
        )
    emit(rows)
    if wrong:
        warn(f"{wrong} answers are wrong: do not trust this installation.")
        raise typer.Exit(FAILED)


Folder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", help="Folder of NAME.npz with ground truth NAME.json."
    ),
]
Clips = Annotated[
    bool, typer.Option("--clips", help="One line for each clip of the folder.")
]


Kept = Annotated[
    Path | None,
    typer.Option(
        "--out", help="File for the accuracy; balance/data/accuracy.json is shown."
    ),
]


def benchmark(folder: Folder, clips: Clips = False, out: Kept = None) -> None:
    """Measure the accuracy of stored recordings against their ground truth."""
    from balance.pipeline.validation.benchmark import compare_folder
    from balance.pipeline.validation.benchmark_groups import group_table
    from balance.pipeline.validation.benchmark_intervals import interval_table
    from balance.pipeline.validation.benchmark_table import table

    rows = compare_folder(folder)
    say(table(rows, by_clip=clips))
    for by_group in (group_table(rows), interval_table(rows)):
        if by_group:
            say(f"\n{by_group}")
    if out is not None:
        from balance.pipeline.validation.accuracy import accuracy_of, write_accuracy

        write_accuracy(accuracy_of(rows, date.today()), out)
