"""`python -m bot.replies.lint`: what a reply may not be. Exit 1 with a list when one is.

The reading grade is Flesch-Kincaid over sentences and words as textstat counts them, which comes with
requirements-dev.txt: without it the grade is not looked at, and that is said.
"""

import re
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.resources import files

import smsutil
import yaml

from bot.replies.book import LANGUAGES, ReplyBook, load_replies
from bot.replies.canned import canned_words

MAXIMUM_SEGMENTS = 2
EMERGENCY_NUMBER_WITHIN = 20
#: The grade crisis texts are kept to: people in distress read worse than they can (docs/safety.md).
HIGHEST_GRADE = 6.0
#: Carriers take these words as an opt-out, so a menu must never ask for one of them.
OPT_OUT_WORDS = re.compile(r"\b(END|QUIT|CANCEL|STOPALL|UNSUBSCRIBE|REVOKE|OPTOUT|FIN|ALTO|CANCELAR)\b")
#: Parts of replies: read inside another one.
PARTS = re.compile(r"^(?:hours|note|when|list_line|list_again_line|which_place_line|list_head)")
#: The longest a gap is filled with.
SAMPLE = {
    "label": "Capitol Hill",
    "number": "(206) 555-0143",
    "name": "N" * 40,
    "address": "A" * 40,
    "phone": "(206) 555-0143",
    "hours": "open till 7:30pm",
    "when": "Wednesday, Nov 25 at 9:30am",
    "time": "9:30am",
    "miles": "12.5",
    "weekday": "Wednesday",
    "month": "Nov",
    "day": "25",
    "year": "2025",
    "words": "W" * 60,
    "alert": "A" * 250,
    "minutes": "60",
    "place": "P" * 120,
    "code": "K7QFXX",
    "count": "1000",
    "every": "every Monday, Wednesday and Friday at 10:30am",
    "first": "tomorrow (Wednesday)",
    "last": "Wednesday, Nov 25",
    "days": "Monday, Wednesday and Friday",
    "hears": "N" * 24 + " would like to talk with you.",
    "text": "T" * 220,
    "worker": "W" * 24,
}


def sample(book: ReplyBook) -> dict[str, str]:
    """What gaps are filled with to see how long a reply may grow: the longest names of everything."""
    needs = sorted(book.needs.values(), key=len)[-3:]
    wishes = sorted(book.wishes.values(), key=len)
    aspects = sorted(book.aspects.values(), key=len)
    named = {"needs": book.all_of(needs), "need": needs[-1], "wishes": book.all_of(wishes[-2:])}
    return {**SAMPLE, **named, "wish": wishes[-1], "aspect": aspects[-1]}


def problems(book: ReplyBook) -> list[str]:
    """Everything wrong with one language's replies, as sentences."""
    found = []
    for key, text in book.replies.items():
        filled = text.format(**sample(book))
        sms = smsutil.split(filled)
        if not smsutil.is_valid_gsm(filled):
            found.append(f"{book.language} {key}: not GSM-7")
        if len(sms.parts) > MAXIMUM_SEGMENTS:
            found.append(f"{book.language} {key}: {len(sms.parts)} segments")
        if OPT_OUT_WORDS.search(text):
            found.append(f"{book.language} {key}: offers a carrier's opt-out word")
        if "!" in text.replace("¡", ""):
            found.append(f"{book.language} {key}: an exclamation mark shouts")
        if text.count("?") > 1:
            found.append(f"{book.language} {key}: {text.count('?')} questions at once")
        if key.startswith("emergency_") and not re.search(r"911|988", text[:EMERGENCY_NUMBER_WITHIN]):
            found.append(f"{book.language} {key}: the number must come first")
        found += [f"{book.language} {key}: says {word!r}: {instead}" for word, instead in _avoided(text)]
    return found + [f"{book.language} {key}: reading grade {grade:.1f}" for key, grade in too_hard(book)]


def _avoided(text: str) -> list[tuple[str, str]]:
    return [
        (hit[0], instead)
        for pattern, instead in _avoided_words().items()
        for hit in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
    ]


@cache
def _avoided_words() -> Mapping[str, str]:
    page: dict[str, str] = yaml.safe_load((files("bot.replies") / "avoided_words.yml").read_text("utf-8"))
    return page


def too_hard(book: ReplyBook) -> list[tuple[str, float]]:
    """English replies above the highest grade, with their grade; none when textstat is not here to count."""
    count = counters()
    if book.language != "en" or count is None:
        return []
    graded = ((key, grade(text, *count)) for key, text in book.replies.items() if not PARTS.match(key))
    return [(key, reached) for key, reached in graded if reached > HIGHEST_GRADE]


def counters() -> tuple[Callable[[str], int], Callable[[str], Sequence[str]]] | None:
    """How textstat counts sentences and tells words apart; None when it is not installed."""
    try:
        # A tool of development without types: brought in by name, so that nothing else needs it.
        textstat = import_module("textstat")
    except ImportError:
        return None
    return textstat.sentence_count, lambda text: str(textstat.remove_punctuation(text)).split()


def grade(text: str, sentences: Callable[[str], int], words_in: Callable[[str], Sequence[str]]) -> float:
    """The Flesch-Kincaid grade of a reply, its gaps filled with a short word and its numbers left out."""
    plain = re.sub(r"\{\w+\}", "Pine", text).replace("\n", ". ")
    plain = re.sub(r"[(+]?\d[\d() :-]*(?:am|pm)?", " ", plain)
    words = [word for word in words_in(plain) if re.search(r"[A-Za-z]", word)]
    if not words:
        return 0.0
    syllables = sum(map(_syllables, words)) / len(words)
    return 0.39 * len(words) / max(1, sentences(plain)) + 11.8 * syllables - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end not counted: no dictionary is needed, and it errs upwards."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if word.isupper() and len(word) <= 3:  # noqa: PLR2004
        return 1
    plain = re.sub(r"(?:(?<=[^laeiouy])es|(?<=[^dt])ed|(?<=[^l])e)$", "", plain) or plain
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def differences(one: ReplyBook, other: ReplyBook) -> list[str]:
    """Keys and gaps that one language has and the other has not."""
    found = []
    for kind in ("replies", "spoken", "needs", "wishes", "aspects"):
        keys = set(getattr(one, kind)) ^ set(getattr(other, kind))
        found += [f"{key}: only in one language ({kind})" for key in keys]
    found += [
        f"{key}: different gaps"
        for kind in ("replies", "spoken")
        for key in set(getattr(one, kind)) & set(getattr(other, kind))
        if _gaps(getattr(one, kind)[key]) != _gaps(getattr(other, kind)[key])
    ]
    return found


def canned_book(language: str) -> ReplyBook:
    """A language's canned replies, to be looked at like its replies."""
    return replace(load_replies(language), replies=canned_words(language), spoken={})


def main() -> int:
    books = [load_replies(language) for language in LANGUAGES]
    canned = [canned_book(language) for language in LANGUAGES]
    found = [problem for book in books + canned for problem in problems(book)]
    found += differences(*books) + differences(*canned)
    for problem in sorted(found):
        sys.stdout.write(problem + "\n")
    if counters() is None:
        sys.stdout.write("reading grade not looked at: textstat is not installed (requirements-dev.txt)\n")
    sys.stdout.write(f"{sum(len(book.replies) for book in books)} replies read, {len(found)} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
