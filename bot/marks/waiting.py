"""A conversation that waits for something, is closed, or is open again."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.marks.doing import Did, did, known, working
from bot.models import Thread, ThreadState

_SAYS = {ThreadState.WAITING: Did.WAITS, ThreadState.CLOSED: Did.CLOSED, ThreadState.OPEN: Did.REOPENED}


def wait(session: Session, conversation_id: int, worker_id: int, at: datetime) -> bool:
    """Put a conversation aside until the person writes or somebody opens it; False when it is so already."""
    return put(session, conversation_id, worker_id, ThreadState.WAITING, at)


def put(session: Session, conversation_id: int, worker_id: int, state: ThreadState, at: datetime) -> bool:
    """Put a conversation into a state; False when it is in it."""
    known(session, conversation_id)
    working(session, worker_id)
    changed = session.execute(
        update(Thread)
        .where(Thread.conversation_id == conversation_id, Thread.state != state)
        .values(state=state)
        .returning(Thread.conversation_id)
    ).first()
    if changed is not None:
        did(session, conversation_id, _SAYS[state], at, worker_id)
    return changed is not None
