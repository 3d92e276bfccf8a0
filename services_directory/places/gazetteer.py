"""Names people use where the line is: the files of data/gazetteer (format: docs/gazetteer.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from services_directory.places.place import Place
from services_directory.places.streets import Grid, Point, Street, ordinal, straight
from services_directory.places.tokens import name_key
from services_directory.places.wording import data, ordinary_words, wording

FOLDER = "gazetteer"


class GazetteerError(Exception):
    """A gazetteer file cannot be used; the message names the file and what is wrong in it."""


@dataclass(frozen=True)
class Named:
    """A place of a gazetteer under one of its names. `weak`: a place only when the text says so."""

    place: Place
    weak: bool


@dataclass(frozen=True)
class Gazetteer:
    """One area: its middle, how far it reaches, its names and streets."""

    middle: Place
    state: str
    radius_miles: float
    names: Mapping[str, Named]
    streets: Mapping[str, tuple[Street, ...]]
    grids: tuple[Grid, ...]

    def numbered(self, number: int) -> tuple[Street, ...]:
        """Every street of a number."""
        found = (grid.street(number) for grid in self.grids)
        return tuple(street for street in found if street) + self.streets.get(ordinal(number), ())


@cache
def gazetteers() -> tuple[Gazetteer, ...]:
    """Every file of the folder. Raises GazetteerError, which says what is wrong and where."""
    folder = files("services_directory") / "data" / FOLDER
    named = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yml"))
    return tuple(read_gazetteer(_page(name), name) for name in named)


def _page(file: str) -> Any:
    try:
        return data(f"{FOLDER}/{file}")
    except yaml.YAMLError as error:
        raise GazetteerError(f"{file} is not YAML: {error}") from error


def read_gazetteer(page: Any, file: str) -> Gazetteer:
    """One file's content as an area. Raises GazetteerError naming the file and the entry."""
    try:
        zone, names = ZoneInfo(_need(page, "timezone")).key, _names(page)
        middle = Place(_need(page, "area"), *_point(page, "center"), None, zone, "city")
        streets: dict[str, list[Street]] = {}
        for key, street in _streets(page):
            streets.setdefault(key, []).append(street)
        grids = tuple(_grid(entry) for entry in page.get("grids") or [])
        radius, state = float(_need(page, "radius_miles")), str(_need(page, "state"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GazetteerError(f"{file}: {error}") from error
    return Gazetteer(middle, state, radius, names, {k: tuple(v) for k, v in streets.items()}, grids)


def _names(page: Mapping[str, Any]) -> dict[str, Named]:
    """Names by their plain form. A name given twice is the earlier entry's."""
    found: dict[str, Named] = {}
    for group in page.get("places") or []:
        _check_source(page, group)
        kind, patterns = _need(group, "kind"), group.get("called") or ["{}"]
        for entry in _need(group, "names"):
            made = [pattern.format(_need(entry, "label")) for pattern in patterns]
            label = " ".join(word[:1].upper() + word[1:] for word in made[0].split(" "))
            place = Place(label, *_point(entry, "at"), None, page["timezone"], kind)
            weak = {name_key(name) for name in entry.get("weak") or []}
            strong = {name_key(name) for name in entry.get("strong") or []}
            for name in [*made, *(entry.get("also") or []), *weak]:
                key = name_key(name)
                found.setdefault(key, Named(place, key in weak or (key not in strong and _weak(key))))
    return found


def _weak(key: str) -> bool:
    """Whether a name is by itself an everyday word or a person's name."""
    return key in wording().people or (" " not in key and key in ordinary_words())


def _streets(page: Mapping[str, Any]) -> Iterator[tuple[str, Street]]:
    for group in page.get("streets") or []:
        _check_source(page, group)
        for entry in _need(group, "lines"):
            key = name_key(_need(entry, "label"))
            line = tuple(_degrees(at, key) for at in _need(entry, "at"))
            plain = entry.get("plain", _weak(key.split(" ")[-1]))
            street = Street(entry["label"], _need(entry, "official"), line, plain)
            for name in {key, *(name_key(also) for also in entry.get("also") or [])}:
                yield name, street


def _grid(entry: Mapping[str, Any]) -> Grid:
    official, (first, last) = _need(entry, "official"), _need(entry, "numbers")
    if "lines" in entry:
        lines = tuple(
            (int(number), tuple(_degrees(at, official) for at in line))
            for number, line in sorted(entry["lines"].items())
        )
    elif "longitude" in entry:
        lines = straight(entry["longitude"], _need(entry, "latitudes"), north_south=True)
    else:
        lines = straight(_need(entry, "latitude"), _need(entry, "longitudes"), north_south=False)
    if not lines:
        raise ValueError(f"{official} has no lines")
    return Grid(official, int(first), int(last), lines)


def _check_source(page: Mapping[str, Any], group: Mapping[str, Any]) -> None:
    if _need(group, "source") not in (page.get("sources") or {}):
        raise ValueError(f"{group['source']} is not among the sources")


def _need(entry: Mapping[str, Any], name: str) -> Any:
    if entry.get(name) is None:
        about = (
            entry.get("label") or entry.get("official") or entry.get("kind") or entry.get("area") or "a group"
        )
        raise ValueError(f"{about} has no {name}")
    return entry[name]


def _point(entry: Mapping[str, Any], name: str) -> Point:
    return _degrees(_need(entry, name), str(entry.get("label") or entry.get("area")))


def _degrees(at: Any, about: str) -> Point:
    latitude, longitude = at
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"{about} lies nowhere: {at}")
    return float(latitude), float(longitude)
