"""That a person is needed in a conversation, and why. A reason stands until somebody has seen to it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.marks.doing import Did, did
from bot.models import OptOut, PersonNeeded, Reason
from bot.people import insert_or_ignore


def need_person(session: Session, conversation_id: int, reason: Reason, at: datetime) -> bool:
    """Mark that a person is needed; False when that reason stands already."""
    new = insert_or_ignore(session, PersonNeeded, conversation_id=conversation_id, reason=reason, since=at)
    if new:
        did(session, conversation_id, Did.NEEDED, at, None, detail=reason)
    return new


def settle(
    session: Session,
    conversation_id: int,
    worker_id: int | None,
    at: datetime,
    reasons: Collection[Reason] | None = None,
) -> int:
    """Somebody has seen to it: all reasons, or some. Returns how many there were.

    `worker_id` is None when the person themselves settled it.
    """
    standing = (
        update(PersonNeeded)
        .where(PersonNeeded.conversation_id == conversation_id, PersonNeeded.settled_at.is_(None))
        .values(settled_at=at, settled_by_id=worker_id)
        .returning(PersonNeeded.reason)
    )
    if reasons is not None:
        standing = standing.where(PersonNeeded.reason.in_(reasons))
    settled = session.scalars(standing).all()
    if worker_id is not None and Reason.OPT_OUT in settled:
        # Whoever sees to the conversation has seen that they want silence.
        session.execute(
            update(OptOut)
            .where(OptOut.conversation_id == conversation_id, OptOut.reviewed_at.is_(None))
            .values(reviewed_at=at, reviewed_by_id=worker_id)
        )
    for reason in settled:
        did(session, conversation_id, Did.SETTLED, at, worker_id, detail=reason)
    return len(settled)


def needed(session: Session, conversation_id: int) -> Sequence[PersonNeeded]:
    """The reasons that stand, the oldest first."""
    return session.scalars(
        select(PersonNeeded)
        .where(PersonNeeded.conversation_id == conversation_id, PersonNeeded.settled_at.is_(None))
        .order_by(PersonNeeded.since, PersonNeeded.id)
    ).all()
