"""Save an assessment with its landmarks, whole or not at all, and read it back."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select

from balance.history import schema
from balance.history.location import VIDEO_NAME
from balance.history.packing import (
    assessment_from_json,
    assessment_to_json,
    recording_from_bytes,
    recording_to_bytes,
)
from balance.history.people import (
    check_day,
    lock_person,
    need_consent,
    need_person,
    now,
)
from balance.history.store import Store, explained
from balance.model.errors import InputError, StoreError
from balance.model.opening import open_regular
from balance.model.publish import sweep, whole_file
from balance.model.recording import Recording
from balance.model.results import Assessment, Measures, Trial


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """One recording as kept: ``key`` names it, ``original`` is None unless overruled.

    ``video`` is the kept video file, None where none was asked for.
    """

    key: str
    person_code: str
    on: date
    saved_at: str
    assessment: Assessment
    original: Assessment | None
    video: Path | None


def save_recording(  # noqa: PLR0913  (what is saved, and for whom)
    store: Store,
    code: str,
    assessment: Assessment,
    recording: Recording | None = None,
    *,
    on: date | None = None,
    video: Path | None = None,
) -> str:
    """Save a result under a person's visit of that day; return its key.

    The same result saved twice on the same day is kept once.

    Parameters
    ----------
    on
        Day of the visit; today where not given.
    video
        A video to keep as well. Without it no frame of the person is kept.

    Raises
    ------
    ConsentError
        Where the person has not agreed, or no longer does.
    """
    day = check_day(on or date.today())
    text = assessment_to_json(assessment)
    npz = None if recording is None else recording_to_bytes(recording)
    key = uuid4().hex
    kept = _keep_video(store, key, video) if video is not None else None
    try:
        with store.write() as connection:
            person = lock_person(connection, code)
            need_consent(connection, person)
            visit = visit_key(connection, person, day)
            twin = _twin(connection, visit, text)
            if twin is None:
                insert_recording(connection, key, visit, assessment, text)
                _insert_beside(connection, key, npz, kept)
    except BaseException:
        _drop(kept)
        raise
    if twin is not None:
        _drop(kept)
    return twin or key


def insert_recording(
    connection: Connection, key: str, visit: str, assessment: Assessment, text: str
) -> None:
    """Insert the rows of one result."""
    conditions = assessment.conditions
    connection.execute(
        insert(schema.recording).values(
            id=key,
            visit_id=visit,
            saved_at=now(),
            protocol=assessment.protocol,
            eyes=conditions.eyes,
            footwear=conditions.footwear,
            surface=conditions.surface,
            age_years=assessment.person.age_years,
            assessment=text,
        )
    )
    insert_trials(connection, key, assessment)


def insert_trials(connection: Connection, key: str, assessment: Assessment) -> None:
    """Insert what queries ask for: trials and measures, in place of earlier ones."""
    old = schema.trial.c.recording_id == key
    connection.execute(delete(schema.trial).where(old))
    trials, measures = [], []
    for position, trial in enumerate(assessment.trials, start=1):
        row = _trial_row(trial, key, position)
        trials.append(row)
        measures += list(_measure_rows(row["id"], 0, trial.measures))
        for number, repetition in enumerate(trial.repetitions, start=1):
            measures += list(_measure_rows(row["id"], number, repetition.measures))
    if trials:
        connection.execute(insert(schema.trial), trials)
    if measures:
        connection.execute(insert(schema.measure), measures)


def load_recording(store: Store, key: str) -> StoredRecording:
    """One result by its key."""
    with store.read() as connection:
        row = connection.execute(_joined().where(schema.recording.c.id == key))
        found = row.mappings().one_or_none()
    if found is None:
        raise StoreError(f"there is no recording {key!r} in the history")
    return _stored(store, dict(found))


def load_recordings(
    store: Store, code: str, on: date | None = None
) -> list[StoredRecording]:
    """All results of a person, or those of one day, in the order they were saved."""
    with store.read() as connection:
        person = need_person(connection, code)
        query = _joined().where(schema.visit.c.person_id == person)
        if on is not None:
            query = query.where(schema.visit.c.on_day == on.isoformat())
        order = (schema.visit.c.on_day, schema.recording.c.saved_at)
        rows = connection.execute(query.order_by(*order)).mappings().all()
    return [_stored(store, dict(row)) for row in rows]


def load_landmarks(store: Store, key: str) -> Recording | None:
    """Return the recording behind a result, None where only the result was saved."""
    table = schema.landmarks
    with store.read() as connection:
        npz = connection.execute(
            select(table.c.npz).where(table.c.recording_id == key)
        ).scalar()
    return None if npz is None else recording_from_bytes(bytes(npz))


def visit_key(connection: Connection, person: str, day: date) -> str:
    """Return the key of a person's visit of that day, made where there is none."""
    table = schema.visit
    wanted = (table.c.person_id == person) & (table.c.on_day == day.isoformat())
    found = connection.execute(select(table.c.id).where(wanted)).scalar()
    if found is not None:
        return str(found)
    key = uuid4().hex
    row = {"id": key, "person_id": person, "on_day": day.isoformat(), "notes": ""}
    connection.execute(insert(table).values(row))
    return key


def _twin(connection: Connection, visit: str, text: str) -> str | None:
    """Return the key of an equal result of the same visit."""
    table = schema.recording
    wanted = (table.c.visit_id == visit) & (
        (table.c.assessment == text) | (table.c.original == text)
    )
    found = connection.execute(select(table.c.id).where(wanted)).scalar()
    return None if found is None else str(found)


def _insert_beside(
    connection: Connection, key: str, npz: bytes | None, video: Path | None
) -> None:
    if npz is not None:
        row = {"recording_id": key, "npz": npz}
        connection.execute(insert(schema.landmarks).values(row))
    if video is not None:
        change = schema.recording.update().where(schema.recording.c.id == key)
        connection.execute(change.values(video_name=video.name))


def _keep_video(store: Store, key: str, video: Path) -> Path:
    """Copy a video into the store's folder under a name of our own."""
    suffix = video.suffix.lower()
    folder = store.location.video_folder
    kept = folder / f"{key}{suffix}"
    if not VIDEO_NAME.fullmatch(kept.name):
        raise InputError(f"{video.name} does not look like a video file")
    with explained(store.location):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep(folder)
        with (
            open_regular(video) as source,
            whole_file(kept) as part,
            part.open("wb") as target,
        ):
            shutil.copyfileobj(source, target)
    return kept


def _drop(kept: Path | None) -> None:
    if kept is not None:
        kept.unlink(missing_ok=True)


def _trial_row(trial: Trial, key: str, position: int) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "recording_id": key,
        "position": position,
        "kind": trial.kind.value,
        "side": trial.side,
        "start_s": trial.start_s,
        "end_s": trial.end_s,
        "end_reason": trial.end_reason.value,
    }


def _measure_rows(
    trial: str, repetition: int, measures: Measures
) -> Iterator[dict[str, Any]]:
    for name, one in measures.items():
        yield {
            "trial_id": trial,
            "repetition": repetition,
            "name": name,
            "value": None if one is None else float(one.value),
            "low": None if one is None or one.low is None else float(one.low),
            "high": None if one is None or one.high is None else float(one.high),
            "unit": None if one is None else one.unit,
            "censored": None if one is None else one.censored,
        }


def _joined() -> Any:
    return (
        select(schema.recording, schema.visit.c.on_day, schema.person.c.code)
        .join(schema.visit, schema.visit.c.id == schema.recording.c.visit_id)
        .join(schema.person, schema.person.c.id == schema.visit.c.person_id)
    )


def _stored(store: Store, row: dict[str, Any]) -> StoredRecording:
    video = row["video_name"]
    return StoredRecording(
        row["id"],
        row["code"],
        date.fromisoformat(row["on_day"]),
        row["saved_at"],
        assessment_from_json(row["assessment"]),
        None if row["original"] is None else assessment_from_json(row["original"]),
        # Only the bare name counts, whatever a store from elsewhere says.
        None if video is None else store.location.video_folder / Path(video).name,
    )
