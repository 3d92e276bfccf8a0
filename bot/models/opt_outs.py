"""Who asked the line to be silent, and whether a person has looked at it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation


class OptOutBy(StrEnum):
    """How the wish reached us."""

    #: One of Twilio's keywords, or its OptOutType: Twilio has answered it.
    KEYWORD = "keyword"
    #: Said in words; the line confirms it once.
    WORDS = "words"
    #: Twilio refused a text of ours (21610): its STOP never reached us.
    PROVIDER = "provider"


class OptOut(Base):
    """One wish for silence. END, QUIT and CANCEL are words of despair too, so a person looks at each.

    A case worker's inbox lists those whose `reviewed_at` is empty, the worrying ones first.
    """

    __tablename__ = "opt_out"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    #: The text that asked; None when Twilio told us of it.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    asked_by: Mapped[str] = mapped_column(String(16))
    opted_out_at: Mapped[datetime]
    #: A text of the 24 hours before was an emergency or worrying; and the incident opened for it.
    worrying: Mapped[bool] = mapped_column(default=False)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    #: When their START undid it.
    undone_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))
    conversation: Mapped[Conversation] = relationship()

    __table_args__ = (
        Index("ix_opt_out_reviewed_at_opted_out_at", "reviewed_at", "opted_out_at"),
        Index("ix_opt_out_conversation_id_opted_out_at", "conversation_id", "opted_out_at"),
        # Somebody who is silent already is not silenced again.
        Index(
            "uq_opt_out_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
