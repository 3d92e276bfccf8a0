"""What the person writes while a case worker has the conversation: theirs to answer, never the line's."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import check_ins, emergencies, home_messages, incidents, outbox
from bot.models import Direction, Message, MessageState, Takeover
from bot.ports import Durably

#: Not answered yet, or only from the keyword menu.
UNANSWERED = (MessageState.RECEIVED, MessageState.ASKED, MessageState.MENU, MessageState.HELD)


def has(session: Session, conversation_id: int) -> bool:
    """Whether a case worker has a conversation."""
    open_one = select(Takeover.id).where(
        Takeover.conversation_id == conversation_id, Takeover.ended_at.is_(None)
    )
    return session.scalars(open_one).first() is not None


def hear(session: Session, message: Message, at: datetime) -> bool:
    """Leave a new text to the case worker who has the conversation, and start their clock.

    False when nobody has it. The clock runs from the first text that waits, not anew with each; worrying
    words shorten it.
    """
    takeover = session.scalars(
        select(Takeover)
        .where(Takeover.conversation_id == message.conversation_id, Takeover.ended_at.is_(None))
        .with_for_update(key_share=True)
    ).first()
    if takeover is None:
        return False
    minutes = takeover.answer_minutes
    # Triage keeps the rule of every emergency and of every doubt.
    if message.triage_rule is not None or emergencies.going_on(session, message.conversation) is not None:
        minutes = min(minutes, takeover.danger_minutes)
    answer_by = at + timedelta(minutes=minutes)
    takeover.answer_by = min(takeover.answer_by or answer_by, answer_by)
    message.state = MessageState.TO_WORKER
    return True


def leave_unanswered(session: Session, conversation_id: int) -> None:
    """Leave to the case worker what waits for an answer at this moment. Turns under way say nothing then."""
    session.execute(
        update(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.direction == Direction.IN,
            Message.state.in_(UNANSWERED),
        )
        .values(state=MessageState.TO_WORKER)
        .execution_options(synchronize_session="fetch")
    )


def is_left_to_worker(session: Session, message: Message) -> bool:
    """Whether a text is a case worker's to answer, of one who has the conversation or had it then."""
    return message.state == MessageState.TO_WORKER or has(session, message.conversation_id)


def leave_to_worker(session: Session, message: Message, now: datetime, durably: Durably) -> bool:
    """In a text's turn: do what must be done of it whoever has the conversation; True when a worker has it.

    A case worker's own "OK K7QF", home's refusal, and the silence that ends are heeded; nothing is answered.
    """
    if not is_left_to_worker(session, message):
        return False
    message.state = MessageState.TO_WORKER
    conversation = message.conversation
    replies = incidents.answer(session, conversation, message.body, now, durably, bare=False)
    if replies:
        outbox.put(session, conversation, replies, f"in-{message.id}", now, durably)
    home_messages.heed(session, message, now, durably)
    check_ins.hear_after_silence(session, conversation, message.body, now, durably)
    return True
