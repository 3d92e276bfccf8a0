"""What the person is told of who knows: only what is so, each thing once, nothing after it is over."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.incidents.record import Happened, record
from bot.models import Consent, Incident
from bot.ports import Durably, Reply

#: A text or call has reached somebody on call.
REACHED = "incident_reached"
#: Somebody took it.
TAKEN = "incident_taken"
#: Everybody was told, nobody took it.
NOBODY_ANSWERED = "incident_nobody_answered"
#: There is nobody to tell just now.
NOBODY_ON_CALL = "incident_nobody_on_call"


def tell(session: Session, incident: Incident, key: str, now: datetime, durably: Durably) -> None:
    """Tell the person one of the above, once in an incident."""
    if not record(session, incident, Happened.TOLD, key, now, detail=key):
        return
    stopped = incident.conversation.person.opted_out_at is not None
    if stopped or incident.over_at is not None or incident.consent_id is None:
        return
    consent = session.get_one(Consent, incident.consent_id)
    what = key.removeprefix("incident_")
    outbox.put_unprompted(
        session,
        incident.conversation,
        [Reply(key)],
        f"inc-{incident.id}-{what}"[:32],
        now,
        durably,
        consent,
    )
