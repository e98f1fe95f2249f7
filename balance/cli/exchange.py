"""The commands ``report``, ``export`` and ``import``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from balance.cli import options as given
from balance.cli.analyze import files_of, for_person, setup_for
from balance.cli.history import open_history
from balance.cli.options import EXPORT_FORMATS, NOTHING_MEASURED, day_of
from balance.cli.output import emit, say
from balance.model.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from balance.history import Store

MOTION = ("trc", "c3d", "mot")
COUNTED = {"csv": "rows", "parquet": "rows", "json": "results", "fhir": "resources"}
PAGES = (".html", ".htm", ".pdf")


def add_commands(app: typer.Typer) -> None:
    """Put these commands beside the others of ``balance``."""
    app.command("report")(report_person)
    app.command("export")(export_results)
    app.command("import")(import_landmarks)


def report_person(  # noqa: PLR0913  (of whom, when, where to, and how)
    person: given.Code,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", help="Day of a visit; two days are compared."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="HTML or PDF file to write.")] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Write a PDF; needs Chromium or Chrome.")
    ] = False,
    details: given.Details = False,
    blur_faces: given.BlurFaces = False,
    store: given.Store = None,
) -> None:
    """Write a person's report.

    All visits, one (--on DAY), or two side by side (--on twice).
    """
    from balance.reporting.pages.pdf import print_pdf, require_browser
    from balance.reporting.pages.person_report import render_person

    days = [day for text in on or [] if (day := day_of(text)) is not None]
    ending = ".pdf" if pdf else ".html"
    target = out or Path("-".join(["report", person, *(on or [])]) + ending)
    if target.suffix.lower() not in PAGES:
        raise InputError(
            f"--out {target.name}: a report is written as .html or .pdf; choose one."
        )
    as_pdf = target.suffix.lower() == ".pdf"
    if pdf and not as_pdf:
        raise InputError(f"--pdf writes a .pdf, but --out is {target.name}.")
    if as_pdf:
        require_browser()
    with open_history(store) as opened:
        page = render_person(
            opened, person, days, blur_faces=blur_faces, details=details
        )
    if as_pdf:
        print_pdf(page, target)
    else:
        from balance.reporting.pages.report import write_page

        write_page(page, target)
    say(f"Written: {target}")


def export_results(  # noqa: PLR0913  (what, how and where to)
    what: Annotated[
        str | None,
        typer.Argument(
            help="Code of a person, a result folder, or a folder of them; nothing for "
            "everybody in the history.",
            metavar="[PERSON|FOLDER]",
        ),
    ] = None,
    to: given.ExportFormat = "csv",
    out: Annotated[
        Path | None,
        typer.Option(help="File to write; a folder for trc, c3d and mot."),
    ] = None,
    on: given.Day = None,
    name: Annotated[
        bool, typer.Option("--with-name", help="FHIR: put the name in.")
    ] = False,
    store: given.Store = None,
) -> None:
    """Export results as a table, JSON, FHIR, TRC, C3D or MOT.

    A folder of that name goes before a person of that code.
    """
    from balance.pipeline.setup import one_of

    one_of("--format", to, EXPORT_FORMATS)
    if to == "schema":
        _write_schema(out)
        return
    if to in MOTION:
        _export_motion(what, to, out or Path(), store)
        return
    suffix = "json" if to == "fhir" else to
    named = "all" if what is None else Path(what).resolve().name
    target = out or Path(f"balance-{named}.{suffix}")
    if what is not None and Path(what).exists():
        count = _write_of_folder(Path(what), to, target, day_of(on))
        source = f"{what} holds"
    else:
        with open_history(store) as opened:
            count = _write_table(opened, what, to, target, (on, name))
        source = "The history holds" if what is None else f"{what} has"
    counted = COUNTED[to].removesuffix("s") if count == 1 else COUNTED[to]
    say(f"Written: {target} ({count} {counted})")
    if not count:
        say(f"{source} no results to export.")
    emit({"written": str(target), "count": count})


def _write_table(
    store: "Store",
    person: str | None,
    to: str,
    target: Path,
    fhir: tuple[str | None, bool],
) -> int:
    if to == "fhir":
        from balance.reporting.export.fhir import write_fhir

        if person is None:
            raise InputError("FHIR goes person by person; name one")
        return write_fhir(store, person, target, on=day_of(fhir[0]), name=fhir[1])
    from balance.reporting.export.json_export import write_json
    from balance.reporting.export.tables import write_csv, write_parquet

    writers = {
        "csv": write_csv,
        "parquet": write_parquet,
        "json": write_json,
    }
    return writers[to](store, target, person)


def _write_of_folder(what: Path, to: str, target: Path, on: "date | None") -> int:
    from balance.reporting.export import fhir, json_export, kept, tables

    results = [
        one for one in kept.results_of_folder(what) if on is None or one.on == on
    ]
    if to == "fhir":
        if not results:
            raise InputError(f"{what} holds no result of {on}")
        return fhir.write_bundle(kept.person_of(results), results, target)
    if to == "json":
        return json_export.write_results_json(results, target)
    rows = tables.rows_of_results(results)
    if to == "csv":
        return tables.write_rows_csv(rows, target)
    return tables.write_rows_parquet(rows, target)


def _write_schema(out: Path | None) -> None:
    import json

    from balance.model.publish import write_whole
    from balance.reporting.export.json_export import export_schema

    schema = export_schema()
    emit(schema)
    text = json.dumps(schema, indent=1)
    if out is None:
        say(text)
    else:
        write_whole(out, lambda file: file.write(text.encode()))


def _export_motion(what: str | None, to: str, out: Path, store: str | None) -> None:
    """Write one file a recording: of a result on disk, or of a person's history."""
    from balance.reporting.export.motion_files import files_of_person, files_of_result

    if what is None:
        raise InputError(f"{to} needs a result folder or a person; name one")
    path = Path(what)
    if path.exists():
        written = files_of_result(path, to, out)
    else:
        with open_history(store) as opened:
            written = files_of_person(opened, what, to, out)
    for line in written:
        say(f"Written: {line}")


@given.takes(facts=given.FACTS, pages=given.PAGES, visit=given.VISIT)
def import_landmarks(  # noqa: PLR0913  (what a file of landmarks leaves unsaid)
    files: Annotated[
        list[Path],
        typer.Argument(
            help="TRC, FreeMoCap NPY or CSV, MediaPipe JSON, or an OpenPose folder.",
            metavar="FILE",
        ),
    ],
    *,
    kind: given.LandmarkFormat = "auto",
    fps: Annotated[
        float | None,
        typer.Option(
            "--fps",
            "--rate-hz",
            help="Frames per second of a file without time stamps.",
        ),
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Size of a frame in pixels, e.g. 1280x720.")
    ] = None,
    facts: given.Given,
    out: given.Out = Path("results"),
    pages: given.Given,
    visit: given.Given,
) -> None:
    """Assess landmarks that another program found."""
    from balance.cli.terminal import show_result
    from balance.model.files import assessment_to_dict
    from balance.pipeline.imported_results import import_to_folder

    written = files_of(pages, video=False)
    rows: list[dict[str, Any]] = []
    how = {"kind": kind, "rate_hz": fps, "size_px": size_of(size)}
    with for_person(**visit) as whose:
        setup = setup_for(whose, facts)
        for file in files:
            result = import_to_folder(file, out, setup, written, **how)
            show_result(result.assessment, result.folder)
            content = assessment_to_dict(result.assessment)
            rows.append({"folder": str(result.folder), "assessment": content})
            if whose is not None:
                whose.save(result.assessment, result.recording)
    emit(rows)
    measured = all(row["assessment"]["trials"] for row in rows)
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
