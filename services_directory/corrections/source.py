"""What the source itself says of what can be corrected, without our own rows."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory.clock_times import remembered_times
from services_directory.corrections.kinds import OURS, Kind, ListingUnknown
from services_directory.hours import Opening
from services_directory.importers.listings import Rule, week_of
from services_directory.models import Phone, Schedule, Service, ServiceAtLocation, ServiceSearch

#: Numbers nobody is told to call.
NOT_CALLED = frozenset({"fax", "pager"})
NOT_SPOKEN = frozenset({"tty", "tdd", "sms", "text"})
#: A listing that is in no list has no clock of its own known here.
USUAL_ZONE = "America/New_York"
#: The columns of a schedule that say when.
COLUMNS: tuple[str, ...] = Rule._fields


class Listing(NamedTuple):
    """A service at a location, and whose it is."""

    at: str
    service: str
    location: str
    organization: str
    source: str
    zone: str


def listing_of(session: Session, service_at_location_id: str, *, locked: bool = False) -> Listing:
    """The listing, locked against others who would change it. Raises ListingUnknown."""
    row = session.get(
        ServiceAtLocation, service_at_location_id, with_for_update=locked, populate_existing=True
    )
    service = session.get(Service, row.service_id, populate_existing=True) if row else None
    if row is None or service is None:
        raise ListingUnknown(service_at_location_id)
    zone = session.scalar(
        select(ServiceSearch.timezone).where(ServiceSearch.service_at_location_id == row.id).limit(1)
    )
    return Listing(
        row.id, row.service_id, row.location_id, service.organization_id, row.directory_source, zone or ""
    )


def says(session: Session, kind: str, listing: Listing) -> Any:
    """What the source says, as JSON may hold it: the same again when it says the same."""
    if kind == Kind.HOURS:
        return [{**rule._asdict(), **_dates(rule)} for rule in source_rules(session, listing)]
    if kind == Kind.PHONE:
        return phone_told(session, listing)
    if kind == Kind.CLOSED:
        service = session.get_one(Service, listing.service, populate_existing=True)
        checked = service.assured_date.isoformat() if service.assured_date else None
        return {"status": service.status, "assured_date": checked}
    return None


def source_rules(session: Session, listing: Listing, *, ours: bool = False) -> list[Any]:
    """The schedules that count, the nearest owner's; with `ours`, our own among them."""
    rows = _nearest(session, Schedule, listing, ours=ours)
    return sorted((Rule(*(getattr(row, column) for column in COLUMNS)) for row in rows), key=repr)


def week(
    session: Session, listing: Listing, rules: list[Any], on: date, *, times: str | None = None
) -> tuple[tuple[int | None, ...], tuple[Opening, ...] | None]:
    """Hours of the week and weekday rows of some schedules of the source's."""
    meant = times or remembered_times(session, listing.source) or "local"
    return week_of(tuple(rules), meant, listing.zone or USUAL_ZONE, on)


def phone_told(session: Session, listing: Listing) -> str | None:
    """The number the source's rows give: the nearest to the counter, as the line tells it."""
    rows = _nearest(session, Phone, listing)
    if not rows:
        return None
    phone = min(rows, key=lambda row: (kind_of(row) in NOT_SPOKEN, row.id))
    return str(phone.number) + (f" ext. {phone.extension}" if phone.extension else "")


def kind_of(phone: Any) -> str:
    """What a number is for: voice, fax, tty, ..."""
    return str(phone.type or "voice").casefold()


def _nearest(session: Session, model: Any, listing: Listing, *, ours: bool = False) -> list[Any]:
    """The rows of the nearest owner that has some. A row belongs to the nearest owner it names."""
    owners = {
        "service_at_location_id": listing.at,
        "service_id": listing.service,
        "location_id": listing.location,
    }
    if model is Phone:
        owners["organization_id"] = listing.organization
    nearer: list[Any] = []
    for name, owner in owners.items():
        column = getattr(model, name)
        wanted = select(model).where(
            column == owner, model.retired_on.is_(None), *(one.is_(None) for one in nearer)
        )
        if not ours:
            wanted = wanted.where(model.directory_source != OURS)
        rows = [row for row in session.scalars(wanted) if model is Schedule or kind_of(row) not in NOT_CALLED]
        if rows:
            return rows
        nearer.append(column)
    return []


def _dates(rule: Any) -> dict[str, str]:
    return {name: value.isoformat() for name, value in rule._asdict().items() if isinstance(value, date)}
