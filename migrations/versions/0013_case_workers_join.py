"""Case workers in conversations: their list, their marks, what the line understood, words to search by"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STANDING = sa.text("settled_at IS NULL")
INDEXES = (
    ("takeover", ("answer_by",)),
    ("takeover", ("case_worker_id", "ended_at")),
    ("takeover", ("conversation_id", "began_at")),
    ("check_in", ("conversation_id", "created_at")),
    ("call", ("conversation_id", "created_at")),
    ("consent", ("conversation_id", "agreed_at")),
    ("consent", ("conversation_id", "revoked_at")),
    ("incident", ("conversation_id", "opened_at")),
    ("incident", ("closed_at", "opened_at")),
    ("incident_event", ("incident_id", "at")),
    ("using_alone_timer", ("conversation_id", "started_at")),
    ("opt_out", ("conversation_id", "opted_out_at")),
)
TAKEOVER = (
    sa.Column("ended_by", sa.String(16)),
    sa.Column("answer_minutes", sa.Integer(), nullable=False, server_default="10"),
    sa.Column("danger_minutes", sa.Integer(), nullable=False, server_default="2"),
    sa.Column("answer_by", TIME),
    sa.Column("texts", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("notice_seen_at", TIME),
)

BEGINS = (
    "INSERT INTO thread (conversation_id, state, last_message_id, last_at, language)"
    " SELECT NEW.id, 'open', 0, NEW.created_at, person.language FROM person WHERE person.id = NEW.person_id"
)
GOES_ON = (
    "UPDATE thread SET last_at = CASE WHEN last_message_id < NEW.id THEN NEW.created_at ELSE last_at END,"
    " last_message_id = CASE WHEN last_message_id < NEW.id THEN NEW.id ELSE last_message_id END,"
    " state = CASE WHEN NEW.direction = 'in' THEN 'open' ELSE state END"
    " WHERE conversation_id = NEW.conversation_id"
)
SPEAKS = (
    "UPDATE thread SET language = NEW.language WHERE conversation_id IN"
    " (SELECT id FROM conversation WHERE person_id = NEW.id)"
)
TO_SEARCH = "INSERT INTO search_pending (message_id) VALUES (NEW.id)"
#: What people wrote; the line's own words are in a file.
WRITTEN = "NEW.direction = 'in' OR NEW.reply_key IS NULL"
#: Name, what sets it off, the table, what for, and whether PostgreSQL may wait with it until the commit. At
#: the commit nothing else is locked any more: taken at once, a thread's row would be one more lock that two
#: transactions take in two orders.
TRIGGERS = (
    ("thread_begins", "INSERT", "conversation", None, BEGINS, False),
    ("thread_goes_on", "INSERT", "message", None, GOES_ON, True),
    ("thread_speaks", "UPDATE OF language", "person", "NEW.language <> OLD.language", SPEAKS, True),
    ("search_begins", "INSERT", "message", WRITTEN, TO_SEARCH, False),
)


def upgrade() -> None:
    """Make the tables, the indexes of a thread's parts and the triggers, and fill in what is there."""
    for column in TAKEOVER:
        op.add_column("takeover", column)
    _marks()
    _texts()
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    op.execute(
        "INSERT INTO thread (conversation_id, state, last_message_id, last_at, language)"
        " SELECT conversation.id, 'open', COALESCE(MAX(message.id), 0),"
        " COALESCE(MAX(message.created_at), conversation.created_at), person.language"
        " FROM conversation JOIN person ON person.id = conversation.person_id"
        " LEFT JOIN message ON message.conversation_id = conversation.id"
        " GROUP BY conversation.id, conversation.created_at, person.language"
    )
    op.execute("INSERT INTO search_pending (message_id) SELECT id FROM message WHERE direction = 'in'")
    for trigger in TRIGGERS:
        _create_trigger(*trigger)


def _create_trigger(name: str, event: str, table: str, when: str | None, does: str, waits: bool) -> None:
    condition = f"WHEN ({when})" if when else ""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {condition} BEGIN {does}; END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$"
    )
    kind, deferred = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED") if waits else ("TRIGGER", "")
    op.execute(
        f"CREATE {kind} {name} AFTER {event} ON {table} {deferred} FOR EACH ROW {condition}"
        f" EXECUTE FUNCTION {name}()"
    )


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _marks() -> None:
    op.create_table(
        "thread",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("last_message_id", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("need", sa.String(32)),
        sa.Column("assigned_to_id", sa.Integer()),
        _foreign("thread", "conversation_id", "conversation"),
        _foreign("thread", "assigned_to_id", "case_worker"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_thread"),
    )
    op.create_index(
        "ix_thread_last_message_id", "thread", ["last_message_id", "state", "language", "need", "last_at"]
    )
    op.create_index("ix_thread_state_last_message_id", "thread", ["state", "last_message_id"])
    op.create_index(
        "ix_thread_assigned_to_id_last_message_id", "thread", ["assigned_to_id", "last_message_id"]
    )
    op.create_table(
        "thread_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("case_worker_id", sa.Integer()),
        sa.Column("other_worker_id", sa.Integer()),
        sa.Column("detail", sa.String(64)),
        _foreign("thread_event", "conversation_id", "conversation"),
        _foreign("thread_event", "case_worker_id", "case_worker"),
        _foreign("thread_event", "other_worker_id", "case_worker"),
        sa.PrimaryKeyConstraint("id", name="pk_thread_event"),
    )
    op.create_index("ix_thread_event_conversation_id_at", "thread_event", ["conversation_id", "at"])
    op.create_table(
        "person_needed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("settled_at", TIME),
        sa.Column("settled_by_id", sa.Integer()),
        _foreign("person_needed", "conversation_id", "conversation"),
        _foreign("person_needed", "settled_by_id", "case_worker"),
        sa.PrimaryKeyConstraint("id", name="pk_person_needed"),
    )
    op.create_index("ix_person_needed_conversation_id", "person_needed", ["conversation_id", "since"])
    op.create_index(
        "uq_person_needed_reason",
        "person_needed",
        ["reason", "conversation_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _foreign("case_note", "conversation_id", "conversation"),
        _foreign("case_note", "case_worker_id", "case_worker"),
        sa.PrimaryKeyConstraint("id", name="pk_case_note"),
        sa.UniqueConstraint("draft_id", name="uq_case_note_draft_id"),
    )
    op.create_index("ix_case_note_conversation_id_created_at", "case_note", ["conversation_id", "created_at"])
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", name="uq_tag_name"),
    )
    op.create_table(
        "conversation_tag",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=False),
        sa.Column("tagged_at", TIME, nullable=False),
        _foreign("conversation_tag", "tag_id", "tag"),
        _foreign("conversation_tag", "conversation_id", "conversation"),
        _foreign("conversation_tag", "case_worker_id", "case_worker"),
        sa.PrimaryKeyConstraint("tag_id", "conversation_id", name="pk_conversation_tag"),
    )
    op.create_index("ix_conversation_tag_conversation_id", "conversation_tag", ["conversation_id"])
    op.create_table(
        "read_position",
        sa.Column("case_worker_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        _foreign("read_position", "case_worker_id", "case_worker"),
        _foreign("read_position", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("case_worker_id", "conversation_id", name="pk_read_position"),
    )
    op.create_index("ix_read_position_conversation_id", "read_position", ["conversation_id"])


def _texts() -> None:
    op.create_table(
        "worker_text",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=False),
        sa.Column("takeover_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("after_message_id", sa.Integer(), nullable=False),
        sa.Column("canned", sa.String(32)),
        sa.Column("despite_stop", sa.Boolean(), nullable=False),
        _foreign("worker_text", "message_id", "message"),
        _foreign("worker_text", "conversation_id", "conversation"),
        _foreign("worker_text", "case_worker_id", "case_worker"),
        _foreign("worker_text", "takeover_id", "takeover"),
        sa.PrimaryKeyConstraint("message_id", name="pk_worker_text"),
        sa.UniqueConstraint("draft_id", name="uq_worker_text_draft_id"),
        sa.UniqueConstraint("conversation_id", "after_message_id", name="uq_worker_text_conversation_id"),
    )
    op.create_index("ix_worker_text_case_worker_id", "worker_text", ["case_worker_id"])
    op.create_table(
        "understanding",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(48), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        _foreign("understanding", "message_id", "message"),
        sa.PrimaryKeyConstraint("message_id", name="pk_understanding"),
    )
    op.create_table(
        "search_word",
        sa.Column("digest", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        _foreign("search_word", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("digest", "conversation_id", name="pk_search_word"),
    )
    op.create_index("ix_search_word_conversation_id", "search_word", ["conversation_id"])
    op.create_table(
        "search_pending",
        sa.Column("message_id", sa.Integer(), nullable=False),
        _foreign("search_pending", "message_id", "message"),
        sa.PrimaryKeyConstraint("message_id", name="pk_search_pending"),
    )


def downgrade() -> None:
    """Drop them."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _, table, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table, columns in reversed(INDEXES):
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    for table in (
        "search_pending", "search_word", "understanding", "worker_text", "read_position", "conversation_tag",
        "tag", "case_note", "person_needed", "thread_event", "thread",
    ):  # fmt: skip
        op.drop_table(table)
    for column in reversed(TAKEOVER):
        op.drop_column("takeover", column.name)
