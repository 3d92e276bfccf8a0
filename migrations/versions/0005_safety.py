"""Safety: incidents, the roster, using-alone timers, series of check-ins, the consent ledger"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; a call or a check-in that is there already was asked for, at their hour."""
    not_closed = sa.text("closed_at IS NULL")
    not_ended = sa.text("ended_at IS NULL")
    scheduled = sa.text("state = 'scheduled'")
    op.create_table(
        "line_setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_line_setting"),
    )
    op.create_table(
        "case_worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_case_worker_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_case_worker"),
        sa.UniqueConstraint("person_id", name="uq_case_worker_person_id"),
        sa.UniqueConstraint("pseudonym", name="uq_case_worker_pseudonym"),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_worker_id"], ["case_worker.id"], name="fk_shift_case_worker_id_case_worker"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
        sa.UniqueConstraint("case_worker_id", "weekday", "starts", name="uq_shift_case_worker_id"),
    )
    op.create_index("ix_shift_weekday", "shift", ["weekday"], unique=False)

    op.create_table(
        "takeover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_worker_id"], ["case_worker.id"], name="fk_takeover_case_worker_id_case_worker"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_takeover_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_takeover"),
    )
    op.create_index(
        "uq_takeover_conversation_id",
        "takeover",
        ["conversation_id"],
        unique=True,
        sqlite_where=not_ended,
        postgresql_where=not_ended,
    )

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=16), nullable=True),
        sa.Column("revoking_message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_consent_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_consent_message_id_message"),
        sa.ForeignKeyConstraint(
            ["revoking_message_id"], ["message.id"], name="fk_consent_revoking_message_id_message"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint("message_id", "purpose", name="uq_consent_message_id"),
    )
    op.create_index(
        "ix_consent_conversation_id_purpose", "consent", ["conversation_id", "purpose"], unique=False
    )

    op.create_table(
        "check_in_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rrule", sa.String(length=128), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name="fk_check_in_series_consent_id_consent"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_check_in_series_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_check_in_series_message_id_message"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_series"),
        sa.UniqueConstraint("message_id", name="uq_check_in_series_message_id"),
    )
    op.create_index(
        "ix_check_in_series_conversation_id", "check_in_series", ["conversation_id"], unique=False
    )

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("danger_to", sa.String(length=8), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("script_step", sa.Integer(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["case_worker.id"], name="fk_incident_acknowledged_by_id_case_worker"
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name="fk_incident_consent_id_consent"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_incident_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_incident_message_id_message"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("code", name="uq_incident_code"),
        sa.UniqueConstraint("message_id", name="uq_incident_message_id"),
    )
    op.create_index("ix_incident_state_next_step_at", "incident", ["state", "next_step_at"], unique=False)
    op.create_index(
        "uq_incident_conversation_id",
        "incident",
        ["conversation_id"],
        unique=True,
        sqlite_where=not_closed,
        postgresql_where=not_closed,
    )

    op.create_table(
        "unprompted_text",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name="fk_unprompted_text_consent_id_consent"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_unprompted_text_message_id_message"),
        sa.PrimaryKeyConstraint("message_id", name="pk_unprompted_text"),
    )
    op.create_index("ix_unprompted_text_consent_id", "unprompted_text", ["consent_id"], unique=False)

    op.create_table(
        "using_alone_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tells", sa.String(length=16), nullable=False),
        sa.Column("contact_number", sa.LargeBinary(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name="fk_using_alone_timer_consent_id_consent"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_using_alone_timer_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_using_alone_timer_incident_id_incident"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_using_alone_timer_message_id_message"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_using_alone_timer"),
        sa.UniqueConstraint("message_id", name="uq_using_alone_timer_message_id"),
    )
    op.create_index(
        "ix_using_alone_timer_state_next_at", "using_alone_timer", ["state", "next_at"], unique=False
    )
    op.create_index(
        "uq_using_alone_timer_conversation_id",
        "using_alone_timer",
        ["conversation_id"],
        unique=True,
        sqlite_where=not_ended,
        postgresql_where=not_ended,
    )

    op.create_table(
        "incident_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("case_worker_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_incident_event_call_id_call"),
        sa.ForeignKeyConstraint(
            ["case_worker_id"], ["case_worker.id"], name="fk_incident_event_case_worker_id_case_worker"
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_incident_event_incident_id_incident"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_incident_event_message_id_message"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_event"),
        sa.UniqueConstraint("incident_id", "key", name="uq_incident_event_incident_id"),
    )
    with op.batch_alter_table("call") as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=16), nullable=False, server_default="home"))
        batch_op.add_column(sa.Column("cause", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("incident_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("using_alone_timer_id", sa.Integer(), nullable=True))
        batch_op.alter_column("home_number", existing_type=sa.LargeBinary(), nullable=True)
        batch_op.create_unique_constraint("uq_call_cause", ["cause"])
        batch_op.create_foreign_key("fk_call_incident_id_incident", "incident", ["incident_id"], ["id"])
        batch_op.create_foreign_key(
            "fk_call_using_alone_timer_id_using_alone_timer",
            "using_alone_timer",
            ["using_alone_timer_id"],
            ["id"],
        )

    with op.batch_alter_table("check_in") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="asked"))
        batch_op.add_column(sa.Column("chosen_time", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("consent_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("occurrence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("listing_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.String(length=16), nullable=True))
        batch_op.add_column(
            sa.Column("if_silent", sa.String(length=16), nullable=False, server_default="nothing")
        )
        batch_op.create_index("ix_check_in_state_follow_up_at", ["state", "follow_up_at"], unique=False)
        batch_op.create_index("ix_check_in_conversation_id_state", ["conversation_id", "state"], unique=False)
        batch_op.create_index(
            "uq_check_in_conversation_id_due_at",
            ["conversation_id", "due_at"],
            unique=True,
            sqlite_where=scheduled,
            postgresql_where=scheduled,
        )
        batch_op.create_unique_constraint("uq_check_in_series_id", ["series_id", "occurrence"])
        batch_op.create_foreign_key(
            "fk_check_in_series_id_check_in_series", "check_in_series", ["series_id"], ["id"]
        )
        batch_op.create_foreign_key("fk_check_in_consent_id_consent", "consent", ["consent_id"], ["id"])

    with op.batch_alter_table("conversation") as batch_op:
        batch_op.add_column(sa.Column("safety_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unprompted_at", sa.DateTime(timezone=True), nullable=True))

    # The shipped rows have their values now: new ones must say theirs.
    with op.batch_alter_table("call") as batch_op:
        batch_op.alter_column("purpose", server_default=None)
    with op.batch_alter_table("check_in") as batch_op:
        for name in ("kind", "chosen_time", "late", "if_silent"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Forget them. Calls that went nowhere home go too: the old table has no room for them."""
    op.execute("DELETE FROM call WHERE home_number IS NULL")

    op.drop_table("incident_event")
    with op.batch_alter_table("conversation") as batch_op:
        batch_op.drop_column("unprompted_at")
        batch_op.drop_column("safety_asked_at")

    with op.batch_alter_table("check_in") as batch_op:
        batch_op.drop_constraint("fk_check_in_consent_id_consent", type_="foreignkey")
        batch_op.drop_constraint("fk_check_in_series_id_check_in_series", type_="foreignkey")
        batch_op.drop_constraint("uq_check_in_series_id", type_="unique")
        batch_op.drop_index("uq_check_in_conversation_id_due_at")
        batch_op.drop_index("ix_check_in_conversation_id_state")
        batch_op.drop_index("ix_check_in_state_follow_up_at")
        batch_op.drop_column("if_silent")
        batch_op.drop_column("answer")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("followed_up_at")
        batch_op.drop_column("follow_up_at")
        batch_op.drop_column("sent_at")
        batch_op.drop_column("listing_id")
        batch_op.drop_column("occurrence")
        batch_op.drop_column("series_id")
        batch_op.drop_column("consent_id")
        batch_op.drop_column("late")
        batch_op.drop_column("chosen_time")
        batch_op.drop_column("kind")

    with op.batch_alter_table("call") as batch_op:
        batch_op.drop_constraint("fk_call_using_alone_timer_id_using_alone_timer", type_="foreignkey")
        batch_op.drop_constraint("fk_call_incident_id_incident", type_="foreignkey")
        batch_op.drop_constraint("uq_call_cause", type_="unique")
        batch_op.alter_column("home_number", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("using_alone_timer_id")
        batch_op.drop_column("incident_id")
        batch_op.drop_column("cause")
        batch_op.drop_column("purpose")

    op.drop_table("using_alone_timer")
    op.drop_table("unprompted_text")
    op.drop_table("incident")
    op.drop_table("check_in_series")
    op.drop_table("consent")
    op.drop_table("takeover")
    op.drop_table("shift")
    op.drop_table("case_worker")
    op.drop_table("line_setting")
