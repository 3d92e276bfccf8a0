"""What a case worker must hear of in the inbox: conversations that were taken back from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.models import Conversation, Ended, Takeover


@dataclass(frozen=True)
class Notice:
    """A conversation that went back to the line since nobody answered."""

    takeover_id: int
    conversation: str
    ended_at: datetime | None
    minutes: int


def notices(session: Session, worker_id: int, limit: int = 20) -> Sequence[Notice]:
    """What a case worker has not seen yet, the newest first."""
    rows = session.execute(
        select(Takeover.id, Conversation.public_id, Takeover.ended_at, Takeover.answer_minutes)
        .join(Conversation, Conversation.id == Takeover.conversation_id)
        .where(
            Takeover.case_worker_id == worker_id,
            Takeover.ended_by == Ended.NO_ANSWER,
            Takeover.notice_seen_at.is_(None),
        )
        .order_by(Takeover.ended_at.desc())
        .limit(limit)
    )
    return [Notice(row[0], row[1], row[2], row[3]) for row in rows]


def notice_seen(session: Session, takeover_id: int, worker_id: int, at: datetime) -> bool:
    """Note that a case worker has seen it; False when it is not theirs or was seen."""
    seen = (
        update(Takeover)
        .where(
            Takeover.id == takeover_id,
            Takeover.case_worker_id == worker_id,
            Takeover.ended_at.is_not(None),
            Takeover.notice_seen_at.is_(None),
        )
        .values(notice_seen_at=at)
        .returning(Takeover.id)
    )
    return session.execute(seen).first() is not None
