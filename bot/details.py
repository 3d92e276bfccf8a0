"""What a text tells of the person and their wishes: age, kids, a dog. Kept for one conversation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.triage.assess import normalise
from services_directory.search import Who

#: Wishes that are only named, and those that name which.
_FLAGS = ("with_children", "veteran", "with_pet", "free", "walk_in", "wheelchair", "no_id", "minor")
_KINDS = ("gender", "language")
ADULT = 18


@dataclass(frozen=True)
class _Words:
    age: tuple[re.Pattern[str], ...]
    party: tuple[re.Pattern[str], ...]
    flags: Mapping[str, re.Pattern[str]]
    kinds: Mapping[str, Mapping[str, re.Pattern[str]]]
    never: re.Pattern[str]
    asks: re.Pattern[str]
    numbers: Mapping[str, int]


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


@cache
def _words() -> _Words:
    page: dict[str, Any] = yaml.safe_load((files("bot") / "details.yml").read_text("utf-8"))
    return _Words(
        age=tuple(_any([one]) for one in page["age"]),
        party=tuple(_any([one]) for one in page["party"]),
        flags={name: _any(page[name]) for name in _FLAGS},
        kinds={name: {kind: _any(some) for kind, some in page[name].items()} for name in _KINDS},
        never=_any(page["never"]),
        asks=_any(page["asks"]),
        numbers=page["numbers"],
    )


def read_details(text: str) -> dict[str, Any]:
    """What a text says of who asks, by the names of `Who`, and `party`, `no_id` and `minor` beside them."""
    words = _words()
    plain = words.never.sub(" | ", normalise(text))
    if words.asks.match(plain):
        return {}
    found: dict[str, Any] = {name: True for name, pattern in words.flags.items() if pattern.search(plain)}
    for name, kinds in words.kinds.items():
        said = [kind for kind, pattern in kinds.items() if pattern.search(plain)]
        if len(said) == 1:
            found[name] = said[0]
    age = next((hit for hit in (pattern.search(plain) for pattern in words.age) if hit), None)
    if age:
        found["age"] = int(age["age"])
    party = _party(plain)
    if party:
        found["party"] = party
    return found


def _party(plain: str) -> int | None:
    for pattern in _words().party:
        hit = pattern.search(plain)
        if hit:
            people = hit.groupdict().get("people")
            said = people or hit["party"]
            count = _words().numbers.get(said) or int(said)
            # "me and my 2 kids" are three.
            return count if people else count + 1
    return None


def is_minor(details: Mapping[str, Any]) -> bool:
    """Whether somebody has said that they are under 18."""
    age = details.get("age")
    return age < ADULT if age is not None else bool(details.get("minor"))


def who(details: Mapping[str, Any] | None) -> Who:
    """The person as the directory's search knows them."""
    known = {one.name for one in fields(Who)}
    return Who(**{name: value for name, value in (details or {}).items() if name in known})
