"""The name that home is told, as a person gives it: letters only, short, and nobody to pretend to be."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

LONGEST_NAME = 24
MOST_WORDS = 4
#: The slot's and the reader's word for "give no name".
NO_NAME = "-"


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    page = yaml.safe_load((files("bot.calls") / "naming.yml").read_text("utf-8"))
    return {
        "before": re.compile(rf"^(?:{'|'.join(page['before'])})\s+"),
        "nobody": re.compile(rf"(?:{'|'.join(page['nobody'])})(?: (?:thanks|thank you|gracias|please|pls))?"),
        "denied": re.compile(rf"\b(?:{'|'.join(page['denied'])})\b"),
    }


def read_name(text: str) -> str | None:
    """The name in an answer to "what name?"; NO_NAME when none is to be given; None when it holds none."""
    words = re.sub(r"[^\w\s'\u2019-]", " ", text).replace("_", " ")
    words = re.sub(r"\s+", " ", words.replace("\u2019", "'")).strip()
    plain = _plain(words)
    if _patterns()["nobody"].fullmatch(plain):
        return NO_NAME
    if "?" in text:
        return None
    # Lower case without accents is as long, letter by letter, once the apostrophes are kept.
    start = _after_lead(words)
    name = words[start:].strip(" '-")
    if not name or any(letter.isdigit() for letter in name) or _patterns()["denied"].search(_plain(name)):
        return None
    if len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS:
        return None
    return name[0].upper() + name[1:]


def _after_lead(words: str) -> int:
    """Where the name begins: after "tell her its" and the like, however many of them."""
    start = 0
    while True:
        rest = _folded(words[start:])
        # Patterns know no apostrophes: they are matched on a text where each is left out.
        kept = [at for at, letter in enumerate(rest) if letter != "'"]
        found = _patterns()["before"].match("".join(rest[at] for at in kept))
        if not found or found.end() >= len(kept):
            return start
        start += kept[found.end()]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", _folded(text).replace("'", "").replace("-", " ")).strip()


def _folded(text: str) -> str:
    """Lower case without accents, letter for letter."""
    return "".join(unicodedata.normalize("NFKD", letter)[0].lower()[:1] or " " for letter in text)
