"""Which conversations are wanted, as a question the database answers from its indexes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, union

from bot.models import (
    CaseWorker,
    Conversation,
    ConversationTag,
    Direction,
    Incident,
    Message,
    MessageState,
    PersonNeeded,
    Reason,
    Tag,
    Takeover,
    Thread,
    ThreadState,
)

#: A text that the line has not answered for so long is one that nobody answers.
UNANSWERED_AFTER = timedelta(minutes=5)
WAITS = (MessageState.RECEIVED, MessageState.ASKED, MessageState.MENU, MessageState.HELD)


@dataclass(frozen=True)
class Filter:
    """What of the list is wanted; nothing named is all that is not closed. All that is named must hold."""

    #: OPEN, WAITING or CLOSED; None: open or waiting.
    state: ThreadState | None = None
    needs_person: bool = False
    emergency: bool = False
    missed_check_in: bool = False
    #: By the line for five minutes, or by the case worker who has it.
    unanswered: bool = False
    #: Looked after by this case worker.
    assigned_to: int | None = None
    language: str | None = None
    need: str | None = None
    tag: str | None = None
    #: Something was written within so many days.
    days: int | None = None


def conditions(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """The filter as conditions on `Thread`. Case workers' own phones are never listed."""
    state = Thread.state == wanted.state if wanted.state else Thread.state != ThreadState.CLOSED
    found = [Thread.conversation_id.not_in(case_workers_own()), state, *_among(wanted, now)]
    if wanted.assigned_to is not None:
        found.append(Thread.assigned_to_id == wanted.assigned_to)
    if wanted.language:
        found.append(Thread.language == wanted.language)
    if wanted.need:
        found.append(Thread.need == wanted.need)
    if wanted.days is not None:
        found.append(Thread.last_at >= now - timedelta(days=wanted.days))
    return found


def _among(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """What of the filter stands in other tables."""
    found: list[ColumnElement[bool]] = []
    if wanted.needs_person:
        found.append(Thread.conversation_id.in_(union(_standing(), _unanswered(now))))
    if wanted.emergency:
        found.append(Thread.conversation_id.in_(open_emergencies()))
    if wanted.missed_check_in:
        missed = _standing().where(PersonNeeded.reason == Reason.MISSED_CHECK_IN)
        found.append(Thread.conversation_id.in_(missed))
    if wanted.unanswered:
        with_workers = select(Takeover.conversation_id).where(
            Takeover.answer_by.is_not(None), Takeover.ended_at.is_(None)
        )
        found.append(Thread.conversation_id.in_(union(_unanswered(now), with_workers)))
    if wanted.tag:
        tagged = select(ConversationTag.conversation_id).join(Tag, Tag.id == ConversationTag.tag_id)
        found.append(Thread.conversation_id.in_(tagged.where(Tag.name == wanted.tag)))
    return found


def open_emergencies() -> Select[int]:
    """Conversations with an incident that nobody has closed."""
    return select(Incident.conversation_id).where(Incident.closed_at.is_(None))


def unanswered_among(conversations: list[int], now: datetime) -> Select[int, datetime]:
    """Of some conversations those with a text that nobody answers, and when it came."""
    return (
        select(Message.conversation_id, Message.created_at)
        .where(Message.id.in_(_waiting(now).with_only_columns(Message.id)))
        .where(Message.conversation_id.in_(conversations))
    )


def case_workers_own() -> Select[int]:
    """The conversations of case workers' own phones."""
    # From the few case workers to theirs: joined, every conversation was gone through.
    phones = select(CaseWorker.person_id).where(CaseWorker.person_id.is_not(None))
    return select(Conversation.id).where(Conversation.person_id.in_(phones))


def _standing() -> Select[int]:
    return select(PersonNeeded.conversation_id).where(PersonNeeded.settled_at.is_(None))


def _waiting(now: datetime) -> Select[Message]:
    return select(Message).where(
        Message.direction == Direction.IN,
        Message.state.in_(WAITS),
        Message.created_at < now - UNANSWERED_AFTER,
    )


def _unanswered(now: datetime) -> Select[int]:
    return _waiting(now).with_only_columns(Message.conversation_id)
