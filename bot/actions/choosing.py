"""Which one of a list is meant: "2", "the 2nd one", "last", or (part of) its name, misspelt or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz

from bot.triage.assess import normalise

#: A name with a letter or two wrong scores over 90; another name of the same list stays under 80.
CLOSE_ENOUGH = 88
SHORTEST_NAME = 5
SHORTEST_WORD = 4
_DIGITS = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


@dataclass(frozen=True)
class Listed:
    """A service as it was listed."""

    id: str
    name: str


@dataclass(frozen=True)
class _Words:
    numbers: Mapping[str, int]
    fillers: frozenset[str]
    firsts: frozenset[str]
    pronouns: frozenset[str]


@cache
def _page() -> _Words:
    page = yaml.safe_load((files("bot.actions") / "choosing.yml").read_text("utf-8"))
    numbers = {word: number for number, words in page["numbers"].items() for word in words}
    return _Words(numbers, frozenset(page["fillers"]), frozenset(page["firsts"]), frozenset(page["pronouns"]))


def read_choice(text: str, listed: Sequence[Listed], *, names_only: bool = False) -> int | None:
    """The position (from 0) in the list that a text means, or None when it means none or more than one."""
    plain = normalise(text)
    named = _by_name(plain, listed)
    if named is not None or names_only:
        return named
    number = _number(plain)
    if number is None:
        return None
    position = number - 1 if number > 0 else len(listed) + number
    return position if 0 <= position < len(listed) else None


def read_full_name(text: str, listed: Sequence[Listed]) -> int | None:
    """The position of the one whose whole name a text is, a letter or two wrong; None when it is none."""
    plain = normalise(text)
    scores = [fuzz.ratio(plain, normalise(one.name)) for one in listed]
    best = max(scores, default=0)
    return scores.index(best) if best >= CLOSE_ENOUGH and scores.count(best) == 1 else None


def _number(plain: str) -> int | None:
    digits = set(_DIGITS.findall(plain))
    if digits:
        return int(digits.pop()) if len(digits) == 1 else None
    words = [word for word in plain.split() if word not in _page().fillers]
    said = {_page().numbers[word] for word in words if word in _page().numbers}
    if len(said) > 1:
        # "the first one": which one, and not how many.
        said.discard(1 if not _page().firsts & set(words) else 0)
    unknown = [word for word in words if word not in _page().numbers]
    # "the sobering one" is a name, not number one.
    return said.pop() if len(said) == 1 and not (unknown and words[-1] in _page().pronouns) else None


def _by_name(plain: str, listed: Sequence[Listed]) -> int | None:
    if len(plain) < SHORTEST_NAME:
        return None
    whole = read_full_name(plain, listed)
    if whole is not None:
        return whole
    # Else a word or two that only one of the names has.
    page = _page()
    words = {word for word in plain.split() if len(word) >= SHORTEST_WORD} - page.fillers - set(page.numbers)
    shared = [len(words & set(normalise(one.name).split())) for one in listed]
    best = max(shared, default=0)
    return shared.index(best) if best and shared.count(best) == 1 else None
