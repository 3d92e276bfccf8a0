"""Names and addresses made to fit a text message: its alphabet, its segments, and still readable."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import smsutil
import yaml
from anyascii import anyascii

#: A list of places, and the details of one, stay within so many segments of GSM-7.
SEGMENTS = 2
#: Names are never made shorter than this, even if a third segment must be paid for.
SHORTEST_NAME = 12
LONGEST_NUMBER = 15


@cache
def _abbreviations() -> dict[str, str]:
    page: dict[str, str] = yaml.safe_load((files("bot.replies") / "abbreviations.yml").read_text("utf-8"))
    return page


def gsm(text: str) -> str:
    """The text on one line in GSM-7's letters (GSM 03.38): one letter outside it halves what a text holds."""
    near = "".join(letter if smsutil.is_valid_gsm(letter) else anyascii(letter) for letter in text)
    kept = "".join(letter for letter in re.sub(r"\s+", " ", near) if smsutil.is_valid_gsm(letter))
    return kept.strip()


def segments(text: str) -> int:
    """How many segments a text is sent in."""
    return max(1, len(smsutil.split(text).parts))


def shorten(name: str, longest: int) -> str:
    """A name of at most so many letters where that can be done: what is in brackets goes first, then common
    words are abbreviated, then words are dropped from the end. No number is ever cut."""
    name = gsm(name)
    if len(name) <= longest:
        return name
    plain = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", name).strip() or name
    for shorter in (plain, " ".join(_abbreviations().get(word.casefold(), word) for word in plain.split())):
        if len(shorter) <= longest:
            return shorter
    words = shorter.split()
    while len(words) > 1 and (len(" ".join(words)) > longest or _hangs(words[-1])):
        words.pop()
    cut = " ".join(words).rstrip(" ,;:-/&")
    # One word is left. A number at its cut stays whole; more digits than a phone number has are no number.
    number = re.compile(rf"\d{{1,{LONGEST_NUMBER}}}").match(cut, re.search(r"\d*$", cut[:longest]).start())  # type: ignore[union-attr]
    return cut[: max(longest, number.end())] if number else cut[:longest]


def fitted(write: Callable[[Sequence[str]], str], names: Sequence[str], most: int = SEGMENTS) -> str:
    """What `write` makes of the names, the longest of them shortened until it fits in `most` segments."""
    longest = max((len(gsm(name)) for name in names), default=0)
    while True:
        text = write([shorten(name, longest) for name in names])
        if segments(text) <= most or longest <= SHORTEST_NAME:
            return text
        longest -= 1


def _hangs(word: str) -> bool:
    return word.casefold().strip(",;:-/") in {
        "",
        "&",
        "and",
        "of",
        "the",
        "at",
        "for",
        "in",
        "on",
        "y",
        "de",
        "del",
        "la",
    }
