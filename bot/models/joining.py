"""Case workers in a conversation: who has it, and what they wrote."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.roster import CaseWorker


class Ended(StrEnum):
    """How a case worker's time in a conversation ended."""

    GIVEN_BACK = "given_back"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    #: They did not answer within their minutes: the line took it back and said so.
    NO_ANSWER = "no_answer"


class Takeover(Base):
    """A case worker talks in a conversation: the line is silent there, emergencies are still caught."""

    __tablename__ = "takeover"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    case_worker_id: Mapped[int] = mapped_column(ForeignKey("case_worker.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(16))
    #: Within so many minutes they answer, and in danger within so many; else the line takes it back.
    answer_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    danger_minutes: Mapped[int] = mapped_column(default=2, server_default="2")
    #: When it goes back to the line; None while the last word is the case worker's.
    answer_by: Mapped[datetime | None]
    #: How many texts the case worker has sent.
    texts: Mapped[int] = mapped_column(default=0, server_default="0")
    #: When the case worker saw that it was taken back from them.
    notice_seen_at: Mapped[datetime | None]
    case_worker: Mapped[CaseWorker] = relationship()

    __table_args__ = (
        # Two case workers cannot both have one conversation.
        Index(
            "uq_takeover_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_takeover_answer_by", "answer_by"),
        Index("ix_takeover_case_worker_id_ended_at", "case_worker_id", "ended_at"),
        Index("ix_takeover_conversation_id_began_at", "conversation_id", "began_at"),
    )


class WorkerText(Base):
    """A text that a case worker wrote, and who. A text without such a row is the line's own."""

    __tablename__ = "worker_text"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    case_worker_id: Mapped[int] = mapped_column(ForeignKey("case_worker.id"), index=True)
    takeover_id: Mapped[int] = mapped_column(ForeignKey("takeover.id"))
    #: The form it came from: sent twice it is one text.
    draft_id: Mapped[str] = mapped_column(String(32), unique=True)
    #: The newest text its writer had seen, 0 for none.
    after_message_id: Mapped[int]
    #: The canned reply it began as.
    canned: Mapped[str | None] = mapped_column(String(32))
    #: In danger, and the person has said STOP in words: it goes out all the same (docs/adr/0025).
    despite_stop: Mapped[bool] = mapped_column(default=False)
    case_worker: Mapped[CaseWorker] = relationship()

    __table_args__ = (
        # Nobody answers the same text unseen by whoever has just answered it.
        UniqueConstraint("conversation_id", "after_message_id", name="uq_worker_text_conversation_id"),
    )
