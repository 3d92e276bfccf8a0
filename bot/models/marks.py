"""What case workers put beside a conversation, and how it stands in their list."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.models.base import Base
from bot.models.people import Conversation
from bot.models.roster import CaseWorker
from bot.sealing import Sealed


class ThreadState(StrEnum):
    OPEN = "open"
    #: A case worker waits for something: a call back, a bed, the person. A text of theirs opens it again.
    WAITING = "waiting"
    CLOSED = "closed"


class Thread(Base):
    """How a conversation stands in the list. One row each, kept by triggers (migration 0013).

    By triggers since texts are written in many places, and a list that misses one hides a person.
    """

    __tablename__ = "thread"
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default=ThreadState.OPEN)
    #: The newest text, either way, 0 before the first: what the list is ordered by. A text that is deleted
    #: leaves it as it is, so it points to no row for certain.
    last_message_id: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    #: As the person's.
    language: Mapped[str] = mapped_column(String(2), default="en")
    #: What they asked for last, as the dialogue understood it.
    need: Mapped[str | None] = mapped_column(String(32))
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))
    conversation: Mapped[Conversation] = relationship()
    assigned_to: Mapped[CaseWorker | None] = relationship()

    __table_args__ = (
        # All that most filters look at is in the index: 50,000 rows are gone through without the table.
        Index("ix_thread_last_message_id", "last_message_id", "state", "language", "need", "last_at"),
        Index("ix_thread_state_last_message_id", "state", "last_message_id"),
        Index("ix_thread_assigned_to_id_last_message_id", "assigned_to_id", "last_message_id"),
    )


class ThreadEvent(Base):
    """One thing that case workers did with a conversation. Only ever added to; words are in other tables."""

    __tablename__ = "thread_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    at: Mapped[datetime]
    #: bot.marks.Did.
    kind: Mapped[str] = mapped_column(String(16))
    #: None for the line itself.
    case_worker_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))
    #: To whom, when it is handed over or assigned.
    other_worker_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))
    #: A code or a tag's name, never words of a conversation.
    detail: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index("ix_thread_event_conversation_id_at", "conversation_id", "at"),)


class Reason(StrEnum):
    """Why a person is needed in a conversation."""

    #: They asked for one.
    ASKED = "asked"
    #: The line did not understand them twice.
    NOT_UNDERSTOOD = "not_understood"
    MISSED_CHECK_IN = "missed_check_in"
    #: An opt-out that nobody has looked at: END and QUIT are words of despair too.
    OPT_OUT = "opt_out"
    #: Home wants no calls or texts of theirs.
    HOME_REFUSED = "home_refused"
    #: A case worker had the conversation and did not answer.
    NO_ANSWER = "no_answer"
    #: A text has waited too long for the line's own answer. Never stored: it is seen from the text.
    UNANSWERED = "unanswered"


class PersonNeeded(Base):
    """One reason why a person is needed, until somebody has seen to it."""

    __tablename__ = "person_needed"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    reason: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("case_worker.id"))

    __table_args__ = (
        Index("ix_person_needed_conversation_id", "conversation_id", "since"),
        # The same reason stands once, however often it comes.
        Index(
            "uq_person_needed_reason",
            "reason",
            "conversation_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )


class CaseNote(Base):
    """What a case worker writes down for the others. The person never reads it in a text."""

    __tablename__ = "case_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    case_worker_id: Mapped[int] = mapped_column(ForeignKey("case_worker.id"))
    body: Mapped[str] = mapped_column(Sealed())
    #: The form it came from: sent twice it is one note.
    draft_id: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_case_note_conversation_id_created_at", "conversation_id", "created_at"),)


class Tag(Base):
    """A word that conversations are sorted by. Chosen from a list, so that no name becomes one."""

    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime]


class ConversationTag(Base):
    """A tag on a conversation."""

    __tablename__ = "conversation_tag"
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True, index=True)
    case_worker_id: Mapped[int] = mapped_column(ForeignKey("case_worker.id"))
    tagged_at: Mapped[datetime]


class ReadPosition(Base):
    """How far a case worker has read a conversation."""

    __tablename__ = "read_position"
    case_worker_id: Mapped[int] = mapped_column(ForeignKey("case_worker.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True, index=True)
    #: The newest text that was on their screen.
    message_id: Mapped[int]
    read_at: Mapped[datetime]
