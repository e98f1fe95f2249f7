"""What people say of a day: fatigue, pain 0-10, minutes of training."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from balance.history import schema
from balance.history.people import check_day, need_consent, need_person
from balance.history.store import Store
from balance.model.errors import InputError


@dataclass(frozen=True, slots=True)
class SelfReport:
    """One day's answers; None where not asked. Fatigue and pain run from 0 to 10."""

    on: date
    fatigue: int | None = None
    pain: int | None = None
    training_minutes: float | None = None
    notes: str = ""


def add_self_report(store: Store, code: str, report: SelfReport) -> None:
    """Keep one report."""
    for name, value in (("fatigue", report.fatigue), ("pain", report.pain)):
        if value is not None and not 0 <= value <= 10:
            raise InputError(f"{name} must be 0 to 10, got {value}")
    if report.training_minutes is not None and not 0 <= report.training_minutes <= 1440:
        raise InputError("training minutes of a day must be 0 to 1440")
    check_day(report.on)
    with store.write() as connection:
        person = need_person(connection, code)
        need_consent(connection, person)
        row = report_row(person, report)
        connection.execute(insert(schema.self_report).values(row))


def report_row(person: str, report: SelfReport) -> dict[str, Any]:
    """Return a report as a row of its table."""
    return {
        "id": uuid4().hex,
        "person_id": person,
        "on_day": report.on.isoformat(),
        "fatigue": report.fatigue,
        "pain": report.pain,
        "training_minutes": report.training_minutes,
        "notes": report.notes,
    }


def load_self_reports(store: Store, code: str) -> list[SelfReport]:
    """All reports of a person by day."""
    table = schema.self_report
    with store.read() as connection:
        person = need_person(connection, code)
        rows = connection.execute(
            select(table).where(table.c.person_id == person).order_by(table.c.on_day)
        ).mappings()
        return [
            SelfReport(
                date.fromisoformat(row["on_day"]),
                row["fatigue"],
                row["pain"],
                row["training_minutes"],
                row["notes"],
            )
            for row in rows
        ]
