"""Whether an alert reached its phone. What did not brings the next step at once."""

from datetime import datetime

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.db import reading, writing
from bot.incidents import telling
from bot.incidents.record import Happened, locked, record
from bot.models import Call, Incident, IncidentEvent, IncidentState, Message, MessageState
from bot.ports import Durably

#: Twilio's words in status callbacks.
LOST = ("failed", "undelivered")
DELIVERED = ("delivered", "read")
TRIED = (Happened.ALERT_WANTED, Happened.CALLED)
LOOKED_AT_ONCE = 500


def note_alerts(engine: Engine, now: datetime, durably: Durably) -> int:
    """Look what became of alerts that went out. Returns how many had something new."""
    with reading(engine) as session:
        failed = session.scalars(_failed().limit(LOOKED_AT_ONCE)).all()
        reached = session.scalars(_reached().limit(LOOKED_AT_ONCE)).all()
    for event_id in failed:
        with writing(engine) as session:
            event = session.get_one(IncidentEvent, event_id)
            not_reached(session, event, event.key.removesuffix("-sent"), now, durably)
    for incident_id in reached:
        with writing(engine) as session:
            incident = locked(session, incident_id)
            if incident.state == IncidentState.OPEN:
                telling.tell(session, incident, telling.REACHED, now, durably)
    return len(failed) + len(reached)


def _failed() -> Select[int]:
    noted = aliased(IncidentEvent)
    return (
        select(IncidentEvent.id)
        .join(Incident)
        .join(Message, Message.id == IncidentEvent.message_id)
        .where(
            Incident.state == IncidentState.OPEN,
            IncidentEvent.kind == Happened.ALERTED,
            or_(
                Message.state.in_([MessageState.FAILED, MessageState.WITHHELD]),
                Message.twilio_status.in_(LOST),
            ),
            ~select(noted.id)
            .where(
                noted.incident_id == IncidentEvent.incident_id,
                noted.key == func.replace(IncidentEvent.key, "-sent", "-failed"),
            )
            .exists(),
        )
        .order_by(IncidentEvent.id)
    )


def _reached() -> Select[int]:
    told = aliased(IncidentEvent)
    return (
        select(IncidentEvent.incident_id)
        .join(Incident)
        .join(Message, Message.id == IncidentEvent.message_id)
        .where(
            Incident.state == IncidentState.OPEN,
            IncidentEvent.kind == Happened.ALERTED,
            Message.twilio_status.in_(DELIVERED),
            ~select(told.id)
            .where(told.incident_id == IncidentEvent.incident_id, told.key == telling.REACHED)
            .exists(),
        )
        .distinct()
    )


def call_ended(session: Session, call: Call, outcome: str, now: datetime, durably: Durably) -> None:
    """A call to somebody on call is over. If they did not press a key the next step comes at once."""
    rung = session.scalars(
        select(IncidentEvent).where(IncidentEvent.call_id == call.id, IncidentEvent.kind == Happened.CALLED)
    ).all()
    for event in rung:
        ended = f"{event.key}-ended"
        record(
            session,
            event.incident,
            Happened.CALL_ENDED,
            ended,
            now,
            case_worker_id=event.case_worker_id,
            call_id=call.id,
            detail=outcome,
        )
        # Whoever took one call for several incidents has heard of all of them.
        if call.accepted_at is None and event.incident.state == IncidentState.OPEN:
            not_reached(session, event, event.key, now, durably)


def not_reached(session: Session, event: IncidentEvent, key: str, now: datetime, durably: Durably) -> None:
    """Note that one way of telling somebody failed; once all ways of a step have, the next is due now."""
    incident = locked(session, event.incident_id)
    new = record(
        session,
        incident,
        Happened.FAILED,
        f"{key}-failed",
        now,
        case_worker_id=event.case_worker_id,
        message_id=event.message_id,
        call_id=event.call_id,
        detail=event.detail,
    )
    waits = incident.state == IncidentState.OPEN and incident.next_step_at is not None
    if not new or not waits or event.detail != str(incident.step - 1):
        return
    of_step = session.scalars(
        select(IncidentEvent).where(
            IncidentEvent.incident_id == incident.id, IncidentEvent.detail == event.detail
        )
    ).all()
    tried = {one.key for one in of_step if one.kind in TRIED}
    failed = {one.key.removesuffix("-failed") for one in of_step if one.kind == Happened.FAILED}
    if tried <= failed and incident.next_step_at is not None and incident.next_step_at > now:
        incident.next_step_at = now
        durably.incident(session, incident.id, incident.step, now, now)
