"""Who may sign in at the inbox, and a log that is only added to"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
REFUSAL = "the audit log is only ever added to"
FORBIDDEN = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Make the tables, and let the database itself keep the log from being changed."""
    op.create_table(
        "staff_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.String(length=64), nullable=True),
        sa.Column("subject_index", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=256), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("invitation_digest", sa.String(length=64), nullable=True),
        sa.Column("invited_until", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("activated_at", TIME, nullable=True),
        sa.Column("disabled_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_worker_id"], ["case_worker.id"], name="fk_staff_account_case_worker_id_case_worker"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_account"),
        *(
            sa.UniqueConstraint(column, name=f"uq_staff_account_{column}")
            for column in ("name_key", "case_worker_id", "email_index", "subject_index", "invitation_digest")
        ),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name="fk_staff_recovery_code_account_id_staff_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_recovery_code"),
        sa.UniqueConstraint("code_digest", name="uq_staff_recovery_code_code_digest"),
    )
    op.create_index("ix_staff_recovery_code_account_id", "staff_recovery_code", ["account_id"])
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("offered_secret", sa.LargeBinary(), nullable=True),
        sa.Column("offered_password_hash", sa.String(length=256), nullable=True),
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name="fk_staff_session_account_id_staff_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_session"),
        sa.UniqueConstraint("token_digest", name="uq_staff_session_token_digest"),
    )
    op.create_index("ix_staff_session_account_id", "staff_session", ["account_id"])
    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", TIME, nullable=False),
        sa.Column("closed_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_throttle"),
    )
    op.create_index("ix_conversation_created_at", "conversation", ["created_at"])
    _make_the_log()
    {"sqlite": _guard_sqlite, "postgresql": _guard_postgresql}[op.get_bind().dialect.name]()


def _make_the_log() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("reason_digest", sa.String(length=64), nullable=True),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_entry"),
        sa.UniqueConstraint("previous_digest", name="uq_audit_entry_previous_digest"),
        sa.UniqueConstraint("digest", name="uq_audit_entry_digest"),
    )
    for column in ("subject", "actor_id", "action"):
        op.create_index(f"ix_audit_entry_{column}", "audit_entry", [column, "sequence"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_table(
        "audit_reason",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_reason"),
    )


def _guard_sqlite() -> None:
    for change in FORBIDDEN:
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # INSERT OR REPLACE would take a line away without asking the trigger on DELETE.
    op.execute(
        "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry"
        " WHEN EXISTS (SELECT 1 FROM audit_entry WHERE sequence = NEW.sequence OR digest = NEW.digest"
        " OR previous_digest = NEW.previous_digest)"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for change in FORBIDDEN:
        op.execute(
            f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry"
            " FOR EACH ROW EXECUTE FUNCTION audit_entry_refuses()"
        )
    op.execute(
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuses()"
    )


def downgrade() -> None:
    """Drop them, the log as well: whoever goes back keeps a copy of it first."""
    op.drop_table("audit_reason")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuses()")
    op.drop_index("ix_conversation_created_at", "conversation")
    for table in ("sign_in_throttle", "staff_session", "staff_recovery_code", "staff_account"):
        op.drop_table(table)
