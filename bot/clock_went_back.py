"""The computer's clock went back: what was written while it was ahead is brought back with it.

A clock an hour ahead that is set right leaves waits, timers and escalations that are an hour too late, and a
sender's line that seems an hour long. Which rows they are can be seen: they were written in the future. What
was due within the hour has been done early, and is not done again: rows say that too.

A promise made for a time of day is right as it stands and is left alone; so is one for "in two hours", which
looks the same.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot import delivery, joining, reconciliation
from bot.models import (
    Call,
    CheckIn,
    Incident,
    IncidentEvent,
    IncidentState,
    Message,
    UsingAloneTimer,
    WorkerHeartbeat,
)
from bot.ports import Clock

logger = logging.getLogger(__name__)
#: Less than this is a clock being set right bit by bit; nothing here is so exact.
NOTICED = timedelta(seconds=10)


class Watch:
    """Sees that the clock went back by a clock that does not. `steady` gives seconds and never goes back."""

    def __init__(self, clock: Clock, steady: Callable[[], float]) -> None:
        self._clock, self._steady = clock, steady
        self._seen = clock(), steady()

    def went_back(self) -> bool:
        """Whether it has since the last look."""
        before, now = self._seen, (self._clock(), self._steady())
        self._seen = now
        return now[0] - before[0] < timedelta(seconds=now[1] - before[1]) - NOTICED


def bring_back(session: Session, slot: str, now: datetime) -> timedelta | None:
    """If this slot's last heartbeat is still to come, bring back what was written since it was ahead.

    Returns by how much, None when the clock did not go back. Whichever worker is first does it for all.
    """
    beats = session.scalars(select(WorkerHeartbeat).order_by(WorkerHeartbeat.slot).with_for_update()).all()
    last = next((beat.beat_at for beat in beats if beat.slot == slot), now)
    by = last - now
    if by <= NOTICED:
        return None
    logger.error(
        "the computer's clock went back by %.0f s; what it had written ahead is brought back",
        by.total_seconds(),
    )
    for beat in beats:
        beat.beat_at = min(beat.beat_at, now)
    _incidents(session, by, now)
    _timers(session, by, now)
    _check_ins(session, by, now)
    for call in session.scalars(select(Call).where(or_(Call.created_at > now, Call.placing_at > now))):
        call.created_at = min(call.created_at, now)
        call.placing_at = call.placing_at and min(call.placing_at, now)
    session.execute(update(Message).where(Message.created_at > now).values(created_at=now))
    delivery.bring_back(session, now)
    reconciliation.bring_back(session, now)
    joining.bring_back(session, by, now)
    return by


def _incidents(session: Session, by: timedelta, now: datetime) -> None:
    stepped = select(IncidentEvent.incident_id).where(IncidentEvent.at > now)
    ahead = or_(Incident.opened_at > now, Incident.id.in_(stepped))
    for incident in session.scalars(select(Incident).where(Incident.state == IncidentState.OPEN, ahead)):
        incident.opened_at = min(incident.opened_at, now)
        if incident.next_step_at is not None and incident.next_step_at > now:
            incident.next_step_at = max(now, incident.next_step_at - by)


def _timers(session: Session, by: timedelta, now: datetime) -> None:
    # Begun while the clock was ahead, or already past its end by that clock.
    ahead = or_(UsingAloneTimer.started_at > now, UsingAloneTimer.ends_at <= now + by)
    running = UsingAloneTimer.ended_at.is_(None) & (UsingAloneTimer.next_at > now)
    for timer in session.scalars(select(UsingAloneTimer).where(running, ahead)):
        begun_ahead = timer.started_at > now
        if begun_ahead:
            timer.started_at, timer.ends_at = timer.started_at - by, timer.ends_at - by
        if timer.next_at is not None and (begun_ahead or timer.step > 0):
            timer.next_at = max(now, timer.next_at - by)


def _check_ins(session: Session, by: timedelta, now: datetime) -> None:
    for check_in in session.scalars(select(CheckIn).where(CheckIn.sent_at > now)):
        check_in.sent_at = now
        if check_in.follow_up_at is not None:
            check_in.follow_up_at = max(now, check_in.follow_up_at - by)
