"""Texts to home that did not arrive: the person is told, instead of waiting for an answer."""

from datetime import datetime

from sqlalchemy import Engine, or_, select

from bot.db import writing
from bot.home_messages.relaying import tell_person
from bot.models import HomeMessage, Message, MessageState
from bot.ports import Durably

#: Twilio's words in status callbacks.
LOST = ("failed", "undelivered")
#: Refused by the provider, or held back since nobody can be texted there.
NOT_SENT = (MessageState.FAILED, MessageState.WITHHELD)


def note_lost(engine: Engine, now: datetime, durably: Durably) -> int:
    """Tell those whose text did not reach home. Returns how many."""
    with writing(engine) as session:
        lost = session.scalars(
            select(HomeMessage)
            .join(Message, Message.id == HomeMessage.message_id)
            .where(
                HomeMessage.closed_at.is_(None),
                or_(Message.state.in_(NOT_SENT), Message.twilio_status.in_(LOST)),
            )
        ).all()
        for sent in lost:
            sent.closed_at, sent.closed_by = now, "lost"
            tell_person(session, sent, "message_lost", now, durably)
        return len(lost)
