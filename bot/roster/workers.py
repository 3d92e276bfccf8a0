"""The case workers of the line: added, found by their phone, gone."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger, phone_numbers
from bot.errors import RosterError
from bot.models import CaseWorker, Consent, Conversation, Person, Purpose
from bot.people import conversation_with, insert_or_ignore


def known_timezone(name: str) -> str:
    """An IANA time zone's name. Raises RosterError for what is none."""
    if name not in available_timezones():
        raise RosterError(f"{name!r} is no time zone: write it as America/Los_Angeles")
    return ZoneInfo(name).key


def add_worker(
    session: Session,
    pseudonym: str,
    name: str,
    phone: str,
    timezone: str,
    line_number: str,
    at: datetime,
    language: str | None = None,
) -> CaseWorker:
    """A new case worker, or one who has left and comes back. Raises RosterError.

    `phone` is where alerts go, in any way of writing; `line_number` is ours, which must not be it.
    """
    number = phone_numbers.read_number(phone)
    if number is None or not phone_numbers.may_ring(number, line_number):
        raise RosterError("the phone must be a US number with area code that can be rung")
    if not pseudonym.strip():
        raise RosterError("the pseudonym is what others see: it cannot be empty")
    person = conversation_with(session, number, at).person
    new = insert_or_ignore(
        session,
        CaseWorker,
        pseudonym=pseudonym.strip(),
        name=name.strip(),
        person_id=person.id,
        timezone=known_timezone(timezone),
        added_at=at,
    )
    worker = session.scalars(select(CaseWorker).where(CaseWorker.person_id == person.id)).first()
    if worker is None:
        raise RosterError(f"there is somebody called {pseudonym!r} already")
    if not new:
        if worker.left_at is None:
            raise RosterError(f"that phone is {worker.pseudonym!r}'s already")
        worker.left_at = None
        worker.pseudonym, worker.name, worker.timezone = pseudonym.strip(), name.strip(), timezone
    if language:
        person.language, person.language_asked_at = language, at
    return worker


def find_worker(session: Session, pseudonym: str) -> CaseWorker:
    """A case worker who has not left, by pseudonym in any case. Raises RosterError."""
    for worker in session.scalars(select(CaseWorker).where(CaseWorker.left_at.is_(None))):
        if worker.pseudonym.casefold() == pseudonym.strip().casefold():
            return worker
    raise RosterError(f"nobody called {pseudonym!r} works here: see `python -m bot worker list`")


def worker_of(session: Session, person: Person) -> CaseWorker | None:
    """The case worker whose phone this is, or None."""
    return session.scalars(
        select(CaseWorker).where(CaseWorker.person_id == person.id, CaseWorker.left_at.is_(None))
    ).first()


def leave(session: Session, worker: CaseWorker, at: datetime) -> None:
    """A case worker is gone: no more shifts count and no alerts reach their phone."""
    worker.left_at = at
    consent = may_be_alerted(session, worker)
    if consent is not None:
        consent_ledger.revoke(session, consent, at, "worker")


def may_be_alerted(session: Session, worker: CaseWorker) -> Consent | None:
    """The standing consent to alerts of a case worker whose phone has not said STOP; else None."""
    return session.scalars(
        select(Consent)
        .join(Conversation)
        .join(Person)
        .where(
            Person.id == worker.person_id,
            Person.opted_out_at.is_(None),
            Consent.purpose == Purpose.ON_CALL,
            Consent.revoked_at.is_(None),
        )
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()
