"""Whom a home's words or call can be for, and whether a number is a home only or uses the line itself."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.calls.ending import consent
from bot.calls.refusing import refused
from bot.models import TO_HOMES, Call, Consent, Conversation, Direction, HomeMessage, Message, Purpose
from bot.people import insert_or_ignore

#: An answer that comes later is the home phone's own matter again.
ANSWERED_WITHIN = timedelta(days=3)
#: What is said to a home, and to a number that somebody else gave. All else is said to who asked for it.
SAID_TO_HOMES = frozenset(
    {
        *("home_text", "home_passed_on", "home_only_passes", "home_no_more", "home_limit", "home_loss"),
        *("home_danger", "home_cant_say", "home_cant_say_child", "only_text", "stopped", "slow_down"),
        *("alone_contact", "alone_contact_safe"),
    }
)


def uses_the_line(session: Session, home: Conversation) -> bool:
    """Whether a number has used the line for itself: then its texts are the line's, and nobody else's.

    Passed on they would tell whoever texted that number what it asks a crisis line for.
    """
    own = select(Message.id).where(
        Message.conversation_id == home.id,
        Message.direction == Direction.OUT,
        Message.reply_key.not_in(SAID_TO_HOMES),
    )
    if session.scalars(own.limit(1)).first() is not None:
        return True
    came = select(Message.id).where(Message.conversation_id == home.id, Message.direction == Direction.IN)
    return session.scalars(came.limit(1)).first() is not None and not reached(session, home)


def reached(session: Session, home: Conversation, since: datetime | None = None) -> set[int]:
    """Conversations of those who reached a number through the line, by call or by text."""
    texts = select(HomeMessage.conversation_id).where(HomeMessage.home_conversation_id == home.id)
    by_call = rung(home.person.number_index)
    if since is not None:
        texts, by_call = texts.where(HomeMessage.sent_at > since), by_call.where(Call.dialed_at > since)
    return {*session.scalars(texts), *session.scalars(by_call.with_only_columns(Call.conversation_id))}


def open_for(session: Session, home: Conversation, now: datetime) -> HomeMessage | None:
    """What home's words answer, a text or a call of these days; None when that is nobody's or not certain."""
    since = now - ANSWERED_WITHIN
    if uses_the_line(session, home):
        return None
    mine = still_open(session, home, now)
    if len(reached(session, home, since)) != 1:
        # Somebody else's call came in between: what is meant for one must not be told to the other.
        return None
    return mine or _opened_by_call(session, home, since, now)


def still_open(session: Session, home: Conversation, now: datetime) -> HomeMessage | None:
    """The text or call of these days that has not been closed, whoever home's words are for by now."""
    return session.scalars(
        select(HomeMessage).where(
            HomeMessage.home_conversation_id == home.id,
            HomeMessage.closed_at.is_(None),
            HomeMessage.sent_at > now - ANSWERED_WITHIN,
        )
    ).first()


def _opened_by_call(
    session: Session, home: Conversation, since: datetime, now: datetime
) -> HomeMessage | None:
    call = session.scalars(
        rung(home.person.number_index).where(Call.dialed_at > since).order_by(Call.id.desc()).limit(1)
    ).first()
    if call is None or call.dialed_at is None:
        return None
    if refused(session, call.conversation, home.person.number_index):
        return None
    closed = select(HomeMessage.closed_at).where(
        HomeMessage.home_conversation_id == home.id, HomeMessage.closed_at > call.dialed_at
    )
    if session.scalars(closed.limit(1)).first() is not None:
        return None
    close_expired(session, home, now)
    insert_or_ignore(
        session,
        HomeMessage,
        conversation_id=call.conversation_id,
        home_conversation_id=home.id,
        consent_id=agreed_to(session, call).id,
        name=call.name,
        sent_at=call.dialed_at,
    )
    return session.scalars(
        select(HomeMessage).where(
            HomeMessage.home_conversation_id == home.id, HomeMessage.closed_at.is_(None)
        )
    ).first()


def open_to_others(session: Session, home: Conversation, conversation: Conversation, now: datetime) -> bool:
    """Whether home's words may be for somebody else by now."""
    sent = still_open(session, home, now)
    if sent is not None and sent.conversation_id != conversation.id:
        return True
    return bool(reached(session, home, now - ANSWERED_WITHIN) - {conversation.id})


def close_expired(session: Session, home: Conversation, now: datetime) -> None:
    """Make room for a new one to be answered."""
    for earlier in session.scalars(
        select(HomeMessage).where(
            HomeMessage.home_conversation_id == home.id, HomeMessage.closed_at.is_(None)
        )
    ):
        earlier.closed_at, earlier.closed_by = now, "replaced"
    session.flush()


def agreed_to(session: Session, call: Call) -> Consent:
    """The consent a call was placed by."""
    given = select(Consent).where(
        Consent.conversation_id == call.conversation_id, Consent.purpose == Purpose.CALL_HOME
    )
    if call.message_id is None:
        last = session.scalars(given.order_by(Consent.id.desc()).limit(1)).first()
        if last is not None and last.revoked_at is None:
            return last
    return consent(session, call)


def rung(number_index: str) -> Select[Call]:
    """Calls that rang a number for somebody."""
    return select(Call).where(
        Call.home_index == number_index, Call.purpose.in_(TO_HOMES), Call.dialed_at.is_not(None)
    )
