"""A place, and what looking for one in a text can give."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A point people can name. Degrees, WGS 84; `timezone` is an IANA name.

    `kind` is zip, city, corner, or what a gazetteer calls it (neighborhood, station, hospital, ...).
    """

    label: str
    latitude: float
    longitude: float
    zip: str | None
    timezone: str
    kind: str = "place"


@dataclass(frozen=True)
class Found:
    """One place, the only sensible reading of the text."""

    place: Place


@dataclass(frozen=True)
class Ambiguous:
    """Several places of one name: at most three, the likeliest first. Ask which.

    `name` is what they have in common, as a person would write it.
    """

    name: str
    choices: tuple[Place, ...]


#: What looking gives; None when the text names no place of somebody's.
Reading = Found | Ambiguous | None
