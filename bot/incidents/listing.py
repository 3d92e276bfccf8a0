"""Incidents as case workers see them: what is open, one from beginning to end, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from bot.errors import OutcomeUnusable
from bot.incidents.record import locked
from bot.incidents.taking import close
from bot.models import CaseWorker, Incident, IncidentEvent, IncidentState

ON_A_PAGE = 50
MOST_OPEN = 500


@cache
def outcomes() -> tuple[str, ...]:
    """What an incident can end with, as codes."""
    page = yaml.safe_load((files("bot.incidents") / "outcomes.yml").read_text("utf-8"))
    return tuple(page["outcomes"])


@dataclass(frozen=True)
class Happening:
    """One event of an incident, with the pseudonym of who it is about."""

    at: datetime
    kind: str
    case_worker: str | None
    message_id: int | None
    call_id: int | None
    detail: str | None


def open_incidents(session: Session) -> Sequence[Incident]:
    """All that nobody has closed: those nobody has taken first, the longest waiting first."""
    taken = case((Incident.state == IncidentState.OPEN, 0), else_=1)
    return session.scalars(
        select(Incident)
        .options(joinedload(Incident.conversation), joinedload(Incident.acknowledged_by))
        .where(Incident.closed_at.is_(None))
        .order_by(taken, Incident.opened_at, Incident.id)
        .limit(MOST_OPEN)
    ).all()


def past_incidents(
    session: Session, before: int | None = None, how_many: int = ON_A_PAGE
) -> Sequence[Incident]:
    """Those that are closed, the newest first; `before` is the id where the page before ended."""
    rows = (
        select(Incident)
        .options(joinedload(Incident.conversation), joinedload(Incident.acknowledged_by))
        .where(Incident.closed_at.is_not(None))
    )
    if before is not None:
        rows = rows.where(Incident.id < before)
    return session.scalars(rows.order_by(Incident.id.desc()).limit(how_many)).all()


def timeline(session: Session, incident_id: int) -> list[Happening]:
    """All that happened in an incident, in order."""
    rows = session.execute(
        select(IncidentEvent, CaseWorker.pseudonym)
        .outerjoin(CaseWorker, CaseWorker.id == IncidentEvent.case_worker_id)
        .where(IncidentEvent.incident_id == incident_id)
        .order_by(IncidentEvent.at, IncidentEvent.id)
    )
    return [
        Happening(event.at, event.kind, name, event.message_id, event.call_id, event.detail)
        for event, name in rows
    ]


def resolve(session: Session, incident_id: int, worker: CaseWorker, outcome: str, now: datetime) -> bool:
    """A case worker closes an incident with what came of it; False when it is closed already.

    The first outcome stands. Raises OutcomeUnusable for one that is not in outcomes.yml.
    """
    if outcome not in outcomes():
        raise OutcomeUnusable
    return close(session, locked(session, incident_id), now, outcome=outcome, worker=worker)
