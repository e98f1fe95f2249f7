"""One tidy table of a history: a row a measure, for R, pandas, a spreadsheet.

CSV cells that a spreadsheet would run as a formula are made plain text; Parquet
keeps the types.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from balance.history import Store, schema
from balance.history.people import need_person
from balance.history.recordings import StoredRecording
from balance.model.errors import OutputError
from balance.model.files import plain_text
from balance.model.publish import write_whole
from balance.model.results import Measurement

# Column: kind of value.
COLUMNS = {
    "person": str,
    "visit": str,
    "recording": str,
    "protocol": str,
    "eyes": str,
    "footwear": str,
    "surface": str,
    "age_years": float,
    "trial": int,
    "kind": str,
    "side": str,
    "repetition": int,
    "start_s": float,
    "end_s": float,
    "end_reason": str,
    "measure": str,
    "value": float,
    "low": float,
    "high": float,
    "unit": str,
    "censored": bool,
}
_ROWS_AT_ONCE = 5000


def tidy_rows(store: Store, code: str | None = None) -> Iterator[dict[str, Any]]:
    """All measures of one person, or of everybody; repetition 0 is the trial itself.

    A measure that could not be had keeps its row, with empty numbers.
    """
    with store.read() as connection:
        query = _query()
        if code is not None:
            person = need_person(connection, code)
            query = query.where(schema.person.c.id == person)
        rows = connection.execute(query).mappings()
        for some in rows.partitions(_ROWS_AT_ONCE):
            yield from (dict(row) for row in some)


def rows_of_results(results: Iterable[StoredRecording]) -> Iterator[dict[str, Any]]:
    """Return the same rows of results that are not in a history."""
    for kept in results:
        made = kept.assessment
        head = {
            "person": kept.person_code,
            "visit": kept.on.isoformat(),
            "recording": kept.key,
            "protocol": made.protocol,
            "eyes": made.conditions.eyes,
            "footwear": made.conditions.footwear,
            "surface": made.conditions.surface,
            "age_years": made.person.age_years,
        }
        for position, trial in enumerate(made.trials, start=1):
            about = {
                **head,
                "trial": position,
                "kind": trial.kind.value,
                "side": trial.side,
                "start_s": trial.start_s,
                "end_s": trial.end_s,
                "end_reason": trial.end_reason.value,
            }
            parts = [(0, trial.measures)]
            parts += [(n, one.measures) for n, one in enumerate(trial.repetitions, 1)]
            for repetition, measures in parts:
                for name, measure in sorted(measures.items()):
                    yield {**about, "repetition": repetition} | _numbers(name, measure)


def _numbers(name: str, measure: Measurement | None) -> dict[str, Any]:
    if measure is None:
        nothing = dict.fromkeys(("value", "low", "high", "unit"))
        return {"measure": name, **nothing, "censored": False}
    return {
        "measure": name,
        "value": measure.value,
        "low": measure.low,
        "high": measure.high,
        "unit": measure.unit,
        "censored": bool(measure.censored),
    }


def write_csv(store: Store, path: Path, code: str | None = None) -> int:
    """Write the table of a history as CSV (UTF-8); return the number of rows."""
    return write_rows_csv(tidy_rows(store, code), path)


def write_rows_csv(rows: Iterable[dict[str, Any]], path: Path) -> int:
    """Write rows as CSV (UTF-8); return their number."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        count += 1
    write_whole(path, lambda file: file.write(text.getvalue().encode()))
    return count


def write_parquet(store: Store, path: Path, code: str | None = None) -> int:
    """Write the table of a history as Parquet; return the number of rows."""
    return write_rows_parquet(tidy_rows(store, code), path)


def write_rows_parquet(rows: Iterable[dict[str, Any]], path: Path) -> int:
    """Write rows as Parquet; return their number."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise OutputError(
            "Parquet needs pyarrow; install it with: pip install 'pose-balance[export]'"
        ) from error
    kinds = {str: pa.string(), float: pa.float64(), int: pa.int32(), bool: pa.bool_()}
    shape = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    table = pa.Table.from_pylist(list(rows), schema=shape)
    write_whole(path, lambda file: parquet.write_table(table, file))
    return int(table.num_rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _query() -> Any:
    person, visit, recording = schema.person, schema.visit, schema.recording
    trial, measure = schema.trial, schema.measure
    return (
        select(
            person.c.code.label("person"),
            visit.c.on_day.label("visit"),
            recording.c.id.label("recording"),
            recording.c.protocol,
            recording.c.eyes,
            recording.c.footwear,
            recording.c.surface,
            recording.c.age_years,
            trial.c.position.label("trial"),
            trial.c.kind,
            trial.c.side,
            measure.c.repetition,
            trial.c.start_s,
            trial.c.end_s,
            trial.c.end_reason,
            measure.c.name.label("measure"),
            measure.c.value,
            measure.c.low,
            measure.c.high,
            measure.c.unit,
            measure.c.censored,
        )
        .select_from(measure)
        .join(trial, trial.c.id == measure.c.trial_id)
        .join(recording, recording.c.id == trial.c.recording_id)
        .join(visit, visit.c.id == recording.c.visit_id)
        .join(person, person.c.id == visit.c.person_id)
        .order_by(
            person.c.code_key,
            visit.c.on_day,
            recording.c.saved_at,
            recording.c.id,
            trial.c.position,
            measure.c.repetition,
            measure.c.name,
        )
    )
