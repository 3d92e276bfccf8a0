"""How many incidents nobody has taken, for whoever watches over the line."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from bot.db import reading
from bot.models import Incident, IncidentState


@dataclass(frozen=True)
class NotTaken:
    """Open incidents nobody has acknowledged, and the age of the oldest in seconds."""

    count: int
    oldest_seconds: float


def not_taken(engine: Engine, now: datetime) -> NotTaken:
    """What waits for somebody to take it."""
    with reading(engine) as session:
        counted = select(func.count(), func.min(Incident.opened_at)).where(
            Incident.state == IncidentState.OPEN
        )
        count, oldest = session.execute(counted).one()
    return NotTaken(count, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
