"""A corner said by its two streets: "3rd and pike", "145th & aurora", "la 12 y jackson"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from services_directory.geometry import miles_between
from services_directory.places.gazetteer import Gazetteer
from services_directory.places.place import Place
from services_directory.places.streets import Point, Street, crossings
from services_directory.places.tokens import key_of
from services_directory.places.wording import data, wording

MOST_CHOICES = 3
#: Two readings of a corner this near to each other are the same to somebody on foot.
SAME_PLACE_MILES = 0.5
_NUMBER = re.compile(r"(\d{1,3})(st|nd|rd|th)?")
_HOUSE = re.compile(r"\d{4,5}")
_SIDES = {"n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"}
_SHORT_SIDE = {"north": "n", "south": "s", "east": "e", "west": "w"}
_AVENUES = {"ave", "av", "aves", "avenue", "avenida", "avenues"}
_STREETS = {"st", "street", "streets", "sts", "calle"}
_OTHERS = {"way", "blvd", "boulevard", "rd", "road", "dr", "drive", "pl", "place", "hwy", "highway", "wy"}
_TYPES = _AVENUES | _STREETS | _OTHERS
_ARTICLES = {"the", "la", "el", "calle", "avenida", "las", "los"}
#: The longest name of a street in words.
LONGEST_STREET = 5


@dataclass(frozen=True)
class Corner:
    """A corner a text names: from which word to which, what it may be, and whether it could be no corner."""

    start: int
    end: int
    name: str
    places: tuple[Place, ...]
    doubtful: bool


@dataclass(frozen=True)
class _Said:
    """A street as said: `exact` when a number had its ending, or a direction or kind of street was said."""

    end: int
    name: str
    streets: tuple[Street, ...]
    exact: bool
    number: bool


@cache
def _number_words() -> dict[str, int]:
    page = data("words/numbers.yml")
    return {str(word): number for number, several in page.items() for word in several}


def corners_in(names: Sequence[str], area: Gazetteer) -> Iterator[Corner]:
    """Corners of an area that the words of a text name, in order."""
    at = 0
    while at < len(names):
        corner = _corner_at(names, at, area)
        if corner:
            yield corner
            at = corner.end
        else:
            at += 1


def _corner_at(names: Sequence[str], at: int, area: Gazetteer) -> Corner | None:
    first = _street_at(names, at, area)
    if first is None:
        return None
    following, joined = first.end, True
    if following < len(names) and names[following] == "between":
        # "aurora between 80th and 85th": the nearer end will do.
        second = _street_at(names, following + 1, area)
    elif following < len(names) and names[following] in wording().joins:
        second = _street_at(names, following + 1, area)
    else:
        second, joined = _street_at(names, following, area), False
        if second and (first.number == second.number or not (first.exact or second.exact)):
            return None
    if second is None or (first.number and second.number and not (first.exact or second.exact)):
        return None
    places = _meet(first, second, area)
    if not places:
        return None
    plain = all(street.plain for said in (first, second) for street in said.streets) and not (
        first.number or second.number
    )
    unsure = any(said.number and not said.exact for said in (first, second)) and any(
        street.plain for said in (first, second) for street in said.streets
    )
    doubtful = (plain and not (first.exact or second.exact)) or unsure or not joined
    return Corner(at, second.end, f"{first.name} and {second.name}", places, doubtful)


def addresses_in(names: Sequence[str], area: Gazetteer) -> Iterator[Corner]:
    """House numbers on a street that numbered streets cross: the hundreds are the cross street's number."""
    for at, word in enumerate(names):
        if not _HOUSE.fullmatch(word):
            continue
        said = _street_at(names, at + 1, area)
        if said is None or not said.exact:
            continue
        crossing = [street for street in area.numbered(int(word) // 100) if " Ave" not in street.official]
        points = [point for one in said.streets for other in crossing for point in crossings(one, other)]
        if points:
            place = _corner_place(f"{word} {said.name}", points[0], area)
            yield Corner(at, said.end, place.label, (place,), doubtful=False)


def _street_at(names: Sequence[str], at: int, area: Gazetteer) -> _Said | None:
    while (
        at < len(names)
        and names[at] in _ARTICLES
        and at + 1 < len(names)
        and names[at : at + 2] != ["the", "ave"]
    ):
        at += 1
    side, start = None, at
    if at < len(names) and names[at] in _SIDES and at + 1 < len(names):
        side, at = names[at], at + 1
    said = _numbered_at(names, at, area) or _named_at(names, at, area)
    if said is None and side:
        # "University" may follow "N" in another sense: try the name as it stands.
        side, said = None, _named_at(names, start, area)
    if said is None:
        return None
    end, kind = said.end, None
    if end < len(names) and names[end] in _TYPES:
        kind, end = names[end], end + 1
    if end < len(names) and names[end] in _SIDES and not _joins_next(names, end, area):
        side, end = side or names[end], end + 1
    streets = _of_kind(said.streets, side, kind)
    if not streets:
        return None
    exact = said.exact or bool(kind) or bool(side)
    return _Said(end, said.name, streets, exact, said.number)


def _joins_next(names: Sequence[str], at: int, area: Gazetteer) -> bool:
    """Whether "n" or "e" joins two streets here ("12th n jackson") and is no direction."""
    if names[at] not in wording().joins or at + 1 >= len(names):
        return False
    if names[at + 1] in wording().joins:
        return False
    return bool(
        _numbered_at(names, at + 1, area) or _named_at(names, at + 1, area) or names[at + 1] in _SIDES
    )


def _numbered_at(names: Sequence[str], at: int, area: Gazetteer) -> _Said | None:
    if at >= len(names):
        return None
    match = _NUMBER.fullmatch(names[at])
    number = int(match[1]) if match else _number_words().get(names[at])
    if not number:
        return None
    streets = area.numbered(number)
    exact = bool(match and match[2]) or (match is None and not names[at].isalpha()) or names[at].isalpha()
    name = streets[0].label if streets else ""
    return _Said(at + 1, name, streets, exact, number=True) if streets else None


def _named_at(names: Sequence[str], at: int, area: Gazetteer) -> _Said | None:
    for length in range(min(LONGEST_STREET, len(names) - at), 0, -1):
        streets = area.streets.get(key_of(names[at : at + length]))
        if streets:
            return _Said(at + length, streets[0].label, streets, exact=False, number=False)
    return None


def _of_kind(streets: Sequence[Street], side: str | None, kind: str | None) -> tuple[Street, ...]:
    """Those a direction or "ave" fits; people mix both up, so all of them when none fits."""
    kept = list(streets)
    if kind in _AVENUES | _STREETS:
        word = " Ave" if kind in _AVENUES else " St"
        kept = [street for street in kept if word in f" {street.official}"] or kept
    if side:
        short = _SHORT_SIDE.get(side, side).upper()
        kept = [street for street in kept if short in street.official.split()] or kept
    return tuple(kept)


def _meet(first: _Said, second: _Said, area: Gazetteer) -> tuple[Place, ...]:
    found: list[tuple[Point, Street, Street]] = []
    for one in first.streets:
        for other in second.streets:
            if first.number and second.number and (" Ave" in one.official) == (" Ave" in other.official):
                # "the 3rd and 4th of July": two avenues make no corner.
                continue
            for point in crossings(one, other):
                if all(miles_between(*point, *earlier) > SAME_PLACE_MILES for earlier, _, _ in found):
                    found.append((point, one, other))
    found = found[:MOST_CHOICES]
    return tuple(
        _corner_place(
            f"{one.official} and {other.official}" if len(found) > 1 else f"{first.name} and {second.name}",
            point,
            area,
        )
        for point, one, other in found
    )


def _corner_place(label: str, point: Point, area: Gazetteer) -> Place:
    return Place(label, round(point[0], 4), round(point[1], 4), None, area.middle.timezone, "corner")
