"""What people found on the spot: a place that was closed is listed lower, and somebody makes sure of it."""

from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from services_directory.models import Base, ClosedReport, ServiceAtLocation, VerificationTask


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
    task = {"service_at_location_id": service_at_location_id, "reason": "reported closed", "opened_on": on}
    _insert_new(session, VerificationTask, task)
    return True


def open_tasks(session: Session) -> list[VerificationTask]:
    """Listings somebody should make sure of, the oldest first."""
    waiting = select(VerificationTask).where(VerificationTask.closed_on.is_(None))
    return list(session.scalars(waiting.order_by(VerificationTask.opened_on, VerificationTask.id)))


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
