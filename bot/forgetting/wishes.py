"""Does a text ask to be forgotten, and is it a yes to our question? Both languages; pure functions."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.triage.assess import normalise

#: Longer texts have more in them than a wish, and would take long to read.
MOST_WORDS = 24


def asks(text: str) -> bool:
    """Whether a text asks in words to have everything deleted and says nothing else."""
    plain = normalise(text)
    return plain.count(" ") < MOST_WORDS and any(wish.fullmatch(plain) for wish in _patterns().wishes)


def confirms(text: str) -> bool | None:
    """The answer to "erase it all?"; None when it is neither a yes nor a no, and nothing may be done."""
    plain = normalise(text)
    if plain in _patterns().yes:
        return True
    return False if plain in _patterns().no else None


def almost_confirms(text: str) -> bool:
    """Whether an answer may be a yes, which is too little to delete anything."""
    return normalise(text) in _patterns().almost


@dataclass(frozen=True)
class _Patterns:
    wishes: tuple[re.Pattern[str], ...]
    yes: frozenset[str]
    no: frozenset[str]
    almost: frozenset[str]


@cache
def _patterns() -> _Patterns:
    page: dict[str, dict[str, Any]] = yaml.safe_load(
        (files("bot.forgetting") / "wording.yml").read_text("utf-8")
    )
    made = []
    for words in page.values():
        wish, beside = "|".join(words["wishes"]), "|".join(words["beside"])
        made.append(re.compile(rf"(?:(?:{beside}) )*(?:{wish})(?: (?:{beside}|{wish}))*"))
    yes, no, almost = (
        frozenset(str(one) for words in page.values() for one in words[answer])
        for answer in ("said_yes", "said_no", "almost")
    )
    return _Patterns(tuple(made), yes, no, almost)
