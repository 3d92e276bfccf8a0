"""The list of conversations: emergencies on top, then the newest; a page costs the same wherever it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.conversations.decorating import Emergency, Latest, beside
from bot.conversations.filters import Filter, conditions, open_emergencies
from bot.models import Conversation, Incident, Person, Thread, ThreadState

ON_A_PAGE = 50
#: Where a page goes on: an incident's id, or a text's and its conversation's.
_CURSOR = re.compile(r"e(\d{1,12})|m(\d{1,12})-(\d{1,12})")


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    conversation_id: int
    public_id: str
    language: str
    need: str | None
    state: ThreadState
    last_at: datetime
    latest: Latest | None
    #: Something came that the reader has not seen.
    unread: bool
    opted_out: bool
    emergency: Emergency | None
    #: Why a person is needed, and since when; the oldest first.
    needs: tuple[tuple[str, datetime], ...]
    tags: tuple[str, ...]
    #: Pseudonyms: who looks after it, and who is in it now and answers by when.
    assigned_to: str | None
    taken_by: str | None
    answer_by: datetime | None


@dataclass(frozen=True)
class Page:
    """Some lines, and where the next ones begin; None at the end."""

    conversations: tuple[Listed, ...]
    next_cursor: str | None


def page(
    session: Session,
    wanted: Filter,
    reader_id: int,
    now: datetime,
    cursor: str | None = None,
    how_many: int = ON_A_PAGE,
) -> Page:
    """A page of the list for a case worker. A cursor that is none begins at the top."""
    at = _CURSOR.fullmatch(cursor or "")
    found: list[tuple[int, str]] = []
    if at is None or at[1]:
        found += _emergencies(session, wanted, now, int(at[1]) if at else None, how_many + 1)
    if len(found) <= how_many and not wanted.emergency:
        before = (int(at[2]), int(at[3])) if at and at[2] else None
        found += _others(session, wanted, now, before, how_many + 1 - len(found))
    shown = found[:how_many]
    lines = _lines(session, [conversation_id for conversation_id, _ in shown], reader_id, now)
    return Page(lines, shown[-1][1] if len(found) > how_many else None)


def _emergencies(
    session: Session, wanted: Filter, now: datetime, before: int | None, most: int
) -> list[tuple[int, str]]:
    rows = (
        select(Thread.conversation_id, Incident.id)
        .join(
            Incident, and_(Incident.conversation_id == Thread.conversation_id, Incident.closed_at.is_(None))
        )
        # From the few that are open to their threads, whatever else is wanted.
        .where(Thread.conversation_id.in_(open_emergencies()), *conditions(wanted, now))
        .order_by(Incident.id.desc())
        .limit(most)
    )
    if before is not None:
        rows = rows.where(Incident.id < before)
    return [(conversation, f"e{incident}") for conversation, incident in session.execute(rows)]


def _others(
    session: Session, wanted: Filter, now: datetime, before: tuple[int, int] | None, most: int
) -> list[tuple[int, str]]:
    rows = (
        select(Thread.conversation_id, Thread.last_message_id)
        .where(*conditions(wanted, now), Thread.conversation_id.not_in(open_emergencies()))
        .order_by(Thread.last_message_id.desc(), Thread.conversation_id.desc())
        .limit(most)
    )
    if before is not None:
        text, conversation = before
        # The first half lets the index begin there; the second tells those without a text apart.
        rows = rows.where(
            Thread.last_message_id <= text,
            or_(Thread.last_message_id < text, Thread.conversation_id < conversation),
        )
    return [(conversation, f"m{text}-{conversation}") for conversation, text in session.execute(rows)]


def _lines(session: Session, wanted: Sequence[int], reader_id: int, now: datetime) -> tuple[Listed, ...]:
    rows = session.execute(
        select(Thread, Conversation.public_id, Person.opted_out_at)
        .join(Conversation, Conversation.id == Thread.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Thread.conversation_id.in_(wanted))
    ).all()
    about = beside(session, [thread for thread, _, _ in rows], reader_id, now)
    lines = {
        thread.conversation_id: Listed(
            conversation_id=thread.conversation_id,
            public_id=public_id,
            language=thread.language,
            need=thread.need,
            state=ThreadState(thread.state),
            last_at=thread.last_at,
            opted_out=opted_out_at is not None,
            **about.of(thread),
        )
        for thread, public_id, opted_out_at in rows
    }
    return tuple(lines[conversation_id] for conversation_id in wanted if conversation_id in lines)
