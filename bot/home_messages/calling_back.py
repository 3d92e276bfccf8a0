"""A home calls the line back: whoever reached it is told, and home is told what this line is to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.calls.limits import DAY
from bot.calls.refusing import index_of, refuse
from bot.home_messages.reached import open_for, reached, rung, uses_the_line
from bot.models import Call, Consent, Conversation, HomeMessage, Message, Person
from bot.people import conversation_with
from bot.ports import Durably, Reply

CALLED_BACK = "home_called_back"
#: In a day: a phone that calls all day is told of no more.
MOST_TOLD = 3


@dataclass(frozen=True)
class Home:
    """A home that calls: its language, and whether somebody was told of it."""

    language: str
    told: bool


def was_reached(session: Session, number: str) -> bool:
    """Whether anybody has ever reached a number through the line; changes nothing."""
    index = index_of(session, number)
    texted = (
        select(HomeMessage.id)
        .join(Conversation, Conversation.id == HomeMessage.home_conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(Person.number_index == index)
    )
    return session.scalar(select(or_(rung(index).exists(), texted.exists()))) or False


def called_back(session: Session, number: str, call_sid: str, now: datetime, durably: Durably) -> Home | None:
    """Tell whoever reached this number that it calls, once a call; None for all who are no home only.

    Nobody is told when it is not certain whom they mean, or when the person wants no texts.
    """
    home = _home_only(session, number, now)
    if home is None:
        return None
    sent = open_for(session, home, now)
    told = sent is not None and sent.conversation.person.opted_out_at is None
    if sent is not None and told and _told_today(session, sent.conversation, now) < MOST_TOLD:
        outbox.put_unprompted(
            session,
            sent.conversation,
            [Reply(CALLED_BACK)],
            f"back-{call_sid[-24:]}",
            now,
            durably,
            session.get_one(Consent, sent.consent_id),
        )
    return Home(home.person.language, told)


def refuse_by_key(session: Session, number: str, now: datetime) -> bool:
    """A home that calls wants no more from those who reached it. False when it is no home only."""
    home = _home_only(session, number, now)
    if home is None:
        return False
    for one in reached(session, home):
        refuse(session, session.get_one(Conversation, one), home.person.number_index, "key", now)
    return True


def _home_only(session: Session, number: str, now: datetime) -> Conversation | None:
    index = index_of(session, number)
    home = session.scalars(select(Conversation).join(Person).where(Person.number_index == index)).first()
    if home is None:
        call = session.scalars(rung(index).order_by(Call.id.desc()).limit(1)).first()
        if call is None:
            return None
        home = conversation_with(session, number, now)
        home.person.language = call.language or home.person.language
    return home if reached(session, home) and not uses_the_line(session, home) else None


def _told_today(session: Session, conversation: Conversation, now: datetime) -> int:
    told = select(func.count(Message.id)).where(
        Message.conversation_id == conversation.id,
        Message.reply_key == CALLED_BACK,
        Message.created_at > now - DAY,
    )
    return session.scalars(told).one()
