"""The tables of the history. Changing one needs a step in ``migrations/versions``.

Keys are random hex, so that rows keep theirs when they move to another store. An
assessment is kept whole, as JSON text; ``trial`` and ``measure`` repeat its numbers
for queries. Times are ISO 8601 text in UTC, days ISO dates: both sort as text and
read the same on SQLite and PostgreSQL.
"""

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


def _owner(table: str) -> Column[str]:
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(f"{table}_id", Text, target, nullable=False)


person = Table(
    "person",
    metadata,
    _key(),
    Column("code", Text, nullable=False),
    # The code in small letters: "A7" and "a7" are one person, and one file name.
    Column("code_key", Text, nullable=False, unique=True),
    Column("name", Text),
    Column("birth_year", Integer),
    Column("height_mm", Float),
    Column("sex", Text),
    Column("dominant_side", Text),
    Column("injured_side", Text),
    Column("notes", Text, nullable=False),
    Column("consent_at", Text),
    Column("consent_text", Text),
    Column("created_at", Text, nullable=False),
)

visit = Table(
    "visit",
    metadata,
    _key(),
    _owner("person"),
    Column("on_day", Text, nullable=False),
    Column("notes", Text, nullable=False),
    UniqueConstraint("person_id", "on_day"),
)

recording = Table(
    "recording",
    metadata,
    _key(),
    _owner("visit"),
    Column("saved_at", Text, nullable=False),
    Column("protocol", Text, nullable=False),
    Column("eyes", Text, nullable=False),
    Column("footwear", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("age_years", Float),
    Column("assessment", Text, nullable=False),
    # As it was first measured, kept once somebody has overruled it.
    Column("original", Text),
    Column("video_name", Text),
    Index("recording_of_visit", "visit_id"),
)

landmarks = Table(
    "landmarks",
    metadata,
    Column(
        "recording_id",
        Text,
        ForeignKey("recording.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("npz", LargeBinary, nullable=False),
)

trial = Table(
    "trial",
    metadata,
    _key(),
    _owner("recording"),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("end_reason", Text, nullable=False),
    UniqueConstraint("recording_id", "position"),
)

measure = Table(
    "measure",
    metadata,
    Column(
        "trial_id",
        Text,
        ForeignKey("trial.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    # 0 is the trial itself, 1 its first repetition.
    Column("repetition", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("value", Float),
    Column("low", Float),
    Column("high", Float),
    Column("unit", Text),
    Column("censored", Boolean),
    sqlite_with_rowid=False,
)

overrule = Table(
    "overrule",
    metadata,
    _key(),
    _owner("recording"),
    Column("position", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("was", Text, nullable=False),
    Column("becomes", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("overrule_of_recording", "recording_id"),
)

self_report = Table(
    "self_report",
    metadata,
    _key(),
    _owner("person"),
    Column("on_day", Text, nullable=False),
    Column("fatigue", Integer),
    Column("pain", Integer),
    Column("training_minutes", Float),
    Column("notes", Text, nullable=False),
    Index("self_report_of_person", "person_id"),
)

training_block = Table(
    "training_block",
    metadata,
    _key(),
    _owner("person"),
    Column("on_day", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    # As JSON: what was done and said, the wishes, where the ladders stood.
    Column("block", Text, nullable=False),
    Index("training_block_of_person", "person_id"),
)
