"""Who a service is for and what it costs, as far as its words say it. None means nobody said."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from services_directory.folding import folded
from services_directory.importers.ages import ages
from services_directory.importers.wording import language_codes, says


class Told(NamedTuple):
    """What a service at a location says of itself, in its own words.

    `amounts` are the prices of its cost options; `access` describes the place; `languages` are code and name.
    """

    name: str
    description: str
    eligibility: str
    how_to_start: str
    price: str
    interpretation: str
    minimum_age: float | None
    maximum_age: float | None
    assured_date: str | None
    amounts: Sequence[float] = ()
    access: Sequence[str] = ()
    languages: Sequence[tuple[str | None, str | None]] = ()


#: What is not said so far on is not looked for: descriptions begin with who may come.
LONGEST_DESCRIPTION = 1500
#: The columns of service_search that `flags` fills, in its order.
FLAGS = (
    "free", "walk_in", "wheelchair", "languages", "minimum_age", "maximum_age", "gender", "families",
    "veterans_only", "pets", "assured_date",
)  # fmt: skip


def flags(told: Told) -> tuple[Any, ...]:
    """The flag columns of service_search; the date as ISO 8601 text."""
    name, eligibility = _spaced(told.name), _spaced(told.eligibility)
    everything = f"{name}. {eligibility}. {_spaced(told.description[:LONGEST_DESCRIPTION])}"
    start = _spaced(told.how_to_start)
    youngest, oldest = ages(told.minimum_age, told.maximum_age, eligibility)
    return (
        _free(told.amounts, _spaced(told.price), everything),
        _walk_in(start, everything),
        _wheelchair(told.access),
        _spoken(told.languages, told.interpretation),
        youngest,
        oldest,
        _gender(name, eligibility, everything),
        _either("families", "no_children", everything),
        True if says("veterans_only", eligibility) or says("veterans_only", name) else None,
        _either("pets", "no_pets", everything),
        told.assured_date,
    )


def _spaced(text: str) -> str:
    """Ready for the patterns: lower case without accents, in one line, a space before the first word."""
    return f" {folded(text)}".replace("\n", " ") if text else ""


def _either(yes: str, no: str, text: str) -> bool | None:
    if says(no, text):
        return False
    return True if says(yes, text) else None


def _free(amounts: Sequence[float], price: str, everything: str) -> bool | None:
    if amounts:
        return min(amounts) <= 0
    if price.strip():
        if says("paid", price):
            return False
        return True if says("free", price) else None
    return True if says("free_things", everything) else None


def _walk_in(*texts: str) -> bool | None:
    """What the first text that says anything says: how to apply goes before the description."""
    for text in texts:
        if says("no_walk_in", text):
            return False
        if says("walk_in", text):
            return True
        if says("appointment", text):
            return False
    return None


def _wheelchair(access: Sequence[str]) -> bool | None:
    for said in access:
        if says("no_wheelchair", folded(said)):
            return False
    return True if any(says("wheelchair", folded(said)) for said in access) else None


def _gender(name: str, eligibility: str, everything: str) -> str | None:
    # A description that speaks of both may still name a house "for women only" down the road.
    only = f"{name}. {eligibility}" if says("both", everything) else everything
    women = says("women_only", only) or says("women", name) or says("women", eligibility)
    men = says("men_only", only) or says("men", name) or says("men", eligibility)
    return None if women == men else "women" if women else "men"


def _spoken(languages: Sequence[tuple[str | None, str | None]], interpretation: str) -> str | None:
    codes = {code for pair in languages for said in pair if said for code in codes_in(said)}
    if interpretation:
        codes |= set(codes_in(interpretation))
    return f",{','.join(sorted(codes))}," if codes else None


@lru_cache(maxsize=4096)
def codes_in(text: str) -> tuple[str, ...]:
    """The ISO codes of the languages that a code or a text names."""
    names, pattern = language_codes()
    plain = folded(text).strip()
    code = names.get(plain) or (names.get(plain.replace("_", "-").split("-")[0]) if len(plain) < 8 else None)
    return (code,) if code else tuple(sorted({names[word] for word in pattern.findall(plain)}))
