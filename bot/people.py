"""Find or make the person and the conversation behind a number."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import suppression
from bot.inserting import insert_or_ignore, insert_or_leave
from bot.models import Conversation, Person
from bot.sealing import cipher_of

__all__ = ["conversation_with", "insert_or_ignore", "insert_or_leave", "language_of"]


def language_of(session: Session, number: str) -> str | None:
    """The language somebody at a number is known to speak; None for a stranger."""
    index = cipher_of(session.get_bind().dialect).index(number)
    return session.scalars(select(Person.language).where(Person.number_index == index)).first()


def conversation_with(session: Session, number: str, at: datetime) -> Conversation:
    """The conversation with a number, made on first contact. Numbers are found by keyed index only.

    Who was forgotten begins anew, but a STOP of before still stands.
    """
    index = cipher_of(session.get_bind().dialect).index(number)
    new = insert_or_ignore(session, Person, number=number, number_index=index, language="en", created_at=at)
    person = session.scalars(select(Person).where(Person.number_index == index)).one()
    if new:
        person.opted_out_at = suppression.silent_since(session, index)
    insert_or_ignore(session, Conversation, person_id=person.id, public_id=uuid4().hex, created_at=at)
    return session.scalars(select(Conversation).where(Conversation.person_id == person.id)).one()
