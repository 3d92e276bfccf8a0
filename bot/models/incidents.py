"""Emergencies: who was told, and who took each."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.models.roster import CaseWorker


class IncidentState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class IncidentSource(StrEnum):
    """What noticed it."""

    TRIAGE = "triage"
    #: Rasa's crisis intent, or "no" to "are you safe right now?".
    DIALOGUE = "dialogue"
    USING_ALONE = "using_alone"
    CHECK_IN = "check_in"
    #: Somebody who had written worrying things asked the line to be silent.
    OPT_OUT = "opt_out"


class Incident(Base):
    """An emergency in one conversation, from the first text of it until somebody closes it."""

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    #: Four letters or digits that an alert names and an answer repeats; says nothing of the person.
    code: Mapped[str] = mapped_column(String(8), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    source: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    #: "self" or "other": who is in danger.
    danger_to: Mapped[str | None] = mapped_column(String(8))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    #: The escalation step to be taken next, and when; None when there is none left or somebody took it.
    step: Mapped[int] = mapped_column(default=0)
    next_step_at: Mapped[datetime | None]
    #: How far the script for the person has come (bot/emergencies).
    script_step: Mapped[int] = mapped_column(default=0)
    #: The person said it is over: the line goes back to what they wanted; case workers still see it.
    over_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(24))
    conversation: Mapped[Conversation] = relationship()
    acknowledged_by: Mapped[CaseWorker | None] = relationship()

    __table_args__ = (
        Index("ix_incident_state_next_step_at", "state", "next_step_at"),
        Index("ix_incident_conversation_id_opened_at", "conversation_id", "opened_at"),
        Index("ix_incident_closed_at_opened_at", "closed_at", "opened_at"),
        # One emergency at a time in a conversation: a second text of it belongs to the first.
        Index(
            "uq_incident_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class IncidentEvent(Base):
    """One thing that happened in an incident. Only ever added to."""

    __tablename__ = "incident_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    #: What makes it this event and no other ("step-1-text-4"): written once however often a step runs.
    key: Mapped[str] = mapped_column(String(48))
    case_worker_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    #: A code, never words.
    detail: Mapped[str | None] = mapped_column(String(64))
    incident: Mapped[Incident] = relationship()

    __table_args__ = (
        UniqueConstraint("incident_id", "key", name="uq_incident_event_incident_id"),
        Index("ix_incident_event_incident_id_at", "incident_id", "at"),
    )
