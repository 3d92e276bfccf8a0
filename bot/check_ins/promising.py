"""Promise one text at a time somebody asked for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.check_ins.coming import at_this_minute, coming, lock
from bot.check_ins.terms import terms
from bot.errors import TooManyCheckIns
from bot.models import CheckIn, CheckInKind, CheckInState, Conversation, Message, Purpose
from bot.people import insert_or_ignore


def promise(
    session: Session,
    conversation: Conversation,
    due_at: datetime,
    timezone: str,
    message_id: int | None,
    now: datetime,
    *,
    words: str | None = None,
    asked: str | None = None,
    listing_id: str | None = None,
    if_silent: str = "nothing",
) -> CheckIn:
    """Promise one check-in, in the caller's transaction.

    The same text asking twice (a turn run again) promises once. One that is promised for this very minute
    already stands for both. `words` are what the person wrote, if not the text `message_id`; `asked` is the
    reply that put the question; `listing_id` the place it will ask about; `if_silent` what was agreed for
    silence: "nothing" or "roster". Raises TooManyCheckIns.
    """
    lock(session, conversation.id)
    if message_id is not None:
        made_before = session.scalars(select(CheckIn).where(CheckIn.message_id == message_id)).first()
        if made_before:
            return made_before
    same = at_this_minute(session, conversation, due_at)
    if same:
        same.listing_id = listing_id or same.listing_id
        same.if_silent = if_silent if if_silent != "nothing" else same.if_silent
        return same
    make_room(session, conversation, 1)
    said = words if words is not None else session.get_one(Message, message_id).body
    consent = consent_ledger.agree(
        session, conversation, Purpose.CHECK_IN, said, now, message_id=message_id, asked=asked
    )
    insert_or_ignore(
        session,
        CheckIn,
        conversation_id=conversation.id,
        kind=CheckInKind.ASKED,
        due_at=due_at,
        timezone=timezone,
        chosen_time=True,
        late=False,
        state=CheckInState.SCHEDULED,
        message_id=message_id,
        consent_id=consent.id,
        listing_id=listing_id,
        if_silent=if_silent,
        created_at=now,
    )
    return session.scalars(
        select(CheckIn).where(CheckIn.consent_id == consent.id).order_by(CheckIn.id.desc()).limit(1)
    ).one()


def make_room(session: Session, conversation: Conversation, wanted: int) -> None:
    """Raises TooManyCheckIns when so many more are too many for one person."""
    if len(coming(session, conversation)) + wanted > terms().most_coming:
        raise TooManyCheckIns
