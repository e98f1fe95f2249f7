"""The commands about exercises and training plans."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from balance.cli import options as given
from balance.cli.output import emit, say

if TYPE_CHECKING:
    from datetime import date, time

    from balance.live.training.trainee import Trainee
    from balance.live.training.training import Plan
    from balance.reference.exercise import Exercise
    from balance.reference.safety import Safety

Holds = Annotated[
    list[float] | None,
    typer.Option(help="Best hold with open eyes in s; again for each visit."),
]


def add_commands(app: typer.Typer) -> None:
    """Put these commands beside the others of ``balance``."""
    app.command("exercises")(show_exercises)
    app.command("plan")(make_training_plan)


def show_exercises(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[EXERCISE]", help="One exercise, by its code."),
    ] = None,
) -> None:
    """List the exercises, or read one with its source."""
    from pydantic import TypeAdapter

    from balance.reference.exercise import PHASES, Exercise
    from balance.reference.loader import load_exercises

    library = load_exercises()
    if code is not None:
        _known("exercise", [code], library.exercises)
        _read_exercise(library[code])
        emit(TypeAdapter(Exercise).dump_python(library[code], mode="json"))
        return
    for phase in PHASES:
        say(phase.replace("_", " "), bold=True)
        for exercise in library.of_phase(phase):
            say(f"  {exercise.code:22} {exercise.title}")
    emit(
        [
            {"code": exercise.code, "title": exercise.title, "phase": exercise.phase}
            for exercise in library.exercises.values()
        ]
    )


def _read_exercise(exercise: "Exercise") -> None:
    say(exercise.title, bold=True)
    say(exercise.purpose)
    for number, line in enumerate(exercise.steps, start=1):
        say(f"  {number}. {line}")
    each = ", each leg" if exercise.sides == 2 else ""
    say(f"Dose: {exercise.dose.text()}{each} ({exercise.dose.source})")
    say(f"Cue: {exercise.cue}")
    say(f"Common faults: {'; '.join(exercise.faults)}.")
    for label, other in (("Easier", exercise.easier), ("Harder", exercise.harder)):
        if other:
            say(f"{label}: {other}")
    for caution in exercise.cautions:
        say(f"Caution: {caution}")
    say(f"Camera can follow it: {exercise.camera}")
    say(f"Source: {exercise.source} ({exercise.evidence})")


def _known(what: str, words: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a word that is none of the known ones."""
    from balance.pipeline.setup import one_of

    choices = list(known)
    for word in words:
        one_of(what, word, choices)


def make_training_plan(  # noqa: PLR0913  (one option for each thing asked)
    results: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[ASSESSMENT…]", help="assessment.json files, oldest visit first."
        ),
    ] = None,
    age: given.Age = None,
    goal: given.Goal = "daily",
    left: Holds = None,
    right: Holds = None,
    minutes: Annotated[float, typer.Option(help="Length of a block, 15 to 20.")] = 15,
    weeks: Annotated[int | None, typer.Option(help="How many weeks.")] = None,
    equipment: Annotated[
        list[str] | None,
        typer.Option(help="band, ball, cushion, step or towel; again for each."),
    ] = None,
    companion: Annotated[
        bool, typer.Option("--companion", help="Somebody is there who can catch.")
    ] = False,
    yes: Annotated[
        list[str] | None,
        typer.Option(
            "--yes-to",
            metavar="CODE",
            help="A safety question answered yes, by its code; again for each.",
        ),
    ] = None,
    pain: Annotated[int, typer.Option(min=0, max=10, help="Pain 0-10.")] = 0,
    fatigue: Annotated[int, typer.Option(min=0, max=10, help="Fatigue 0-10.")] = 0,
    sore_days: Annotated[int, typer.Option(min=0, help="Days of soreness.")] = 0,
    near_fall: Annotated[
        bool, typer.Option("--near-fall", help="Somebody nearly fell.")
    ] = False,
    sharp_pain: Annotated[
        bool, typer.Option("--sharp-pain", help="There was a sharp pain.")
    ] = False,
    last: Annotated[
        Path | None, typer.Option(help="plan.json of the plan before this one.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="First day, YYYY-MM-DD; default: next Monday.")
    ] = None,
    at: Annotated[str, typer.Option(help="Time of the blocks, HH:MM.")] = "09:00",
    out: Annotated[
        Path | None, typer.Option(help="Folder for plan.html, plan.ics, plan.json.")
    ] = None,
) -> None:
    """Make a training plan from results and reports."""
    from balance.live.training.trainee import BlockReport, Trainee
    from balance.live.training.training import make_plan
    from balance.pipeline.setup import make_setup
    from balance.reference.exercise import GOALS
    from balance.reference.loader import load_handbook

    book = load_handbook()
    begins = _first_day(start, at)
    _known("--goal", [goal], GOALS)
    _known("--yes-to", yes or (), [q.code for q in book.safety.questions])
    things = {name for e in book.library.exercises.values() for name in e.equipment}
    _known("--equipment", equipment or (), sorted(things))
    asked = any((pain, fatigue, sore_days, near_fall, sharp_pain))
    report = BlockReport(
        pain=pain,
        fatigue=fatigue,
        sore_days=sore_days,
        near_fall=near_fall,
        sharp_pain=sharp_pain,
    )
    rungs, reports = _read_last(last)
    trainee = Trainee(
        age_years=age,
        goal=goal,
        equipment=frozenset(equipment or ()),
        minutes=minutes,
        weeks=weeks,
        companion=companion,
        yes=frozenset(yes or ()),
        legs=_legs(results or [], left, right),
        # What is told of the block before, or, before the first, of today.
        reports=(*reports, report) if asked and reports else reports,
        today=report if asked and not reports else None,
        rungs=rungs,
    )
    make_setup(age=age)
    plan = make_plan(trainee, book)
    emit(json.loads(_stored(plan, trainee)))
    _show_plan(plan)
    _show_safety(book.safety, trainee)
    if out is not None:
        _write_plan(plan, trainee, out, *begins)


def _legs(
    results: list[Path], left: list[float] | None, right: list[float] | None
) -> Any:
    """Return both legs' histories, from results or from the holds that were typed."""
    from balance.live.training.trainee import LegHistory
    from balance.live.training.trainee_results import legs_from_assessments
    from balance.model.files import read_assessment
    from balance.model.landmarks import Side

    legs = legs_from_assessments([[read_assessment(path)] for path in results])
    for side, typed in ((Side.LEFT, left), (Side.RIGHT, right)):
        if typed:
            old = legs[side]
            legs[side] = LegHistory(tuple(typed), old.closed_s, old.faults)
    return legs


def _read_last(path: Path | None) -> tuple[dict[tuple[str, str], str], tuple[Any, ...]]:
    """Return the rungs and reports of a stored plan; nothing without one."""
    from pydantic import TypeAdapter, ValidationError

    from balance.live.training.trainee import BlockReport
    from balance.model.errors import InputError
    from balance.model.opening import read_regular
    from balance.model.unpacking import LARGEST_JSON, read_json

    if path is None:
        return {}, ()
    try:
        stored = read_json(read_regular(path, LARGEST_JSON))
        rungs = {
            (row["ladder"], row["leg"]): row["exercise"] for row in stored["rungs"]
        }
        reports = TypeAdapter(tuple[BlockReport, ...]).validate_python(
            stored["reports"]
        )
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise InputError(
            f"{path} is no plan.json of balance; give the file that 'balance plan "
            "--out' wrote."
        ) from error
    # The plan before this one has begun: this is no longer the first use.
    return rungs, reports or (BlockReport(),)


def _show_plan(plan: "Plan") -> None:
    from balance.reporting.pages.plan import STATUS_WORDS

    say(STATUS_WORDS[plan.status], bold=True)
    for reason in plan.reasons:
        say(f"  {reason.text}")
    if not plan.weeks:
        return
    for block in plan.weeks[0].blocks:
        say(f"Week 1, block {block.number}: {block.minutes:.0f} min", bold=True)
        for item in block.items:
            legs = "" if item.legs == ("both",) else f", {' and '.join(item.legs)}"
            say(f"  {item.exercise.title}{legs}: {item.dose.text()}")
            say(f"      {item.reason.text}", dim=True)


def _show_safety(safety: "Safety", trainee: "Trainee") -> None:
    """Print what was taken as answered no, and when to stop."""
    asked = [one.code for one in safety.questions if one.if_yes != "companion"]
    untold = [code for code in asked if code not in trainee.yes]
    if untold:
        say(f"Taken as no (with --yes-to if not): {', '.join(untold)}.")
    say("Stop", bold=True)
    for rule in safety.stop_rules:
        say(f"  {rule.text}")


def _write_plan(
    plan: "Plan", trainee: "Trainee", out: Path, first_day: "date", clock: "time"
) -> None:
    """Write the page, the calendar and what the next plan needs to know."""
    from datetime import UTC, datetime

    from balance.model.publish import write_whole
    from balance.reference.loader import load_safety
    from balance.reporting.pages.plan import render_plan
    from balance.reporting.pages.plan_calendar import plan_calendar

    page = render_plan(plan, load_safety()).encode()
    write_whole(out / "plan.html", lambda file: file.write(page))
    if plan.weeks:
        made = datetime.now(UTC)
        calendar = plan_calendar(plan, first_day, at=clock, made=made)
        write_whole(out / "plan.ics", lambda file: file.write(calendar))
    stored = _stored(plan, trainee)
    write_whole(out / "plan.json", lambda file: file.write(stored))
    say(f"Written: {out}")


def _stored(plan: "Plan", trainee: "Trainee") -> bytes:
    """Return the state that the next plan goes on from."""
    from dataclasses import asdict

    rungs = [
        {"ladder": rung.ladder, "leg": rung.leg, "exercise": rung.exercise.code}
        for rung in plan.rungs
    ] or [
        {"ladder": ladder, "leg": leg, "exercise": code}
        for (ladder, leg), code in trainee.rungs.items()
    ]
    reports = [asdict(report) for report in trainee.reports]
    state = {"status": plan.status, "rungs": rungs, "reports": reports}
    return json.dumps(state, indent=1).encode()


def _first_day(start: str | None, at: str) -> tuple["date", "time"]:
    from datetime import date, time, timedelta

    from balance.model.errors import InputError

    try:
        clock = time.fromisoformat(at)
        if start is not None:
            day = date.fromisoformat(start)
            if not date(1980, 1, 1) <= day <= date(2200, 1, 1):
                raise ValueError(start)
            return day, clock
    except ValueError as error:
        raise InputError(
            f"--start {start} --at {at}: write the day as YYYY-MM-DD and the time "
            "as HH:MM, the day between 1980 and 2200."
        ) from error
    today = date.today()
    return today + timedelta(days=7 - today.weekday()), clock
