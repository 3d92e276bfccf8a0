"""Forget whom a person reached, when the person is deleted: home's number goes with them."""

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.models import (
    Call,
    CallPurpose,
    CaseNote,
    CaseWorker,
    Consent,
    Conversation,
    ConversationTag,
    HomeMessage,
    HomeRefusal,
    Incident,
    Message,
    MessageStatusEvent,
    Person,
    PersonNeeded,
    ReadPosition,
    SearchPending,
    SearchWord,
    Takeover,
    Thread,
    ThreadEvent,
    Understanding,
    UnpromptedText,
)


def forget(session: Session, conversation: Conversation) -> None:
    """Delete a person's calls home, their texts to home and refusals; and homes that nobody else knows.

    A home that has written to the line for itself, or that others have reached, keeps its own conversation.
    """
    homes = session.scalars(
        select(HomeMessage.home_conversation_id).where(HomeMessage.conversation_id == conversation.id)
    ).all()
    session.execute(delete(HomeMessage).where(HomeMessage.conversation_id == conversation.id))
    session.execute(delete(HomeRefusal).where(HomeRefusal.conversation_id == conversation.id))
    session.execute(
        delete(Call).where(Call.conversation_id == conversation.id, Call.purpose == CallPurpose.HOME)
    )
    for home_id in dict.fromkeys(homes):
        if not _known_otherwise(session, home_id):
            _delete(session, home_id)


def _known_otherwise(session: Session, home_id: int) -> bool:
    home = session.get_one(Conversation, home_id)
    others = or_(
        exists().where(HomeMessage.home_conversation_id == home_id),
        exists().where(Call.home_index == home.person.number_index),
        exists().where(Call.conversation_id == home_id),
        exists().where(Consent.conversation_id == home_id),
        exists().where(Incident.conversation_id == home_id),
        exists().where(Takeover.conversation_id == home_id),
        exists().where(CaseWorker.person_id == home.person_id),
    )
    # Who asked for silence is still silent, whoever is forgotten.
    return home.person.opted_out_at is not None or bool(session.scalar(select(others)))


def _delete(session: Session, home_id: int) -> None:
    home = session.get_one(Conversation, home_id)
    texts = select(Message.id).where(Message.conversation_id == home_id)
    session.execute(delete(UnpromptedText).where(UnpromptedText.message_id.in_(texts)))
    for of_text in (MessageStatusEvent, Understanding, SearchPending):
        session.execute(delete(of_text).where(of_text.message_id.in_(texts)))
    for mark in (SearchWord, Thread, ThreadEvent, PersonNeeded, CaseNote, ConversationTag, ReadPosition):
        session.execute(delete(mark).where(mark.conversation_id == home_id))
    session.execute(delete(Message).where(Message.conversation_id == home_id))
    person_id = home.person_id
    session.execute(delete(Conversation).where(Conversation.id == home_id))
    session.execute(delete(Person).where(Person.id == person_id))
