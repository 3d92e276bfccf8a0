"""Calls as a state machine with facts, refusals for ever, and texts to home"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
COLUMNS = (
    ("home_index", sa.String(length=64)),
    ("name", sa.LargeBinary()),
    ("language", sa.String(length=2)),
    ("due_at", TIME),
    ("answered_at", TIME),
    ("dialed_at", TIME),
    ("ended_at", TIME),
    ("look_at", TIME),
    ("home_key", sa.String(length=1)),
    ("answered_by", sa.String(length=24)),
    ("dial_status", sa.String(length=16)),
    ("leg_status", sa.String(length=16)),
    ("seconds", sa.Integer()),
)
ONE_AT_A_TIME = sa.text("purpose = 'home' AND ended_at IS NULL")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Add the columns, end what is over or doubled, and make two tables."""
    for name, kind in COLUMNS:
        op.add_column("call", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE call SET ended_at = created_at WHERE state IN ('finished', 'canceled', 'failed')")
    op.execute(
        "UPDATE call SET ended_at = created_at WHERE purpose = 'home' AND ended_at IS NULL AND EXISTS"
        " (SELECT 1 FROM call AS later WHERE later.conversation_id = call.conversation_id"
        " AND later.purpose = 'home' AND later.id > call.id)"
    )
    op.create_index("ix_call_home_index", "call", ["home_index"])
    op.create_index("ix_call_look_at", "call", ["look_at"])
    op.create_index(
        "uq_call_conversation_id",
        "call",
        ["conversation_id"],
        unique=True,
        sqlite_where=ONE_AT_A_TIME,
        postgresql_where=ONE_AT_A_TIME,
    )
    op.create_table(
        "home_refusal",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("refused_by", sa.String(length=16), nullable=False),
        sa.Column("refused_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_home_refusal_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "number_index", name="pk_home_refusal"),
    )
    op.create_table(
        "home_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("home_conversation_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("asked_message_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_home_message_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(
            ["home_conversation_id"],
            ["conversation.id"],
            name="fk_home_message_home_conversation_id_conversation",
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name="fk_home_message_consent_id_consent"),
        sa.ForeignKeyConstraint(
            ["asked_message_id"], ["message.id"], name="fk_home_message_asked_message_id_message"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_home_message_message_id_message"),
        sa.PrimaryKeyConstraint("id", name="pk_home_message"),
        sa.UniqueConstraint("asked_message_id", name="uq_home_message_asked_message_id"),
    )
    op.create_index("ix_home_message_conversation_id", "home_message", ["conversation_id"])
    op.create_index(
        "uq_home_message_home_conversation_id",
        "home_message",
        ["home_conversation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("home_message")
    op.drop_table("home_refusal")
    for index in ("uq_call_conversation_id", "ix_call_look_at", "ix_call_home_index"):
        op.drop_index(index, "call")
    for name, _ in reversed(COLUMNS):
        op.drop_column("call", name)
