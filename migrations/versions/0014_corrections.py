"""What case workers found out about listings, tasks that are taken, and counts by day"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STANDING = sa.text("ended_on IS NULL")
TASK = (
    ("taken_by", sa.String(length=64)),
    ("taken_on", sa.Date()),
    ("found", sa.String(length=16)),
    ("found_on", sa.Date()),
    ("note", sa.Text()),
)


def upgrade() -> None:
    """Make the tables of corrections and counts, and room for who does a task and what was found."""
    op.create_table(
        "listing_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_at_location_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source_said", sa.Text(), nullable=False),
        sa.Column("source_says", sa.Text(), nullable=True),
        sa.Column("put_aside", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_listing_correction"),
    )
    op.create_index(
        "uq_listing_correction_standing",
        "listing_correction",
        ["service_at_location_id", "kind"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    for name, kind in TASK:
        op.add_column("verification_task", sa.Column(name, kind, nullable=True))
    op.create_table(
        "daily_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "measure", "part", name="pk_daily_count"),
    )
    op.create_index("ix_message_created_at", "message", ["created_at"])


def downgrade() -> None:
    """Drop them. What the corrections put in place stays until the next import of each source."""
    op.drop_index("ix_message_created_at", "message")
    op.drop_table("daily_count")
    for name, _ in reversed(TASK):
        op.drop_column("verification_task", name)
    op.drop_table("listing_correction")
