"""What happened in an incident, written once each."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.models import Incident, IncidentEvent
from bot.people import insert_or_ignore


class Happened(StrEnum):
    """What one event of an incident says."""

    OPENED = "opened"
    #: Emergency words again, or a timer or check-in that came to the same incident.
    AGAIN = "again"
    #: Somebody is to be texted; several incidents of one minute go into one text.
    ALERT_WANTED = "alert_wanted"
    ALERTED = "alerted"
    CALLED = "called"
    CALL_ENDED = "call_ended"
    #: A text or call that did not reach its phone.
    FAILED = "failed"
    #: On the roster, but their phone said STOP.
    OPTED_OUT = "opted_out"
    NOBODY_ON_CALL = "nobody_on_call"
    NOBODY_ANSWERED = "nobody_answered"
    GAVE_UP = "gave_up"
    #: The person was told something of all this.
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    #: Somebody else's OK came later.
    TOO_LATE = "too_late"
    #: Whoever had taken it did not answer: others are told again.
    LEFT = "left"
    #: A need that waits until the danger is over.
    PUT_ASIDE = "put_aside"
    OVER = "over"
    CLOSED = "closed"


def locked(session: Session, incident_id: int) -> Incident:
    """An incident held against everybody else who would change it, until the transaction ends.

    Not against events that are written of it: an alert for several incidents would wait for a step of one of
    them that waits for the alert (on PostgreSQL a plain FOR UPDATE also holds up foreign keys).
    """
    return session.get_one(Incident, incident_id, with_for_update={"key_share": True})


def record(
    session: Session,
    incident: Incident,
    kind: Happened,
    key: str,
    at: datetime,
    *,
    case_worker_id: int | None = None,
    message_id: int | None = None,
    call_id: int | None = None,
    detail: str | None = None,
) -> bool:
    """Write down what happened; False when that key has been written already."""
    return insert_or_ignore(
        session,
        IncidentEvent,
        incident_id=incident.id,
        at=at,
        kind=kind,
        key=key,
        case_worker_id=case_worker_id,
        message_id=message_id,
        call_id=call_id,
        detail=detail,
    )
