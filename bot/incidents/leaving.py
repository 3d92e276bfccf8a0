"""Whoever took an incident is not there: others are told of it again, at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.incidents import ladder
from bot.incidents.record import Happened, locked, record
from bot.models import CaseWorker, Incident, IncidentState
from bot.ports import Durably


def left(session: Session, incident_id: int, worker: CaseWorker, now: datetime, durably: Durably) -> bool:
    """Put an incident back to where nobody has taken it, and begin along the roster.

    False when it is not theirs. One that is over for the person stays as it is.
    """
    incident = locked(session, incident_id)
    if incident.state != IncidentState.ACKNOWLEDGED or incident.acknowledged_by_id != worker.id:
        return False
    if incident.over_at is not None:
        return False
    record(session, incident, Happened.LEFT, f"left-{incident.step}", now, case_worker_id=worker.id)
    _begin_again(session, incident, now, durably)
    return True


def _begin_again(session: Session, incident: Incident, now: datetime, durably: Durably) -> None:
    round_length = len(ladder.current(session).rungs) + 1
    incident.step = (incident.step // round_length + 1) * round_length
    incident.state, incident.acknowledged_at, incident.acknowledged_by_id = IncidentState.OPEN, None, None
    incident.next_step_at = now
    durably.incident(session, incident.id, incident.step, now, now)
