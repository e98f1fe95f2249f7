"""The commands ``report``, ``export`` and ``import``."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from balance.cli.history import Day, StoreOption, day_of, history, open_history
from balance.model.errors import InputError

if TYPE_CHECKING:
    from balance.history import Store

NOTHING_MEASURED = 3


class ExportFormat(StrEnum):
    """What can be written."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"
    SCHEMA = "schema"
    FHIR = "fhir"
    TRC = "trc"
    C3D = "c3d"


MOTION = (ExportFormat.TRC, ExportFormat.C3D)


def add_commands(app: typer.Typer) -> None:
    """Put these commands, and ``history``, beside the others of ``balance``."""
    app.add_typer(history)
    app.command("report")(report_person)
    app.command("export")(export_results)
    app.command("import")(import_landmarks)


def report_person(
    person: Annotated[str, typer.Argument(help="Code of a person.", metavar="PERSON")],
    on: Annotated[
        list[str] | None,
        typer.Option("--on", help="Day of a visit; two days are compared."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="HTML or PDF file to write.")] = None,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Make faces unrecognisable.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Write a person's report: all visits, one (--on DAY), or two side by side."""
    from balance.reporting.pages.person_report import render_person

    days = [day for text in on or [] if (day := day_of(text)) is not None]
    target = out or Path("-".join(["report", person, *(on or [])]) + ".html")
    with open_history(store) as opened:
        page = render_person(opened, person, days, blur_faces=blur_faces)
    if target.suffix.lower() == ".pdf":
        from balance.reporting.pages.pdf import print_pdf

        print_pdf(page, target)
    else:
        from balance.reporting.pages.report import write_page

        write_page(page, target)
    typer.echo(f"Written: {target}")


def export_results(  # noqa: PLR0913  (what, how and where to)
    what: Annotated[
        str | None,
        typer.Argument(
            help="Code of a person, or a landmarks.npz or result folder for trc and "
            "c3d; nothing for everybody.",
            metavar="[PERSON|FOLDER]",
        ),
    ] = None,
    to: Annotated[
        ExportFormat, typer.Option("--format", "-f", help="What to write.")
    ] = ExportFormat.CSV,
    out: Annotated[
        Path | None, typer.Option(help="File to write; a folder for trc and c3d.")
    ] = None,
    on: Day = None,
    name: Annotated[
        bool, typer.Option("--with-name", help="FHIR: put the name in.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Export results as table, JSON or FHIR, and landmarks as TRC or C3D."""
    if to is ExportFormat.SCHEMA:
        _write_schema(out)
        return
    if to in MOTION:
        _export_motion(what, to, out or Path(), store)
        return
    suffix = "json" if to is ExportFormat.FHIR else to.value
    target = out or Path(f"balance-{what or 'all'}.{suffix}")
    with open_history(store) as opened:
        count = _write_table(opened, what, to, target, (on, name))
    typer.echo(f"Written: {target} ({count})")


def _write_table(
    store: "Store",
    person: str | None,
    to: ExportFormat,
    target: Path,
    fhir: tuple[str | None, bool],
) -> int:
    if to is ExportFormat.FHIR:
        from balance.reporting.export.fhir import write_fhir

        if person is None:
            raise InputError("FHIR goes person by person; name one")
        return write_fhir(store, person, target, on=day_of(fhir[0]), name=fhir[1])
    from balance.reporting.export.json_export import write_json
    from balance.reporting.export.tables import write_csv, write_parquet

    writers = {
        ExportFormat.CSV: write_csv,
        ExportFormat.PARQUET: write_parquet,
        ExportFormat.JSON: write_json,
    }
    return writers[to](store, target, person)


def _write_schema(out: Path | None) -> None:
    import json

    from balance.model.publish import write_whole
    from balance.reporting.export.json_export import export_schema

    text = json.dumps(export_schema(), indent=1)
    if out is None:
        typer.echo(text)
    else:
        write_whole(out, lambda file: file.write(text.encode()))


def _export_motion(
    what: str | None, to: ExportFormat, out: Path, store: str | None
) -> None:
    """Write one file a recording: of a result on disk, or of a person's history."""
    from balance.reporting.export.motion_files import files_of_person, files_of_result

    if what is None:
        raise InputError(f"{to} needs a landmarks.npz, a result folder or a person")
    path = Path(what)
    if path.exists():
        written = files_of_result(path, to.value, out)
    else:
        with open_history(store) as opened:
            written = files_of_person(opened, what, to.value, out)
    for line in written:
        typer.echo(f"Written: {line}")


def import_landmarks(  # noqa: PLR0913  (what a file of landmarks leaves unsaid)
    files: Annotated[
        list[Path],
        typer.Argument(
            help="TRC, FreeMoCap NPY or CSV, MediaPipe JSON, or an OpenPose folder.",
            metavar="FILE…",
        ),
    ],
    kind: Annotated[
        str, typer.Option("--from", help="auto, trc, openpose, freemocap, mediapipe.")
    ] = "auto",
    rate_hz: Annotated[
        float | None, typer.Option(help="Frames a second, where the file has none.")
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Picture size, e.g. 1280x720.")
    ] = None,
    height_cm: Annotated[float | None, typer.Option(help="Body height in cm.")] = None,
    age: Annotated[float | None, typer.Option(help="Age in years.")] = None,
    sex: Annotated[str | None, typer.Option(help="f or m.")] = None,
    eyes: Annotated[str, typer.Option(help="open, closed or unknown.")] = "unknown",
    protocol: Annotated[str, typer.Option(help="Named protocol.")] = "auto",
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path(
        "results"
    ),
) -> None:
    """Assess landmarks that another program found."""
    from balance.cli.terminal import show_result
    from balance.pipeline.imported_results import import_to_folder
    from balance.pipeline.setup import make_setup

    setup = make_setup(
        height_cm=height_cm, age=age, sex=sex, eyes=eyes, protocol=protocol
    )
    measured = True
    for file in files:
        assessment, folder = import_to_folder(
            file, out, setup, kind=kind, rate_hz=rate_hz, size_px=size_of(size)
        )
        show_result(assessment, folder)
        measured &= bool(assessment.trials)
    raise typer.Exit(0 if measured else NOTHING_MEASURED)


def size_of(text: str | None) -> tuple[int, int] | None:
    """Read ``1280x720``."""
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    digits = (width + height).isascii() and width.isdigit() and height.isdigit()
    if not (digits and len(width) < 6 > len(height) and int(width) and int(height)):
        raise InputError(f"--size {text!r} is no size; write it as 1280x720")
    return int(width), int(height)
