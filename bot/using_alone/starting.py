"""Start a timer: what was agreed to, in whose words, and the first wake-up, in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.models import Consent, Conversation, Purpose, TimerState, UsingAloneTimer
from bot.people import insert_or_ignore
from bot.ports import Durably
from bot.using_alone.ladder import ladder


@dataclass(frozen=True)
class Wanted:
    """What the person said: minutes to wait, where they are, and who is told if they do not answer."""

    minutes: int
    place: str
    #: A number of theirs in E.164; None tells the people on call alone.
    contact_number: str | None


def start(
    session: Session,
    conversation: Conversation,
    wanted: Wanted,
    words: str,
    message_id: int | None,
    now: datetime,
    durably: Durably,
) -> tuple[UsingAloneTimer, bool]:
    """The timer and whether it is new: the same text starts one, and one runs at a time.

    `words` is the yes. Raises ValueError for minutes out of bounds.
    """
    if not ladder().shortest_minutes <= wanted.minutes <= ladder().longest_minutes:
        raise ValueError("a timer's minutes are out of bounds")
    consent = _agree(session, conversation, Purpose.USING_ALONE, words, message_id, now)
    ends_at = now + timedelta(minutes=wanted.minutes)
    new = insert_or_ignore(
        session,
        UsingAloneTimer,
        conversation_id=conversation.id,
        place=wanted.place,
        minutes=wanted.minutes,
        state=TimerState.RUNNING,
        started_at=now,
        ends_at=ends_at,
        step=0,
        next_at=ends_at,
        tells="contact" if wanted.contact_number else "roster",
        contact_number=wanted.contact_number,
        consent_id=consent.id,
        message_id=message_id,
        created_at=now,
    )
    timer = live(session, conversation) if new else None
    timer = timer or _of_text(session, message_id) or live(session, conversation)
    if timer is None:
        raise LookupError("a timer was neither made nor found")
    if new:
        if wanted.contact_number:
            _agree(session, conversation, Purpose.USING_ALONE_CONTACT, words, message_id, now)
        durably.timer(session, timer.id, 0, ends_at, now)
    return timer, new


def live(session: Session, conversation: Conversation) -> UsingAloneTimer | None:
    """The timer of a conversation that has not ended, locked for the caller."""
    return session.scalars(
        select(UsingAloneTimer)
        .where(UsingAloneTimer.conversation_id == conversation.id, UsingAloneTimer.ended_at.is_(None))
        .with_for_update()
    ).first()


def _of_text(session: Session, message_id: int | None) -> UsingAloneTimer | None:
    if message_id is None:
        return None
    return session.scalars(select(UsingAloneTimer).where(UsingAloneTimer.message_id == message_id)).first()


def _agree(
    session: Session,
    conversation: Conversation,
    purpose: Purpose,
    words: str,
    message_id: int | None,
    now: datetime,
) -> Consent:
    return consent_ledger.agree(
        session, conversation, purpose, words, now, message_id=message_id, asked="ask_alone_confirmed"
    )
