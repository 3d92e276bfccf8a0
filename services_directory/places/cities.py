"""Every town of the United States that has a ZIP code, and the states people say after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from services_directory.geometry import miles_between
from services_directory.places.place import Place
from services_directory.places.tokens import Word, name_key
from services_directory.places.wording import data
from services_directory.places.zips import ZipRow, zip_rows

#: A town with at least so many ZIPs for everybody's mail is known by its bare name.
KNOWN_ZIPS = 8
#: One of several towns of a name is meant when it is so many times as likely as the next.
FAR_MORE = 4
MOST_CHOICES = 3


@dataclass(frozen=True)
class City:
    """A town: its state's postal code, how many ZIPs it has, and the middle of those."""

    place: Place
    state: str
    zips: int

    @property
    def known(self) -> bool:
        """Whether its bare name says enough for most people."""
        return self.zips >= KNOWN_ZIPS


@dataclass(frozen=True)
class States:
    """Names and short forms of the states, as plain words."""

    codes: Mapping[tuple[str, ...], str]
    words_too: frozenset[str]


@cache
def states() -> States:
    """The states, read once."""
    page = data("us_states.yml")
    codes: dict[tuple[str, ...], str] = {}
    for code, entry in page["states"].items():
        for name in (code.lower(), entry["name"], *entry.get("also", [])):
            codes[tuple(name.split())] = code
    return States(codes, frozenset(page["words_too"]))


@cache
def cities() -> dict[str, tuple[City, ...]]:
    """Towns by their plain name. Villages that share another town's post office count as towns too."""
    own: dict[tuple[str, str], list[ZipRow]] = {}
    other: dict[tuple[str, str], list[ZipRow]] = {}
    written: dict[tuple[str, str], str] = {}
    for row in zip_rows().values():
        for name in (row.city, *row.also):
            key = (name_key(name), row.state)
            (own if name == row.city else other).setdefault(key, []).append(row)
            if len(name) >= len(written.get(key, "")):
                written[key] = name
    found: dict[str, list[City]] = {}
    for key, rows in {**other, **own}.items():
        found.setdefault(key[0], []).append(_city(written[key], key[1], rows))
    for nick, (name, state) in data("us_states.yml")["nicknames"].items():
        found[nick] = [city for city in found[name_key(name)] if city.state == state]
    return {name: tuple(sorted(group, key=lambda city: -city.zips)) for name, group in found.items()}


def _city(name: str, state: str, rows: Sequence[ZipRow]) -> City:
    # A post-office box or a company's own ZIP lies where its post office is, not where people are.
    general = [row for row in rows if row.general]
    lived_in = [row.place for row in general or rows]
    place = Place(
        f"{name}, {state}",
        round(median(place.latitude for place in lived_in), 4),
        round(median(place.longitude for place in lived_in), 4),
        None,
        max({p.timezone for p in lived_in}, key=[p.timezone for p in lived_in].count),
        "city",
    )
    return City(place, state, max(1, len(general)))


def state_after(said: Sequence[Word], at: int) -> tuple[str, int] | None:
    """The state said at position `at` (a comma may come first), and the position after it."""
    comma = at < len(said) and said[at].plain == ","
    at += comma
    for length in (3, 2, 1):
        names = tuple(word.plain for word in said[at : at + length])
        code = states().codes.get(names) if len(names) == length else None
        if code and (length > 1 or comma or _is_state(said, at)):
            return code, at + length
    return None


def _is_state(said: Sequence[Word], at: int) -> bool:
    word = said[at]
    if word.plain not in states().words_too:
        return True
    last = at + 1 == len(said) or said[at + 1].plain in {".", ","}
    shouting = all(other.written.isupper() for other in said if other.plain.isalpha())
    # "or", "in", "me", "ok": a state only where no such word would stand.
    return (word.written.isupper() and not shouting) or (last and len(said) <= at + 2)


def likeliest(candidates: Sequence[City], near: Sequence[Place], reach: float) -> list[City]:
    """One town if it is plainly meant; else the likeliest three.

    A town within `reach` miles of somewhere the line covers is meant before any other. After that the pull of
    a town is its size by its distance, and one that pulls `FAR_MORE` times as hard as the next is meant.
    """
    if len(candidates) == 1:
        return list(candidates)

    def miles(city: City) -> float:
        return min(
            (miles_between(p.latitude, p.longitude, city.place.latitude, city.place.longitude) for p in near),
            default=1.0,
        )

    def pull(city: City) -> float:
        return city.zips / max(miles(city), 25.0)

    here = [city for city in candidates if miles(city) <= reach]
    if here:
        return [max(here, key=pull)]
    by_pull = sorted(candidates, key=pull, reverse=True)
    by_size = sorted(candidates, key=lambda city: city.zips, reverse=True)
    if pull(by_pull[0]) >= FAR_MORE * pull(by_pull[1]):
        return by_pull[:1]
    if by_size[0].known and by_size[0].zips >= FAR_MORE * by_size[1].zips:
        return by_size[:1]
    return by_pull[:MOST_CHOICES]
