"""What is promised to one person and still to come: the rows, their order, and a free instant among them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.check_ins.terms import terms
from bot.models import CheckIn, CheckInState, Conversation

#: Not sent yet, and still meant to be.
COMING = (CheckInState.SCHEDULED, CheckInState.HELD, CheckInState.PAUSED)


def lock(session: Session, conversation_id: int) -> Conversation:
    """Hold one person's promises still until the transaction ends. Taken before any check-in's own row."""
    found = select(Conversation).options(joinedload(Conversation.person, innerjoin=True))
    # What was read of it before the lock may have changed since.
    locked = found.where(Conversation.id == conversation_id).with_for_update(of=Conversation)
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def coming(
    session: Session, conversation: Conversation, states: Collection[CheckInState] = COMING
) -> list[CheckIn]:
    """The check-ins to come, the soonest first."""
    return list(
        session.scalars(
            select(CheckIn)
            .where(CheckIn.conversation_id == conversation.id, CheckIn.state.in_(states))
            .order_by(CheckIn.due_at, CheckIn.id)
        )
    )


def at_this_minute(session: Session, conversation: Conversation, at: datetime) -> CheckIn | None:
    """A check-in that is to come within the minute of an instant."""
    apart = terms().apart
    return session.scalars(
        select(CheckIn)
        .where(
            CheckIn.conversation_id == conversation.id,
            CheckIn.state == CheckInState.SCHEDULED,
            CheckIn.due_at > at - apart,
            CheckIn.due_at < at + apart,
        )
        .order_by(CheckIn.due_at)
        .limit(1)
    ).first()


def free_instant(session: Session, conversation: Conversation, at: datetime) -> datetime:
    """The instant, or the first one after it that is a minute away from every other check-in of theirs."""
    while taken := at_this_minute(session, conversation, at):
        at = taken.due_at + terms().apart
    return at
