"""An opt-out is a row that a person looks at, and an emergency when worrying texts came before it.

END, QUIT and CANCEL are words of despair too, and whoever falls silent after them is not heard from again.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import incidents, marks
from bot.models import Conversation, Direction, IncidentSource, Message, OptOut, OptOutBy, Person, Reason
from bot.people import insert_or_ignore
from bot.ports import Durably

#: Worrying texts this recent make an opt-out an emergency.
WORRIED_WITHIN = timedelta(hours=24)
#: What an incident is of when no text before it was an emergency by itself.
WORRYING = "crisis"


def note(
    session: Session,
    person: Person,
    at: datetime,
    asked_by: OptOutBy,
    message: Message | None = None,
    durably: Durably | None = None,
) -> bool:
    """Write down an opt-out for a person to look at; False when they were silent already.

    With `durably`, worrying texts of the last 24 hours open an incident.
    """
    conversation = session.scalars(select(Conversation).where(Conversation.person_id == person.id)).first()
    if conversation is None:
        return False
    kind = _worry(session, conversation, at)
    new = insert_or_ignore(
        session,
        OptOut,
        conversation_id=conversation.id,
        message_id=message.id if message else None,
        asked_by=asked_by,
        opted_out_at=at,
        worrying=kind is not None,
    )
    if new:
        marks.need_person(session, conversation.id, Reason.OPT_OUT, at)
    if new and kind is not None and durably is not None:
        _tell(session, conversation, kind, at, message, durably)
    return new


def undo(session: Session, person: Person, at: datetime) -> None:
    """Their START has undone it. Whoever reviews it sees that."""
    theirs = select(Conversation.id).where(Conversation.person_id == person.id)
    session.execute(
        update(OptOut)
        .where(OptOut.conversation_id.in_(theirs), OptOut.undone_at.is_(None))
        .values(undone_at=at)
    )


def _worry(session: Session, conversation: Conversation, at: datetime) -> str | None:
    """The kind of the last worrying text: triage kept the rule of every emergency and of every doubt."""
    found = session.execute(
        select(Message.triage_kind)
        .where(
            Message.conversation_id == conversation.id,
            Message.direction == Direction.IN,
            Message.triage_rule.is_not(None),
            Message.created_at >= at - WORRIED_WITHIN,
        )
        .order_by(Message.triage_kind.is_(None), Message.id.desc())
        .limit(1)
    ).first()
    return None if found is None else found[0] or WORRYING


def _tell(
    session: Session,
    conversation: Conversation,
    kind: str,
    at: datetime,
    message: Message | None,
    durably: Durably,
) -> None:
    # A text that is an emergency itself has opened its own.
    own = message is not None and message.triage_kind is not None
    incident = incidents.open_of(session, conversation) if own else None
    if incident is None:
        incident = incidents.open_incident(
            session,
            conversation,
            IncidentSource.OPT_OUT,
            kind,
            at,
            durably,
            message_id=message.id if message else None,
        )
    session.execute(
        update(OptOut)
        .where(OptOut.conversation_id == conversation.id, OptOut.undone_at.is_(None))
        .values(incident_id=incident.id)
    )
