"""The tables of a batch: measures, trials, clips, and what a person has to decide.

``clip`` is the file's name, or where two videos share it, the path below the folder
that holds them all: a table can be grouped by it.
"""

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from balance.model.files import CSV_COLUMNS, plain_text, read_assessment
from balance.model.publish import write_whole
from balance.model.results import Assessment
from balance.model.tables import Row, data_frame, rows_of, summary_columns, summary_rows
from balance.pipeline.batch.job import GOOD, UNUSABLE, Outcome
from balance.pipeline.batch.review import REVIEW_COLUMNS, review_rows

if TYPE_CHECKING:
    import pandas

# Put before the columns of every clip's own ``trials.csv``.
_SAID = ("recorded_at", "protocol", "eyes", "footwear", "surface")
HEAD = ("person", "path", "sha256", "folder", *_SAID)
CLIP_COLUMNS: tuple[str, ...] = (
    "clip",
    "person",
    "grade",
    "trials",
    "duration_s",
    "path",
    "folder",
    "sha256",
    "reasons",
    "error",
)
_NUMBERS = ("start_s", "end_s", "value", "low", "high")
_WHOLE = ("trial", "repetition")


def write_tables(outcomes: Sequence[Outcome], out: Path) -> None:
    """Write ``trials`` (CSV, Parquet), ``summary``, ``clips`` and ``review`` (CSV).

    One clip after the other: ten thousand need no more memory than one.
    """
    names = clip_names(outcomes)
    write_whole(out / "trials.csv", lambda file: _write_csv(file, outcomes, out))
    write_whole(
        out / "trials.parquet", lambda file: _write_parquet(file, outcomes, out)
    )
    write_whole(out / "summary.csv", lambda file: _write_summary(file, outcomes, out))
    write_whole(
        out / "clips.csv",
        lambda file: _write_rows(
            file, CLIP_COLUMNS, (_clip_row(one, names) for one in outcomes)
        ),
    )
    write_whole(
        out / "review.csv",
        lambda file: _write_rows(file, REVIEW_COLUMNS, _review(outcomes, out)),
    )


def to_review(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Clips that somebody should look at: unusable first, then most reasons."""
    wanting = [outcome for outcome in outcomes if outcome.grade != GOOD]
    return sorted(wanting, key=lambda o: (o.grade != UNUSABLE, -len(o.reasons)))


def clip_names(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Return a name for each place that no other place has, the file's where it can."""
    places = list(dict.fromkeys(outcome.place for outcome in outcomes))
    paths = {place: PurePosixPath(place.replace("\\", "/")) for place in places}
    often = Counter(path.name for path in paths.values())
    common = _common(list(paths.values()))
    return {
        place: path.name
        if often[path.name] == 1
        else "/".join(path.parts[common:]) or path.name
        for place, path in paths.items()
    }


def _common(paths: Sequence[PurePosixPath]) -> int:
    """Return how many of their first parts all paths share, the file's name apart."""
    shared = 0
    for parts in zip(*(path.parts[:-1] for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return shared


def batch_frame(
    outcomes: Sequence[Outcome], out: Path, detail: str
) -> "pandas.DataFrame":
    """Return all trials as a data frame, a row a trial ("wide") or measure ("long")."""
    found = [
        {**_head(outcome), **row, "clip": clip}
        for outcome, clip, assessment in _assessed(outcomes, out)
        for row in rows_of([assessment], detail)
    ]
    rest = [name for name in summary_columns(found) if name not in _BATCH]
    columns = [*_BATCH, *(CSV_COLUMNS[1:] if detail == "long" else rest)]
    return data_frame(found, columns)


_BATCH = ("clip", "person", "path", "folder")


def _head(outcome: Outcome) -> Row:
    return {
        "person": outcome.person,
        "path": outcome.place,
        "folder": outcome.folder,
    }


def _assessed(
    outcomes: Iterable[Outcome], out: Path
) -> Iterator[tuple[Outcome, str, Assessment]]:
    """Outcomes with a result on disk, the clip's name, and the result."""
    some = list(outcomes)
    names = clip_names(some)
    for outcome in some:
        path = out / outcome.folder / "assessment.json"
        if outcome.folder and path.exists():
            yield outcome, names[outcome.place], read_assessment(path)


def _rows(outcome: Outcome, out: Path, clip: str) -> Iterator[dict[str, str]]:
    """Rows of one clip's own table, with whose they are; none where it failed."""
    folder = out / outcome.folder
    path = folder / "trials.csv"
    if not outcome.folder or not path.exists():
        return
    head = {**_head(outcome), "sha256": outcome.sha256, **_conditions(folder)}
    plain = {name: plain_text(str(value or "")) for name, value in head.items()}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {**plain, **row, "clip": plain_text(clip)}


def _conditions(folder: Path) -> dict[str, Any]:
    """Return what was said of the test, where the result is still there."""
    path = folder / "assessment.json"
    if not path.exists():
        return dict.fromkeys(_SAID, "")
    stored = json.loads(path.read_text(encoding="utf-8"))
    conditions = stored.get("conditions", {})
    return {
        "recorded_at": stored.get("source", {}).get("recorded_at"),
        "protocol": stored.get("protocol"),
        **{name: conditions.get(name) for name in ("eyes", "footwear", "surface")},
    }


def _all_rows(outcomes: Sequence[Outcome], out: Path) -> Iterator[dict[str, str]]:
    names = clip_names(outcomes)
    for outcome in outcomes:
        yield from _rows(outcome, out, names[outcome.place])


def _write_csv(file: IO[bytes], outcomes: Sequence[Outcome], out: Path) -> None:
    writer = csv.DictWriter(_Text(file), [*HEAD, *CSV_COLUMNS])
    writer.writeheader()
    writer.writerows(_all_rows(outcomes, out))


class _Text:
    """A file of bytes that takes text."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def _write_parquet(file: IO[bytes], outcomes: Sequence[Outcome], out: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    kinds = dict.fromkeys(_NUMBERS, pyarrow.float64()) | dict.fromkeys(
        _WHOLE, pyarrow.int32()
    )
    columns = [*HEAD, *CSV_COLUMNS]
    schema = pyarrow.schema(
        [(name, kinds.get(name, pyarrow.string())) for name in columns]
    )
    names = clip_names(outcomes)
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for outcome in outcomes:
            rows = [_typed(row) for row in _rows(outcome, out, names[outcome.place])]
            if rows:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """Numbers as numbers; an empty field is a missing one."""
    typed: dict[str, Any] = {name: text or None for name, text in row.items()}
    for names, kind in ((_NUMBERS, float), (_WHOLE, int)):
        for name in names:
            if typed.get(name) is not None:
                typed[name] = kind(typed[name])
    return typed


def _write_summary(file: IO[bytes], outcomes: Sequence[Outcome], out: Path) -> None:
    """Write a row a trial; which measures there are is known only after all clips."""
    columns: dict[str, None] = dict.fromkeys(_BATCH)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        for outcome, clip, assessment in _assessed(outcomes, out):
            rows = summary_rows(assessment)
            columns |= dict.fromkeys(summary_columns(rows))
            for row in rows:
                kept.write(json.dumps({**_head(outcome), **row, "clip": clip}) + "\n")
        kept.seek(0)
        _write_rows(file, list(columns), (json.loads(line) for line in kept))


def _review(outcomes: Sequence[Outcome], out: Path) -> Iterator[Row]:
    """Return what a person can decide, clips that could not be measured first."""
    names = clip_names(outcomes)
    for outcome in outcomes:
        if outcome.grade == UNUSABLE:
            reason = outcome.error or " ".join(outcome.reasons)
            yield {**_of(outcome, names), "what": "unusable", "reason": reason}
    for outcome, _, assessment in _assessed(outcomes, out):
        for row in review_rows(assessment) if outcome.grade != UNUSABLE else ():
            yield {**_of(outcome, names), **row}


def _of(outcome: Outcome, names: Mapping[str, str]) -> Row:
    return {"clip": names[outcome.place], **_head(outcome)}


def _clip_row(outcome: Outcome, names: Mapping[str, str]) -> Row:
    return {
        **_of(outcome, names),
        "grade": outcome.grade,
        "trials": outcome.trials,
        "duration_s": round(outcome.duration_s, 3),
        "sha256": outcome.sha256,
        "reasons": " | ".join(outcome.reasons),
        "error": outcome.error,
    }


def _write_rows(
    file: IO[bytes], columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    writer = csv.DictWriter(_Text(file), columns)
    writer.writeheader()
    for row in rows:
        plain = {
            name: plain_text(value) if isinstance(value, str) else value
            for name, value in row.items()
        }
        writer.writerow(plain)
