"""A text as plain patterns read it, and where in the text as written each letter of it stood.

The same plain texts as the line's own (bot/triage/normalising.py, bot/needs.py), which keep no positions.
"""

import unicodedata
from typing import Iterable, List, NamedTuple, Text, Tuple

APOSTROPHES = frozenset("'\u2018\u2019\u02bc`")
BARS = frozenset(",.;:!?\n")


class Plain(NamedTuple):
    """The plain text, and the place of each of its letters in the text as written."""

    text: Text
    places: List[int]

    def span(self, start: int, end: int) -> Tuple[int, int]:
        """The places, in the text as written, of letters start to end of the plain text."""
        return self.places[start], self.places[end - 1] + 1


def words(text: Text, *, bars: bool = False) -> Plain:
    """Lower case letters and digits without accents or apostrophes, all else one space.

    With `bars` a mark of punctuation is a bar between spaces.
    """
    letters: List[Tuple[Text, int]] = []
    for letter, place in _without_accents(text):
        if "a" <= letter <= "z" or "0" <= letter <= "9":
            letters.append((letter, place))
        elif letter in APOSTROPHES:
            continue
        elif bars and letter in BARS:
            if letters and letters[-1][0] != " ":
                letters.append((" ", place))
            # One bar for several marks in a row.
            if letters and letters[-2][0] != "|":
                letters += [("|", place), (" ", place)]
        elif letters and letters[-1][0] != " ":
            letters.append((" ", place))
    while letters and letters[-1][0] in " |":
        letters.pop()
    return _plain(letters)


def marked(text: Text) -> Plain:
    """Lower case without accents, every mark kept: clocks and dates are written with them."""
    return _plain(_without_accents(text))


def _without_accents(text: Text) -> Iterable[Tuple[Text, int]]:
    if text.isascii():
        return zip(text.lower(), range(len(text)), strict=True)
    return [
        (part, place)
        for place, letter in enumerate(text)
        for part in unicodedata.normalize("NFKD", letter.casefold())
        if not unicodedata.combining(part)
    ]


def _plain(letters: Iterable[Tuple[Text, int]]) -> Plain:
    kept = list(letters)
    return Plain("".join(letter for letter, _ in kept), [place for _, place in kept])
