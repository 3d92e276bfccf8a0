"""Listings somebody should make sure of: who looks into each, and what they found."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import audit
from bot.audit import Actor
from bot.directory import reading
from bot.errors import ListingRefused
from services_directory import corrections, verification
from services_directory.corrections import ListingUnknown
from services_directory.models import Organization, Service, ServiceAtLocation, VerificationTask
from services_directory.verification import Found

__all__ = ["Found", "Task", "close", "give_back", "note", "take", "waiting"]

MOST_SHOWN = 100


@dataclass(frozen=True)
class Task:
    """A task and the listing it is about."""

    row: VerificationTask
    name: str
    organization: str | None


def waiting(session: Session) -> list[Task]:
    """Open tasks, the oldest first."""
    rows = verification.open_tasks(session, MOST_SHOWN)
    names = session.execute(
        select(ServiceAtLocation.id, Service.name, Organization.name)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(ServiceAtLocation.id.in_([row.service_at_location_id for row in rows]))
    )
    known = {row[0]: (row[1], row[2]) for row in names}
    return [Task(row, *known.get(row.service_at_location_id, ("?", None))) for row in rows]


def take(session: Session, actor: Actor, task: int, at: datetime, today: date) -> None:
    """Look into it oneself. Raises ListingRefused("taken")."""
    if not verification.take_task(session, task, actor.name, today):
        raise ListingRefused("taken")
    audit.append(session, actor, "directory.task_taken", f"task:{task}", at)


def give_back(session: Session, actor: Actor, task: int, at: datetime) -> None:
    """Leave it to others. Raises ListingRefused("taken")."""
    if not verification.give_task_back(session, task, actor.name):
        raise ListingRefused("taken")
    audit.append(session, actor, "directory.task_given_back", f"task:{task}", at)


def note(session: Session, actor: Actor, task: int, found: str, text: str, at: datetime, today: date) -> None:
    """What was found. All as listed is a check of the listing; anything else waits for a supervisor's change.

    Raises ListingRefused: "taken" when it is not theirs, "found" for an answer that is none.
    """
    if found not in set(Found):
        raise ListingRefused("found")
    told = reading.line_of(text, reading.LONGEST_NOTE)
    if not verification.note_found(session, task, actor.name, Found(found), told, today):
        raise ListingRefused("taken")
    if found == Found.AS_LISTED:
        listing = session.get_one(VerificationTask, task, populate_existing=True).service_at_location_id
        try:
            corrections.checked(session, listing, actor.name, today)
        except ListingUnknown:
            # Its source has dropped it meanwhile: nothing is left to be sure of.
            verification.close_task(session, listing, today)
    audit.append(session, actor, "directory.task_found", f"task:{task}", at, told)


def close(session: Session, actor: Actor, task: int, at: datetime, today: date) -> None:
    """A supervisor has put the listing right, or nothing is to be done. Raises ListingRefused("gone")."""
    row = session.get(VerificationTask, task)
    if row is None or not verification.close_task(session, row.service_at_location_id, today):
        raise ListingRefused("gone")
    audit.append(session, actor, "directory.task_closed", f"task:{task}", at)
