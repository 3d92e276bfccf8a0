"""Find or make the person and the conversation behind a number."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models import Base, Conversation, Person
from bot.sealing import cipher_of


def insert_or_ignore(session: Session, model: type[Base], **values: object) -> bool:
    """Insert a row unless a unique key refuses it; True when it went in. The database decides."""
    new = insert_or_leave(session, model).values(**values)
    return bool(session.execute(new.returning(*model.__mapper__.primary_key)).first())


def insert_or_leave(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that leaves out what a unique key refuses, for one row or for many."""
    dialect = session.get_bind().dialect.name
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(model)
    return insert.on_conflict_do_nothing()


def language_of(session: Session, number: str) -> str | None:
    """The language somebody at a number is known to speak; None for a stranger."""
    index = cipher_of(session.get_bind().dialect).index(number)
    return session.scalars(select(Person.language).where(Person.number_index == index)).first()


def conversation_with(session: Session, number: str, at: datetime) -> Conversation:
    """The conversation with a number, made on first contact. Numbers are found by keyed index only."""
    index = cipher_of(session.get_bind().dialect).index(number)
    insert_or_ignore(session, Person, number=number, number_index=index, language="en", created_at=at)
    person = session.scalars(select(Person).where(Person.number_index == index)).one()
    insert_or_ignore(session, Conversation, person_id=person.id, public_id=uuid4().hex, created_at=at)
    return session.scalars(select(Conversation).where(Conversation.person_id == person.id)).one()
