"""What is near for a need: a growing box on a plain index, then exact distance (docs/adr/0009)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services_directory import hours
from services_directory.models import Address, Phone, Service, ServiceAtLocation, ServiceSearch, WeeklyHours
from services_directory.places import Place
from services_directory.taxonomy import categories_for

RADII_MILES = (2, 5, 10, 25, 50, 100, 200)
EARTH_RADIUS_MILES = 3958.8
MILES_PER_DEGREE = 69.0


@dataclass(frozen=True)
class Match:
    """A service at a location, as somebody standing at a place sees it. `miles` is as the crow flies."""

    service_at_location_id: str
    service_name: str
    address: str
    phone: str | None
    miles: float
    hours: hours.OpenState


@dataclass(frozen=True)
class _Near:
    id: str
    miles: float
    timezone: str


def find(
    session: Session, need: str, place: Place, at: datetime, limit: int = 3, offset: int = 0
) -> list[Match]:
    """Services for a need near a place: those usable today first, then the rest, each by distance.

    Looks no further than 200 miles, and stops at the smallest radius that holds enough.
    """
    near = _nearest(session, categories_for(need), place, offset + limit)
    states = _states(session, near, at)
    ranked = sorted(near, key=lambda row: (not states[row.id].usable_today, row.miles))
    return [_match(session, row, states[row.id]) for row in ranked[offset : offset + limit]]


def get(session: Session, service_at_location_id: str, place: Place, at: datetime) -> Match | None:
    """One service at a location, or None when the directory no longer has it."""
    row = session.scalars(
        select(ServiceSearch).where(ServiceSearch.service_at_location_id == service_at_location_id).limit(1)
    ).first()
    if row is None:
        return None
    near = _Near(row.service_at_location_id, miles_between(place, row.latitude, row.longitude), row.timezone)
    return _match(session, near, _states(session, [near], at)[near.id])


def miles_between(place: Place, latitude: float, longitude: float) -> float:
    """Great-circle distance (haversine)."""
    lat1, lat2 = radians(place.latitude), radians(latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(longitude - place.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(half))


def _nearest(session: Session, categories: Sequence[str], place: Place, wanted: int) -> list[_Near]:
    within: dict[str, _Near] = {}
    for radius in RADII_MILES:
        high = radius / MILES_PER_DEGREE
        wide = high / max(cos(radians(place.latitude)), 0.01)
        rows = session.scalars(
            select(ServiceSearch).where(
                ServiceSearch.category.in_(categories),
                ServiceSearch.latitude.between(place.latitude - high, place.latitude + high),
                ServiceSearch.longitude.between(place.longitude - wide, place.longitude + wide),
            )
        )
        for row in rows:
            miles = miles_between(place, row.latitude, row.longitude)
            # The box's corners reach past the radius: something nearer may lie just outside the box.
            if miles <= radius:
                within[row.service_at_location_id] = _Near(row.service_at_location_id, miles, row.timezone)
        if len(within) >= wanted:
            break
    return list(within.values())


def _states(session: Session, near: Sequence[_Near], at: datetime) -> dict[str, hours.OpenState]:
    rows: dict[str, list[WeeklyHours]] = {row.id: [] for row in near}
    for opening in session.scalars(select(WeeklyHours).where(WeeklyHours.service_at_location_id.in_(rows))):
        rows[opening.service_at_location_id].append(opening)
    return {row.id: hours.today(rows[row.id], at, row.timezone) for row in near}


def _match(session: Session, near: _Near, state: hours.OpenState) -> Match:
    at_location = session.get_one(ServiceAtLocation, near.id)
    service = session.get_one(Service, at_location.service_id)
    address = session.scalars(
        select(Address).where(Address.location_id == at_location.location_id).limit(1)
    ).first()
    return Match(
        service_at_location_id=near.id,
        service_name=service.name,
        address=f"{address.address_1}, {address.city} {address.postal_code}" if address else "",
        phone=_phone(session, at_location, service),
        miles=near.miles,
        hours=state,
    )


def _phone(session: Session, at_location: ServiceAtLocation, service: Service) -> str | None:
    phones = session.scalars(
        select(Phone).where(
            or_(
                Phone.service_at_location_id == at_location.id,
                Phone.service_id == service.id,
                Phone.location_id == at_location.location_id,
                Phone.organization_id == service.organization_id,
            )
        )
    ).all()

    # The nearest to the counter wins: this service here, the service, the building, the organization.
    def closeness(phone: Phone) -> int:
        owners = (phone.service_at_location_id, phone.service_id, phone.location_id)
        return next((rank for rank, owner in enumerate(owners) if owner), len(owners))

    return min(phones, key=closeness).number if phones else None
