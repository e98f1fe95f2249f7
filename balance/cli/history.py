"""The commands ``balance history …``: people, visits, backups."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from balance.cli import options as given
from balance.cli.options import Code, day_of
from balance.cli.options import Day as Day
from balance.cli.options import Store as StoreOption
from balance.cli.output import Commands, emit, say
from balance.model.errors import InputError

if TYPE_CHECKING:
    from balance.history import Store
    from balance.history.people import PersonRecord

history = Commands(
    name="history",
    help="People and their visits. Kept on this machine, or a PostgreSQL server.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def open_history(place: str | None) -> "Store":
    """Open the history that was asked for."""
    from balance.history import open_store

    return open_store(place)


@history.command("path")
def show_place(store: StoreOption = None) -> None:
    """Print where the history is kept."""
    from balance.history import locate

    say(locate(store).shown)
    emit({"path": locate(store).shown})


@history.command("people")
def list_everybody(store: StoreOption = None) -> None:
    """List all people with their visits."""
    from balance.history.pages import people_page
    from balance.reporting.words.wording import counted_of

    with open_history(store) as opened:
        lines = list(people_page(opened))
    for line in lines:
        last = f", last {line.last_visit}" if line.last_visit else ""
        name = f"  {line.person.name}" if line.person.name else ""
        visits = f"{counted_of(line.visits, 'visit'):>10}"
        say(f"{line.person.code:20} {visits}{last}{name}")
    if not lines:
        say("No people yet; add one with 'balance history add CODE'.")
    emit(
        [
            {
                "code": line.person.code,
                "name": line.person.name,
                "visits": line.visits,
                "last_visit": str(line.last_visit) if line.last_visit else None,
            }
            for line in lines
        ]
    )


Name = Annotated[str | None, typer.Option(help="Name; better left out.")]
BirthYear = Annotated[int | None, typer.Option(help="Year of birth.")]
Notes = Annotated[str | None, typer.Option(help="Anything worth knowing.")]
Facts = dict[str, Any]


def _command_with_facts(
    name: str, done: str, do: Callable[["Store", str, Facts], "PersonRecord"]
) -> None:
    """Add a command that takes the facts of a person and does ``do`` with them."""

    def command(  # noqa: PLR0913  (the facts that are kept of a person)
        person: Code,
        name: Name = None,
        birth_year: BirthYear = None,
        height_cm: given.HeightCm = None,
        sex: given.Sex = None,
        dominant: given.Dominant = None,
        injured: given.Injured = None,
        notes: Notes = None,
        store: StoreOption = None,
    ) -> None:
        said = {
            "name": name,
            "birth_year": birth_year,
            "height_mm": None if height_cm is None else 10.0 * height_cm,
            "sex": sex,
            "dominant_side": dominant,
            "injured_side": injured,
            "notes": notes,
        }
        facts = {fact: value for fact, value in said.items() if value is not None}
        with open_history(store) as opened:
            say(f"{done} {do(opened, person, facts).code}.")

    history.command(name, help=do.__doc__)(command)


def _add(store: "Store", code: str, facts: Facts) -> "PersonRecord":
    """Add a person under a code; everything else is optional."""
    from balance.history.people import PersonRecord, add_person

    return add_person(store, PersonRecord(code, **facts))


def _edit(store: "Store", code: str, facts: Facts) -> "PersonRecord":
    """Change what is known of a person."""
    from balance.history.people import edit_person

    return edit_person(store, code, facts)


_command_with_facts("add", "Added", _add)
_command_with_facts("edit", "Changed", _edit)


@history.command("consent")
def consent(
    person: Code,
    agree: Annotated[
        bool, typer.Option("--agree", help="The person has read it and agrees.")
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="The person no longer agrees.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Show the consent text, or note that the person agrees or no longer does."""
    from balance.history.consent import consent_text
    from balance.history.people import get_person, give_consent, withdraw_consent

    with open_history(store) as opened:
        if withdraw:
            withdraw_consent(opened, person)
            say("Noted. 'balance history forget' deletes what was kept.")
        elif agree:
            say(f"Noted at {give_consent(opened, person, consent_text()).consent_at}.")
        else:
            say(consent_text())
            at = get_person(opened, person).consent_at
            say(f"\nAgreed at {at}." if at else "\nNot agreed yet (--agree).")


@history.command("save")
def save(
    person: Code,
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER...", help="Result folders of 'balance analyze'."
        ),
    ],
    on: Day = None,
    video: Annotated[
        Path | None, typer.Option(help="Keep this video too; by default none is kept.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Save results under a person's visit (today, or --on a day)."""
    from balance.history.recordings import save_recording
    from balance.model.files import read_assessment, read_recording

    if video is not None and len(results) > 1:
        raise InputError("--video goes with one result, not with several")
    with open_history(store) as opened:
        for folder in results:
            landmarks = folder / "landmarks.npz"
            key = save_recording(
                opened,
                person,
                read_assessment(folder / "assessment.json"),
                read_recording(landmarks) if landmarks.exists() else None,
                on=day_of(on),
                video=video,
            )
            say(f"{folder.name}: saved as {key}")


@history.command("show")
def show(person: Code, on: Day = None, store: StoreOption = None) -> None:
    """Show a person's trends: real change or luck; or one visit (--on)."""
    from balance.cli.history_words import say_person, say_visit

    with open_history(store) as opened:
        day = day_of(on)
        lines = (
            say_person(opened, person)
            if day is None
            else say_visit(opened, person, day)
        )
        shown = list(lines)
    for line in shown:
        say(line)


@history.command("self-report")
def self_report(  # noqa: PLR0913  (the questions of a self-report)
    person: Code,
    fatigue: Annotated[int | None, typer.Option(help="0 to 10.")] = None,
    pain: Annotated[int | None, typer.Option(help="0 to 10.")] = None,
    minutes: Annotated[float | None, typer.Option(help="Minutes of training.")] = None,
    notes: Annotated[str, typer.Option(help="In your own words.")] = "",
    on: Day = None,
    store: StoreOption = None,
) -> None:
    """Keep how a day felt: fatigue, pain, minutes of training."""
    from balance.history.self_reports import SelfReport, add_self_report

    self_report = SelfReport(day_of(on) or date.today(), fatigue, pain, minutes, notes)
    with open_history(store) as opened:
        add_self_report(opened, person, self_report)
    say("Kept.")


@history.command("correct")
def correct(  # noqa: PLR0913  (what, becomes what, by whom: all of it is kept)
    recording: Annotated[
        str, typer.Argument(metavar="RECORDING", help="Key of a recording.")
    ],
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="side, start_s, end_s, end_reason, judgement:CODE, event:CODE@S",
        ),
    ],
    becomes: Annotated[
        str, typer.Argument(metavar="VALUE", help="What it is; removed for an event.")
    ],
    by: Annotated[str, typer.Option(help="Who says so.")],
    trial: Annotated[int, typer.Option(help="Number of the trial.")] = 1,
    store: StoreOption = None,
) -> None:
    """Correct a result; what it was is kept, the score is computed again."""
    from balance.analysis.judging.overruling import rescore_by
    from balance.history.overrules import overrule_stored
    from balance.model.corrections import Correction
    from balance.reference.standards import load_standards

    correction = Correction.of_text(trial, what, becomes, by)
    with open_history(store) as opened:
        after = overrule_stored(
            opened, recording, correction, rescore_by(load_standards())
        )
    entry = after.trials[trial - 1].overruled[-1]
    say(f"{entry.what}: was {entry.was}, is {becomes} ({entry.by}, {entry.at})")


@history.command("forget")
def forget(
    person: Code,
    recording: Annotated[
        str | None, typer.Option(help="Only the recording of this key.")
    ] = None,
    yes: given.Yes = False,
    store: StoreOption = None,
) -> None:
    """Delete a person, or one recording, permanently."""
    from balance.history.deletion import forget_person, forget_recording

    what = f"recording {recording}" if recording else f"everything about {person}"
    if not yes:
        typer.confirm(f"Delete {what} permanently?", abort=True)
    with open_history(store) as opened:
        if recording:
            forget_recording(opened, recording)
        else:
            forget_person(opened, person)
    say(f"Deleted {what}. Backups made earlier still hold it.")


@history.command("purge")
def purge_store(store: StoreOption = None) -> None:
    """Wipe what deleted rows may have left in the file."""
    from balance.history.deletion import purge

    with open_history(store) as opened:
        purge(opened)
    say("Wiped.")


@history.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
    store: StoreOption = None,
) -> None:
    """Write everything into one file."""
    from balance.history.backup import write_backup

    with open_history(store) as opened:
        say(f"Written: {write_backup(opened, file)}")


@history.command("restore")
def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="File of 'balance history backup'.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what is there.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Bring a backup back."""
    from balance.history.backup import restore_backup

    with open_history(store) as opened:
        count = restore_backup(opened, file, replace=replace)
    say(f"Restored {count} people.")


@history.command("export")
def export(
    person: Code,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Zip file to write.")],
    blur_faces: Annotated[
        bool,
        typer.Option("--blur-faces", help="Make faces in kept videos unrecognisable."),
    ] = False,
    store: StoreOption = None,
) -> None:
    """Write everything about one person into a file that needs no program."""
    from balance.history.archive import export_person
    from balance.reporting.video.blurred import blur_video

    with open_history(store) as opened:
        written = export_person(
            opened, person, file, blur_video if blur_faces else None
        )
    say(f"Written: {written}")


@history.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="File of 'balance history export'.")
    ],
    store: StoreOption = None,
) -> None:
    """Bring a person from another history into this one."""
    from balance.history.archive import import_person

    with open_history(store) as opened:
        say(f"Added {import_person(opened, file)}.")


@history.command("simulate-trend")
def simulate_trend(
    people: Annotated[int, typer.Option(help="Simulated people for each line.")] = 1000,
) -> None:
    """Simulate how often the words "real change" are wrong, and how soon right."""
    from balance.history.trends.trend_simulation import simulate, table

    say(table(simulate(people)))
