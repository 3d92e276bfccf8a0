"""Take a conversation over: from then on the line is silent there, and a clock runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import delivery, emergencies, incidents, marks
from bot.check_ins.coming import lock
from bot.errors import TakenBySomebody
from bot.joining.hearing import leave_unanswered
from bot.marks import Did
from bot.marks.doing import known, working
from bot.models import Conversation, Ended, IncidentState, Takeover, Thread, ThreadState
from bot.people import insert_or_ignore
from bot.ports import Durably


@dataclass(frozen=True)
class Patience:
    """Within so many minutes a case worker answers, and in danger within so many; else the line is back."""

    minutes: int = 10
    danger_minutes: int = 2


def taken_by(session: Session, conversation_id: int) -> Takeover | None:
    """Who has a conversation now; None when the line has it."""
    return session.scalars(
        select(Takeover).where(Takeover.conversation_id == conversation_id, Takeover.ended_at.is_(None))
    ).first()


def take_over(
    session: Session,
    conversation_id: int,
    worker_id: int,
    at: datetime,
    durably: Durably,
    patience: Patience,
    *,
    instead_of: int | None = None,
) -> Takeover:
    """Have a conversation to oneself. Asked twice by the same case worker it is one takeover.

    `instead_of` takes it from a case worker who is away: their id, so that nobody else loses it. Raises
    TakenBySomebody, UnknownConversation, UnknownWorker.

    What waits for an answer is left to the case worker: the line never answers it, also not afterwards.
    """
    known(session, conversation_id)
    working(session, worker_id)
    conversation = lock(session, conversation_id)
    before = taken_by(session, conversation_id)
    if before is not None and before.case_worker_id == instead_of != worker_id:
        before.ended_at, before.ended_by, before.answer_by = at, Ended.HANDED_OVER, None
        # The database allows one at a time.
        session.flush()
    new = insert_or_ignore(
        session,
        Takeover,
        conversation_id=conversation_id,
        case_worker_id=worker_id,
        began_at=at,
        answer_minutes=patience.minutes,
        danger_minutes=patience.danger_minutes,
        answer_by=at + answers_within(session, conversation, patience.minutes, patience.danger_minutes),
    )
    takeover = session.scalars(
        select(Takeover).where(Takeover.conversation_id == conversation_id, Takeover.ended_at.is_(None))
    ).one()
    if takeover.case_worker_id != worker_id:
        raise TakenBySomebody(takeover.case_worker_id)
    if new:
        leave_unanswered(session, conversation_id)
        delivery.withhold_automated(session, conversation_id, at, durably)
        look_after(session, conversation_id, worker_id)
        marks.did(
            session,
            conversation_id,
            Did.TOOK_OVER,
            at,
            worker_id,
            other_worker_id=instead_of if before else None,
        )
        _take_incident(session, conversation, takeover, at, durably)
    return takeover


def answers_within(
    session: Session, conversation: Conversation, minutes: int, danger_minutes: int
) -> timedelta:
    """How long the person waits at most: in an emergency less."""
    danger = emergencies.going_on(session, conversation) is not None
    return timedelta(minutes=min(minutes, danger_minutes) if danger else minutes)


def look_after(session: Session, conversation_id: int, worker_id: int) -> None:
    """Whoever has a conversation looks after it; what was put aside is open."""
    session.execute(
        update(Thread)
        .where(Thread.conversation_id == conversation_id)
        .values(assigned_to_id=worker_id, state=ThreadState.OPEN)
    )


def _take_incident(
    session: Session, conversation: Conversation, takeover: Takeover, at: datetime, durably: Durably
) -> None:
    # Whoever talks to them has their emergency: nobody else is woken for it.
    incident = incidents.open_of(session, conversation)
    if incident is not None and incident.state == IncidentState.OPEN:
        incidents.acknowledge(session, incident.id, takeover.case_worker, "inbox", at, durably)
