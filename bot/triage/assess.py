"""Match a text against the emergency rules of every language."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.triage.rules import Rule, load_rules

_APOSTROPHES = re.compile(r"['\u2019\u02bc`]")
_GAPS = re.compile(r"[^a-z0-9]+")


class Kind(StrEnum):
    """What a text warns of, the most pressing first."""

    OVERDOSE = "overdose"
    MEDICAL = "medical"
    WITHDRAWAL = "withdrawal"
    SUICIDE = "suicide"
    VIOLENCE = "violence"
    NONE = "none"


@dataclass(frozen=True)
class Assessment:
    """What was found, by which rule, from which words (as normalised), in which language."""

    kind: Kind
    rule: str | None = None
    words: str | None = None
    language: str | None = None

    @property
    def emergency(self) -> bool:
        """True when the text needs the emergency reply now."""
        return self.kind is not Kind.NONE


def normalise(text: str) -> str:
    """Lower case, no accents or apostrophes ("won't" is "wont"), single spaces: what rules read."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAPS.sub(" ", _APOSTROPHES.sub("", plain)).strip()


def assess(text: str) -> Assessment:
    """The most pressing danger a text speaks of, or kind `none`. Never raises; needs no network or state."""
    plain = normalise(text)
    if not plain:
        return Assessment(Kind.NONE)
    for rule in _ordered_rules():
        words = rule.fires_on(plain)
        if words:
            return Assessment(Kind(rule.kind), rule.name, words, rule.language)
    return Assessment(Kind.NONE)


@cache
def _ordered_rules() -> tuple[Rule, ...]:
    order = list(Kind)
    return tuple(sorted(load_rules(), key=lambda rule: order.index(Kind(rule.kind))))
