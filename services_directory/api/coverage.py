"""Does a service area hold a ZIP code? Areas are prose, names of places, or shapes."""

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml
import zipcodes

_ZIP = re.compile(r"\b\d{5}\b")
_COUNTY = re.compile(r"((?:[a-z]+ ){1,4})(county|parish|borough|census area|municipality|municipio)\b")


class Area(NamedTuple):
    """What a service_area row says of where it is."""

    name: str | None
    description: str | None
    extent: str | None
    extent_type: str | None


@dataclass(frozen=True)
class Zip:
    """Where a ZIP code is: degrees, and plain names of what it lies in."""

    code: str
    latitude: float
    longitude: float
    cities: frozenset[str]
    county: str
    state: str


@cache
def zip_codes() -> dict[str, Zip]:
    """Every ZIP code that has a position."""
    # Many lie in the same city and county.
    plain = cache(_plain)
    return {
        row["zip_code"]: Zip(
            row["zip_code"],
            float(row["lat"]),
            float(row["long"]),
            frozenset(plain(city) for city in (row["city"], *row["acceptable_cities"])),
            plain(row["county"] or ""),
            row["state"],
        )
        for row in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if float(row["lat"])
    }


@lru_cache(maxsize=4096)
def covers(area: Area, code: str) -> bool | None:
    """Whether an area holds a ZIP code of `zip_codes`; None when it says nothing a program can be sure of."""
    here = zip_codes()[code]
    shape = _shape(area.extent) if area.extent else None
    if shape is not None:
        return _inside(shape, here.longitude, here.latitude)
    texts = (area.name, area.extent if area.extent_type == "text" else None, area.description)
    for text in texts:
        said = _said(_plain(text), here) if text else None
        if said is not None:
            return said
    return None


def _said(text: str, here: Zip) -> bool | None:
    codes = set(_ZIP.findall(text))
    if codes:
        return here.code in codes
    if any(re.search(pattern, text) for pattern in _words()["everywhere"]):
        return True
    counties = _counties_in(text)
    for county in counties:
        text = text.replace(county, " ")
    state = _plain(_words()["states"].get(here.state, here.state))
    named = any(re.search(rf"\b{re.escape(name)}\b", text) for name in {state, *here.cities})
    if here.county in counties or named or text.strip() in {here.state.casefold(), state}:
        return True
    elsewhere = counties or text.strip() in _cities() or text.strip() in _states()
    if not elsewhere and re.search(_words()["statewide"], text):
        return None if any(re.search(rf"\b{name}\b", text) for name in _states()) else True
    return False if elsewhere else None


def _counties_in(text: str) -> set[str]:
    found = set()
    for match in _COUNTY.finditer(text):
        words = match[1].split()
        names = (f"{' '.join(words[start:])} {match[2]}" for start in range(len(words)))
        found |= {name for name in names if name in _counties()}
    return found


def _shape(extent: str) -> list[Any] | None:
    """The polygons of a GeoJSON value, each a list of rings; None for anything else."""
    if not extent.lstrip().startswith("{"):
        return None
    try:
        polygons = _polygons(json.loads(extent))
        for ring in (ring for polygon in polygons for ring in polygon):
            for point in ring:
                float(point[0]), float(point[1])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    return polygons or None


def _polygons(value: dict[str, Any]) -> list[Any]:
    kind = value["type"]
    if kind == "Polygon":
        return [value["coordinates"]]
    if kind == "MultiPolygon":
        return list(value["coordinates"])
    if kind == "Feature":
        return _polygons(value["geometry"])
    inner = value["features"] if kind == "FeatureCollection" else value["geometries"]
    return [polygon for one in inner for polygon in _polygons(one)]


def _inside(polygons: list[Any], x: float, y: float) -> bool:
    return any(sum(_crossings(ring, x, y) for ring in polygon) % 2 for polygon in polygons)


def _crossings(ring: list[Any], x: float, y: float) -> int:
    count = 0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            count += 1
    return count


@cache
def _words() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load(
        (files("services_directory.api") / "coverage.yml").read_text("utf-8")
    )
    return page


@cache
def _states() -> frozenset[str]:
    return frozenset(_plain(name) for name in _words()["states"].values())


@cache
def _counties() -> frozenset[str]:
    return frozenset(one.county for one in zip_codes().values() if one.county)


@cache
def _cities() -> frozenset[str]:
    return frozenset(city for one in zip_codes().values() for city in one.cities)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()
