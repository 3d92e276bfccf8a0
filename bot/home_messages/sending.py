"""Send a text to home, once, within limits, and only to who has not refused."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import consent_ledger, outbox
from bot.calls import CallLimits, refused
from bot.calls.limits import DAY
from bot.calls.refusing import index_of, silent
from bot.home_messages.reached import ANSWERED_WITHIN, close_expired, uses_the_line
from bot.models import Conversation, HomeMessage, Person, Purpose
from bot.people import conversation_with, insert_or_ignore, language_of
from bot.ports import Durably, Reply

SENT = "message_sent"


def send(
    session: Session,
    conversation: Conversation,
    number: str,
    words: str,
    yes: str,
    message_id: int | None,
    now: datetime,
    durably: Durably,
    limits: CallLimits,
    *,
    name: str | None = None,
) -> str:
    """Text `words` to a number for a person whose `yes` approved them. Returns the reply for the person.

    The same approving text sends once. Words are as they are said back: bot/replies has what stands around
    them.
    """
    if message_id is not None and _sent_for(session, message_id):
        return SENT
    problem = may_not_send(session, conversation, number, now, limits)
    if problem:
        return problem
    stranger = language_of(session, number) is None
    home = conversation_with(session, number, now)
    if stranger:
        home.person.language = conversation.person.language
    # The line's welcome would stand before the words.
    home.welcomed_at = home.welcomed_at or now
    close_expired(session, home, now)
    agreed = consent_ledger.agree(
        session,
        conversation,
        Purpose.MESSAGE_HOME,
        yes,
        now,
        message_id=message_id,
        asked="ask_message_confirmed",
    )
    made = insert_or_ignore(
        session,
        HomeMessage,
        conversation_id=conversation.id,
        home_conversation_id=home.id,
        consent_id=agreed.id,
        asked_message_id=message_id,
        name=name,
        sent_at=now,
    )
    if not made:
        return "message_limit_number"
    row = session.scalars(_open(home)).one()
    reply = Reply("home_text", {"name": name, "words": words})
    sent = outbox.put_unprompted(session, home, [reply], f"home-{row.id}", now, durably, agreed)
    row.message_id = sent[0] if sent else None
    return SENT


def may_not_send(
    session: Session, conversation: Conversation, number: str, now: datetime, limits: CallLimits
) -> str | None:
    """The reply that says why a number cannot be texted for a person now, or None."""
    index = index_of(session, number)
    if refused(session, conversation, index):
        return "home_refused"
    if silent(session, index):
        return "home_number_refused"
    # What home may answer is a row also when it was a call.
    texts = HomeMessage.message_id.is_not(None)
    today = select(func.count(HomeMessage.id)).where(HomeMessage.sent_at > now - DAY, texts)
    if session.scalars(today.where(HomeMessage.conversation_id == conversation.id)).one() >= limits.messages:
        return "message_limit_person"
    at_home = (
        select(Conversation.id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Person.number_index == index)
    )
    of_number = today.where(HomeMessage.home_conversation_id.in_(at_home))
    if session.scalars(of_number).one() >= limits.messages_to_number:
        return "message_limit_number"
    home = session.scalars(select(Conversation).where(Conversation.id.in_(at_home))).first()
    if home is not None and uses_the_line(session, home):
        return "home_text_not_possible"
    # What home answers must have one person it can be for; whose it is now is not told.
    other = select(HomeMessage.id).where(
        HomeMessage.home_conversation_id.in_(at_home),
        HomeMessage.conversation_id != conversation.id,
        HomeMessage.closed_at.is_(None),
        HomeMessage.sent_at > now - ANSWERED_WITHIN,
    )
    return "message_limit_number" if session.scalars(other).first() is not None else None


def _open(home: Conversation) -> Select[HomeMessage]:
    return select(HomeMessage).where(
        HomeMessage.home_conversation_id == home.id, HomeMessage.closed_at.is_(None)
    )


def _sent_for(session: Session, message_id: int) -> bool:
    sent = select(HomeMessage.id).where(HomeMessage.asked_message_id == message_id)
    return session.scalars(sent).first() is not None
