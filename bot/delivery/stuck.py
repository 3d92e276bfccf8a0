"""Texts that nobody was woken for: a worker died, or its waking was lost."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, or_, select

from bot.db import reading, writing
from bot.delivery.waiting import UNSETTLED, wake
from bot.models import Direction, Message
from bot.ports import Durably
from bot.urgency import Urgency

#: A text that nobody has looked at for so long has lost whoever was to.
STUCK_AFTER = timedelta(minutes=2)
#: One that should have been woken by now.
OVERDUE_AFTER = timedelta(seconds=10)
#: And woken by a sweep, not again for a while.
AGAIN_AFTER = timedelta(minutes=1)
AT_ONCE = 500


def resume_stuck(engine: Engine, durably: Durably, now: datetime) -> int:
    """Wake texts that are neither sent nor waiting for a time still to come. Returns how many."""
    stuck = and_(
        Message.direction == Direction.OUT,
        Message.state.in_(UNSETTLED),
        # Check-ins are woken by nobody: together.py finds them.
        Message.urgency < Urgency.CHECK_IN,
        or_(
            and_(Message.next_try_at.is_(None), Message.created_at < now - STUCK_AFTER),
            Message.next_try_at < now - OVERDUE_AFTER,
        ),
    )
    with reading(engine) as session:
        ids = session.scalars(
            select(Message.id).where(stuck).order_by(Message.urgency, Message.id).limit(AT_ONCE)
        ).all()
    if not ids:
        return 0
    with writing(engine) as session:
        # The row's lock lets one of several sweepers wake it.
        rows = session.scalars(
            select(Message)
            .where(Message.id.in_(ids), stuck)
            .order_by(Message.id)
            .with_for_update(skip_locked=True)
        ).all()
        for message in rows:
            message.waiting_for, message.next_try_at = None, now + AGAIN_AFTER
            wake(session, message, now, durably)
        return len(rows)
