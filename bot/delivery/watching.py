"""How sending is doing, for /readyz and /metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, func, or_, select

from bot.db import reading
from bot.delivery import alerts
from bot.delivery.statuses import LOST
from bot.delivery.waiting import UNSETTLED, Waits
from bot.models import DeliveryAlert, Direction, Message, MessageState
from bot.urgency import Urgency

#: Somebody waits for an answer; one that has not left by then is a fault.
LEAVES_WITHIN = timedelta(minutes=2)
#: So long a text that did not arrive stays in the list of those left without.
LISTED_FOR = timedelta(hours=24)
LISTED_AT_MOST = 500


@dataclass(frozen=True)
class Sending:
    """What waits, what did not arrive, and what a person must mend."""

    waiting: int
    oldest_seconds: float
    not_arrived: int
    alerts: tuple[DeliveryAlert, ...]

    @property
    def ok(self) -> bool:
        """Whether texts leave."""
        return self.oldest_seconds < LEAVES_WITHIN.total_seconds() and not any(
            alerts.blocks(alert) for alert in self.alerts
        )


def sending(engine: Engine, now: datetime) -> Sending:
    """How sending is doing now."""
    waits = (
        Message.direction == Direction.OUT,
        Message.state.in_(UNSETTLED),
        Message.urgency <= Urgency.ANSWER,
        Message.waiting_for.is_distinct_from(Waits.PHONE),
    )
    with reading(engine) as session:
        waiting, oldest = session.execute(
            select(func.count(), func.min(Message.created_at)).where(*waits)
        ).one()
        lost = session.scalar(select(func.count()).where(*_not_arrived(now)))
        standing = tuple(alerts.standing(session, now))
    seconds = (now - oldest).total_seconds() if oldest else 0.0
    return Sending(waiting, seconds, lost or 0, standing)


def not_arrived(engine: Engine, now: datetime) -> Sequence[int]:
    """Texts of the last day that somebody was left without (given up, refused, undelivered), newest first."""
    with reading(engine) as session:
        return session.scalars(
            select(Message.id).where(*_not_arrived(now)).order_by(Message.id.desc()).limit(LISTED_AT_MOST)
        ).all()


def _not_arrived(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.direction == Direction.OUT,
        Message.created_at > now - LISTED_FOR,
        # Silence that they asked for is nothing to mend.
        Message.error_code.is_distinct_from("21610"),
        or_(
            Message.state == MessageState.FAILED,
            Message.twilio_status.in_(LOST),
        ),
    )
