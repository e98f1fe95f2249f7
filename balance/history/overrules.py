"""Overrule a stored result: who, when, what it was; the original is kept."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, insert, select, update

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


def _locked_row(connection: Connection, key: str) -> RowMapping:
    table = schema.recording
    query = select(table).where(table.c.id == key).with_for_update()
    found = connection.execute(query).mappings().one_or_none()
    if found is None:
        raise StoreError(f"there is no recording {key!r} in the history")
    return found
