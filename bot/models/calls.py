"""Calls that the line places."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.sealing import Sealed


class CallState(StrEnum):
    """How far a call is. It only ever goes forward in this order; the last three are ends."""

    #: To be rung at `due_at`.
    SCHEDULED = "scheduled"
    REQUESTED = "requested"
    #: The provider is being asked to ring the person.
    PLACING = "placing"
    RINGING = "ringing"
    #: Somebody picked up the phone we rang.
    ANSWERED = "answered"
    #: They pressed 1: home is rung.
    DIALING = "dialing"
    #: Home pressed 1; of a voice message: it was said to the end.
    JOINED = "joined"
    FINISHED = "finished"
    CANCELED = "canceled"
    FAILED = "failed"


class CallPurpose(StrEnum):
    """What a call is for: it decides what is heard."""

    #: We ring the person, and on their keypress the number they gave.
    HOME = "home"
    #: We ring the number they gave, for its voice box: a short message they agreed to.
    VOICEMAIL = "voicemail"
    #: A using-alone timer ran out unanswered: "press 1 if you are OK".
    USING_ALONE = "using_alone"
    #: A case worker on call is told of an emergency: "press 1 to take it".
    INCIDENT = "incident"
    #: Somebody called the line and asked for a person: those on call are rung one by one.
    PERSON = "person"


#: What rings a home.
TO_HOMES = (CallPurpose.HOME, CallPurpose.VOICEMAIL)


class Outcome(StrEnum):
    """How a call ended."""

    JOINED = "completed"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    #: Home picked up and did not press 1.
    DECLINED = "not-accepted"
    VOICEMAIL = "voicemail"
    WRONG_PERSON = "wrong-person"
    #: Home wants no such call again.
    REFUSED = "refused"
    #: A message was said to the end: to a voice box, or to somebody who picked up.
    LEFT = "left"
    HEARD = "heard"
    #: It was not.
    NOT_LEFT = "not-left"
    #: Home's number cannot be reached.
    UNREACHABLE = "unreachable"
    #: The phone we rang was not answered.
    MISSED = "missed"
    #: It was answered, and nobody pressed a key.
    NOT_PRESSED = "not-pressed"
    #: The person put the phone down while home rang.
    HUNG_UP = "hung-up"
    FAILED = "failed"
    CANCELED = "canceled"


class Call(Base):
    """One call: the phone of its conversation is rung, or has rung the line."""

    __tablename__ = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    purpose: Mapped[str] = mapped_column(String(16), default=CallPurpose.HOME)
    home_number: Mapped[str | None] = mapped_column(Sealed())
    #: A keyed digest of it, to count and to find refusals without opening it.
    home_index: Mapped[str | None] = mapped_column(String(64), index=True)
    #: What home is told of who is calling, as the person agreed; None for "someone who knows you".
    name: Mapped[str | None] = mapped_column(Sealed())
    #: The language home is spoken to in, first.
    language: Mapped[str | None] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime | None]
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    placing_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    dialed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: When the provider is asked what became of it, unless its callbacks tell before.
    look_at: Mapped[datetime | None]
    #: Facts as they come, in any order: home's key, who picked up there, Twilio's statuses of both legs.
    home_key: Mapped[str | None] = mapped_column(String(1))
    answered_by: Mapped[str | None] = mapped_column(String(24))
    dial_status: Mapped[str | None] = mapped_column(String(16))
    leg_status: Mapped[str | None] = mapped_column(String(16))
    #: How long its first leg was connected.
    seconds: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    #: What it is placed for when no text asked for it ("ua-7", "inc-3-2-5"): unique, so it rings once.
    cause: Mapped[str | None] = mapped_column(String(32), unique=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    using_alone_timer_id: Mapped[int | None] = mapped_column(ForeignKey("using_alone_timer.id"))
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (
        # One call home at a time, asked for or going on.
        Index(
            "uq_call_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("purpose = 'home' AND ended_at IS NULL"),
            postgresql_where=text("purpose = 'home' AND ended_at IS NULL"),
        ),
        Index("ix_call_look_at", "look_at"),
        Index("ix_call_conversation_id_created_at", "conversation_id", "created_at"),
    )


class HomeRefusal(Base):
    """Somebody at a number wants nothing from one person. It is for ever: bot/suppression.py keeps it on."""

    __tablename__ = "home_refusal"
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    number_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: "key", "stop", "words" or "wrong_person".
    refused_by: Mapped[str] = mapped_column(String(16))
    refused_at: Mapped[datetime]


class HomeMessage(Base):
    """A text to home, or a call or voice message, that home may answer.

    One person of a number at a time gets the answers.
    """

    __tablename__ = "home_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    home_conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    #: The text that approved it: it sends once, however often its turn runs.
    asked_message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    #: The text to home.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    #: The call that left a voice message.
    call_id: Mapped[int | None] = mapped_column(
        ForeignKey("call.id", name="fk_home_message_call_id_call"), unique=True
    )
    name: Mapped[str | None] = mapped_column(Sealed())
    sent_at: Mapped[datetime]
    #: When answers are no longer passed on; "refused", "quiet", "replaced", "lost", "theirs" or "taken_back".
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(16))
    conversation: Mapped[Conversation] = relationship(foreign_keys=[conversation_id])
    home_conversation: Mapped[Conversation] = relationship(foreign_keys=[home_conversation_id])

    __table_args__ = (
        Index(
            "uq_home_message_home_conversation_id",
            "home_conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
