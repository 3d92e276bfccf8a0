"""Where somebody says they are, resolved offline: a ZIP code, or a name from the gazetteer."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
import zipcodes
from rapidfuzz import fuzz, process

#: A ZIP alone, or ZIP+4; not part of a phone or a longer number.
_ZIP = re.compile(r"(?<![\d-])(?<!\d )(\d{5})(?:-\d{4})?(?![\d-])(?! \d)")
#: Spelling as far off as "capital hill" scores 91; unrelated words score under 80.
CLOSE_ENOUGH = 88
CLOSE_ENOUGH_WHEN_ASKED = 82
_DIRECTIONS = re.compile(
    r"\b(?:near|by|around|close to|over by|off of|off|in|at|im|i am|on|the|downtown seattle area)\b"
)


@dataclass(frozen=True)
class Place:
    """A point people can name. Degrees, WGS 84; `timezone` is an IANA name."""

    label: str
    latitude: float
    longitude: float
    zip: str | None
    timezone: str


@cache
def _zips() -> dict[str, Place]:
    # The library's own lookup takes 229 ms the first time and 0.2 ms after; a dict takes none.
    return {
        row["zip_code"]: Place(
            row["zip_code"], float(row["lat"]), float(row["long"]), row["zip_code"], row["timezone"]
        )
        for row in zipcodes.list_all()  # type: ignore[no-untyped-call]
        # Some active ZIPs carry no position (0) or a zone that is no zone.
        if float(row["lat"]) and "/" in (row["timezone"] or "")
    }


@cache
def _gazetteer() -> dict[str, Place]:
    page: dict[str, Any] = yaml.safe_load(
        (files("services_directory") / "data" / "gazetteer" / "seattle.yml").read_text("utf-8")
    )
    named = {}
    for entry in page["places"]:
        place = Place(entry["label"], entry["latitude"], entry["longitude"], None, page["timezone"])
        for name in [entry["label"], *entry.get("also", [])]:
            named[_plain(name)] = place
    return named


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold()).replace("&", " and ")
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", kept.replace("'", "")).strip()


def zip_place(zip_code: str) -> Place | None:
    """The middle of a ZIP code, or None for one that is not in use."""
    return _zips().get(zip_code[:5])


def resolve(text: str, *, place_expected: bool = False) -> Place | None:
    """The place a text names, or None. Looser about spelling when the person has just been asked for one."""
    for found in _ZIP.finditer(text):
        place = zip_place(found[1])
        if place:
            return place
    plain = _plain(text)
    for name, place in sorted(_gazetteer().items(), key=lambda item: -len(item[0])):
        if re.search(rf"\b{re.escape(name)}\b", plain):
            return place
    return _misspelt(plain, CLOSE_ENOUGH_WHEN_ASKED if place_expected else CLOSE_ENOUGH)


def _misspelt(plain: str, enough: int) -> Place | None:
    words = _DIRECTIONS.sub(" ", plain).split()
    phrases = [" ".join(words[i : i + n]) for n in (3, 2, 1) for i in range(len(words) - n + 1)]
    best: tuple[float, str] | None = None
    for phrase in phrases:
        if len(phrase) < 6:
            # Short words are one slip away from everything.
            continue
        match = process.extractOne(phrase, _gazetteer().keys(), scorer=fuzz.ratio, score_cutoff=enough)
        if match and (best is None or match[1] > best[0]):
            best = (match[1], match[0])
    return _gazetteer()[best[1]] if best else None
