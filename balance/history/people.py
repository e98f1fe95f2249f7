"""People: a code, and only what a test or its norms need besides."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from balance.history import schema
from balance.history.store import Store
from balance.model.errors import ConsentError, InputError, StoreError

# Letters and digits of any machine, so that a code is a safe file name everywhere.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_SIDES = ("left", "right")
_SEXES = ("f", "m")
FIRST_DAY = date(1980, 1, 1)
# Letters: more is no name and no note, and every page would carry it.
LONGEST_TEXT = {"name": 200, "notes": 10_000}


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One person as kept; everything but the code is optional.

    ``sex`` "f" or "m" where norms need it; ``dominant_side`` and ``injured_side``
    "left" or "right"; ``consent_at`` when the person agreed to ``consent_text``.
    """

    code: str
    name: str | None = None
    birth_year: int | None = None
    height_mm: float | None = None
    sex: str | None = None
    dominant_side: str | None = None
    injured_side: str | None = None
    notes: str = ""
    consent_at: str | None = None
    consent_text: str | None = None
    created_at: str = ""

    def age_on(self, day: date) -> float | None:
        """Age in whole years of the calendar; the birthday itself is not kept."""
        return None if self.birth_year is None else float(day.year - self.birth_year)


EDITABLE = (
    "name",
    "birth_year",
    "height_mm",
    "sex",
    "dominant_side",
    "injured_side",
    "notes",
)


def add_person(store: Store, person: PersonRecord) -> PersonRecord:
    """Add a person under a new code."""
    check_code(person.code)
    _check_facts(asdict(person))
    with store.write() as connection:
        if person_key(connection, person.code):
            raise StoreError(f"there is already a person {person.code!r}")
        insert_person(connection, person)
    return get_person(store, person.code)


def insert_person(connection: Connection, person: PersonRecord) -> str:
    """Insert a person that was checked; return the new key."""
    key = uuid4().hex
    row = {
        **asdict(person),
        "id": key,
        "code_key": person.code.lower(),
        "created_at": person.created_at or now(),
    }
    connection.execute(insert(schema.person).values(row))
    return key


def edit_person(store: Store, code: str, facts: Mapping[str, Any]) -> PersonRecord:
    """Change some facts; the code itself stays."""
    unknown = set(facts) - set(EDITABLE)
    if unknown:
        raise InputError(f"a person has no {', '.join(sorted(unknown))} to change")
    _check_facts(facts)
    with store.write() as connection:
        key = need_person(connection, code)
        if facts:
            change = update(schema.person).where(schema.person.c.id == key)
            connection.execute(change.values(**facts))
    return get_person(store, code)


def list_people(store: Store) -> list[PersonRecord]:
    """Everybody, by code."""
    with store.read() as connection:
        rows = connection.execute(
            select(schema.person).order_by(schema.person.c.code_key)
        ).mappings()
        return [person_of_row(row) for row in rows]


def get_person(store: Store, code: str) -> PersonRecord:
    """One person; a sentence where there is none of this code."""
    with store.read() as connection:
        key = need_person(connection, code)
        row = connection.execute(
            select(schema.person).where(schema.person.c.id == key)
        ).mappings()
        return person_of_row(row.one())


def give_consent(store: Store, code: str, text: str) -> PersonRecord:
    """Note that the person agreed, now, to this text."""
    return _set_consent(store, code, now(), text)


def withdraw_consent(store: Store, code: str) -> PersonRecord:
    """Note that the person no longer agrees; nothing new is saved from then on."""
    return _set_consent(store, code, None, None)


def _set_consent(
    store: Store, code: str, at: str | None, text: str | None
) -> PersonRecord:
    with store.write() as connection:
        key = need_person(connection, code)
        change = update(schema.person).where(schema.person.c.id == key)
        connection.execute(change.values(consent_at=at, consent_text=text))
    return get_person(store, code)


def person_key(connection: Connection, code: str) -> str | None:
    """Return the key of a code, large and small letters alike, or None."""
    wanted = schema.person.c.code_key == code.strip().lower()
    found = connection.execute(select(schema.person.c.id).where(wanted)).scalar()
    return None if found is None else str(found)


def need_person(connection: Connection, code: str) -> str:
    """Return the key of a code that must exist."""
    key = person_key(connection, code)
    if key is None:
        raise StoreError(
            f"there is no person {code!r}; 'balance history people' lists all"
        )
    return key


def lock_person(connection: Connection, code: str) -> str:
    """Return the key of a person to whom nobody else adds until we are done.

    On SQLite the writer has the whole store anyway.
    """
    key = need_person(connection, code)
    row = select(schema.person.c.id).where(schema.person.c.id == key)
    connection.execute(row.with_for_update())
    return key


def need_consent(connection: Connection, key: str) -> None:
    """Refuse to keep anything new of a person who has not agreed, or no longer does.

    Raises
    ------
    ConsentError
        With one sentence that says how agreement is noted.
    """
    table = schema.person
    query = select(table.c.code, table.c.consent_at).where(table.c.id == key)
    code, agreed_at = connection.execute(query).one()
    if not agreed_at:
        raise ConsentError(
            f"{code} has not agreed to being kept, so nothing was saved; show the text "
            f"with 'balance history consent {code}' and note it with --agree"
        )


def check_day(day: date) -> date:
    """Refuse a day that nobody can have been tested on.

    Tomorrow is allowed: the day may have begun elsewhere.
    """
    last = datetime.now(UTC).date() + timedelta(days=1)
    if not FIRST_DAY <= day <= last:
        raise InputError(
            f"{day} is no day of a visit; it must lie between {FIRST_DAY} and today"
        )
    return day


def remove_row(connection: Connection, key: str) -> None:
    """Delete a person's row; what hangs on it goes with it."""
    connection.execute(delete(schema.person).where(schema.person.c.id == key))


def person_of_row(row: RowMapping) -> PersonRecord:
    """Build a person from a row of the table."""
    names = PersonRecord.__dataclass_fields__
    return PersonRecord(**{name: row[name] for name in names})


def check_code(code: str) -> None:
    """Refuse a code that is not letters, digits, "-" and "_"."""
    if not _CODE.fullmatch(code):
        raise InputError(
            f"the code {code!r} must be 1 to 40 letters (a-z), digits, '-' or '_', "
            "and begin with a letter or digit"
        )


def now() -> str:
    """Return this moment in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _check_facts(facts: Mapping[str, Any]) -> None:
    year = facts.get("birth_year")
    if year is not None and not 1890 <= year <= datetime.now(UTC).year:
        raise InputError(f"birth year {year} is not one of a living person")
    height = facts.get("height_mm")
    if height is not None and not 500 <= height <= 2500:  # NaN is not, either
        raise InputError(f"height {height / 10:g} cm is not between 50 and 250 cm")
    for name, longest in LONGEST_TEXT.items():
        if len(facts.get(name) or "") > longest:
            raise InputError(f"{name} must not be longer than {longest} letters")
    for name, choices in (
        ("sex", _SEXES),
        ("dominant_side", _SIDES),
        ("injured_side", _SIDES),
    ):
        if facts.get(name) is not None and facts[name] not in choices:
            raise InputError(
                f"{name.replace('_', ' ')} must be {' or '.join(choices)}, "
                f"got {facts[name]!r}"
            )
