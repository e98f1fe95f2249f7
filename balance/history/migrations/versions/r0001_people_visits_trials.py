"""People, visits, recordings with their landmarks, trials, measures, overrules."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _people()
    _recordings()
    _trials()
    op.create_table(
        "overrule",
        _key(),
        _owner("recording"),
        sa.Column("position", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("what", "was", "becomes", "by", "at")
        ),
    )
    op.create_index("overrule_of_recording", "overrule", ["recording_id"])


def _people() -> None:
    op.create_table(
        "person",
        _key(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("code_key", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text),
        sa.Column("birth_year", sa.Integer),
        sa.Column("height_mm", sa.Float),
        sa.Column("sex", sa.Text),
        sa.Column("dominant_side", sa.Text),
        sa.Column("injured_side", sa.Text),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("consent_at", sa.Text),
        sa.Column("consent_text", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "visit",
        _key(),
        _owner("person"),
        sa.Column("on_day", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.UniqueConstraint("person_id", "on_day"),
    )


def _recordings() -> None:
    op.create_table(
        "recording",
        _key(),
        _owner("visit"),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("saved_at", "protocol", "eyes", "footwear", "surface")
        ),
        sa.Column("age_years", sa.Float),
        sa.Column("assessment", sa.Text, nullable=False),
        sa.Column("original", sa.Text),
        sa.Column("video_name", sa.Text),
    )
    op.create_index("recording_of_visit", "recording", ["visit_id"])
    op.create_table(
        "landmarks",
        _owner("recording", primary_key=True),
        sa.Column("npz", sa.LargeBinary, nullable=False),
    )


def _trials() -> None:
    op.create_table(
        "trial",
        _key(),
        _owner("recording"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("start_s", sa.Float, nullable=False),
        sa.Column("end_s", sa.Float, nullable=False),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.UniqueConstraint("recording_id", "position"),
    )
    op.create_table(
        "measure",
        _owner("trial", primary_key=True),
        sa.Column("repetition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Float),
        sa.Column("low", sa.Float),
        sa.Column("high", sa.Float),
        sa.Column("unit", sa.Text),
        sa.Column("censored", sa.Boolean),
        sqlite_with_rowid=False,
    )


def _key() -> "sa.Column[str]":
    return sa.Column("id", sa.Text, primary_key=True)


def _owner(table: str, primary_key: bool = False) -> "sa.Column[str]":
    target = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(
        f"{table}_id", sa.Text, target, nullable=False, primary_key=primary_key
    )
