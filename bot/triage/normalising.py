"""From what was typed to words: one alphabet, no accents, no apostrophes, sentences kept apart."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc\u00b4`]")
_GAPS = re.compile(r"[^a-z0-9]+")
#: "won t", "he s", "i m": an apostrophe typed, or dictated, as a space.
_LOST_APOSTROPHE = re.compile(
    r"\b(can|won|don|isn|doesn|didn|wasn|ain|couldn|wouldn|shouldn|haven|hasn|aren) (?=t\b)"
    r"|\b(he|she|it|that|there|what) (?=s\b)|\b(i) (?=m\b)"
)
#: "OD'd", "O.D.", "od ing": the apostrophe goes before "odd" becomes a word of its own.
_OD = re.compile(
    r"[o0](?:(?<=\bo)(?:\.d\.?| ?['\u2019]?d)|(?<=\b0)d)(?:['\u2019 -](d|ed|ing|in|s)\b|(ed|ing|in|s)\b|\b)"
)
#: "i'll", "she'd", "we're": without the apostrophe other words.
_WILL = re.compile(r"['\u2019](?:(?:(?<=\bi.)|(?<=\bhe.)|(?<=\bwe.)|(?<=\bshe.))(?:(ll)|d)|(?<=\bwe.)(re))\b")
_LOST = re.compile(r" [tsm]\b")
_TOKEN = re.compile(r"[a-z0-9@$!+*|]*[a-z0-9][a-z0-9@$!+*|]*|[.?!;\n]+")
_MARKS = re.compile(r"[@$!+*|]")
_WORD = re.compile(r"[a-z0-9]+")
_END = re.compile(r"[.?;\n]+")
_INNER_MARKS = re.compile(r"^[@$!+*|]*(?=[a-z0-9])|[!+*|]+$")


@cache
def wording(name: str) -> Any:
    """A page of bot/triage/wording."""
    text = (files("bot.triage") / "wording" / name).read_text("utf-8")
    # Words are words: "no", "off", "on" and "911" too.
    return yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506


@cache
def _single_marks() -> dict[int, str]:
    page = wording("letters.yml")
    marks = {ord(mark): letter for mark, letter in page["look_alikes"].items()}
    marks |= {ord(mark): f" {word} " for mark, word in page["pictures"].items()}
    marks |= {ord(mark): "" for mark in "\u200b\u200c\u200d\u2060\ufeff\u00ad"}
    return marks


def normalise(text: str) -> str:
    """Lower case, no accents or apostrophes ("won't" is "wont"), single spaces: what plain patterns read."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAPS.sub(" ", _APOSTROPHES.sub("", plain)).strip()


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of a text, and after which of them a sentence ends."""

    words: list[str]
    ends: frozenset[int]


def read(text: str) -> Typed:
    """Words in one alphabet, with marks that stand for letters still inside them ("k1ll", "su!cide")."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_single_marks()))
        plain = "".join([letter for letter in plain if not unicodedata.combining(letter)])
        plain = plain.translate(_single_marks())
    if "o" in plain or "0" in plain:
        plain = _OD.sub(_od, plain)
    if not plain.isascii() or "'" in plain or "`" in plain:
        plain = _WILL.sub(_will, plain)
        plain = _APOSTROPHES.sub("", plain)
    if _LOST.search(plain):
        plain = _LOST_APOSTROPHE.sub(lambda found: found[1] or found[2] or found[3], plain)
    return _marked(plain) if _MARKS.search(plain) else _unmarked(plain)


def _unmarked(plain: str) -> Typed:
    words: list[str] = []
    ends: set[int] = set()
    for sentence in _END.split(plain):
        # The one before ended here.
        ends.add(len(words) - 1)
        words += _WORD.findall(sentence)
    return Typed(words, frozenset(ends - {-1}))


def _marked(plain: str) -> Typed:
    words: list[str] = []
    ends: set[int] = set()
    for mark in _TOKEN.findall(plain):
        if not mark.strip(".?!;\n"):
            if words:
                ends.add(len(words) - 1)
            continue
        if not mark.isalnum():
            if mark[-1] == "!":
                ends.add(len(words))
            mark = _INNER_MARKS.sub("", mark)
        words.append(mark)
    return Typed(words, frozenset(ends))


def _will(found: re.Match[str]) -> str:
    return " will" if found[1] else " are" if found[2] else " would"


def _od(found: re.Match[str]) -> str:
    """ "od'd" as "oded", "od's" as "ods", "od ing" as "oding"."""
    ending = found[1] or found[2]
    return "od" + {None: "", "d": "ed", "in": "ing"}.get(ending, ending or "")
