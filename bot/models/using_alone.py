"""Timers for people who use alone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.sealing import Sealed


class TimerState(StrEnum):
    RUNNING = "running"
    #: Its time is up: texted, texted again, called; no answer yet.
    ASKING = "asking"
    #: Nobody answered: those agreed on have been told.
    ESCALATED = "escalated"
    SAFE = "safe"
    CANCELED = "canceled"


class UsingAloneTimer(Base):
    """A wait that somebody asked for before using alone, and how far its asking has come."""

    __tablename__ = "using_alone_timer"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    #: Where they are, in their own words, for whoever goes to look.
    place: Mapped[str] = mapped_column(Sealed())
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    #: What is done next: 0 text, 1 text again, 2 call, 3 tell those agreed on; and when.
    step: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    #: Who is told when nobody answers: "roster" or "contact" (and then the roster too).
    tells: Mapped[str] = mapped_column(String(16))
    contact_number: Mapped[str | None] = mapped_column(Sealed())
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    #: The text that asked for it: unique, so that a turn run twice starts one.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (
        Index("ix_using_alone_timer_state_next_at", "state", "next_at"),
        Index("ix_using_alone_timer_conversation_id_started_at", "conversation_id", "started_at"),
        # One timer at a time: a second would hide the first's silence.
        Index(
            "uq_using_alone_timer_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
