"""The command ``balance live``: the live test at a clinic's PC, without a browser."""

import contextlib
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from balance.model.errors import BalanceError, InputError, VideoError

if TYPE_CHECKING:
    from balance.cli.live_show import Recorder
    from balance.live import LivePlan
    from balance.model.setup import Setup

TESTS = {
    "single-leg-stance": "single_leg_stance_eyes_open",
    "squat": "squat",
    "single-leg-squat": "single_leg_squat",
}
NEEDS_TEN_SECONDS = "single-leg-squat"
TEN_SECONDS = "Can the person stand on each leg for 10 s with open eyes?"


def add_commands(parent: typer.Typer) -> None:
    """Hang the command into the program."""
    parent.command("live")(live_command)


def live_command(  # noqa: PLR0913  (the options of the command)
    camera: Annotated[
        str, typer.Option(help="Camera number, a stream's address, or a video file.")
    ] = "0",
    test: Annotated[str, typer.Option(help=f"{', '.join(TESTS)}.")] = (
        "single-leg-stance"
    ),
    side: Annotated[str, typer.Option(help="left, right, or both in turn.")] = "both",
    tries: Annotated[int, typer.Option(help="Tries a leg.", min=1, max=10)] = 1,
    height_cm: Annotated[
        float | None, typer.Option(help="Body height in cm; gives millimetres.")
    ] = None,
    age: Annotated[
        float | None, typer.Option(help="Age in years; gives norms from 18 on.")
    ] = None,
    sex: Annotated[str | None, typer.Option(help="f or m, where norms differ.")] = None,
    safety_answered: Annotated[
        bool,
        typer.Option(
            "--safety-answered",
            help="The safety questions were asked, and nothing speaks against a test.",
        ),
    ] = False,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: cues as lines.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for films and results.")] = Path(
        "results"
    ),
) -> None:
    """Test somebody in front of a camera of this computer, without a browser."""
    from balance.pipeline.setup import make_setup

    plan = live_plan(test, side, tries)
    setup = make_setup(
        height_cm=height_cm, age=age, sex=sex, test=test, eyes="open",
        protocol=TESTS[test],
    )  # fmt: skip
    if not safety_answered:
        ask_safety(test)
    with tempfile.TemporaryDirectory(prefix="balance-live-") as folder:
        recorder = film(camera, plan, Path(folder), headless=headless)
        measure_films(recorder, setup, out)


def ask_safety(test: str) -> None:
    """Ask the safety questions in the terminal.

    Raises
    ------
    InputError
        Where something speaks against the test, or nobody is there to answer.
    """
    from balance.reference.loader import load_safety
    from balance.reference.safety import Circumstances, reason_not_to_test

    if not sys.stdin.isatty():
        raise InputError(
            "nobody can answer the safety questions here: run it in a terminal, or ask "
            "them beforehand (the app shows them) and say so with --safety-answered."
        )
    safety = load_safety()
    typer.echo("Before the first test, please ask:")
    yes = frozenset(
        question.code for question in safety.questions if typer.confirm(question.text)
    )
    if refusal := reason_not_to_test(safety, Circumstances(yes=yes)):
        raise InputError(f"no test today: {refusal}")
    if test == NEEDS_TEN_SECONDS and not typer.confirm(TEN_SECONDS):
        raise InputError(
            "squats on one leg come only after 10 s with open eyes on that leg: test "
            "standing on one leg first."
        )
    typer.echo("Please see to it that:")
    for statement in (*safety.set_up, *safety.stop_rules):
        typer.echo(f"  - {statement.text}")


def live_plan(test: str, side: str, tries: int) -> "LivePlan":
    """Lay out a sitting whose person somebody stands beside."""
    from balance.live import LivePlan
    from balance.reference.loader import load_protocol

    if test not in TESTS:
        raise InputError(f"--test {test}: choose one of {', '.join(TESTS)}.")
    if side not in ("left", "right", "both"):
        raise InputError(f"--side {side}: choose one of left, right, both.")
    stage = load_protocol(TESTS[test]).stages[0]
    legs = ("left", "right") if side == "both" else (side,)
    if test == "squat":
        legs = ("both",)
    plan = LivePlan(stage.kind, legs * tries, rest_s=stage.rest_s)
    return replace(
        plan,
        cap_s=stage.seconds or plan.cap_s,
        squats=stage.repetitions or plan.squats,
    )


def film(camera: str, plan: "LivePlan", folder: Path, *, headless: bool) -> "Recorder":
    """Do the test and return its videos; a camera that stops ends it with those."""
    from balance.cli.live_show import Recorder, Window, print_events, run_live
    from balance.tracking.detector import MediaPipeDetector
    from balance.video.camera import pictures_of

    recorder = Recorder(folder)
    with contextlib.ExitStack() as open_things:
        pictures = open_things.enter_context(contextlib.closing(pictures_of(camera)))
        show = print_events if headless else open_things.enter_context(Window())
        detector = open_things.enter_context(MediaPipeDetector())
        try:
            run_live(pictures, detector, plan, recorder, show)
        except VideoError as error:
            if not recorder.films:
                raise
            typer.secho(str(error), fg="red", err=True)
        except KeyboardInterrupt:
            # What is finished stays: only a second press gives it up.
            typer.echo("Stopped; what was recorded is measured now.", err=True)
    return recorder


def keep_films(films: "list[Path]", out: Path) -> None:
    """Keep videos that could not be measured, and say where."""
    from balance.model.publish import whole_file

    for film in films:
        for place in (out, Path.cwd(), Path.home()):
            number = 1
            while (target := place / f"{film.stem}-{number}{film.suffix}").exists():
                number += 1
            try:
                with whole_file(target) as part:
                    shutil.copyfile(film, part)
            except BalanceError:
                continue
            typer.echo(f"Not measured, but kept: {target}", err=True)
            break


def measure_films(recorder: "Recorder", setup: "Setup", out: Path) -> None:
    """Measure every video as a file, and say what came of it beside the live time."""
    from balance.pipeline.analyze import analyze_to_folder
    from balance.reporting.words.wording import (
        end_words,
        nothing_measured,
        say,
        trial_title,
    )

    for number, (path, seen) in enumerate(recorder.films):
        try:
            result = analyze_to_folder(path, out, setup)
        except BaseException:
            keep_films([film for film, _ in recorder.films[number:]], out)
            raise
        for trial in result.assessment.trials:
            hold = trial.measures.get("hold_s")
            number = f"{len(trial.repetitions)} repetitions"
            if hold is not None and not trial.repetitions:
                number = f"{say(hold)}"
            live = f" (live {seen.hold_s:.1f} s)" if seen else ""
            typer.echo(f"{trial_title(trial)}: {number}{live}. {end_words(trial)}")
        if not result.assessment.trials:
            typer.echo(nothing_measured(result.assessment))
        typer.echo(f"Result: {result.folder}")
    if not recorder.films:
        typer.echo("No try was recorded.")
