"""Training blocks: what was wished and done, and where each ladder stood."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Add the table of training blocks."""
    owner = sa.ForeignKey("person.id", ondelete="CASCADE")
    op.create_table(
        "training_block",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, owner, nullable=False),
        sa.Column("on_day", sa.Text, nullable=False),
        sa.Column("saved_at", sa.Text, nullable=False),
        sa.Column("block", sa.Text, nullable=False),
    )
    op.create_index("training_block_of_person", "training_block", ["person_id"])
