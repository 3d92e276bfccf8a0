"""Whoever does not want to hear from one person through the line never does again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import marks, suppression
from bot.models import TO_HOMES, Call, Conversation, HomeMessage, HomeRefusal, Person, Reason
from bot.people import insert_or_ignore
from bot.sealing import cipher_of


def index_of(session: Session, number: str) -> str:
    """The keyed digest a number is found by."""
    return cipher_of(session.get_bind().dialect).index(number)


def refuse(session: Session, conversation: Conversation, number_index: str, by: str, now: datetime) -> bool:
    """Remember that a number wants nothing from a person; False when that was known."""
    new = insert_or_ignore(
        session,
        HomeRefusal,
        conversation_id=conversation.id,
        number_index=number_index,
        refused_by=by,
        refused_at=now,
    )
    if new:
        marks.need_person(session, conversation.id, Reason.HOME_REFUSED, now)
    return new


def refused(session: Session, conversation: Conversation, number_index: str) -> bool:
    """Whether a number wants nothing from this person."""
    if session.get(HomeRefusal, (conversation.id, number_index)) is not None:
        return True
    # Before one of the two was forgotten.
    return suppression.refuses(session, conversation.person.number_index, number_index)


def silent(session: Session, number_index: str) -> bool:
    """Whether a number wants nothing from the line at all. Nobody is told that: it would say who uses it."""
    stopped = select(Person.id).where(Person.number_index == number_index, Person.opted_out_at.is_not(None))
    # Or before its person was forgotten.
    forgotten = suppression.silent_since(session, number_index) is not None
    return forgotten or session.scalars(stopped).first() is not None


def refuse_everybody(session: Session, person: Person, by: str, now: datetime) -> list[Conversation]:
    """STOP from a number: everybody who has called or texted it through the line is refused.

    Returns their conversations, of those to whom that is new.
    """
    reached = session.scalars(
        select(Call.conversation_id)
        .where(Call.home_index == person.number_index, Call.purpose.in_(TO_HOMES))
        .union(
            select(HomeMessage.conversation_id)
            .join(Conversation, Conversation.id == HomeMessage.home_conversation_id)
            .where(Conversation.person_id == person.id)
        )
    ).all()
    found = [session.get_one(Conversation, row) for row in reached]
    return [one for one in found if refuse(session, one, person.number_index, by, now)]
