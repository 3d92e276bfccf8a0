"""ZIP codes: where each is, and which one a text holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import zipcodes

from services_directory.geometry import miles_between
from services_directory.places.place import Place

#: A ZIP alone, or ZIP+4; not part of a phone, a price or a longer number.
_ZIP = re.compile(
    r"(?<![\w$.,+#-])(?<!\d{3} )(?:[Ww][Aa])?(\d{5})(?:-\d{4}| \d{4})?(?![\w-])(?![.,]\d)(?! \d{3})"
    r"(?! ?(?:dollars|bucks|dolares|times|people|miles|years|mg|steps|calories|followers)\b)"
)
#: "981o4": one letter that stands for a figure.
_ZIP_WITH_LETTER = re.compile(
    r"(?<![\w.-])(?=[\doOlI]{5}(?![\w-]))(?=\d(?:\d*[oOlI]\d*)(?!\w))(\w{5})(?! \d)"
)
#: How far the nearest ZIP may lie whose clocks one without a zone keeps.
NEIGHBOUR_MILES = 300.0
_FIGURES = str.maketrans("oOlI", "0011")
#: Numbers of other things, said before five figures.
_OTHER_NUMBER = re.compile(
    r"\b(?:case|badge|pin|docket|booking|inmate|ba|room|unit|apt|bus|route|box|ext|extension|loan|ssn|card|order)"
    r"(?: ?(?:number|num|no|is|#))*[ :#]*$",
    re.IGNORECASE,
)
#: After five figures: they number a house.
_STREET_NEXT = re.compile(
    r"\s+(?:\w+\.?\s+){1,3}?(?:st|street|ave?|avenue|way|blvd|rd|road|dr|drive|ln|lane|pl|hwy|ct)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ZipRow:
    """One ZIP in use, with what it says about towns."""

    place: Place
    city: str
    also: tuple[str, ...]
    state: str
    general: bool


@cache
def zip_rows() -> dict[str, ZipRow]:
    """Every ZIP in use that lies somewhere, by its five figures.

    The library's own look-up takes 229 ms the first time and 0.2 ms after; a dict takes none. Of its traps:
    713 ZIPs in use have no position (most are military post offices abroad) and are left out; four with a
    position have no zone, or one that is none, and take that of the nearest ZIP.
    """
    found: dict[str, ZipRow] = {}
    without: list[ZipRow] = []
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        latitude, longitude = float(row["lat"] or 0), float(row["long"] or 0)
        if not (row["active"] and latitude and longitude):
            continue
        code, general = row["zip_code"], row["zip_code_type"] == "STANDARD"
        place = Place(code, latitude, longitude, code, row["timezone"], "zip")
        kept = ZipRow(place, row["city"], tuple(row["acceptable_cities"]), row["state"], general)
        if "/" in place.timezone:
            found[code] = kept
        else:
            without.append(kept)
    for kept in without:
        near = min(found.values(), key=lambda other: _miles(kept.place, other.place)).place
        if _miles(kept.place, near) <= NEIGHBOUR_MILES:
            found[kept.place.label] = replace(kept, place=replace(kept.place, timezone=near.timezone))
    return found


def _miles(one: Place, other: Place) -> float:
    return miles_between(one.latitude, one.longitude, other.latitude, other.longitude)


def zip_place(zip_code: str) -> Place | None:
    """The middle of a ZIP code (or ZIP+4), or None for one that is not in use."""
    row = zip_rows().get(zip_code[:5])
    return row.place if row else None


@dataclass(frozen=True)
class ZipInText:
    """A ZIP a text holds, and from where to where. `doubtful`: it may number a house."""

    start: int
    end: int
    place: Place
    doubtful: bool = False
    misspelt: bool = False


def zips_in(text: str) -> Iterator[ZipInText]:
    """ZIPs in use that a text holds, in order."""
    for pattern in (_ZIP, _ZIP_WITH_LETTER):
        for match in pattern.finditer(text):
            place = zip_place(match[1].translate(_FIGURES))
            if place and not _OTHER_NUMBER.search(text, 0, match.start()):
                doubtful = bool(_STREET_NEXT.match(text, match.end()))
                yield ZipInText(match.start(), match.end(), place, doubtful, pattern is _ZIP_WITH_LETTER)
