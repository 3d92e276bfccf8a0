"""Somebody takes an incident; it is over for the person; it is closed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.incidents import telling
from bot.incidents.record import Happened, locked, record
from bot.models import (
    Call,
    CaseWorker,
    Conversation,
    Incident,
    IncidentEvent,
    IncidentSource,
    IncidentState,
)
from bot.ports import Durably, Reply
from bot.roster import may_be_alerted

#: Opened because somebody did not answer: their answer settles it.
SILENCE = (IncidentSource.USING_ALONE, IncidentSource.CHECK_IN)


def acknowledge(
    session: Session, incident_id: int, worker: CaseWorker, how: str, now: datetime, durably: Durably
) -> bool:
    """A case worker takes an incident, by "text", "call" or "inbox". False when somebody had it already.

    The first stands, and the person is told; who took it is not.
    """
    incident = locked(session, incident_id)
    if incident.state != IncidentState.OPEN:
        if incident.acknowledged_by_id != worker.id:
            late = f"late-{worker.id}"
            record(session, incident, Happened.TOO_LATE, late, now, case_worker_id=worker.id, detail=how)
        return False
    incident.state, incident.acknowledged_at = IncidentState.ACKNOWLEDGED, now
    incident.acknowledged_by_id, incident.next_step_at = worker.id, None
    record(session, incident, Happened.ACKNOWLEDGED, "taken", now, case_worker_id=worker.id, detail=how)
    telling.tell(session, incident, telling.TAKEN, now, durably)
    return True


def take_call(session: Session, call: Call, worker: CaseWorker, now: datetime, durably: Durably) -> bool:
    """A case worker pressed the key: they take what the call was for, or another it stood for as well.

    False when somebody has all of them.
    """
    stood_for = session.scalars(
        select(IncidentEvent.incident_id)
        .where(IncidentEvent.call_id == call.id, IncidentEvent.kind == Happened.CALLED)
        .order_by(IncidentEvent.incident_id)
    ).all()
    first = [call.incident_id] if call.incident_id else []
    return any(
        acknowledge(session, incident_id, worker, "call", now, durably)
        for incident_id in dict.fromkeys([*first, *stood_for])
    )


def over(
    session: Session, incident: Incident, now: datetime, how: str, message_id: int | None = None
) -> None:
    """The danger is over as far as the person says ("words") or went quiet ("quiet").

    Case workers go on being told until one takes it: only a person can tell whether it really is.
    """
    if incident.over_at is None:
        incident.over_at = now
        record(session, incident, Happened.OVER, f"over-{how}", now, message_id=message_id, detail=how)


def close(
    session: Session,
    incident: Incident,
    now: datetime,
    *,
    outcome: str,
    worker: CaseWorker | None = None,
) -> bool:
    """Nothing more is done. `outcome` is worker, replaced or answered. False when it was closed before."""
    if incident.closed_at is not None:
        return False
    incident.state, incident.closed_at, incident.outcome = IncidentState.CLOSED, now, outcome
    incident.over_at, incident.next_step_at = incident.over_at or now, None
    if worker is not None and incident.acknowledged_by_id is None:
        incident.acknowledged_at, incident.acknowledged_by_id = now, worker.id
    record(
        session,
        incident,
        Happened.CLOSED,
        "closed",
        now,
        case_worker_id=worker.id if worker else None,
        detail=outcome,
    )
    # The database allows one that is not closed in a conversation: the next must find this one closed.
    session.flush()
    return True


def person_answered(session: Session, incident_id: int, now: datetime, durably: Durably) -> None:
    """The person of a timer or check-in says they are all right: whoever was told of it is told so.

    An incident that also holds an emergency of their own words stays with the case workers.
    """
    incident = locked(session, incident_id)
    if incident.closed_at is not None or incident.over_at is not None:
        return
    over(session, incident, now, "answered")
    if incident.source not in SILENCE:
        return
    for worker in _told(session, incident):
        consent = may_be_alerted(session, worker)
        conversation = session.scalars(
            select(Conversation).where(Conversation.person_id == worker.person_id)
        ).first()
        if consent is not None and conversation is not None:
            outbox.put_unprompted(
                session,
                conversation,
                [Reply("on_call_all_clear", {"code": incident.code})],
                f"clear-{incident.id}-{worker.id}",
                now,
                durably,
                consent,
            )
    if incident.state == IncidentState.OPEN:
        close(session, incident, now, outcome="answered")


def _told(session: Session, incident: Incident) -> list[CaseWorker]:
    reached = select(IncidentEvent.case_worker_id).where(
        IncidentEvent.incident_id == incident.id,
        IncidentEvent.kind.in_([Happened.ALERTED, Happened.CALLED, Happened.ACKNOWLEDGED]),
    )
    return list(
        session.scalars(
            select(CaseWorker)
            .where(CaseWorker.id.in_(reached), CaseWorker.left_at.is_(None))
            .order_by(CaseWorker.id)
        )
    )
