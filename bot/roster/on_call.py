"""Who is told first when somebody is in danger."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import CaseWorker, Shift
from bot.roster.week import instant


def who_is_on_call(session: Session, at: datetime) -> list[CaseWorker]:
    """Case workers with a shift at an instant, in the order in which they are told; each once."""
    shifts = session.scalars(
        select(Shift)
        .join(CaseWorker)
        .where(CaseWorker.left_at.is_(None), CaseWorker.person_id.is_not(None))
        .order_by(Shift.position, Shift.id)
    )
    found: dict[int, CaseWorker] = {}
    for shift in shifts:
        if shift.case_worker_id not in found and covers(shift, at):
            found[shift.case_worker_id] = shift.case_worker
    return list(found.values())


def covers(shift: Shift, at: datetime) -> bool:
    """Whether a shift is on at an instant. It belongs to the day it begins on, also after midnight."""
    zone = ZoneInfo(shift.timezone)
    today = at.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        if day.weekday() != shift.weekday:
            continue
        if (shift.valid_from and day < shift.valid_from) or (shift.valid_to and day > shift.valid_to):
            continue
        if instant(day, shift.starts, zone) <= at < instant(day, shift.ends, zone):
            return True
    return False
