"""Too many texts of one number at once: all are stored, one line says so, and the last is answered.

The rows decide, so that every process sees the same flood. What is urgent never comes here (bot/intake.py):
emergencies, worrying texts, STOP, and whatever comes while an emergency goes on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.db import reading, writing
from bot.models import Conversation, Direction, Message, MessageState
from bot.ports import Durably, Reply

SLOW_DOWN = "slow_down"
#: Said once in so long, however often a flood begins again.
SAID_ONCE_IN = timedelta(minutes=10)
#: A flood is over when nothing came for so long; and nobody waits longer than that for an answer.
QUIET = timedelta(seconds=5)
LONGEST_WAIT = timedelta(seconds=45)


@dataclass(frozen=True)
class Limit:
    """More texts of one number than this, within this, are a flood."""

    texts: int
    within: timedelta


def hold(session: Session, message: Message, limit: Limit, at: datetime, durably: Durably) -> bool:
    """Hold a new text if it is one too many; True when it is held. If not, the flood before it is over."""
    earlier = select(Message.created_at).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.IN,
        Message.id < message.id,
    )
    nth = session.scalars(earlier.order_by(Message.id.desc()).offset(limit.texts - 1).limit(1)).first()
    # One from the future was written while the clock was ahead, and says nothing.
    if nth is None or abs(at - nth) > limit.within:
        if nth is not None:
            _settle(session, message.conversation_id)
        return False
    message.state = MessageState.HELD
    _say_so(session, message, at, durably)
    return True


def over(engine: Engine, now: datetime, durably: Durably) -> int:
    """Answer the last text of every flood that is over. Returns how many there were."""
    with reading(engine) as session:
        first, last = func.min(Message.created_at), func.max(Message.created_at)
        held = (
            select(Message.conversation_id)
            .where(Message.direction == Direction.IN, Message.state == MessageState.HELD)
            .group_by(Message.conversation_id)
            .having((last <= now - QUIET) | (first <= now - LONGEST_WAIT))
        )
        conversations = session.scalars(held).all()
    answered = 0
    for conversation_id in conversations:
        with writing(engine) as session:
            last_id = _settle(session, conversation_id)
            if last_id is not None:
                session.get_one(Message, last_id).state = MessageState.RECEIVED
                durably.turn(session, last_id, conversation_id)
                answered += 1
    return answered


def _settle(session: Session, conversation_id: int) -> int | None:
    """Take what is held for answered by what comes after it; the id of the last one, None if nothing was."""
    settled = session.scalars(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == Direction.IN,
            Message.state == MessageState.HELD,
        )
        .values(state=MessageState.ANSWERED)
        .returning(Message.id)
    ).all()
    return max(settled, default=None)


def _say_so(session: Session, message: Message, at: datetime, durably: Durably) -> None:
    # Held against the other processes: two texts at once must not both find that nothing was said.
    conversation = session.scalars(
        select(Conversation).where(Conversation.id == message.conversation_id).with_for_update(key_share=True)
    ).one()
    said = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.OUT,
        Message.reply_key == SLOW_DOWN,
        Message.created_at > at - SAID_ONCE_IN,
    )
    if session.scalars(said.limit(1)).first() is None:
        outbox.put(session, conversation, [Reply(SLOW_DOWN)], f"flood-{message.id}", at, durably)
