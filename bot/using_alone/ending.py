"""How a timer ends: an answer is an all-clear, silence or a cry for help tells those agreed on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import incidents, outbox
from bot.models import (
    Call,
    Consent,
    IncidentSource,
    Purpose,
    TimerState,
    UsingAloneTimer,
)
from bot.people import conversation_with
from bot.ports import Durably, Reply
from bot.presenting import phone_words
from bot.triage import Kind
from bot.using_alone.ladder import ladder


def settle(session: Session, timer_id: int, now: datetime, durably: Durably) -> bool:
    """An all-clear: ends the timer, and tells whoever had been told. False when it had ended already."""
    timer = session.get_one(UsingAloneTimer, timer_id, with_for_update=True)
    if timer.ended_at is not None:
        return False
    told = timer.state == TimerState.ESCALATED
    _end(timer, TimerState.SAFE, now)
    if told:
        if timer.incident_id:
            incidents.person_answered(session, timer.incident_id, now, durably)
        _tell_contact(session, timer, "alone_contact_safe", "clear", now, durably)
    return True


def cancel(timer: UsingAloneTimer, now: datetime) -> None:
    """The person wants no timer after all."""
    _end(timer, TimerState.CANCELED, now)


def escalate(session: Session, timer_id: int, now: datetime, durably: Durably) -> bool:
    """Tell those agreed on, and the person honestly that they were. False when that has been done."""
    timer = session.get_one(UsingAloneTimer, timer_id, with_for_update=True)
    if timer.ended_at is not None or timer.state == TimerState.ESCALATED:
        return False
    timer.state, timer.next_at, timer.step = TimerState.ESCALATED, None, len(ladder().after)
    incident = incidents.open_incident(
        session,
        timer.conversation,
        IncidentSource.USING_ALONE,
        Kind.OVERDOSE,
        now,
        durably,
        danger_to="self",
        consent=session.get_one(Consent, timer.consent_id),
    )
    timer.incident_id = incident.id
    told = _tell_contact(session, timer, "alone_contact", "told", now, durably)
    _tell(session, timer, "alone_escalated_contact" if told else "alone_escalated", "escalated", now, durably)
    return True


def call_ended(session: Session, call: Call, outcome: str, now: datetime, durably: Durably) -> None:
    """Nothing follows: the next step comes at its time whatever became of the call."""


def _end(timer: UsingAloneTimer, state: TimerState, now: datetime) -> None:
    timer.state, timer.ended_at, timer.next_at = state, now, None


def _tell(
    session: Session, timer: UsingAloneTimer, key: str, what: str, now: datetime, durably: Durably
) -> None:
    consent = session.get_one(Consent, timer.consent_id)
    outbox.put_unprompted(
        session, timer.conversation, [Reply(key)], f"ua-{timer.id}-{what}", now, durably, consent
    )


def _tell_contact(
    session: Session, timer: UsingAloneTimer, key: str, what: str, now: datetime, durably: Durably
) -> bool:
    """Text the person of theirs, by the consent of the one who named them. True when there is one."""
    if timer.contact_number is None:
        return False
    agreed = session.scalars(
        select(Consent)
        .where(
            Consent.conversation_id == timer.conversation_id,
            Consent.purpose == Purpose.USING_ALONE_CONTACT,
            Consent.revoked_at.is_(None),
        )
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()
    if agreed is None:
        return False
    contact = conversation_with(session, timer.contact_number, now)
    # Their welcome would stand between them and what matters.
    contact.welcomed_at = contact.welcomed_at or now
    fill = {"number": phone_words(timer.conversation.person.number), "place": timer.place}
    outbox.put_unprompted(
        session, contact, [Reply(key, fill)], f"ua-{timer.id}-{what}-contact", now, durably, agreed
    )
    return True
