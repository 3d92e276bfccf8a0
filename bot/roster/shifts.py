"""Shifts: taken and given back. Taking one is what agrees to be alerted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.errors import RosterError
from bot.models import CaseWorker, Conversation, Purpose, Shift
from bot.people import insert_or_ignore
from bot.roster.week import shift_words
from bot.roster.workers import known_timezone, may_be_alerted


@dataclass(frozen=True)
class TakenShift:
    """Hours of one weekday; Monday is 0, minutes after local midnight, who is told first has position 1."""

    weekday: int
    starts: int
    ends: int
    timezone: str
    position: int = 1
    valid_from: date | None = None
    valid_to: date | None = None


def take_shift(session: Session, worker: CaseWorker, taken: TakenShift, at: datetime) -> Shift:
    """Put a case worker on call. Raises RosterError for a shift they have, or one that cannot be.

    Their phone must not have said STOP: only its own START makes it reachable again.
    """
    if taken.position < 1:
        raise RosterError("the position counts from 1")
    if taken.valid_from and taken.valid_to and taken.valid_to < taken.valid_from:
        raise RosterError("the last day comes before the first")
    known_timezone(taken.timezone)
    words = shift_words(taken.weekday, taken.starts, taken.ends, taken.timezone)
    if worker.person is None or worker.person.opted_out_at is not None:
        raise RosterError(f"{worker.pseudonym!r} cannot be texted: their phone must text START to the line")
    new = insert_or_ignore(
        session,
        Shift,
        case_worker_id=worker.id,
        weekday=taken.weekday,
        starts=taken.starts,
        ends=taken.ends,
        timezone=taken.timezone,
        position=taken.position,
        valid_from=taken.valid_from,
        valid_to=taken.valid_to,
    )
    if not new:
        raise RosterError(f"{worker.pseudonym!r} has a shift that begins then: {words}")
    if may_be_alerted(session, worker) is None:
        conversation = session.scalars(
            select(Conversation).where(Conversation.person_id == worker.person_id)
        ).one()
        consent_ledger.agree(session, conversation, Purpose.ON_CALL, f"shift taken: {words}", at)
    return session.scalars(
        select(Shift).where(
            Shift.case_worker_id == worker.id,
            Shift.weekday == taken.weekday,
            Shift.starts == taken.starts,
        )
    ).one()


def remove_shift(session: Session, shift_id: int) -> Shift:
    """Give a shift back. Raises RosterError when there is none of that number."""
    shift = session.get(Shift, shift_id)
    if shift is None:
        raise RosterError(f"there is no shift {shift_id}: see `python -m bot shift list`")
    session.delete(shift)
    session.flush()
    return shift
