"""What people say of themselves: fatigue, pain, minutes of training."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Add the table of self-reports."""
    owner = sa.ForeignKey("person.id", ondelete="CASCADE")
    op.create_table(
        "self_report",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, owner, nullable=False),
        sa.Column("on_day", sa.Text, nullable=False),
        sa.Column("fatigue", sa.Integer),
        sa.Column("pain", sa.Integer),
        sa.Column("training_minutes", sa.Float),
        sa.Column("notes", sa.Text, nullable=False),
    )
    op.create_index("self_report_of_person", "self_report", ["person_id"])
