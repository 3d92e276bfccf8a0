"""What can be corrected, and the corrections that stand."""

from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_directory.models import Closure, ListingCorrection

#: The source of rows that corrections put in place: no import touches another source's.
OURS = "corrected here"


class ListingUnknown(Exception):
    """There is no such listing, or its source has dropped it."""


class Kind(StrEnum):
    """What a correction is about, and what its value is."""

    #: [[[days such as "MO", ...], opens, closes as HH:MM], ...]; empty: nobody knows.
    HOURS = "hours"
    #: A number as people write it.
    PHONE = "phone"
    #: True: it is closed for good, or until it is opened again.
    CLOSED = "closed"
    #: A day (ISO 8601): somebody made sure that all of it is true.
    CHECKED = "checked"


def standing(session: Session, service_at_location_id: str) -> dict[str, ListingCorrection]:
    """The corrections of a listing that stand, by kind."""
    found = session.scalars(
        select(ListingCorrection).where(
            ListingCorrection.service_at_location_id == service_at_location_id,
            ListingCorrection.ended_on.is_(None),
        )
    )
    return {one.kind: one for one in found}


def history(session: Session, service_at_location_id: str, how_many: int = 20) -> list[ListingCorrection]:
    """The corrections of a listing that ended, the latest first."""
    ended = select(ListingCorrection).where(
        ListingCorrection.service_at_location_id == service_at_location_id,
        ListingCorrection.ended_on.is_not(None),
    )
    return list(session.scalars(ended.order_by(ListingCorrection.id.desc()).limit(how_many)))


def in_conflict(session: Session) -> list[ListingCorrection]:
    """Those whose source has changed what was corrected, the oldest first."""
    found = select(ListingCorrection).where(
        ListingCorrection.ended_on.is_(None), ListingCorrection.source_says.is_not(None)
    )
    return list(session.scalars(found.order_by(ListingCorrection.id)))


def state(session: Session) -> str:
    """A text that changes with every correction and closure made here."""
    rows = session.execute(
        select(func.max(ListingCorrection.id), func.count(ListingCorrection.ended_on))
    ).one()
    closures = select(func.max(Closure.id), func.count(Closure.id)).where(Closure.directory_source == OURS)
    return "/".join(str(number or 0) for number in (*rows, *session.execute(closures).one()))
