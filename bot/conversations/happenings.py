"""What happened in a conversation beside its texts, within a time."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from bot.models import (
    Base,
    Call,
    CaseNote,
    CheckIn,
    Consent,
    HomeMessage,
    Incident,
    IncidentEvent,
    OptOut,
    ThreadEvent,
    UsingAloneTimer,
)

#: Of each kind, between two pages of texts. So many come together only where something is wrong.
MOST_OF_A_KIND = 500


class Kind(StrEnum):
    """What an entry of a thread is, and what row it carries."""

    #: bot.conversations.texts.Text
    TEXT = "text"
    #: CheckIn, where it was promised; its text stands where it was sent.
    CHECK_IN = "check_in"
    CALL = "call"
    #: Consent, where it was given; and again where it was taken back.
    CONSENT = "consent"
    CONSENT_REVOKED = "consent_revoked"
    #: IncidentEvent, with its incident.
    INCIDENT = "incident"
    TIMER = "timer"
    OPT_OUT = "opt_out"
    HOME_MESSAGE = "home_message"
    #: ThreadEvent: what case workers did.
    DONE = "done"
    NOTE = "note"


#: Kind, table, its conversation and its time.
_KINDS: tuple[tuple[Kind, type[Base], InstrumentedAttribute[int], InstrumentedAttribute[Any]], ...] = (
    (Kind.CHECK_IN, CheckIn, CheckIn.conversation_id, CheckIn.created_at),
    (Kind.CALL, Call, Call.conversation_id, Call.created_at),
    (Kind.CONSENT, Consent, Consent.conversation_id, Consent.agreed_at),
    (Kind.CONSENT_REVOKED, Consent, Consent.conversation_id, Consent.revoked_at),
    (Kind.TIMER, UsingAloneTimer, UsingAloneTimer.conversation_id, UsingAloneTimer.started_at),
    (Kind.OPT_OUT, OptOut, OptOut.conversation_id, OptOut.opted_out_at),
    (Kind.HOME_MESSAGE, HomeMessage, HomeMessage.conversation_id, HomeMessage.sent_at),
    (Kind.DONE, ThreadEvent, ThreadEvent.conversation_id, ThreadEvent.at),
    (Kind.NOTE, CaseNote, CaseNote.conversation_id, CaseNote.created_at),
)


def happened(
    session: Session, conversation_id: int, since: datetime | None, until: datetime | None
) -> list[tuple[Kind, datetime, object]]:
    """All of it from a time on (None: from the beginning) and before another (None: till now)."""
    found: list[tuple[Kind, datetime, object]] = []
    for kind, table, conversation, at in _KINDS:
        rows = session.scalars(
            _within(select(table).where(conversation == conversation_id, at.is_not(None)), at, since, until)
        )
        found += [(kind, getattr(row, at.key), row) for row in rows]
    events = (
        select(IncidentEvent)
        .join(Incident, Incident.id == IncidentEvent.incident_id)
        .options(joinedload(IncidentEvent.incident))
        .where(Incident.conversation_id == conversation_id)
    )
    for event in session.scalars(_within(events, IncidentEvent.at, since, until)):
        found.append((Kind.INCIDENT, event.at, event))
    return found


def _within(
    rows: Select[Any], at: InstrumentedAttribute[Any], since: datetime | None, until: datetime | None
) -> Select[Any]:
    if since is not None:
        rows = rows.where(at >= since)
    if until is not None:
        rows = rows.where(at < until)
    return rows.order_by(at.desc()).limit(MOST_OF_A_KIND)
