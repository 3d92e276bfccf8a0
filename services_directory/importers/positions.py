"""Where a location is, even if its coordinates are missing or wrong, and whose clocks it keeps."""

from collections.abc import Sequence
from functools import cache, lru_cache
from math import cos, radians
from typing import NamedTuple

from services_directory.folding import folded
from services_directory.geometry import miles_between
from services_directory.places.cities import cities, states
from services_directory.places.tokens import name_key
from services_directory.places.zips import zip_place, zip_rows

#: A ZIP of the western deserts is about this wide; a position farther off is a mistake.
FARTHEST_FROM_ZIP_MILES = 120.0
#: Farther from every ZIP than this is nowhere in the United States.
FARTHEST_FROM_ANY_ZIP_MILES = 150.0
#: Side of a cell in which ZIPs are looked up by position, degrees.
_CELL = 0.5


class Middle(NamedTuple):
    """The middle of a ZIP or a city. Degrees (WGS 84); `timezone` is an IANA name."""

    latitude: float
    longitude: float
    timezone: str


class Where(NamedTuple):
    """An address as far as it says where a location is."""

    postal_code: str
    city: str
    state_province: str


def position(
    kind: str, latitude: float | None, longitude: float | None, addresses: Sequence[Where]
) -> tuple[Middle | None, str | None]:
    """Where to search for a location, and what had to be assumed. None: it cannot be found by distance.

    `kind` is the location_type; `addresses` have the physical ones first.
    """
    if kind == "virtual" and (latitude is None or longitude is None):
        return None, "it is virtual, and cannot be found by distance"
    middle = next((found for one in addresses if (found := zip_middle(one.postal_code))), None)
    if latitude is None or longitude is None:
        if middle:
            return middle, "no position: the middle of its ZIP is used"
        city = next(
            (found for one in addresses if (found := city_middle(one.city, one.state_province))), None
        )
        if city:
            return city, "no position and no known ZIP: the middle of its city is used"
        return None, "no position and no known ZIP: it cannot be found by distance"
    if middle is None:
        return _without_zip(latitude, longitude)
    for north, east, what in _readings(latitude, longitude):
        if miles_between(middle.latitude, middle.longitude, north, east) <= FARTHEST_FROM_ZIP_MILES:
            return Middle(north, east, middle.timezone), what
    return middle, "its position is far from its ZIP: the middle of its ZIP is used"


def zip_middle(postal_code: str) -> Middle | None:
    """The middle of a ZIP code, or None for one that is not in use."""
    code = postal_code.strip()[:5]
    if code.isdigit() and len(code) in {3, 4}:
        # Spreadsheets drop the zeros that New England's begin with.
        code = code.zfill(5)
    place = zip_place(code)
    return Middle(place.latitude, place.longitude, place.timezone) if place else None


def city_middle(city: str, state: str) -> Middle | None:
    """The middle of a city's ZIPs, or None. The state is its two letters or its name."""
    code = states().codes.get(tuple(folded(state).replace(".", " ").split()))
    for one in cities().get(name_key(city), ()) if code else ():
        if one.state == code:
            return Middle(one.place.latitude, one.place.longitude, one.place.timezone)
    return None


def nearest_zip(latitude: float, longitude: float) -> tuple[Middle, float] | None:
    """The ZIP whose middle is nearest to a point, and how many miles off; None when there is none around."""
    best: tuple[Middle, float] | None = None
    row, column = int(latitude // _CELL), int(longitude // _CELL)
    wide = max(1, min(12, round(1 / max(cos(radians(latitude)), 0.1))))
    for reach in (1, 5):
        for north in range(row - reach, row + reach + 1):
            for east in range(column - reach * wide, column + reach * wide + 1):
                for middle in _cells().get((north, east), ()):
                    miles = miles_between(latitude, longitude, middle.latitude, middle.longitude)
                    if best is None or miles < best[1]:
                        best = (middle, miles)
        if best:
            return best
    return None


@lru_cache(maxsize=16384)
def _without_zip(latitude: float, longitude: float) -> tuple[Middle | None, str | None]:
    for north, east, what in _readings(latitude, longitude):
        near = nearest_zip(north, east)
        if near and near[1] <= FARTHEST_FROM_ANY_ZIP_MILES:
            return Middle(north, east, near[0].timezone), what
    return None, "its position is far from every ZIP of the United States: it cannot be found"


def _readings(latitude: float, longitude: float) -> tuple[tuple[float, float, str | None], ...]:
    """A position as it stands, and as it would be without the usual mistakes."""
    return (
        (latitude, longitude, None),
        (latitude, -longitude, "its longitude had lost its minus sign"),
        (longitude, latitude, "latitude and longitude were swapped"),
        (longitude, -latitude, "latitude and longitude were swapped, and a minus sign was lost"),
    )


@cache
def _cells() -> dict[tuple[int, int], list[Middle]]:
    cells: dict[tuple[int, int], list[Middle]] = {}
    for row in zip_rows().values():
        middle = Middle(row.place.latitude, row.place.longitude, row.place.timezone)
        cells.setdefault((int(middle.latitude // _CELL), int(middle.longitude // _CELL)), []).append(middle)
    return cells
