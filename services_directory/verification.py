"""What people found on the spot: a place that was closed is listed lower, and somebody makes sure of it."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from services_directory.models import Base, ClosedReport, ServiceAtLocation, VerificationTask

#: Why somebody should look.
REPORTED_CLOSED = "reported closed"


class Found(StrEnum):
    """What somebody who looked into a listing found."""

    AS_LISTED = "as_listed"
    CLOSED_FOR_GOOD = "closed_for_good"
    CLOSED_FOR_NOW = "closed_for_now"
    HOURS = "hours"
    PHONE = "phone"
    SOMETHING_ELSE = "something_else"
    #: Nobody could be reached: the task stays open, for somebody else.
    NOBODY = "nobody"


def report_closed(session: Session, service_at_location_id: str, reported_by: str, on: date) -> bool:
    """Note that a place was closed when somebody came. `reported_by` is an opaque id of theirs.

    Returns whether it counted: not for a place that is not in the directory, nor twice a day by the same
    person. Opens a verification task unless one is open.
    """
    if session.get(ServiceAtLocation, service_at_location_id) is None:
        return False
    report = {
        "service_at_location_id": service_at_location_id,
        "reported_by": reported_by,
        "reported_on": on,
    }
    if not _insert_new(session, ClosedReport, report):
        return False
    open_task(session, service_at_location_id, REPORTED_CLOSED, on)
    return True


def open_task(session: Session, service_at_location_id: str, reason: str, on: date) -> bool:
    """Ask somebody to make sure of a listing. Returns False when somebody is asked already."""
    task = {"service_at_location_id": service_at_location_id, "reason": reason, "opened_on": on}
    return _insert_new(session, VerificationTask, task)


def open_tasks(session: Session, how_many: int | None = None) -> list[VerificationTask]:
    """Listings somebody should make sure of, the oldest first."""
    waiting = select(VerificationTask).where(VerificationTask.closed_on.is_(None))
    return list(
        session.scalars(waiting.order_by(VerificationTask.opened_on, VerificationTask.id).limit(how_many))
    )


def take_task(session: Session, task_id: int, by: str, on: date) -> bool:
    """Look into it. False when another does since today; one taken on an earlier day has been let lie."""
    free = or_(
        VerificationTask.taken_by.is_(None), VerificationTask.taken_by == by, VerificationTask.taken_on < on
    )
    return _change_task(session, task_id, free, taken_by=by, taken_on=on)


def give_task_back(session: Session, task_id: int, by: str) -> bool:
    """Leave it to others. False when it was somebody else's."""
    return _change_task(session, task_id, VerificationTask.taken_by == by, taken_by=None, taken_on=None)


def note_found(session: Session, task_id: int, by: str, found: Found, note: str | None, on: date) -> bool:
    """What whoever took a task found. It stays open until the listing is right.

    False when it is somebody else's or closed. Nobody reached: it is free for others again.
    """
    told = {"found": found, "found_on": on, "note": note}
    if found is Found.NOBODY:
        told |= {"taken_by": None, "taken_on": None}
    return _change_task(session, task_id, VerificationTask.taken_by == by, **told)


def _change_task(session: Session, task_id: int, only: ColumnElement[bool], **values: object) -> bool:
    changed = session.execute(
        update(VerificationTask)
        .where(VerificationTask.id == task_id, VerificationTask.closed_on.is_(None), only)
        .values(**values)
        .returning(VerificationTask.id)
    )
    return changed.first() is not None


def close_task(session: Session, service_at_location_id: str, on: date) -> bool:
    """Somebody made sure: its reports count no more. Returns whether a task was open."""
    closed = session.execute(
        update(VerificationTask)
        .where(
            VerificationTask.service_at_location_id == service_at_location_id,
            VerificationTask.closed_on.is_(None),
        )
        .values(closed_on=on)
    )
    session.execute(delete(ClosedReport).where(ClosedReport.service_at_location_id == service_at_location_id))
    return bool(closed.rowcount)  # type: ignore[attr-defined]


def _insert_new(session: Session, model: type[Base], values: dict[str, object]) -> bool:
    sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert(model) if sqlite else postgresql_insert(model)
    # Not by rowcount: it is -1 on PostgreSQL, whether or not the row went in.
    inserted = insert.values(**values).on_conflict_do_nothing().returning(*model.__mapper__.primary_key)
    return session.execute(inserted).first() is not None
