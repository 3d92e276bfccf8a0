"""Opt-outs that people look at, media as references, what is attached, requests turned away"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make three tables and one column."""
    standing = sa.text("undone_at IS NULL")
    op.add_column("message", sa.Column("attached", sa.String(length=16), nullable=True))
    op.create_table(
        "inbound_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_inbound_media_message_id_message"),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_media"),
        sa.UniqueConstraint("message_id", "position", name="uq_inbound_media_message_id"),
    )
    op.create_table(
        "opt_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worrying", sa.Boolean(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_opt_out_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_opt_out_message_id_message"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_opt_out_incident_id_incident"),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["case_worker.id"], name="fk_opt_out_reviewed_by_id_case_worker"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_opt_out"),
        sa.UniqueConstraint("message_id", name="uq_opt_out_message_id"),
    )
    op.create_index("ix_opt_out_reviewed_at_opted_out_at", "opt_out", ["reviewed_at", "opted_out_at"])
    op.create_index(
        "uq_opt_out_conversation_id",
        "opt_out",
        ["conversation_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "webhook_refusal",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "reason", name="pk_webhook_refusal"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("webhook_refusal", "opt_out", "inbound_media"):
        op.drop_table(table)
    op.drop_column("message", "attached")
