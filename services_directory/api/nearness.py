"""Services at locations that serve a ZIP code or lie within some metres of it."""

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services_directory.api.coverage import Area, Zip, covers, zip_codes
from services_directory.geometry import MILES_PER_DEGREE, miles_between
from services_directory.models import Address, Location, ServiceArea, ServiceAtLocation

METRES_PER_MILE = 1609.344
MOST_IDS = 10_000


class Listed(NamedTuple):
    """A service at a location and how far it is; 0 when nobody asked."""

    id: str
    service_id: str
    metres: float


def near(
    session: Session, conditions: list[ColumnElement[bool]], place: Zip, proximity: float | None
) -> list[Listed]:
    """What the conditions leave and the ZIP code is served by; `proximity` is in metres.

    The nearest come first, or by id without `proximity`. A location without a position counts as the middle
    of its address's ZIP code.
    """
    positions = _positions(session, place, proximity)
    at = ServiceAtLocation
    listed = select(at.id, at.service_id, at.location_id).where(*conditions).order_by(at.id)
    found = []
    if proximity is None or len(positions) > MOST_IDS:
        rows = session.execute(listed)
    else:
        rows = session.execute(listed.where(at.location_id.in_(list(positions))))
    for row in rows:
        metres = positions.get(row.location_id)
        if metres is not None:
            found.append(Listed(row.id, row.service_id, metres))
    return _served(session, sorted(found, key=lambda one: (one.metres, one.id)), place)


def _positions(session: Session, place: Zip, proximity: float | None) -> dict[str, float]:
    """Metres to each live location that is near enough; 0 to every one without `proximity`."""
    placed = select(Location.id, Location.latitude, Location.longitude).where(Location.retired_on.is_(None))
    if proximity is None:
        return dict.fromkeys(session.scalars(placed), 0.0)
    rows = session.execute(placed.where(or_(_box(place, proximity), Location.latitude.is_(None)))).all()
    middles = _middles(session, {row.id for row in rows if row.latitude is None})
    positions = {}
    for row in rows:
        where = middles.get(row.id) if row.latitude is None else (row.latitude, row.longitude)
        metres = _metres(place, *where) if where else math.inf
        if metres <= proximity:
            positions[row.id] = metres
    return positions


def _metres(place: Zip, latitude: float, longitude: float) -> float:
    return METRES_PER_MILE * miles_between(place.latitude, place.longitude, latitude, longitude)


def _box(place: Zip, metres: float) -> ColumnElement[bool]:
    # A little wider than the circle: the exact distance decides.
    high = 1.01 * metres / METRES_PER_MILE / MILES_PER_DEGREE + 0.001
    wide = high / max(math.cos(math.radians(min(abs(place.latitude) + high, 89.0))), 0.01)
    return and_(
        Location.latitude.between(place.latitude - high, place.latitude + high),
        Location.longitude.between(place.longitude - wide, place.longitude + wide),
    )


def _middles(session: Session, locations: Iterable[str]) -> dict[str, tuple[float, float]]:
    middles: dict[str, tuple[float, float]] = {}
    for chunk in _chunks(locations):
        addresses = select(Address.location_id, func.substr(Address.postal_code, 1, 5).label("code"))
        addresses = addresses.where(Address.location_id.in_(chunk), Address.retired_on.is_(None))
        for row in session.execute(addresses.order_by(Address.address_type != "physical", Address.id)):
            middle = zip_codes().get(row.code)
            if middle:
                middles.setdefault(row.location_id, (middle.latitude, middle.longitude))
    return middles


def _served(session: Session, found: list[Listed], place: Zip) -> list[Listed]:
    """Leave out what has service areas, its own or else its service's, none of which holds the ZIP code."""
    by_owner: dict[str, list[bool | None]] = {}
    area = ServiceArea
    said = select(
        area.service_at_location_id,
        area.service_id,
        area.name,
        area.description,
        area.extent,
        area.extent_type,
    )
    owners = {owner for one in found for owner in (one.id, one.service_id)}
    said = said.where(area.retired_on.is_(None))
    if len(owners) <= MOST_IDS:
        said = said.where(or_(area.service_at_location_id.in_(owners), area.service_id.in_(owners)))
    for row in session.execute(said.execution_options(yield_per=1000)):
        owner = row.service_at_location_id or row.service_id
        if owner in owners:
            by_owner.setdefault(owner, []).append(covers(Area(*row[2:]), place.code))

    def serves(one: Listed) -> bool:
        areas = by_owner.get(one.id) or by_owner.get(one.service_id) or [None]
        return any(area is not False for area in areas)

    return [one for one in found if serves(one)]


def _chunks(ids: Iterable[str]) -> Iterable[Sequence[Any]]:
    remaining = iter(sorted(ids))
    while chunk := list(islice(remaining, MOST_IDS)):
        yield chunk
