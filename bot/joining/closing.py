"""Close a conversation that needs nobody any more, and open it again."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import marks
from bot.check_ins.coming import lock
from bot.errors import TakenBySomebody
from bot.joining.ending import end
from bot.joining.taking import taken_by
from bot.marks.doing import known
from bot.marks.waiting import put
from bot.models import Ended, ThreadState
from bot.ports import Durably


def close(session: Session, conversation_id: int, worker_id: int, at: datetime, durably: Durably) -> bool:
    """Close a conversation, giving it back first if it is one's own; False when it is closed.

    Reasons for which a person was needed are settled. The line answers on, and a text of the person opens it
    again. An emergency stays open until it is closed itself. Raises TakenBySomebody.
    """
    known(session, conversation_id)
    conversation = lock(session, conversation_id)
    takeover = taken_by(session, conversation_id)
    if takeover is not None:
        if takeover.case_worker_id != worker_id:
            raise TakenBySomebody(takeover.case_worker_id)
        end(session, conversation, takeover, Ended.CLOSED, at, durably, say=True)
    marks.settle(session, conversation_id, worker_id, at)
    return put(session, conversation_id, worker_id, ThreadState.CLOSED, at)


def reopen(session: Session, conversation_id: int, worker_id: int, at: datetime) -> bool:
    """Open a closed or waiting conversation; False when it is open."""
    return put(session, conversation_id, worker_id, ThreadState.OPEN, at)
