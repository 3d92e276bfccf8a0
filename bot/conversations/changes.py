"""Whether anything has changed since a page was made: asked every few seconds, so it costs little."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models import (
    Call,
    CheckIn,
    Consent,
    Incident,
    IncidentEvent,
    Message,
    MessageStatusEvent,
    Takeover,
    ThreadEvent,
    UsingAloneTimer,
    WorkerText,
)

#: Of a thread the newest page is watched; what is older stands.
WATCHED = 50
#: Of everything else so many of the newest.
WATCHED_BESIDE = 10


def list_token(session: Session) -> str:
    """A token that changes when the list may look different: tables that only grow, by their last ids."""
    grown = (Message, MessageStatusEvent, IncidentEvent, ThreadEvent)
    row = session.execute(select(*(select(func.max(table.id)).scalar_subquery() for table in grown))).one()
    return "-".join(str(value or 0) for value in row)


def thread_token(session: Session, conversation_id: int) -> str:
    """A token that changes when a thread looks different. It says nothing of what is in it."""
    seen: list[object] = []
    texts = (
        select(Message.id, Message.state, Message.twilio_status, Message.error_code)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id.desc())
        .limit(WATCHED)
    )
    seen += map(tuple, session.execute(texts))
    for watched in (
        select(CheckIn.id, CheckIn.state, CheckIn.due_at, CheckIn.answer)
        .where(CheckIn.conversation_id == conversation_id)
        .order_by(CheckIn.created_at.desc()),
        select(Call.id, Call.state, Call.outcome)
        .where(Call.conversation_id == conversation_id)
        .order_by(Call.created_at.desc()),
        select(Consent.id, Consent.revoked_at)
        .where(Consent.conversation_id == conversation_id)
        .order_by(Consent.agreed_at.desc()),
        select(UsingAloneTimer.id, UsingAloneTimer.state, UsingAloneTimer.ends_at)
        .where(UsingAloneTimer.conversation_id == conversation_id)
        .order_by(UsingAloneTimer.started_at.desc()),
        select(ThreadEvent.id)
        .where(ThreadEvent.conversation_id == conversation_id)
        .order_by(ThreadEvent.at.desc()),
        select(Takeover.id, Takeover.answer_by, Takeover.ended_at)
        .where(Takeover.conversation_id == conversation_id)
        .order_by(Takeover.began_at.desc()),
        select(WorkerText.message_id)
        .where(WorkerText.conversation_id == conversation_id)
        .order_by(WorkerText.after_message_id.desc()),
        select(Incident.id, Incident.state, Incident.over_at, func.max(IncidentEvent.id))
        .join(IncidentEvent, IncidentEvent.incident_id == Incident.id)
        .where(Incident.conversation_id == conversation_id)
        .group_by(Incident.id, Incident.state, Incident.over_at)
        .order_by(Incident.id.desc()),
    ):
        seen.append([tuple(row) for row in session.execute(watched.limit(WATCHED_BESIDE))])
    return hashlib.blake2s(repr(seen).encode(), digest_size=12).hexdigest()
