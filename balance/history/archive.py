"""Everything about one person in one file, readable without this program.

A zip: ``person.json`` holds facts, consent, visits, self-reports, training blocks,
overrules and every assessment in the published schema; beside it
``landmarks/KEY.npz`` and the kept videos. Another history reads it back.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from balance.history import schema
from balance.history.archive_schema import read_archive
from balance.history.packing import assessment_from_json, recording_from_bytes
from balance.history.people import need_person, person_key
from balance.history.recordings import insert_trials
from balance.history.store import Store, open_store
from balance.history.zips import StagedVideos, opened_zip, pack_video, write_zip
from balance.model.errors import BalanceError, ConsentError, InputError, StoreError
from balance.model.recording import Recording
from balance.model.unpacking import (
    LARGEST_JSON,
    LARGEST_RECORDING,
    NotReadableError,
    read_json,
    read_member,
    write_json,
)

ARCHIVE_VERSION = 2
# Version 1 knew no training blocks.
READABLE = (1, 2)
_JSON_COLUMNS = ("assessment", "original")

Rows = list[dict[str, Any]]
# Video, its landmarks where they were kept, and where the other video goes.
HideFaces = Callable[[Path, Recording | None, Path], None]


def export_person(
    store: Store, code: str, target: Path, hide_faces: HideFaces | None = None
) -> Path:
    """Write everything about a person.

    ``hide_faces`` makes another video of each kept video, without a face to recognise.
    """
    with store.read() as connection:
        content = rows_of_person(connection, need_person(connection, code))

        def fill(archive: zipfile.ZipFile) -> None:
            text = write_json(content, indent=1)
            archive.writestr("person.json", text)
            for row in content["recording"]:
                npz = _landmarks(connection, row["id"])
                if npz is not None:
                    archive.writestr(f"landmarks/{row['id']}.npz", npz)
                if row["video_name"]:
                    _add_video(archive, store, row["video_name"], npz, hide_faces)

        return write_zip(target, fill)


def import_person(store: Store, source: Path) -> str:
    """Bring an exported person into this history; return the code.

    All of it is checked, and tried in a history of its own, before anything is kept.
    """
    with opened_zip(source, "an exported person") as archive:
        try:
            content = _read_content(archive, source)
        except NotReadableError as error:
            raise StoreError(f"{source.name} is not an exported person") from error
        _try_out(archive, content, source)
        videos = StagedVideos(store)
        try:
            names = [row["video_name"] for row in content["recording"]]
            videos.take(archive, [name for name in names if name])
            _insert_all(store, archive, content, videos.put_in_place)
        except BaseException:
            videos.undo()
            raise
        return str(content["person"]["code"])


def _try_out(archive: zipfile.ZipFile, content: dict[str, Any], source: Path) -> None:
    """Keep it in a history that is thrown away, and look at every page of it."""
    from balance.history.pages import people_page, person_page

    with (
        TemporaryDirectory(prefix="balance-import-") as folder,
        open_store(Path(folder) / "try.sqlite3") as scratch,
    ):
        try:
            _insert_all(scratch, archive, content, lambda: None)
            people_page(scratch)
            person_page(scratch, content["person"]["code"])
        except BalanceError:
            raise
        except Exception as error:  # whatever a page stumbles over
            raise StoreError(
                f"{source.name} holds something that no page can show"
            ) from error


def rows_of_person(connection: Connection, person: str) -> dict[str, Any]:
    """Rows of every table that belong to a person, trials left to the assessments."""
    visits = _rows(connection, schema.visit, schema.visit.c.person_id == person)
    in_visits = schema.recording.c.visit_id.in_([row["id"] for row in visits])
    recordings = _rows(connection, schema.recording, in_visits)
    for row in recordings:
        for name in _JSON_COLUMNS:
            row[name] = None if row[name] is None else read_json(row[name])
    keys = [row["id"] for row in recordings]
    [facts] = _rows(connection, schema.person, schema.person.c.id == person)
    overrules, reports = schema.overrule, schema.self_report
    blocks = schema.training_block
    return {
        "archive_version": ARCHIVE_VERSION,
        "person": facts,
        "visit": visits,
        "recording": recordings,
        "overrule": _rows(connection, overrules, overrules.c.recording_id.in_(keys)),
        "self_report": _rows(connection, reports, reports.c.person_id == person),
        "training_block": _rows(connection, blocks, blocks.c.person_id == person),
    }


def _rows(connection: Connection, table: Table, wanted: Any) -> Rows:
    query = select(table).where(wanted).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _landmarks(connection: Connection, recording: str) -> bytes | None:
    table = schema.landmarks
    wanted = select(table.c.npz).where(table.c.recording_id == recording)
    npz = connection.execute(wanted).scalar()
    return None if npz is None else bytes(npz)


def _add_video(
    archive: zipfile.ZipFile,
    store: Store,
    name: str,
    npz: bytes | None,
    hide_faces: HideFaces | None,
) -> None:
    video = store.location.video_folder / Path(name).name
    if hide_faces is None or not video.exists():
        pack_video(archive, video)
        return
    with TemporaryDirectory(prefix="balance-blur-") as folder:
        # Under the name that the rows tell; what it holds says what it is.
        hidden = Path(folder) / video.name
        hide_faces(video, None if npz is None else recording_from_bytes(npz), hidden)
        pack_video(archive, hidden)


def _read_content(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """Read ``person.json``, believing nothing in it."""
    content = read_json(read_member(archive, "person.json", LARGEST_JSON))
    version = content.get("archive_version") if isinstance(content, dict) else None
    if version is None:
        raise StoreError(f"{source.name} is not an exported person")
    if version not in READABLE:
        raise StoreError(
            f"{source.name} has archive version {version}; this version of balance "
            f"reads {ARCHIVE_VERSION}. Update balance"
        )
    try:
        checked = read_archive(content).model_dump()
    except InputError as error:
        raise StoreError(f"{source.name} is not an exported person: {error}") from error
    if checked["person"]["consent_at"] is None:
        raise ConsentError(
            f"{checked['person']['code']} has not agreed to being kept, or no longer "
            "does, so nothing was taken in"
        )
    checked["person"]["code_key"] = checked["person"]["code"].lower()
    return checked


def _insert_all(
    store: Store,
    archive: zipfile.ZipFile,
    content: dict[str, Any],
    last: Callable[[], None],
) -> None:
    with store.write() as connection:
        code = content["person"]["code"]
        if person_key(connection, code):
            raise StoreError(f"there is already a person {code!r} in this history")
        _refuse_known(connection, content)
        connection.execute(insert(schema.person).values(content["person"]))
        _insert_rows(connection, schema.visit, content["visit"])
        for row in content["recording"]:
            _insert_recording(connection, archive, row)
        _insert_rows(connection, schema.overrule, content["overrule"])
        _insert_rows(connection, schema.self_report, content["self_report"])
        _insert_rows(connection, schema.training_block, content["training_block"])
        # Last, and inside: a full disk undoes the rows as well.
        last()


def _refuse_known(connection: Connection, content: dict[str, Any]) -> None:
    """Refuse what is here already, perhaps under another code."""
    for name, rows in (("person", [content["person"]]), *_listed(content)):
        table = schema.metadata.tables[name]
        known = table.c.id.in_([row["id"] for row in rows])
        if connection.execute(select(table.c.id).where(known).limit(1)).first():
            raise StoreError("this person's recordings are in this history already")


def _listed(content: dict[str, Any]) -> list[tuple[str, Rows]]:
    names = ("visit", "recording", "overrule", "self_report", "training_block")
    return [(name, content[name]) for name in names]


def _insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _insert_recording(
    connection: Connection, archive: zipfile.ZipFile, row: dict[str, Any]
) -> None:
    texts = {
        name: None if row[name] is None else write_json(row[name])
        for name in _JSON_COLUMNS
    }
    assessment = assessment_from_json(str(texts["assessment"]))
    connection.execute(insert(schema.recording).values({**row, **texts}))
    insert_trials(connection, row["id"], assessment)
    name = f"landmarks/{row['id']}.npz"
    if name in archive.namelist():
        npz = read_member(archive, name, LARGEST_RECORDING)
        recording_from_bytes(npz)  # refuses what is none, before it is kept
        values = {"recording_id": row["id"], "npz": npz}
        connection.execute(insert(schema.landmarks).values(values))
