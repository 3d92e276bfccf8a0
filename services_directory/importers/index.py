"""Build the two search tables from the HSDS ones."""

import re
from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory.models import (
    Address,
    Attribute,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceSearch,
    TaxonomyTerm,
    WeeklyHours,
)
from services_directory.places import zip_place
from services_directory.taxonomy import category_of

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = 24 * 60
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def rebuild_index(session: Session) -> list[str]:
    """Write service_search and weekly_hours afresh. Returns warnings, one sentence each."""
    warnings: list[str] = []
    categories = _categories(session)
    schedules = _schedules(session)
    addresses = {row.location_id: row for row in session.scalars(select(Address))}
    for at_location in session.scalars(select(ServiceAtLocation)):
        service = session.get_one(Service, at_location.service_id)
        location = session.get_one(Location, at_location.location_id)
        if service.status != "active":
            continue
        address = addresses.get(location.id)
        middle = zip_place(address.postal_code) if address else None
        latitude, longitude = location.latitude, location.longitude
        if latitude is None or longitude is None or not _on_earth(latitude, longitude):
            if middle is None:
                warnings.append(f"location {location.id}: no position and no known ZIP, cannot be found")
                continue
            warnings.append(f"location {location.id}: no usable position, the middle of its ZIP is used")
            latitude, longitude = middle.latitude, middle.longitude
        timezone = middle.timezone if middle else "America/Los_Angeles"
        for category in categories.get(service.id, set()) | categories.get(at_location.id, set()):
            session.add(
                ServiceSearch(
                    service_at_location_id=at_location.id,
                    category=category,
                    latitude=latitude,
                    longitude=longitude,
                    timezone=timezone,
                )
            )
        # HSDS: the closest owner's schedule wins; a schedule of the building is the last resort.
        owners = (at_location.id, service.id, location.id)
        for schedule in next((schedules[owner] for owner in owners if owner in schedules), []):
            _add_hours(session, at_location.id, schedule, warnings)
    return warnings


def _categories(session: Session) -> dict[str, set[str]]:
    codes = {term.id: category_of(term.code) for term in session.scalars(select(TaxonomyTerm))}
    found: dict[str, set[str]] = defaultdict(set)
    for attribute in session.scalars(select(Attribute)):
        category = codes.get(attribute.taxonomy_term_id)
        if category and attribute.link_entity in {"service", "service_at_location"}:
            found[attribute.link_id].add(category)
    return found


def _schedules(session: Session) -> dict[str, list[Schedule]]:
    found: dict[str, list[Schedule]] = defaultdict(list)
    for schedule in session.scalars(select(Schedule)):
        owner = schedule.service_at_location_id or schedule.service_id or schedule.location_id
        if owner:
            found[owner].append(schedule)
    return found


def _add_hours(session: Session, at_location_id: str, schedule: Schedule, warnings: list[str]) -> None:
    opens, closes = _minutes(schedule.opens_at), _minutes(schedule.closes_at)
    days = [day for day in (schedule.byday or "").replace(" ", "").split(",") if day in WEEKDAYS]
    # Without days, or with a rule we cannot spell out by weekday, the hours are unknown, never "daily".
    if (schedule.freq or "WEEKLY") != "WEEKLY" or not days or opens is None or closes is None:
        warnings.append(f"schedule {schedule.id}: hours unknown")
        return
    for day in days:
        session.add(
            WeeklyHours(
                service_at_location_id=at_location_id,
                weekday=WEEKDAYS.index(day),
                opens=opens,
                closes=closes if closes > opens else closes + DAY,
            )
        )


def _minutes(clock: str | None) -> int | None:
    found = _CLOCK.match(clock or "")
    return int(found[1]) * 60 + int(found[2]) if found else None


def _on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude, longitude) != (0.0, 0.0)
