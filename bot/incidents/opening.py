"""Open an incident, in the transaction of what noticed it, or add to the one that is open."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.errors import WarmlineError
from bot.incidents import ladder, taking
from bot.incidents.codes import new_code
from bot.incidents.record import Happened, record
from bot.models import (
    Consent,
    Conversation,
    Direction,
    Incident,
    IncidentSource,
    IncidentState,
    Message,
    Purpose,
)
from bot.people import insert_or_ignore
from bot.ports import Durably

logger = logging.getLogger(__name__)
#: After such a silence an emergency is over without a word, and what comes then is a new one.
QUIET_AFTER = timedelta(hours=12)
MOST_CODES_TRIED = 40
#: Noticed in what the person wrote: these decide the script, a timer that ran out does not.
WRITTEN = (IncidentSource.TRIAGE, IncidentSource.DIALOGUE)


def open_of(session: Session, conversation: Conversation) -> Incident | None:
    """The incident of a conversation that is not closed, over or not."""
    return session.scalars(
        select(Incident).where(Incident.conversation_id == conversation.id, Incident.closed_at.is_(None))
    ).first()


def open_incident(
    session: Session,
    conversation: Conversation,
    source: IncidentSource,
    kind: str,
    now: datetime,
    durably: Durably,
    *,
    danger_to: str | None = None,
    message_id: int | None = None,
    consent: Consent | None = None,
) -> Incident:
    """Open an incident and start telling people, or add to the open one. Returns it.

    `consent` is what allows the line to tell the person of it; without one the emergency itself does.
    One that is over, or that somebody took long ago, is closed and a new one opened: people are told anew.
    """
    incident = open_of(session, conversation)
    new = False
    if incident is not None and _belongs_to_the_past(session, incident, message_id, now):
        taking.close(session, incident, now, outcome="replaced")
        incident = None
    if incident is not None:
        _add(session, incident, source, kind, danger_to, message_id, now)
        return incident
    agreed = consent or _standing_for_itself(session, conversation, message_id, now)
    for attempt in range(MOST_CODES_TRIED):
        new = insert_or_ignore(
            session,
            Incident,
            code=new_code(attempt),
            conversation_id=conversation.id,
            source=source,
            kind=kind,
            danger_to=danger_to,
            message_id=message_id,
            consent_id=agreed.id,
            state=IncidentState.OPEN,
            opened_at=now,
            step=0,
            next_step_at=now,
            script_step=0,
        )
        incident = open_of(session, conversation)
        if incident is not None:
            break
    if incident is None:
        raise WarmlineError("no code is free for an incident")
    if new:
        record(session, incident, Happened.OPENED, "opened", now, message_id=message_id, detail=kind)
        durably.incident(session, incident.id, 0, now, now)
        logger.warning("incident %s is open", incident.id, extra={"incident_id": incident.id})
    else:
        _add(session, incident, source, kind, danger_to, message_id, now)
    return incident


def _add(
    session: Session,
    incident: Incident,
    source: IncidentSource,
    kind: str,
    danger_to: str | None,
    message_id: int | None,
    now: datetime,
) -> None:
    key = f"text-{message_id}" if message_id else f"{source}-{now:%Y%m%dT%H%M%S}"
    record(session, incident, Happened.AGAIN, key, now, message_id=message_id, detail=kind)
    if source in WRITTEN:
        # What was a timer's silence is now what they say themselves.
        incident.source = source
        incident.kind, incident.danger_to, incident.script_step = kind, danger_to, 0


def _belongs_to_the_past(session: Session, incident: Incident, message_id: int | None, now: datetime) -> bool:
    if incident.over_at is not None or gone_quiet(session, incident, message_id, now):
        return True
    if incident.state == IncidentState.ACKNOWLEDGED:
        taken = incident.acknowledged_at or incident.opened_at
        return now - taken >= ladder.current(session).new_after_taken
    return incident.next_step_at is None


def gone_quiet(session: Session, incident: Incident, message_id: int | None, now: datetime) -> bool:
    """Whether the person wrote nothing for twelve hours before this text (or before now)."""
    texts = select(Message.created_at).where(
        Message.conversation_id == incident.conversation_id, Message.direction == Direction.IN
    )
    if message_id is not None:
        texts = texts.where(Message.id < message_id)
    last = session.scalars(texts.order_by(Message.id.desc()).limit(1)).first()
    return now - max(last or incident.opened_at, incident.opened_at) >= QUIET_AFTER


def _standing_for_itself(
    session: Session, conversation: Conversation, message_id: int | None, now: datetime
) -> Consent:
    message = session.get(Message, message_id) if message_id else None
    words = message.body if message else ""
    return consent_ledger.agree(session, conversation, Purpose.EMERGENCY, words, now, message_id=message_id)
