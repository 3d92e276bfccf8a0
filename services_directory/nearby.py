"""Search rows near a point, nearest first: a growing box on a plain index (docs/adr/0009)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import cos, radians, sqrt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, case, literal_column, select
from sqlalchemy.orm import Session

from services_directory.geometry import MILES_PER_DEGREE, miles_between
from services_directory.models import WEEKDAYS, ServiceSearch
from services_directory.places import Place

FIRST_RADIUS_MILES = 2.0
#: The zones of the United States and its territories: the clocks a listing can keep.
ZONES = (
    "America/New_York", "America/Detroit", "America/Indiana/Indianapolis", "America/Indiana/Marengo",
    "America/Indiana/Petersburg", "America/Indiana/Vevay", "America/Indiana/Vincennes",
    "America/Indiana/Winamac", "America/Kentucky/Louisville", "America/Kentucky/Monticello",
    "America/Chicago", "America/Indiana/Knox", "America/Indiana/Tell_City", "America/Menominee",
    "America/North_Dakota/Beulah", "America/North_Dakota/Center", "America/North_Dakota/New_Salem",
    "America/Denver", "America/Boise", "America/Phoenix", "America/Los_Angeles", "America/Anchorage",
    "America/Juneau", "America/Metlakatla", "America/Nome", "America/Sitka", "America/Yakutat",
    "America/Adak", "Pacific/Honolulu", "America/Puerto_Rico", "America/St_Thomas", "Pacific/Guam",
    "Pacific/Saipan", "Pacific/Pago_Pago",
)  # fmt: skip
#: Held here because ZoneInfo itself remembers only the last eight.
_CLOCKS = {name: ZoneInfo(name) for name in ZONES}
_ROW = ServiceSearch.__table__
_NORTH = _ROW.c.latitude - bindparam("latitude")
_EAST = (_ROW.c.longitude - bindparam("longitude")) * bindparam("shrink")
#: What lies in a box, the nearest to its middle first. The index alone answers it.
_CLOSEST = (
    select(_ROW.c.id)
    .where(
        _ROW.c.category.in_(bindparam("categories", expanding=True)),
        _ROW.c.latitude.between(bindparam("south"), bindparam("north")),
        _ROW.c.longitude.between(bindparam("west"), bindparam("east")),
    )
    .order_by(_NORTH * _NORTH + _EAST * _EAST)
    .limit(bindparam("most"))
)


class Near(NamedTuple):
    """A search row and its distance in miles, as the crow flies."""

    row: Any
    miles: float


def nearest(
    session: Session,
    categories: Sequence[str],
    place: Place,
    wanted: int,
    farthest: float,
    conditions: Sequence[ColumnElement[bool]] = (),
    first: float = FIRST_RADIUS_MILES,
) -> list[Near]:
    """At least `wanted` listings within `farthest` miles if there are as many, the nearest first.

    Looks `first` miles around and then farther.
    """
    radius = min(first, farthest)
    while True:
        found = _within(session, categories, place, wanted, radius, conditions)
        if len(found) >= wanted or radius >= farthest:
            return found
        # As if listings lay evenly: the next circle should hold enough, and at most four times as wide.
        growth = sqrt(wanted / max(len(found), 0.25)) * 1.2
        radius = min(farthest, radius * min(4.0, max(1.5, growth)))


def may_be_open(at: datetime, place: Place) -> ColumnElement[bool]:
    """Whether a listing's week allows that it is open at an instant, by its own clock."""
    return _hours_allow(_hour(at), place.timezone, later=False)


def may_open_later(at: datetime, place: Place) -> ColumnElement[bool]:
    """Whether a listing's week allows that it is open later on the same day, by its own clock."""
    return _hours_allow(_hour(at), place.timezone, later=True)


def hours_unknown() -> ColumnElement[bool]:
    """Whether nothing is known of a listing's hours."""
    return _ROW.c.monday.is_(None)


def _hour(at: datetime) -> datetime:
    # The clocks of all these zones show the same minute.
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=256)
def _hours_allow(hour: datetime, zone: str, *, later: bool) -> ColumnElement[bool]:
    def allowed(local: datetime) -> ColumnElement[int]:
        bits = (1 << 24) - (1 << local.hour) if later else 1 << local.hour
        # This and the zones are written out, not bound: sending so many values takes longer than the search.
        return _ROW.c[WEEKDAYS[local.weekday()]].bitwise_and(literal_column(str(bits)))

    clocks: dict[datetime, list[str]] = {}
    # Most listings near a place keep its own clock; the others are across a border.
    for name in sorted(ZONES, key=lambda name: name != zone):
        clocks.setdefault(hour.astimezone(_CLOCKS[name]).replace(tzinfo=None), []).append(name)
    branches = [
        (_ROW.c.timezone.in_([literal_column(f"'{name}'") for name in names]), allowed(local))
        for local, names in clocks.items()
    ]
    return case(*branches, else_=allowed(hour.astimezone(ZoneInfo(zone)))) != literal_column("0")


@lru_cache(maxsize=256)
def _rows(*conditions: ColumnElement[bool]) -> Select[Any]:
    # The rows themselves are read only for the few that are nearest.
    return select(_ROW).where(_ROW.c.id.in_(_CLOSEST.where(*conditions).scalar_subquery()))


def _within(
    session: Session,
    categories: Sequence[str],
    place: Place,
    wanted: int,
    radius: float,
    conditions: Sequence[ColumnElement[bool]],
) -> list[Near]:
    high = radius / MILES_PER_DEGREE
    shrink = max(cos(radians(place.latitude)), 0.01)
    wide = high / shrink
    box = {
        "categories": categories,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "shrink": shrink,
        "south": place.latitude - high,
        "north": place.latitude + high,
        "west": place.longitude - wide,
        "east": place.longitude + wide,
        # The same listing stands once for each of its categories.
        "most": wanted * len(categories) + 8,
    }
    found: dict[str, Near] = {}
    for row in session.execute(_rows(*conditions), box):
        miles = miles_between(place.latitude, place.longitude, row.latitude, row.longitude)
        # The box's corners reach past the radius: something nearer may lie just outside the box.
        if miles <= radius:
            found.setdefault(row.service_at_location_id, Near(row, miles))
    return sorted(found.values(), key=lambda near: (near.miles, near.row.service_at_location_id))
