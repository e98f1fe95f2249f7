"""The command ``balance live``: the live test at a clinic's PC, without a browser."""

import contextlib
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from balance.cli import options as given
from balance.cli.analyze import ForPerson, for_person, setup_for
from balance.cli.options import LEGS, LIVE_TESTS, NOTHING_MEASURED
from balance.cli.output import emit, say, warn
from balance.model.codes import RequestedTest
from balance.model.errors import BalanceError, InputError, VideoError

if TYPE_CHECKING:
    from balance.cli.live_show import Recorder
    from balance.live import LivePlan
    from balance.model.setup import Setup

NEEDS_TEN_SECONDS = RequestedTest.SINGLE_LEG_SQUAT.value
TEN_SECONDS = "Can the person stand on each leg for 10 s with open eyes?"


def add_commands(parent: typer.Typer) -> None:
    """Hang the command into the program."""
    parent.command("live")(live_command)


@given.takes(visit=given.VISIT)
def live_command(  # noqa: PLR0913  (the options of the command)
    *,
    camera: Annotated[
        str, typer.Option(help="Camera number, a stream's address, or a video file.")
    ] = "0",
    test: given.LiveTest = RequestedTest.SINGLE_LEG_STANCE.value,
    side: given.Side = "both",
    trials: Annotated[
        int, typer.Option("--trials", "--tries", help="Trials a leg.", min=1, max=10)
    ] = 1,
    height_cm: given.HeightCm = None,
    age: given.Age = None,
    sex: given.Sex = None,
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
    examiner: given.Examiner = None,
    place: given.Place = None,
    out: given.Out = Path("results"),
    visit: given.Given,
) -> None:
    """Test somebody at a camera, without a browser."""
    plan = live_plan(test, side, trials)
    said = {"height_cm": height_cm, "age": age, "sex": sex, "test": test}
    said |= {"examiner": examiner, "place": place}
    with for_person(**visit) as whose:
        setup = setup_for(whose, {**said, "eyes": "open", "protocol": LIVE_TESTS[test]})
        if not safety_answered:
            ask_safety(test)
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        with tempfile.TemporaryDirectory(prefix="balance-live-") as folder:
            recorder = record(camera, plan, Path(folder), headless=headless)
            setup = replace(setup, recorded_at=at)
            measured = measure_videos(recorder, setup, out, whose)
    if not measured:
        raise typer.Exit(NOTHING_MEASURED)


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
    say("Before the first test, please ask:")
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
    say("Please see to it that:")
    for statement in (*safety.set_up, *safety.stop_rules):
        say(f"  - {statement.text}")


def live_plan(test: str, side: str, tries: int) -> "LivePlan":
    """Lay out a sitting whose person somebody stands beside."""
    from balance.live import LivePlan
    from balance.pipeline.setup import one_of
    from balance.reference.loader import load_protocol

    one_of("--test", test, LIVE_TESTS)
    one_of("--side", side, LEGS)
    stage = load_protocol(LIVE_TESTS[test]).stages[0]
    legs = ("left", "right") if side == "both" else (side,)
    if test == "squat":
        legs = ("both",)
    plan = LivePlan(stage.kind, legs * tries, rest_s=stage.rest_s)
    return replace(
        plan,
        cap_s=stage.seconds or plan.cap_s,
        squats=stage.repetitions or plan.squats,
    )


def record(
    camera: str, plan: "LivePlan", folder: Path, *, headless: bool
) -> "Recorder":
    """Do the test and return its videos; a camera that stops ends it with those."""
    from balance.cli.live_show import Recorder, Window, print_events, run_live
    from balance.tracking.detector import MediaPipeDetector
    from balance.video.camera import frames_of

    recorder = Recorder(folder)
    with contextlib.ExitStack() as open_things:
        arrivals = open_things.enter_context(contextlib.closing(frames_of(camera)))
        show = print_events if headless else open_things.enter_context(Window())
        detector = open_things.enter_context(MediaPipeDetector())
        try:
            run_live(arrivals, detector, plan, recorder, show)
        except VideoError as error:
            if not recorder.videos:
                raise
            warn(error)
        except KeyboardInterrupt:
            # What is finished stays: only a second press gives it up.
            typer.echo("Stopped; what was recorded is measured now.", err=True)
    return recorder


def keep_videos(videos: "list[Path]", out: Path) -> None:
    """Keep videos that could not be measured, and say where."""
    from balance.model.publish import whole_file

    for record in videos:
        for place in (out, Path.cwd(), Path.home()):
            number = 1
            while (target := place / f"{record.stem}-{number}{record.suffix}").exists():
                number += 1
            try:
                with whole_file(target) as part:
                    shutil.copyfile(record, part)
            except BalanceError:
                continue
            typer.echo(f"Not measured, but kept: {target}", err=True)
            break


def measure_videos(
    recorder: "Recorder", setup: "Setup", out: Path, whose: ForPerson | None = None
) -> int:
    """Measure every video as a file, and say what came of it beside the live time.

    Returns the number of trials that were measured.
    """
    from balance.model.files import assessment_to_dict
    from balance.pipeline.analyze import analyze_to_folder
    from balance.reporting.words.wording import (
        end_words,
        nothing_measured,
        trial_title,
    )
    from balance.reporting.words.wording import (
        say as say_measure,
    )

    rows, trials = [], 0
    for at, (path, seen) in enumerate(recorder.videos):
        try:
            result = analyze_to_folder(path, out, setup)
        except BaseException:
            keep_videos([record for record, _ in recorder.videos[at:]], out)
            raise
        for trial in result.assessment.trials:
            hold = trial.measures.get("hold_s")
            number = f"{len(trial.repetitions)} repetitions"
            if hold is not None and not trial.repetitions:
                number = f"{say_measure(hold)}"
            live = f" (live {seen.hold_s:.1f} s)" if seen else ""
            say(f"{trial_title(trial)}: {number}{live}. {end_words(trial)}")
        if not result.assessment.trials:
            say(nothing_measured(result.assessment))
        say(f"Result: {result.folder}")
        content = assessment_to_dict(result.assessment)
        rows.append({"folder": str(result.folder), "assessment": content})
        trials += len(result.assessment.trials)
        if whose is not None:
            whose.save(result.assessment, result.recording)
    if not recorder.videos:
        warn("No trial was recorded.")
    emit(rows)
    return trials
