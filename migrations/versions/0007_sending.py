"""How a text waits to be sent, whose a status is, the sender's pace, alerts, and reconciliation"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
MESSAGE = (
    ("urgency", sa.SmallInteger(), "1"),
    ("waiting_for", sa.String(length=8), None),
    ("next_try_at", TIME, None),
    ("wakes", sa.Integer(), "0"),
    ("slot_at", TIME, None),
    ("resends", sa.Integer(), "0"),
    ("reconciled_at", TIME, None),
)


def upgrade() -> None:
    """Add the columns and tables; tie the statuses there are to their texts."""
    for name, kind, default in MESSAGE:
        op.add_column("message", sa.Column(name, kind, nullable=default is None, server_default=default))
    op.add_column("person", sa.Column("bad_number_at", TIME, nullable=True))
    with op.batch_alter_table("message_status_event") as table:
        table.add_column(sa.Column("provider_at", TIME, nullable=True))
        table.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_message_status_event_message_id_message", "message", ["message_id"], ["id"]
        )
        table.create_index("ix_message_status_event_message_id", ["message_id"])
    op.execute(
        "UPDATE message_status_event SET message_id ="
        " (SELECT id FROM message WHERE message.message_sid = message_status_event.message_sid)"
    )
    op.create_table(
        "sending_pace",
        sa.Column("sender", sa.String(length=16), nullable=False),
        sa.Column("answers_free_at", TIME, nullable=False),
        sa.Column("check_ins_free_at", TIME, nullable=False),
        sa.Column("held_until", TIME, nullable=True),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name="pk_sending_pace"),
    )
    op.create_table(
        "delivery_alert",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("cleared_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_alert_message_id_message"),
        sa.PrimaryKeyConstraint("code", name="pk_delivery_alert"),
    )
    op.create_table(
        "reconciliation",
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("done_until", TIME, nullable=False),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("ran_at", TIME, nullable=True),
        sa.Column("taken_in", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Integer(), nullable=False),
        sa.Column("strangers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("direction", name="pk_reconciliation"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("reconciliation", "delivery_alert", "sending_pace"):
        op.drop_table(table)
    with op.batch_alter_table("message_status_event") as table:
        table.drop_index("ix_message_status_event_message_id")
        table.drop_constraint("fk_message_status_event_message_id_message", type_="foreignkey")
        table.drop_column("message_id")
        table.drop_column("provider_at")
    op.drop_column("person", "bad_number_at")
    for name, _, _ in reversed(MESSAGE):
        op.drop_column("message", name)
