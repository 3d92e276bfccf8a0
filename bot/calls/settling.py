"""Calls that nobody told us the end of, and calls that were asked for and never placed."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select

from bot.db import writing
from bot.models import Call, CallState
from bot.ports import Durably

STUCK_AFTER = timedelta(minutes=2)
#: A call that rings so late surprises somebody who has given up on it.
TOO_LATE = timedelta(minutes=10)
LOOK_AGAIN = timedelta(seconds=30)
LOOKED_AT_ONCE = 50


def unsettled(engine: Engine, now: datetime) -> list[tuple[int, str]]:
    """Calls to ask the provider about, with their SIDs; each is left alone for a while by other workers.

    Also those that we ended and that may still ring.
    """
    with writing(engine) as session:
        due = session.scalars(
            select(Call)
            .where(Call.look_at <= now, Call.call_sid.is_not(None))
            .order_by(Call.look_at)
            .limit(LOOKED_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for call in due:
            call.look_at = now + LOOK_AGAIN
            if call.ended_at is not None and call.ended_at < now - TOO_LATE:
                call.look_at = None
        return [(call.id, call.call_sid or "") for call in due]


def resume_stuck(engine: Engine, durably: Durably, now: datetime) -> list[str]:
    """Start again calls asked for and never placed. Returns those that are too late, by public id."""
    with writing(engine) as session:
        stuck = session.scalars(
            select(Call).where(
                Call.state.in_([CallState.REQUESTED, CallState.PLACING]),
                Call.ended_at.is_(None),
                or_(Call.due_at.is_(None), Call.due_at < now - STUCK_AFTER),
                Call.created_at < now - STUCK_AFTER,
            )
        ).all()
        for call in stuck:
            if not _too_late(call, now):
                durably.call(session, call.id, attempt=int(_waited(call, now).total_seconds() // 60))
        return [call.public_id for call in stuck if _too_late(call, now)]


def _waited(call: Call, now: datetime) -> timedelta:
    return now - (call.due_at or call.created_at)


def _too_late(call: Call, now: datetime) -> bool:
    return _waited(call, now) > TOO_LATE
