"""Promised texts: made, taken back, and kept. The row is the truth; timers only say when to read it."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.db import writing
from bot.models import CheckIn, CheckInKind, CheckInState, Conversation, Direction, Message
from bot.people import insert_or_ignore
from bot.ports import Durably, Reply

#: A timer may be this much early by another clock and still count as due.
EARLY = timedelta(seconds=1)
#: After this long a timer is taken for lost.
OVERDUE = timedelta(seconds=3)
#: The reply a kept promise is.
ASKS = "check_in"


def promise(
    session: Session,
    conversation: Conversation,
    due_at: datetime,
    timezone: str,
    message_id: int | None,
    now: datetime,
    durably: Durably,
) -> CheckIn:
    """Promise one check-in and start its timer, in the caller's transaction.

    The same text asking twice (a turn run again) promises once; a newer promise replaces an older one.
    """
    made = insert_or_ignore(
        session,
        CheckIn,
        conversation_id=conversation.id,
        kind=CheckInKind.ASKED,
        due_at=due_at,
        timezone=timezone,
        state=CheckInState.SCHEDULED,
        message_id=message_id,
        created_at=now,
    )
    newest = select(CheckIn).where(CheckIn.conversation_id == conversation.id).order_by(CheckIn.id.desc())
    if message_id is not None:
        newest = newest.where(CheckIn.message_id == message_id)
    check_in = session.scalars(newest.limit(1)).one()
    if made:
        for older in _scheduled(session, conversation):
            if older.id != check_in.id:
                older.state = CheckInState.CANCELED
        durably.check_in(session, check_in.id, due_at, now)
    return check_in


def just_asked(session: Session, conversation: Conversation) -> bool:
    """Whether the last text this person got from us asked how they are: a bare "ok" answers it."""
    last = select(Message.reply_key).where(
        Message.conversation_id == conversation.id, Message.direction == Direction.OUT
    )
    return session.scalars(last.order_by(Message.id.desc()).limit(1)).first() == ASKS


def take_back(session: Session, conversation: Conversation) -> int:
    """Cancel what is promised to this person. Returns how many there were."""
    scheduled = _scheduled(session, conversation)
    for check_in in scheduled:
        check_in.state = CheckInState.CANCELED
    return len(scheduled)


def _scheduled(session: Session, conversation: Conversation) -> list[CheckIn]:
    return list(
        session.scalars(
            select(CheckIn).where(
                CheckIn.conversation_id == conversation.id, CheckIn.state == CheckInState.SCHEDULED
            )
        )
    )


def keep(engine: Engine, check_in_id: int, now: datetime, durably: Durably) -> CheckInState:
    """Keep one promise if it still stands and is due. Run twice, it texts once."""
    with writing(engine) as session:
        check_in = session.get_one(CheckIn, check_in_id, with_for_update=True)
        if check_in.state == CheckInState.SCHEDULED and check_in.due_at <= now + EARLY:
            check_in.state = CheckInState.SENT
            outbox.put(session, check_in.conversation, [Reply(ASKS)], f"ck-{check_in.id}", now, durably)
        return CheckInState(check_in.state)


def keep_overdue(engine: Engine, now: datetime, durably: Durably) -> int:
    """Keep every promise whose timer seems lost. Returns how many were found."""
    with writing(engine) as session:
        overdue = session.scalars(
            select(CheckIn.id)
            .where(CheckIn.state == CheckInState.SCHEDULED, CheckIn.due_at < now - OVERDUE)
            .order_by(CheckIn.due_at)
            .limit(500)
        ).all()
    for check_in_id in overdue:
        keep(engine, check_in_id, now, durably)
    return len(overdue)
