"""People, what was said, and what was promised. The directory's tables are in services_directory."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeEngine

from bot.db import UTCDateTime
from bot.sealing import Sealed


class Base(DeclarativeBase):
    # Names for constraints, so that migrations can name what they drop on every database.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[type, TypeEngine[object]]] = {
        datetime: UTCDateTime(),  # type: ignore[dict-item]
        bytes: LargeBinary(),  # type: ignore[dict-item]
    }


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class MessageState(StrEnum):
    """Where a text stands on our side. The provider's word about it is in `twilio_status`."""

    #: In: stored, not answered yet.
    RECEIVED = "received"
    #: In: the dialogue model has been asked; a crash may have come before its answer was stored.
    ASKED = "asked"
    #: In: answered from the keyword menu because the dialogue model was away; to be answered properly.
    MENU = "menu"
    #: In: answered, or needing no answer.
    ANSWERED = "answered"
    #: Out: to be sent.
    QUEUED = "queued"
    #: Out: a send has begun; its outcome is not known yet.
    SENDING = "sending"
    #: Out: the provider has it.
    SENT = "sent"
    #: Out: given back in the webhook's own answer (emergencies).
    INLINE = "inline"
    #: Out: not sent since the person has said STOP.
    WITHHELD = "withheld"
    #: Out: refused by the provider for good.
    FAILED = "failed"


class CheckInState(StrEnum):
    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELED = "canceled"


class CallState(StrEnum):
    REQUESTED = "requested"
    PLACING = "placing"
    RINGING = "ringing"
    FINISHED = "finished"
    CANCELED = "canceled"
    FAILED = "failed"


class Person(Base):
    """Somebody's phone. A phone may be shared: nothing here says who holds it."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Sealed())
    number_index: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="en")
    #: When they asked for this language; until then it follows what they write.
    language_asked_at: Mapped[datetime | None]
    timezone: Mapped[str | None] = mapped_column(String(64))
    opted_out_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Conversation(Base):
    """The thread with one person. `public_id` is the only name Rasa and the logs know."""

    __tablename__ = "conversation"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    welcomed_at: Mapped[datetime | None]
    emergency_kind: Mapped[str | None] = mapped_column(String(16))
    emergency_at: Mapped[datetime | None]
    person_asked_for_at: Mapped[datetime | None]
    #: What the keyword menu has been asked for, while the dialogue model is away.
    menu_need: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship()


class Message(Base):
    """One text, either way."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    direction: Mapped[str] = mapped_column(String(3))
    #: Twilio's id. Unique: a webhook repeated is one text.
    message_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    body: Mapped[str] = mapped_column(Sealed())
    num_media: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    triage_kind: Mapped[str | None] = mapped_column(String(16))
    triage_rule: Mapped[str | None] = mapped_column(String(64))
    #: Which reply this is (a key of the replies files), and to which text or check-in: unique, so that
    #: a turn run twice after a crash stores its replies once.
    reply_key: Mapped[str | None] = mapped_column(String(64))
    cause: Mapped[str | None] = mapped_column(String(32))
    position: Mapped[int] = mapped_column(default=0)
    #: Ours, in the status callback's path: a callback may beat the answer that carries the SID.
    callback_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    sending_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    twilio_status: Mapped[str | None] = mapped_column(String(24))
    error_code: Mapped[str | None] = mapped_column(String(16))
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (
        UniqueConstraint("cause", "position", name="uq_message_cause_position"),
        Index("ix_message_conversation_id_id", "conversation_id", "id"),
        Index("ix_message_direction_state", "direction", "state"),
    )


class MessageStatusEvent(Base):
    """Every status callback, once. Nothing is thrown away, known status or not."""

    __tablename__ = "message_status_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_sid: Mapped[str] = mapped_column(String(34))
    message_status: Mapped[str] = mapped_column(String(24))
    error_code: Mapped[str] = mapped_column(String(16), default="")
    received_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint(
            "message_sid", "message_status", "error_code", name="uq_message_status_event_message_sid"
        ),
    )


class CheckIn(Base):
    """A promise to text at a time. This row is the truth; timers only wake somebody to read it."""

    __tablename__ = "check_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    due_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    #: The text that asked for it: unique, so that a turn run twice promises once.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (Index("ix_check_in_state_due_at", "state", "due_at"),)


class Call(Base):
    """A call home: we ring the person, and on their keypress the number they gave."""

    __tablename__ = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    home_number: Mapped[str] = mapped_column(Sealed())
    state: Mapped[str] = mapped_column(String(16))
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    placing_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    created_at: Mapped[datetime]
    conversation: Mapped[Conversation] = relationship()


class WorkerHeartbeat(Base):
    """Each worker slot's last sign of life."""

    __tablename__ = "worker_heartbeat"
    slot: Mapped[str] = mapped_column(String(32), primary_key=True)
    beat_at: Mapped[datetime]


class DialogueTracker(Base):
    """Rasa's memory of a conversation, written by nlu/tracker_store.py alone and forgotten after 12 hours."""

    __tablename__ = "dialogue_tracker"
    sender_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tracker: Mapped[bytes]
    saved_at: Mapped[datetime]
