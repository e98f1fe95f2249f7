"""The tables of the history. Changing one needs a step in ``migrations/versions``.

Keys are random hex, so that rows keep theirs when they move to another store. An
assessment is kept whole, as JSON text; ``trial`` and ``measure`` repeat its numbers
for queries. Times are ISO 8601 text in UTC, days ISO dates: both sort as text and
read the same on SQLite and PostgreSQL.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

# The newest migration; a test holds it against the migrations themselves.
HEAD = "r0003"

metadata = MetaData()


def _key() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _owner(table: str, *, is_key: bool = False) -> Column[str]:
    """Whose row this is; it goes when its owner goes."""
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(f"{table}_id", Text, target, primary_key=is_key, nullable=False)


def _needed(*names: str, kind: Any = Text) -> list[Column[Any]]:
    return [Column(name, kind, nullable=False) for name in names]


def _optional(*names: str, kind: Any = Text) -> list[Column[Any]]:
    return [Column(name, kind) for name in names]


person = Table(
    "person",
    metadata,
    _key(),
    *_needed("code"),
    # The code in small letters: "A7" and "a7" are one person, and one file name.
    Column("code_key", Text, nullable=False, unique=True),
    *_optional("name"),
    *_optional("birth_year", kind=Integer),
    *_optional("height_mm", kind=Float),
    *_optional("sex", "dominant_side", "injured_side"),
    *_needed("notes"),
    *_optional("consent_at", "consent_text"),
    *_needed("created_at"),
)

visit = Table(
    "visit",
    metadata,
    _key(),
    _owner("person"),
    *_needed("on_day", "notes"),
    UniqueConstraint("person_id", "on_day"),
)

recording = Table(
    "recording",
    metadata,
    _key(),
    _owner("visit"),
    *_needed("saved_at", "protocol", "eyes", "footwear", "surface"),
    *_optional("age_years", kind=Float),
    *_needed("assessment"),
    # ``original``: as it was first measured, kept once somebody has overruled it.
    *_optional("original", "video_name"),
    Index("recording_of_visit", "visit_id"),
)

landmarks = Table(
    "landmarks",
    metadata,
    _owner("recording", is_key=True),
    *_needed("npz", kind=LargeBinary),
)

trial = Table(
    "trial",
    metadata,
    _key(),
    _owner("recording"),
    *_needed("position", kind=Integer),
    *_needed("kind", "side"),
    *_needed("start_s", "end_s", kind=Float),
    *_needed("end_reason"),
    UniqueConstraint("recording_id", "position"),
)

measure = Table(
    "measure",
    metadata,
    _owner("trial", is_key=True),
    # 0 is the trial itself, 1 its first repetition.
    Column("repetition", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    *_optional("value", "low", "high", kind=Float),
    *_optional("unit"),
    *_optional("censored", kind=Boolean),
    sqlite_with_rowid=False,
)

overrule = Table(
    "overrule",
    metadata,
    _key(),
    _owner("recording"),
    *_needed("position", kind=Integer),
    *_needed("what", "was", "becomes", "by", "at"),
    Index("overrule_of_recording", "recording_id"),
)

self_report = Table(
    "self_report",
    metadata,
    _key(),
    _owner("person"),
    *_needed("on_day"),
    *_optional("fatigue", "pain", kind=Integer),
    *_optional("training_minutes", kind=Float),
    *_needed("notes"),
    Index("self_report_of_person", "person_id"),
)

training_block = Table(
    "training_block",
    metadata,
    _key(),
    _owner("person"),
    # ``block`` as JSON: what was done and said, the wishes, where the ladders stood.
    *_needed("on_day", "saved_at", "block"),
    Index("training_block_of_person", "person_id"),
)
