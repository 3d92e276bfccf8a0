"""A case worker has taken a conversation: what the line was about to say there is not said."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import check_ins
from bot.delivery import outcome
from bot.delivery.permission import Held, held_back
from bot.models import Direction, Message, MessageState
from bot.ports import Durably


def withhold_automated(session: Session, conversation_id: int, now: datetime, durably: Durably) -> int:
    """Withhold the texts of a conversation that wait to be sent, but for those that go out all the same.

    Returns how many. One that is on its way at this moment leaves: whoever sends it looks for itself.
    """
    waiting = session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == Direction.OUT,
            Message.state == MessageState.QUEUED,
        )
        .order_by(Message.id)
        .with_for_update(of=Message, skip_locked=True)
    ).all()
    held = held_back(session, [message.id for message in waiting], now)
    ours = [message for message in waiting if held.get(message.id) is Held.CASE_WORKER]
    for message in ours:
        check_ins.hold_back(session, message)
        outcome.settle(session, message, MessageState.WITHHELD, now, durably)
    return len(ours)
