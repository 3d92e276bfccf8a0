"""Where a location is, even if its coordinates are missing or wrong, and whose clocks it keeps."""

from collections.abc import Sequence
from functools import cache, lru_cache
from math import cos, radians
from typing import NamedTuple

import zipcodes

from services_directory.folding import folded
from services_directory.geometry import miles_between

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
    return _zips().get(code)


def city_middle(city: str, state: str) -> Middle | None:
    """The middle of a city's ZIPs, or None. The state is its two letters or its name."""
    return _cities().get((folded(city).strip(), _state(state)))


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
def _zips() -> dict[str, Middle]:
    return {
        row["zip_code"]: Middle(float(row["lat"]), float(row["long"]), row["timezone"])
        for row in zipcodes.list_all()  # type: ignore[no-untyped-call]
        # Some ZIPs carry no position (0), or a zone that is no zone.
        if float(row["lat"]) and "/" in (row["timezone"] or "")
    }


@cache
def _cities() -> dict[tuple[str, str], Middle]:
    found: dict[tuple[str, str], list[Middle]] = {}
    middles = _zips()
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        middle = middles.get(row["zip_code"])
        if middle and row["zip_code_type"] == "STANDARD":
            for name in (row["city"], *row["acceptable_cities"]):
                found.setdefault((folded(name).strip(), row["state"]), []).append(middle)
    return {
        key: Middle(
            sum(one.latitude for one in ones) / len(ones),
            sum(one.longitude for one in ones) / len(ones),
            ones[0].timezone,
        )
        for key, ones in found.items()
    }


@cache
def _cells() -> dict[tuple[int, int], list[Middle]]:
    cells: dict[tuple[int, int], list[Middle]] = {}
    for middle in _zips().values():
        cells.setdefault((int(middle.latitude // _CELL), int(middle.longitude // _CELL)), []).append(middle)
    return cells


@lru_cache(maxsize=1024)
def _state(text: str) -> str:
    plain = folded(text).strip().strip(".")
    return plain.upper() if len(plain) == 2 else _STATES.get(plain, "")


_STATES = {
    name.casefold(): code
    for code, name in (
        pair.split(":")
        for pair in [
            "AL:Alabama",
            "AK:Alaska",
            "AZ:Arizona",
            "AR:Arkansas",
            "CA:California",
            "CO:Colorado",
            "CT:Connecticut",
            "DE:Delaware",
            "DC:District_of_Columbia",
            "FL:Florida",
            "GA:Georgia",
            "HI:Hawaii",
            "ID:Idaho",
            "IL:Illinois",
            "IN:Indiana",
            "IA:Iowa",
            "KS:Kansas",
            "KY:Kentucky",
            "LA:Louisiana",
            "ME:Maine",
            "MD:Maryland",
            "MA:Massachusetts",
            "MI:Michigan",
            "MN:Minnesota",
            "MS:Mississippi",
            "MO:Missouri",
            "MT:Montana",
            "NE:Nebraska",
            "NV:Nevada",
            "NH:New_Hampshire",
            "NJ:New_Jersey",
            "NM:New_Mexico",
            "NY:New_York",
            "NC:North_Carolina",
            "ND:North_Dakota",
            "OH:Ohio",
            "OK:Oklahoma",
            "OR:Oregon",
            "PA:Pennsylvania",
            "PR:Puerto_Rico",
            "RI:Rhode_Island",
            "SC:South_Carolina",
            "SD:South_Dakota",
            "TN:Tennessee",
            "TX:Texas",
            "UT:Utah",
            "VT:Vermont",
            "VA:Virginia",
            "WA:Washington",
            "WV:West_Virginia",
            "WI:Wisconsin",
            "WY:Wyoming",
        ]
    )
}
_STATES = {name.replace("_", " "): code for name, code in _STATES.items()}
