"""Weigh a text against the emergency rules of every language."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from bot.triage.guarding import standing
from bot.triage.likeness import Likeness, meaning, seconded, signs, weigh
from bot.triage.matching import Match, matches
from bot.triage.normalising import normalise
from bot.triage.reading import Reading
from bot.triage.rules import RuleBook, rule_book
from bot.triage.subjects import danger_to, language_of, subject_of
from bot.triage.text import EDGES, reading_of

__all__ = ["Assessment", "Kind", "assess", "normalise", "warm_up"]

#: Rules this urgent (not breathing, no pulse) are never doubted.
CERTAIN = 9


class Kind(StrEnum):
    """What a text warns of."""

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
    #: Who is in danger: the one who writes, or somebody else.
    danger_to: Literal["self", "other"] | None = None
    #: No emergency, but worrying: ask once whether the person is safe.
    unsure: bool = False

    @property
    def emergency(self) -> bool:
        """True when the text needs the emergency reply now."""
        return self.kind is not Kind.NONE


_NOTHING = Assessment(Kind.NONE)


def warm_up() -> None:
    """Read the rules and the weights now, so that the first text need not wait for it."""
    assess("hello")
    meaning.warm_up()


@cache
def bounds() -> dict[str, float]:
    """How like the examples a text must be to be doubted, worrying or alarming."""
    page = yaml.safe_load((files("bot.triage.likeness") / "bounds.yml").read_text("utf-8"))
    return {name: float(bound) for name, bound in page.items()}


def assess(text: str) -> Assessment:
    """The most pressing danger a text speaks of, or kind `none`. Never raises; needs no network or state.

    What the rules see in it and the words themselves are weighed against the examples written down.
    """
    book = rule_book()
    reading = reading_of(text, book)
    words = reading.words[1:-1]
    if not words:
        return _NOTHING
    found = matches(reading, book)
    like = weigh(words, signs(found, standing(reading, book)))
    bound = bounds()
    meant = text if like.end - like.start == len(words) else " ".join(words[like.start : like.end])
    danger = seconded(like.danger, meant, bound["meaning"], bound["worrying"], bound["alarming"])
    like = replace(like, danger=danger)
    first = next((match for match in found if match.guard is None), None)
    return _weighed(first, like, reading, book)


def _weighed(match: Match | None, like: Likeness, reading: Reading, book: RuleBook) -> Assessment:
    """The rules' word and the examples' together: `bounds.yml` says which has the last one."""
    bound, danger = bounds(), like.danger
    language = language_of(reading.words, book)
    if match is not None:
        rule = match.rule
        told = (reading.words[one.start : one.end] for one in match.places)
        words = " ... ".join(" ".join(word for word in some if word not in EDGES) for some in told)
        language = language or rule.language
        if rule.kind != "unsure" and (rule.urgency >= CERTAIN or danger >= bound["doubted"]):
            who = danger_to(rule, match.start, match.end, reading, book)
            return Assessment(Kind(rule.kind), rule.name, words, language, who)
        if danger < bound["overruled" if rule.kind == "unsure" else "alarming"]:
            # The words of a rule, in a text like many harmless ones: asked about, not alarmed at.
            return Assessment(Kind.NONE, rule.name, words, language, unsure=True)
    if len(reading.words) - len(EDGES) == 1:
        # One word tells too little to be like anything.
        return _NOTHING
    name = f"like_{like.kind}"
    if danger >= bound["alarming"]:
        return Assessment(Kind(like.kind), name, like.words, language, subject_of(reading, book))
    if danger >= bound["worrying"]:
        return Assessment(Kind.NONE, name, like.words, language, unsure=True)
    return _NOTHING
