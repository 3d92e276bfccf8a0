"""STOP from a number: everybody who reached it through the line is refused for ever, and told gently."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calls.refusing import refuse_everybody
from bot.home_messages.relaying import tell_person
from bot.models import Conversation, HomeMessage, Person
from bot.ports import Durably


def stopped(session: Session, person: Person, now: datetime, durably: Durably | None) -> None:
    """Remember it for each of them; tell whoever waits for an answer."""
    refuse_everybody(session, person, "stop", now)
    waiting = session.scalars(
        select(HomeMessage)
        .join(Conversation, Conversation.id == HomeMessage.home_conversation_id)
        .where(Conversation.person_id == person.id, HomeMessage.closed_at.is_(None))
    ).all()
    for sent in waiting:
        sent.closed_at, sent.closed_by = now, "refused"
        if durably is not None:
            tell_person(session, sent, "home_refused", now, durably)
