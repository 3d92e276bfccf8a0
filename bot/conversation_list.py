"""The conversations as a case worker looks through them: by public id, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models import CaseWorker, Conversation, Message, Person

PAGE = 25


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    public_id: str
    language: str
    began_at: datetime
    last_at: datetime | None
    texts: int


@dataclass(frozen=True)
class Found:
    """A page of the list; `older` is where the next one begins."""

    conversations: tuple[Listed, ...]
    older: str | None


def newest(session: Session, before: str | None = None, how_many: int = PAGE) -> Found:
    """Conversations that began before another one (by public id), without the case workers' own phones."""
    counted = (
        select(func.count(Message.id)).where(Message.conversation_id == Conversation.id).scalar_subquery()
    )
    last = (
        select(func.max(Message.created_at))
        .where(Message.conversation_id == Conversation.id)
        .scalar_subquery()
    )
    wanted = (
        select(
            Conversation.id, Conversation.public_id, Person.language, Conversation.created_at, last, counted
        )
        .join(Person, Person.id == Conversation.person_id)
        .outerjoin(CaseWorker, CaseWorker.person_id == Person.id)
        .where(CaseWorker.id.is_(None))
        .order_by(Conversation.id.desc())
        .limit(how_many + 1)
    )
    if before:
        known = select(Conversation.id).where(Conversation.public_id == before).scalar_subquery()
        wanted = wanted.where(Conversation.id < known)
    rows = [Listed(*row[1:]) for row in session.execute(wanted)]
    shown = tuple(rows[:how_many])
    return Found(shown, shown[-1].public_id if len(rows) > how_many else None)
