"""From a text to the words it is found by: folded, and as they sound, so that a misspelt one is found too."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from bot.triage.assess import normalise

SHORTEST = 2
#: A longer number is a phone number: whoever has the index must not be able to try one.
LONGEST_NUMBER = 6
LONGEST_WORD = 32
#: Shorter words are found as they are written, or not at all.
FUZZY_FROM = 4
#: The share of letters that must agree, of words that sound the same.
ALIKE = 0.6
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"(?<=.)[aeiou]")


@cache
def _common() -> frozenset[str]:
    return frozenset(word for some in _page()["common"].values() for word in some)


@cache
def _sounds() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pair[0]), pair[1]) for pair in _page()["sounds"])


@cache
def _page() -> Any:
    text = (files("bot.search") / "words.yml").read_text("utf-8")
    # Words are words: "no" and "on" too.
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506


def words_of(text: str) -> list[str]:
    """The words of a text that it can be found by, folded, in order, each once."""
    found = dict.fromkeys(normalise(text).split())
    return [word for word in found if SHORTEST <= len(word) <= LONGEST_WORD and _worth_finding(word)]


def _worth_finding(word: str) -> bool:
    if word.isdecimal():
        return len(word) <= LONGEST_NUMBER
    return word not in _common()


def sound_of(word: str) -> str:
    """How a folded word sounds: its consonants, made one where people mix them up. A number is itself."""
    if word.isdecimal():
        return word
    for pattern, sound in _sounds():
        word = pattern.sub(sound, word)
    return _REPEATED.sub(r"\1", _VOWELS.sub("", _REPEATED.sub(r"\1", word)))


def is_like(word: str, wanted: str) -> bool:
    """Whether a word of a text is the one wanted, or that one misspelt. Both are folded."""
    if word == wanted:
        return True
    if min(len(word), len(wanted)) < FUZZY_FROM:
        return False
    # The quick question first: every word of every opened text is asked.
    alike = DamerauLevenshtein.normalized_similarity(word, wanted, score_cutoff=ALIKE) > 0
    return alike and sound_of(word) == sound_of(wanted)
