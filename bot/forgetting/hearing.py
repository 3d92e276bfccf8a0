"""DELETE by text: asked about once, then done. By plain words alone: the model may be away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import ErasureHeld
from bot.forgetting import held, wishes
from bot.forgetting.erasing import erase
from bot.models import Direction, ErasureBy, Message
from bot.ports import Durably, Reply

ASKED = "delete_ask"
ASKED_AGAIN = "delete_ask_again"
#: A yes that comes later may be to something else, or from other hands.
ANSWERED_WITHIN = timedelta(minutes=30)


def answer(session: Session, message: Message, now: datetime, durably: Durably) -> Sequence[Reply] | None:
    """What is said to a wish to be forgotten or to its confirmation; None to any other text.

    After a yes nothing is left to answer to: no replies, and the text itself is gone with its person.
    """
    conversation = message.conversation
    if wishes.asks(message.body):
        reason = held.why(session, conversation, now, message.id)
        if reason is not None:
            return [Reply(reason)]
        if conversation.person.opted_out_at is not None:
            # Nothing may be asked of them, and no promise is left that they could lose.
            return _erase(session, message, now, durably)
        return [Reply(ASKED)]
    last = _last_said(session, message, now)
    if last is None or conversation.person.opted_out_at is not None:
        return None
    confirmed = wishes.confirms(message.body)
    if confirmed is None:
        # Anything else is what they want now; the question lapses.
        return [Reply(ASKED_AGAIN)] if last == ASKED and wishes.almost_confirms(message.body) else None
    return _erase(session, message, now, durably) if confirmed else [Reply("delete_kept")]


def concerns(session: Session, message: Message, now: datetime) -> bool:
    """Whether a text is for `answer`: a wish to be forgotten, or what answers our question."""
    if wishes.asks(message.body):
        return True
    return wishes.confirms(message.body) is not None and _last_said(session, message, now) is not None


def _erase(session: Session, message: Message, now: datetime, durably: Durably) -> Sequence[Reply]:
    try:
        erase(session, message.conversation, ErasureBy.TEXT, now, durably)
    except ErasureHeld as error:
        return [Reply(error.reason)]
    return []


def _last_said(session: Session, message: Message, now: datetime) -> str | None:
    """Our question, if it is the last thing that was said to them, and lately."""
    last = session.scalars(
        select(Message)
        .where(Message.conversation_id == message.conversation_id, Message.direction == Direction.OUT)
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    if last is None or last.reply_key not in {ASKED, ASKED_AGAIN}:
        return None
    return last.reply_key if now - last.created_at <= ANSWERED_WITHIN else None
