"""A listing with all that is known of it, as a case worker looks at it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.directory.reading import hours_text
from bot.errors import ListingRefused
from bot.presenting import match_fill, phone_words
from bot.replies.book import LANGUAGES
from bot.replies.wording import render
from services_directory import corrections, search
from services_directory.corrections import Kind
from services_directory.corrections.source import Listing, listing_of, source_rules
from services_directory.full_text import holding, words_in
from services_directory.hours import Opening
from services_directory.hours.openings import Span, spans, spans_of_week
from services_directory.importers.when import WEEK
from services_directory.models import (
    Address,
    Closure,
    DirectoryImport,
    ListingCorrection,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceSearch,
    VerificationTask,
    WeeklyHours,
)
from services_directory.places import Place

#: How many a search by name shows.
MOST_NAMED = 25
#: From what a listing tells of its hours we show the coming days.
DAYS = 7


@dataclass(frozen=True)
class Day:
    """One of the coming days: when it is open (wall times), None when that is not known."""

    day: date
    open: tuple[Span, ...] | None
    closed_by: str | None = None


@dataclass(frozen=True)
class View:
    """Everything a page about a listing shows. Texts of the source are given as they are."""

    id: str
    name: str
    organization: str | None
    place: str | None
    address: str
    source: str
    imported_on: date | None
    service: Service
    categories: tuple[str, ...]
    #: One of the search rows, which are alike but for the category; None when nobody is told of it.
    search: ServiceSearch | None
    days: tuple[Day, ...]
    weekly: bool
    closures: tuple[Closure, ...]
    phones: tuple[Phone, ...]
    corrections: Mapping[str, ListingCorrection]
    history: tuple[ListingCorrection, ...]
    task: VerificationTask | None
    reports: int
    #: What the line says to who chooses it, by language; none when nobody is told of it.
    told: Mapping[str, str]
    phone: str | None
    #: What the form for hours begins with.
    hours_text: str
    #: It is in the directory, or closed here; not if its source has dropped it.
    there: bool


def view(session: Session, service_at_location_id: str, at: datetime, timezone: str) -> View:
    """A listing as it is at an instant. Raises ListingRefused("gone")."""
    try:
        listing = listing_of(session, service_at_location_id)
    except corrections.ListingUnknown as error:
        raise ListingRefused("gone") from error
    service = session.get_one(Service, listing.service)
    location, organization = (
        session.get(Location, listing.location),
        session.get(Organization, listing.organization),
    )
    rows = session.scalars(
        select(ServiceSearch).where(ServiceSearch.service_at_location_id == listing.at)
    ).all()
    row = rows[0] if rows else None
    standing = corrections.standing(session, listing.at)
    today = at.astimezone(ZoneInfo(row.timezone if row else timezone)).date()
    closures = _closures(session, listing, today)
    match = search.get(session, listing.at, _where(row), at) if row else None
    at_row = session.get_one(ServiceAtLocation, listing.at)
    return View(
        id=listing.at,
        name=service.name,
        organization=organization.name if organization else None,
        place=location.name if location else None,
        address=_address(session, listing),
        source=listing.source,
        imported_on=_imported_on(session, listing.source),
        service=service,
        categories=tuple(sorted(one.category for one in rows)),
        search=row,
        days=_days(session, listing, row, closures, today),
        weekly=bool(row and row.weekly),
        closures=closures,
        phones=_phones(session, listing),
        corrections=standing,
        history=tuple(corrections.history(session, listing.at)),
        task=_task(session, listing),
        reports=match.closed_reports if match else 0,
        told={of: render("service_details", match_fill(match), of, at) for of in LANGUAGES} if match else {},
        phone=phone_words(match.phone) if match and match.phone else None,
        hours_text=_hours_text(session, listing, row),
        there=at_row.retired_on is None or Kind.CLOSED in standing,
    )


def named(session: Session, text: str) -> list[tuple[str, str, str, bool]]:
    """Listings whose service or organization is called so: id, name, organization, whether it is told."""
    words = words_in(text)[:6]
    if not words:
        return []
    listed = (
        select(ServiceSearch.id).where(ServiceSearch.service_at_location_id == ServiceAtLocation.id).exists()
    )
    rows = session.execute(
        select(ServiceAtLocation.id, Service.name, Organization.name, listed)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .outerjoin(Organization, Organization.id == Service.organization_id)
        .where(
            or_(
                Service.id.in_(holding("service", words)), Organization.id.in_(holding("organization", words))
            )
        )
        .order_by(Service.name, ServiceAtLocation.id)
        .limit(MOST_NAMED)
    )
    return [(row[0], row[1], row[2] or "", bool(row[3])) for row in rows]


def value_of(correction: ListingCorrection) -> Any:
    """What a correction tells."""
    return json.loads(correction.value)


def source_words(correction: ListingCorrection) -> str:
    """What the source says now of what was corrected, on one line; empty when it says nothing of it."""
    told = json.loads(correction.source_says or correction.source_said)
    if correction.kind == Kind.PHONE:
        return phone_words(told) if told else ""
    if correction.kind == Kind.CLOSED:
        return ", ".join(filter(None, (told["status"], told["assured_date"])))
    if correction.kind == Kind.HOURS:
        return "; ".join(filter(None, map(_rule_words, told)))
    return ""


def _rule_words(rule: Mapping[str, Any]) -> str:
    """A schedule as the source writes it: MO,TU 09:00-17:00."""
    when = " ".join(
        filter(None, (rule["freq"] if rule["freq"] != "WEEKLY" else "", rule["byday"], rule["bymonthday"]))
    )
    dates = "/".join(filter(None, (rule["valid_from"], rule["valid_to"])))
    times = f"{rule['opens_at'] or '?'}-{rule['closes_at'] or '?'}"
    return " ".join(filter(None, (when or rule["description"] or "?", times, f"({dates})" if dates else "")))


def seen(session: Session, service_at_location_id: str) -> str:
    """What stands for a listing, as a form carries it: another one tells that somebody changed it since."""
    standing = corrections.standing(session, service_at_location_id)
    return "-".join(str(number) for number in sorted(one.id for one in standing.values()))


def _address(session: Session, listing: Listing) -> str:
    row = session.scalars(
        select(Address)
        .where(Address.location_id == listing.location, Address.retired_on.is_(None))
        .order_by(Address.address_type != "physical", Address.id)
        .limit(1)
    ).first()
    if row is None:
        return ""
    return ", ".join(filter(None, (row.address_1, row.address_2, f"{row.city} {row.postal_code}")))


def _where(row: ServiceSearch) -> Place:
    return Place("", row.latitude, row.longitude, None, row.timezone)


def _days(
    session: Session, listing: Listing, row: ServiceSearch | None, closures: tuple[Closure, ...], today: date
) -> tuple[Day, ...]:
    if row is None or row.monday is None:
        return ()
    last = today + timedelta(days=DAYS - 1)
    if row.weekly:
        weekly = session.scalars(select(WeeklyHours).where(WeeklyHours.service_at_location_id == listing.at))
        openings = [Opening(one.weekday, one.opens, one.closes) for one in weekly]
        found = spans_of_week(openings, today, last, closures)
    else:
        rules = source_rules(session, listing, ours=True)
        zone = ZoneInfo(row.timezone)
        found = spans(rules, today, last, closures, times=_times(session, listing), zone=zone)
    days = []
    for number in range(DAYS):
        day = today + timedelta(days=number)
        closed = next((one for one in closures if one.starts_on <= day <= one.ends_on), None)
        on = tuple(span for span in found.open if span.start.date() == day)
        days.append(Day(day, None if day in found.unknown else on, (closed.reason or "") if closed else None))
    return tuple(days)


def _times(session: Session, listing: Listing) -> str:
    latest = select(DirectoryImport.times).where(DirectoryImport.directory_source == listing.source)
    return session.scalar(latest.order_by(DirectoryImport.id.desc()).limit(1)) or "local"


def _closures(session: Session, listing: Listing, today: date) -> tuple[Closure, ...]:
    coming = select(Closure).where(
        Closure.link_id.in_((listing.at, listing.service, listing.location)), Closure.ends_on >= today
    )
    return tuple(session.scalars(coming.order_by(Closure.starts_on, Closure.id).limit(50)))


def _phones(session: Session, listing: Listing) -> tuple[Phone, ...]:
    mine = select(Phone).where(
        or_(
            Phone.service_at_location_id == listing.at,
            Phone.service_id == listing.service,
            Phone.location_id == listing.location,
            Phone.organization_id == listing.organization,
        ),
        Phone.retired_on.is_(None),
    )
    return tuple(session.scalars(mine.order_by(Phone.id).limit(20)))


def _task(session: Session, listing: Listing) -> VerificationTask | None:
    return session.scalars(
        select(VerificationTask).where(
            VerificationTask.service_at_location_id == listing.at, VerificationTask.closed_on.is_(None)
        )
    ).first()


def _imported_on(session: Session, source: str) -> date | None:
    latest = select(DirectoryImport.imported_on).where(DirectoryImport.directory_source == source)
    return session.scalar(latest.order_by(DirectoryImport.id.desc()).limit(1))


def _hours_text(session: Session, listing: Listing, row: ServiceSearch | None) -> str:
    if row is None or not row.weekly:
        return ""
    weekly = session.scalars(
        select(WeeklyHours)
        .where(WeeklyHours.service_at_location_id == listing.at)
        .order_by(WeeklyHours.weekday, WeeklyHours.opens)
    )
    by_times: dict[tuple[int, int], list[str]] = {}
    for one in weekly:
        by_times.setdefault((one.opens, one.closes), []).append(WEEK[one.weekday])
    return hours_text([[days, _clock(opens), _clock(closes)] for (opens, closes), days in by_times.items()])


def _clock(minutes: int) -> str:
    minutes = minutes if minutes <= 24 * 60 else minutes % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
