"""The tables of a batch: all measures, all clips, and which of them to look at."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from balance.model.files import CSV_COLUMNS, plain_text
from balance.model.publish import write_whole
from balance.pipeline.batch.job import GOOD, UNUSABLE, Outcome

# Put before the columns of every clip's own ``trials.csv``.
HEAD = ("person", "sha256", "folder")
CLIP_COLUMNS: tuple[str, ...] = (
    "clip",
    "person",
    "grade",
    "trials",
    "duration_s",
    "folder",
    "sha256",
    "reasons",
    "error",
)
_NUMBERS = ("start_s", "end_s", "value", "low", "high")
_WHOLE = ("trial", "repetition")


def write_tables(outcomes: Sequence[Outcome], out: Path) -> None:
    """Write ``trials.csv``, ``trials.parquet``, ``clips.csv``, ``needs_eyes.csv``.

    One clip after the other: ten thousand need no more memory than one.
    """
    write_whole(out / "trials.csv", lambda file: _write_csv(file, outcomes, out))
    write_whole(
        out / "trials.parquet", lambda file: _write_parquet(file, outcomes, out)
    )
    write_whole(out / "clips.csv", lambda file: _write_clips(file, outcomes))
    eyes = needs_eyes(outcomes)
    write_whole(out / "needs_eyes.csv", lambda file: _write_clips(file, eyes))


def needs_eyes(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Clips that somebody should look at: unusable first, then most reasons."""
    wanting = [outcome for outcome in outcomes if outcome.grade != GOOD]
    return sorted(wanting, key=lambda o: (o.grade != UNUSABLE, -len(o.reasons)))


def _rows(outcome: Outcome, out: Path) -> Iterator[dict[str, str]]:
    """Rows of one clip's own table, with whose they are; none where it failed."""
    path = out / outcome.folder / "trials.csv"
    if not outcome.folder or not path.exists():
        return
    head = (plain_text(outcome.person), outcome.sha256, plain_text(outcome.folder))
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield dict(zip(HEAD, head, strict=True)) | row


def _write_csv(file: IO[bytes], outcomes: Iterable[Outcome], out: Path) -> None:
    text = _Text(file)
    writer = csv.DictWriter(text, [*HEAD, *CSV_COLUMNS])
    writer.writeheader()
    for outcome in outcomes:
        writer.writerows(_rows(outcome, out))


class _Text:
    """A file of bytes that takes text."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def _write_parquet(file: IO[bytes], outcomes: Iterable[Outcome], out: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    kinds = dict.fromkeys(_NUMBERS, pyarrow.float64()) | dict.fromkeys(
        _WHOLE, pyarrow.int32()
    )
    names = [*HEAD, *CSV_COLUMNS]
    schema = pyarrow.schema(
        [(name, kinds.get(name, pyarrow.string())) for name in names]
    )
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for outcome in outcomes:
            rows = [_typed(row) for row in _rows(outcome, out)]
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


def _write_clips(file: IO[bytes], outcomes: Iterable[Outcome]) -> None:
    writer = csv.writer(_Text(file))
    writer.writerow(CLIP_COLUMNS)
    for outcome in outcomes:
        words = (outcome.place, outcome.person, outcome.grade)
        tail = (outcome.folder, outcome.sha256, " | ".join(outcome.reasons))
        numbers = (outcome.trials, f"{outcome.duration_s:.3f}")
        writer.writerow(
            [
                *map(plain_text, words),
                *numbers,
                *map(plain_text, tail),
                plain_text(outcome.error),
            ]
        )
