"""Calls that the line places."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.sealing import Sealed


class CallState(StrEnum):
    REQUESTED = "requested"
    PLACING = "placing"
    RINGING = "ringing"
    FINISHED = "finished"
    CANCELED = "canceled"
    FAILED = "failed"


class CallPurpose(StrEnum):
    """What a call is for: it decides what is heard."""

    #: We ring the person, and on their keypress the number they gave.
    HOME = "home"
    #: A using-alone timer ran out unanswered: "press 1 if you are OK".
    USING_ALONE = "using_alone"
    #: A case worker on call is told of an emergency: "press 1 to take it".
    INCIDENT = "incident"


class Call(Base):
    """One call: the phone of its conversation is rung."""

    __tablename__ = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    purpose: Mapped[str] = mapped_column(String(16), default=CallPurpose.HOME)
    home_number: Mapped[str | None] = mapped_column(Sealed())
    state: Mapped[str] = mapped_column(String(16))
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    placing_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    #: What it is placed for when no text asked for it ("ua-7", "inc-3-2-5"): unique, so it rings once.
    cause: Mapped[str | None] = mapped_column(String(32), unique=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    using_alone_timer_id: Mapped[int | None] = mapped_column(ForeignKey("using_alone_timer.id"))
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()
