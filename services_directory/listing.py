"""A search row filled out into what somebody is told: name, address, phone, hours, how sure we are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from services_directory.hours import OpenState
from services_directory.models import (
    Address,
    ClosedReport,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
)
from services_directory.nearby import Near
from services_directory.who import Who, why_and_unknown

#: A listing nobody made sure of for so long may have changed; directories are asked to look yearly.
STALE_AFTER = timedelta(days=365)
#: A report that a place was closed counts for so long.
REPORTS_COUNT_FOR = timedelta(days=14)

_AT, _SERVICE, _ORGANIZATION = ServiceAtLocation.__table__, Service.__table__, Organization.__table__
_ADDRESS, _PHONE, _REPORT = Address.__table__, Phone.__table__, ClosedReport.__table__
_IDS: Any = bindparam("ids", expanding=True)
# The statements are made once: making one takes as long as SQLite takes to answer it.
_LISTINGS = (
    select(
        _AT.c.id,
        _AT.c.service_id,
        _AT.c.location_id,
        _SERVICE.c.organization_id,
        _SERVICE.c.name,
        _SERVICE.c.alert,
        _ORGANIZATION.c.name.label("organization_name"),
        _ADDRESS.c.address_1,
        _ADDRESS.c.address_2,
        _ADDRESS.c.city,
        _ADDRESS.c.postal_code,
    )
    .join(_SERVICE, _SERVICE.c.id == _AT.c.service_id)
    .outerjoin(_ORGANIZATION, _ORGANIZATION.c.id == _SERVICE.c.organization_id)
    .outerjoin(
        _ADDRESS,
        and_(
            _ADDRESS.c.location_id == _AT.c.location_id,
            _ADDRESS.c.retired_on.is_(None),
            # A postal address is where letters go: nobody is sent to one.
            _ADDRESS.c.address_type == "physical",
        ),
    )
    .where(_AT.c.id.in_(_IDS))
    .order_by(_ADDRESS.c.id)
)
_PHONES = select(
    _PHONE.c.id,
    _PHONE.c.number,
    _PHONE.c.extension,
    _PHONE.c.type,
    _PHONE.c.service_at_location_id,
    _PHONE.c.service_id,
    _PHONE.c.location_id,
    _PHONE.c.organization_id,
).where(
    or_(
        _PHONE.c.service_at_location_id.in_(_IDS),
        _PHONE.c.service_id.in_(bindparam("services", expanding=True)),
        _PHONE.c.location_id.in_(bindparam("locations", expanding=True)),
        _PHONE.c.organization_id.in_(bindparam("organizations", expanding=True)),
    ),
    _PHONE.c.retired_on.is_(None),
)
_REPORTS = (
    select(_REPORT.c.service_at_location_id, func.count())
    .where(_REPORT.c.service_at_location_id.in_(_IDS), _REPORT.c.reported_on >= bindparam("since"))
    .group_by(_REPORT.c.service_at_location_id)
)


@dataclass(frozen=True)
class Match:
    """A service at a location, as somebody standing at a place sees it. `miles` is as the crow flies."""

    service_at_location_id: str
    service_id: str
    service_name: str
    organization_name: str | None
    address: str
    phone: str | None
    miles: float
    hours: OpenState
    category: str = ""
    #: Wishes the listing says it meets, and wishes on which it says nothing.
    why: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    free: bool | None = None
    walk_in: bool | None = None
    assured_date: date | None = None
    stale: bool = False
    #: How many said in the last two weeks that it was closed.
    closed_reports: int = 0
    #: What the provider wants everybody to know now, in its own words.
    alert: str | None = None


def filled(
    session: Session,
    near: Sequence[Near],
    states: Mapping[str, OpenState],
    reports: Mapping[str, int],
    at: datetime,
    who: Who,
) -> list[Match]:
    """The rows as matches, in the order given. A row whose service has gone meanwhile is left out.

    `states` and `reports` are those of `open_states` and `closed_reports`.
    """
    if not near:
        return []
    told: dict[str, Any] = {}
    for found in session.execute(_LISTINGS, {"ids": [one.row.service_at_location_id for one in near]}):
        # One for each address: the first counts.
        told.setdefault(found.id, found)
    phones = _phones(session, told.values())
    matches = []
    for one in near:
        row = told.get(one.row.service_at_location_id)
        if row is None:
            continue
        why, unknown = why_and_unknown(who, one.row)
        assured = one.row.assured_date
        matches.append(
            Match(
                service_at_location_id=row.id,
                service_id=row.service_id,
                service_name=row.name,
                organization_name=row.organization_name,
                address=_address(row),
                phone=phones.get(row.id),
                miles=one.miles,
                hours=states[row.id],
                category=one.row.category,
                why=why,
                unknown=unknown,
                free=one.row.free,
                walk_in=one.row.walk_in,
                assured_date=assured,
                stale=is_stale(one, at),
                closed_reports=reports.get(row.id, 0),
                alert=row.alert,
            )
        )
    return matches


def is_stale(near: Near, at: datetime) -> bool:
    """Whether nobody has made sure of the listing for a year. One that never says when is not called so."""
    assured = near.row.assured_date
    return assured is not None and at.astimezone(ZoneInfo(near.row.timezone)).date() - assured > STALE_AFTER


def closed_reports(session: Session, ids: Sequence[str], at: datetime) -> dict[str, int]:
    """How many people found each listing closed in the last two weeks, by service at location id."""
    since = (at - REPORTS_COUNT_FOR).date()
    return {row[0]: row[1] for row in session.execute(_REPORTS, {"ids": ids, "since": since})}


def _address(row: Any) -> str:
    street = ", ".join(part for part in (row.address_1, row.address_2) if part)
    town = " ".join(part for part in (row.city, row.postal_code) if part)
    return ", ".join(part for part in (street, town) if part)


def _phones(session: Session, listings: Any) -> dict[str, str]:
    """The number nearest to the counter: this service here, the service, the building, the organization."""
    listings = list(listings)
    by_owner: dict[str, list[Any]] = defaultdict(list)
    rows = session.execute(
        _PHONES,
        {
            "ids": [row.id for row in listings],
            "services": [row.service_id for row in listings],
            "locations": [row.location_id for row in listings],
            "organizations": [row.organization_id for row in listings],
        },
    )
    for row in rows:
        kind = (row.type or "voice").casefold()
        if kind not in {"fax", "pager"}:
            owner = row.service_at_location_id or row.service_id or row.location_id or row.organization_id
            by_owner[str(owner)].append((kind in {"tty", "tdd", "sms", "text"}, row.id, row))
    found = {}
    for listing in listings:
        owners = (listing.id, listing.service_id, listing.location_id, listing.organization_id)
        nearest = next((by_owner[owner] for owner in owners if owner in by_owner), None)
        if nearest:
            phone = min(nearest, key=lambda ranked: ranked[:2])[2]
            found[listing.id] = phone.number + (f" ext. {phone.extension}" if phone.extension else "")
    return found
