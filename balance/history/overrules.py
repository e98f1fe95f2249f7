"""Overrule a stored result: who, when, what it was; the original is kept."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from balance.analysis.judging.overruling import Rescore, overrule
from balance.history import schema
from balance.history.packing import assessment_from_json, assessment_to_json
from balance.history.people import now
from balance.history.recordings import insert_trials
from balance.history.store import Store
from balance.model.corrections import Correction
from balance.model.errors import StoreError
from balance.model.results import Assessment


def overrule_stored(
    store: Store, key: str, correction: Correction, rescore: Rescore | None = None
) -> Assessment:
    """Correct one thing of a stored trial, now, and return the result as it stands."""
    correction = replace(correction, at=correction.at or now())
    with store.write() as connection:
        # Read inside the writing transaction: two windows must not undo each other.
        found = _locked_row(connection, key)
        after = overrule(assessment_from_json(found["assessment"]), correction, rescore)
        connection.execute(
            update(schema.recording)
            .where(schema.recording.c.id == key)
            .values(
                assessment=assessment_to_json(after),
                original=found["original"] or found["assessment"],
            )
        )
        insert_trials(connection, key, after)
        connection.execute(
            insert(schema.overrule).values(
                id=uuid4().hex,
                position=correction.position,
                what=str(correction.target),
                becomes=correction.becomes,
                by=correction.by,
                at=correction.at,
                recording_id=key,
                was=after.trials[correction.position - 1].overruled[-1].was,
            )
        )
    return after


def undo_stored(store: Store, key: str, rescore: Rescore | None = None) -> Assessment:
    """Take the last correction of a stored result back, as if it had not been made.

    The others are made again, in order, from the result as it was first measured.
    """
    with store.write() as connection:
        found, made = _locked_row(connection, key), _made(connection, key)
        if not made:
            raise StoreError("there is no correction to take back")
        after = assessment_from_json(found["original"])
        for row in made[:-1]:
            values = (str(row[name]) for name in ("what", "becomes", "by", "at"))
            after = overrule(
                after, Correction.of_text(row["position"], *values), rescore
            )
        connection.execute(
            update(schema.recording)
            .where(schema.recording.c.id == key)
            .values(
                assessment=assessment_to_json(after),
                original=found["original"] if made[:-1] else None,
            )
        )
        insert_trials(connection, key, after)
        table = schema.overrule
        connection.execute(delete(table).where(table.c.id == made[-1]["id"]))
    return after


def is_corrected(store: Store, key: str) -> bool:
    """Whether somebody has corrected a stored result, so that it can be undone."""
    with store.read() as connection:
        return bool(_made(connection, key))


def _made(connection: Connection, key: str) -> list[RowMapping]:
    """Return the corrections of a result in the order in which they were made."""
    table = schema.overrule
    query = select(table).where(table.c.recording_id == key).order_by(table.c.at)
    return list(connection.execute(query).mappings())


def _locked_row(connection: Connection, key: str) -> RowMapping:
    table = schema.recording
    query = select(table).where(table.c.id == key).with_for_update()
    found = connection.execute(query).mappings().one_or_none()
    if found is None:
        raise StoreError(f"there is no recording {key!r} in the history")
    return found
