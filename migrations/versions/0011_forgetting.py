"""Receipts of erasures, wishes that outlive people, and ids that are never used again"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
#: SQLite gives the id of a deleted newest row to the next one: whoever still holds the old id would answer
#: somebody else. AUTOINCREMENT never does; PostgreSQL's sequences never did.
NEVER_AGAIN = (
    "person",
    "conversation",
    "message",
    "consent",
    "incident",
    "using_alone_timer",
    "call",
    "check_in_series",
    "check_in",
    "home_message",
    "opt_out",
    "incident_event",
)


def upgrade() -> None:
    """Make the tables; on SQLite copy those whose ids must never come twice."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("erased_at", TIME, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("media", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("conversation", sa.String(length=32), nullable=True),
        sa.Column("work", sa.Text(), nullable=True),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.Column("telling_at", TIME, nullable=True),
        sa.Column("told_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.UniqueConstraint("public_id", name="uq_erasure_public_id"),
    )
    op.create_index("ix_erasure_next_try_at", "erasure", ["next_try_at"])
    op.create_table(
        "erased_copy",
        sa.Column("sid", sa.String(length=34), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasure.id"], name="fk_erased_copy_erasure_id_erasure"),
        sa.PrimaryKeyConstraint("sid", name="pk_erased_copy"),
    )
    op.create_index("ix_erased_copy_erasure_id", "erased_copy", ["erasure_id"])
    op.create_index("ix_erased_copy_done_at", "erased_copy", ["done_at"])
    op.create_table(
        "suppression",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_suppression"),
    )
    op.create_table(
        "past_incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("danger_to", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("taken_after_minutes", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_past_incident"),
    )
    op.create_table(
        "retention_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_retention_run"),
    )
    op.add_column("worker_heartbeat", sa.Column("seals_with", sa.String(length=16), nullable=True))
    _copy_tables(autoincrement=True)


def downgrade() -> None:
    """Drop them, and let ids come again."""
    _copy_tables(autoincrement=False)
    op.drop_column("worker_heartbeat", "seals_with")
    for table in ("retention_run", "past_incident", "suppression", "erased_copy", "erasure"):
        op.drop_table(table)


def _copy_tables(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in NEVER_AGAIN:
        with op.batch_alter_table(
            table, recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}
        ):
            pass
