"""Totals that may be shown to people who see no conversations: small cells are suppressed.

Fewer than 11 are not told, as the Centers for Medicare and Medicaid Services have it (cell size suppression
policy). No sums are told beside them, from which a suppressed one could be worked out.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models import CaseWorker, Conversation

FEWEST_TOLD = 11


@dataclass(frozen=True)
class Day:
    """One day of the line's time zone; `count` is None when it is too small to be told."""

    day: date
    count: int | None


def by_day(session: Session, now: datetime, timezone: str, days: int) -> list[Day]:
    """How many people first texted on each of the last days, the latest first, without today."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    return [_day(session, today - timedelta(days=back), zone) for back in range(1, days + 1)]


def _day(session: Session, day: date, zone: ZoneInfo) -> Day:
    begins, ends = (
        datetime.combine(day + timedelta(days=more), time(), zone).astimezone(UTC) for more in (0, 1)
    )
    counted = (
        select(func.count())
        .select_from(Conversation)
        .outerjoin(CaseWorker, CaseWorker.person_id == Conversation.person_id)
        .where(Conversation.created_at >= begins, Conversation.created_at < ends, CaseWorker.id.is_(None))
    )
    count = session.scalar(counted) or 0
    return Day(day, count if count >= FEWEST_TOLD else None)
