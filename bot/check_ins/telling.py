"""When silence was to be told of: an incident, which tells people on call and records it all."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import incidents
from bot.models import CheckIn, Conversation, Incident, IncidentSource
from bot.ports import Durably

KIND = "check_in"


def tell_roster(
    session: Session, conversation: Conversation, check_in: CheckIn, now: datetime, durably: Durably
) -> None:
    """Tell the people on call that a check-in was not answered, as its person agreed."""
    incidents.open_incident(
        session,
        conversation,
        IncidentSource.CHECK_IN,
        KIND,
        now,
        durably,
        danger_to="self",
        consent=check_in.consent,
    )


def told_of(session: Session, conversation: Conversation) -> Incident | None:
    """The incident of a silence that people were told of, until an answer ends it."""
    return session.scalars(
        select(Incident).where(
            Incident.conversation_id == conversation.id,
            Incident.source == IncidentSource.CHECK_IN,
            Incident.closed_at.is_(None),
            Incident.over_at.is_(None),
        )
    ).first()


def all_clear(session: Session, conversation: Conversation, now: datetime, durably: Durably) -> None:
    """Tell them that the person has answered after all, if an unanswered check-in had them told."""
    incident = told_of(session, conversation)
    if incident is not None:
        incidents.person_answered(session, incident.id, now, durably)
