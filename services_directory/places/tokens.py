"""A text as words: plain ones to compare, and how each was written."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

#: Longer than any text message; the rest of a longer text is not looked at.
MOST_WORDS = 320
_PIECES = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[,.;:!?()\n&/+@#]", re.UNICODE)
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_JOINS = {"&": "and", "/": "/", "+": "+", "@": "@"}
#: Written with a full stop that ends no sentence: "St. Louis", "Aurora Ave. N".
_SHORT = re.compile(r"st|mt|ft|ave?|blvd|rd|dr|jr|[nsew]|[ns][ew]|wa|d|u")
_LONG = {"st": "saint", "mt": "mount", "ft": "fort", "hts": "heights", "jct": "junction"}
#: What ends a phrase.
BREAK = "."
COMMA = ","


@dataclass(frozen=True)
class Word:
    """One word: `plain` in lower case without accents or apostrophes, `written` as it came."""

    plain: str
    written: str


def plain(text: str) -> str:
    """Lower case, no accents or apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("'", "")


def words(text: str) -> list[Word]:
    """The words of a text in order; commas and ends of sentences stand as words of their own."""
    found: list[Word] = []
    for piece in _PIECES.findall(text.translate(_APOSTROPHES)):
        if piece in _JOINS:
            found.append(Word(_JOINS[piece], piece))
        elif piece == COMMA:
            found.append(Word(COMMA, piece))
        elif piece == "#":
            continue
        elif len(piece) == 1 and not piece.isalnum():
            if piece == "." and found and _SHORT.fullmatch(found[-1].plain):
                continue
            found.append(Word(BREAK, piece))
        else:
            found.append(Word(plain(piece), piece))
        if len(found) >= MOST_WORDS:
            break
    return found


def name_key(name: str) -> str:
    """A name as names are kept: plain words with single spaces, "St" and "Mt" in full."""
    if name.isascii() and name.replace(" ", "").isalpha():
        return key_of(name.lower().split())
    return key_of([word.plain for word in words(name) if word.plain not in {BREAK, COMMA}])


def key_of(names: Sequence[str]) -> str:
    """Plain words joined as `name_key` joins them."""
    return " ".join([_LONG.get(names[0], names[0]), *names[1:]]) if names else ""
