"""Who looks after a conversation, whether or not they are in it now."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.marks.doing import Did, did, known, working
from bot.models import Thread


def assign(
    session: Session, conversation_id: int, by_worker_id: int, to_worker_id: int | None, at: datetime
) -> bool:
    """Give a conversation to a case worker to look after, or to nobody (None); False when it is so already.

    Nobody is told by text, and the line goes on: taking over is another thing (bot/joining).
    """
    known(session, conversation_id)
    working(session, by_worker_id)
    if to_worker_id is not None:
        working(session, to_worker_id)
    changed = session.execute(
        update(Thread)
        .where(
            Thread.conversation_id == conversation_id,
            Thread.assigned_to_id.is_distinct_from(to_worker_id),
        )
        .values(assigned_to_id=to_worker_id)
        .returning(Thread.conversation_id)
    ).first()
    if changed is None:
        return False
    kind = Did.ASSIGNED if to_worker_id is not None else Did.UNASSIGNED
    did(session, conversation_id, kind, at, by_worker_id, other_worker_id=to_worker_id)
    return True
