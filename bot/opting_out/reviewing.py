"""Opt-outs that nobody has looked at yet, with the texts before each, for case workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot import marks
from bot.models import CaseWorker, Message, OptOut, Reason

#: So many texts, either way, tell what an opt-out may mean.
TEXTS_BEFORE = 10


@dataclass(frozen=True)
class ToReview:
    """One opt-out and the texts up to it, oldest first."""

    opt_out: OptOut
    before: Sequence[Message]


def to_review(session: Session, limit: int = 50) -> list[ToReview]:
    """What nobody has looked at: the worrying first, then the oldest."""
    waiting = session.scalars(
        select(OptOut)
        .where(OptOut.reviewed_at.is_(None))
        .order_by(OptOut.worrying.desc(), OptOut.opted_out_at)
        .limit(limit)
    ).all()
    return [ToReview(opt_out, _before(session, opt_out)) for opt_out in waiting]


def _before(session: Session, opt_out: OptOut) -> list[Message]:
    texts = select(Message).where(Message.conversation_id == opt_out.conversation_id)
    if opt_out.message_id is not None:
        texts = texts.where(Message.id <= opt_out.message_id)
    else:
        texts = texts.where(Message.created_at <= opt_out.opted_out_at)
    return list(session.scalars(texts.order_by(Message.id.desc()).limit(TEXTS_BEFORE)))[::-1]


def reviewed(session: Session, opt_out_id: int, worker: CaseWorker, at: datetime) -> bool:
    """Note that a case worker has looked; False when somebody had before."""
    looked = (
        update(OptOut)
        .where(OptOut.id == opt_out_id, OptOut.reviewed_at.is_(None))
        .values(reviewed_at=at, reviewed_by_id=worker.id)
        .returning(OptOut.conversation_id)
    )
    conversation_id = session.scalars(looked).first()
    if conversation_id is None:
        return False
    marks.settle(session, conversation_id, worker.id, at, [Reason.OPT_OUT])
    return True


def count_to_review(session: Session) -> int:
    """How many wait for somebody to look."""
    waiting = select(func.count()).select_from(OptOut).where(OptOut.reviewed_at.is_(None))
    return session.scalar(waiting) or 0
