"""Texts, either way, and what the provider said of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.sealing import Sealed


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
    #: In: one of too many at once (bot/floods.py). The last of them is answered when they end.
    HELD = "held"
    #: In: left to the case worker who has the conversation. The line never answers it.
    TO_WORKER = "to_worker"
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
    #: Out: not sent since the person has said STOP, or a case worker has the conversation.
    WITHHELD = "withheld"
    #: Out: refused by the provider for good.
    FAILED = "failed"


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
    #: Out: what goes with the words ("card": the line's contact card), at an address made when it is sent.
    attached: Mapped[str | None] = mapped_column(String(16))
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
    #: Out: bot.urgency.Urgency, the most urgent first.
    urgency: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    #: Out: what it waits for (bot.delivery.waiting.Waits), until when, and how often it has been woken.
    waiting_for: Mapped[str | None] = mapped_column(String(8))
    next_try_at: Mapped[datetime | None]
    wakes: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Out: its place in the sender's line of so many segments a second.
    slot_at: Mapped[datetime | None]
    #: Out: how often it was sent anew since its phone could not be reached.
    resends: Mapped[int] = mapped_column(default=0, server_default="0")
    #: In: when it was found in the provider's list, its webhook having failed to bring it.
    reconciled_at: Mapped[datetime | None]
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (
        UniqueConstraint("cause", "position", name="uq_message_cause_position"),
        Index("ix_message_conversation_id_id", "conversation_id", "id"),
        Index("ix_message_direction_state", "direction", "state"),
        # For counting a day's texts.
        Index("ix_message_created_at", "created_at"),
    )


class InboundMedia(Base):
    """A picture or other thing that came with a text: where it lies, never fetched by itself."""

    __tablename__ = "inbound_media"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    #: As Twilio numbers them, from 0.
    position: Mapped[int]
    url: Mapped[str] = mapped_column(Sealed())
    content_type: Mapped[str] = mapped_column(String(128), default="")

    __table_args__ = (UniqueConstraint("message_id", "position", name="uq_inbound_media_message_id"),)


class MessageStatusEvent(Base):
    """Every status callback, once. Nothing is thrown away, known status or not."""

    __tablename__ = "message_status_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_sid: Mapped[str] = mapped_column(String(34))
    message_status: Mapped[str] = mapped_column(String(24))
    error_code: Mapped[str] = mapped_column(String(16), default="")
    received_at: Mapped[datetime]
    #: The carrier's own time of it, when it gave one that can be read.
    provider_at: Mapped[datetime | None]
    #: The text it is of; empty while none is known that has this SID.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)

    __table_args__ = (
        UniqueConstraint(
            "message_sid", "message_status", "error_code", name="uq_message_status_event_message_sid"
        ),
    )
