"""Training blocks of a person: what was done, how it felt, where the ladders stood.

The next plan goes on from here. What a block felt like stands among the self-reports,
too, beside the trends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert, select

from balance.history import schema
from balance.history.people import (
    check_day,
    get_person,
    need_consent,
    need_person,
    now,
)
from balance.history.recordings import load_recordings
from balance.history.self_reports import SelfReport, report_row
from balance.history.store import Store
from balance.live.training.trainee import BlockReport, LegHistory
from balance.live.training.trainee_results import legs_from_assessments
from balance.model.errors import InputError
from balance.model.landmarks import Side
from balance.model.results import Assessment


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of the programme: aim, things at hand, minutes a block."""

    goal: str = "daily"
    equipment: tuple[str, ...] = ()
    minutes: float = 15.0


@dataclass(frozen=True, slots=True)
class TrainingBlock:
    """One block as it is kept.

    ``rungs`` where each ladder stood in its plan: (ladder, leg, exercise).
    """

    on: date
    report: BlockReport
    rungs: tuple[tuple[str, str, str], ...] = ()
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True, eq=False)
class TrainingHistory:
    """What the programme knows of a person from their visits and blocks."""

    age_years: float | None
    legs: dict[Side, LegHistory]
    blocks: tuple[TrainingBlock, ...]

    @property
    def reports(self) -> tuple[BlockReport, ...]:
        """Reports of all blocks, oldest first."""
        return tuple(block.report for block in self.blocks)

    @property
    def rungs(self) -> dict[tuple[str, str], str]:
        """Where each ladder stood in the last block's plan."""
        last = self.blocks[-1].rungs if self.blocks else ()
        return {(ladder, leg): exercise for ladder, leg, exercise in last}

    @property
    def wishes(self) -> Wishes:
        """What was wished last."""
        return self.blocks[-1].wishes if self.blocks else Wishes()


_BLOCK = TypeAdapter(TrainingBlock)


def log_block(store: Store, code: str, block: TrainingBlock) -> None:
    """Keep a block that was done, and how it felt among the self-reports."""
    report = block.report
    for name, value in (("fatigue", report.fatigue), ("pain", report.pain)):
        if not 0 <= value <= 10:
            raise InputError(f"{name} must be 0 to 10, got {value}")
    felt = SelfReport(block.on, report.fatigue, report.pain, report.minutes)
    check_day(block.on)
    with store.write() as connection:
        person = need_person(connection, code)
        need_consent(connection, person)
        row = {
            "id": uuid4().hex,
            "person_id": person,
            "on_day": block.on.isoformat(),
            "saved_at": now(),
            "block": _BLOCK.dump_json(block).decode(),
        }
        connection.execute(insert(schema.training_block).values(row))
        connection.execute(insert(schema.self_report).values(report_row(person, felt)))


def load_blocks(store: Store, code: str) -> list[TrainingBlock]:
    """All blocks of a person, in the order they were done."""
    table = schema.training_block
    with store.read() as connection:
        person = need_person(connection, code)
        order = (table.c.on_day, table.c.saved_at)
        texts = connection.execute(
            select(table.c.block).where(table.c.person_id == person).order_by(*order)
        ).scalars()
        return [block_from_json(text) for text in texts]


def block_from_json(text: str) -> TrainingBlock:
    """Read a block as it is kept."""
    try:
        return _BLOCK.validate_json(text)
    except ValidationError as error:
        raise InputError("a training block is damaged") from error


def training_history(
    store: Store, code: str, today: date, new: Sequence[Assessment] = ()
) -> TrainingHistory:
    """Return what the programme knows of a person on a day.

    ``new`` are results of today that may not be kept yet.
    """
    visits: dict[date, list[Assessment]] = {}
    for kept in load_recordings(store, code):
        visits.setdefault(kept.on, []).append(kept.assessment)
    if new:
        visits.setdefault(today, []).extend(new)
    return TrainingHistory(
        get_person(store, code).age_on(today),
        legs_from_assessments(list(visits.values())),
        tuple(load_blocks(store, code)),
    )
