"""Promises to text at a time, one by one or in series."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.consents import Consent
from bot.models.people import Conversation


class CheckInKind(StrEnum):
    """Why a check-in was promised."""

    ASKED = "asked"
    RECURRING = "recurring"
    REFERRAL = "referral"


class CheckInState(StrEnum):
    SCHEDULED = "scheduled"
    #: Due, but a case worker is in the conversation: sent or dropped when they give it back.
    HELD = "held"
    PAUSED = "paused"
    SENT = "sent"
    ANSWERED = "answered"
    #: Not answered, asked once more, and still not answered: what was agreed for that has been done.
    MISSED = "missed"
    CANCELED = "canceled"


class SeriesState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELED = "canceled"


class CheckInSeries(Base):
    """Check-ins that belong together: "every morning for a week", or the four after a referral."""

    __tablename__ = "check_in_series"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[str] = mapped_column(String(16))
    #: RFC 5545, counted or bounded; None for the ladder after a referral.
    rrule: Mapped[str | None] = mapped_column(String(128))
    starts_on: Mapped[date]
    #: Minutes after local midnight.
    local_time: Mapped[int]
    timezone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    #: The text that asked for it: unique, so that a turn run twice promises once.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (Index("ix_check_in_series_conversation_id", "conversation_id"),)


class CheckIn(Base):
    """A promise to text at a time. This row is the truth; timers only wake somebody to read it."""

    __tablename__ = "check_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(64))
    #: The person named this hour themselves: quiet hours do not move it.
    chosen_time: Mapped[bool] = mapped_column(default=True)
    #: It was late beyond its limit and waits for a new time: it will say sorry.
    late: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16))
    #: The text that asked for it: unique, so that a turn run twice promises once.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("check_in_series.id"))
    #: Which of its series, from 0.
    occurrence: Mapped[int | None]
    #: The place it asks about: a service_at_location of the directory.
    listing_id: Mapped[str | None] = mapped_column(String(36))
    sent_at: Mapped[datetime | None]
    #: When silence is acted on next: the one gentle follow-up, then what was agreed. And when that was sent.
    follow_up_at: Mapped[datetime | None]
    followed_up_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    #: "ok", "no", "closed" or "help".
    answer: Mapped[str | None] = mapped_column(String(16))
    #: What was agreed for silence: "nothing", or "roster" (a person is told).
    if_silent: Mapped[str] = mapped_column(String(16), default="nothing")
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()
    consent: Mapped[Consent | None] = relationship()

    __table_args__ = (
        UniqueConstraint("series_id", "occurrence", name="uq_check_in_series_id"),
        Index("ix_check_in_state_due_at", "state", "due_at"),
        Index("ix_check_in_state_follow_up_at", "state", "follow_up_at"),
        Index("ix_check_in_conversation_id_state", "conversation_id", "state"),
        Index("ix_check_in_conversation_id_created_at", "conversation_id", "created_at"),
        # Two promises of one person never fall on the same instant.
        Index(
            "uq_check_in_conversation_id_due_at",
            "conversation_id",
            "due_at",
            unique=True,
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
    )
