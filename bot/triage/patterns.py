"""Patterns of word classes: "<someone> ... not|never <breathing>", matched against the words of a text.

    word            that word            <class>     any word or phrase of the class
    one|two|<c>     any of these         word?       may be missing
    ..              up to 2 words        ...         up to 5 words
    this & that     both anywhere in the text, in either order

Gaps stay inside a sentence; `....` is up to 12 words and may leave it.
"""

from dataclasses import dataclass

from bot.triage.lexicon import Lexicon

_GAPS = {"..": (2, False), "...": (5, False), "....": (12, True)}


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a pattern: which class must stand there, and how far from the one before it."""

    symbol: int
    optional: bool = False
    gap: int = 0
    leaves_sentence: bool = False


@dataclass(frozen=True, eq=False)
class Sequence_:
    """Elements in order."""

    elements: tuple[Element, ...]
    needs: frozenset[int]
    anchor: int
    #: Nothing may stand between its elements, and none may be missing.
    rigid: bool


@dataclass(frozen=True, eq=False)
class Pattern:
    """One or more sequences that must all be found."""

    written: str
    parts: tuple[Sequence_, ...]
    needs: frozenset[int]
    anchor: int


def compile_pattern(written: str, lexicon: Lexicon, common: frozenset[str]) -> Pattern:
    """A pattern as the matcher wants it. Raises ValueError for a class that does not exist."""
    parts = tuple(_compile_part(part, written, lexicon, common) for part in written.split("&"))
    needs = frozenset().union(*(part.needs for part in parts))
    rarest = min(parts, key=lambda part: lexicon.weight(part.anchor, common))
    return Pattern(written, parts, needs, rarest.anchor)


def _compile_part(part: str, written: str, lexicon: Lexicon, common: frozenset[str]) -> Sequence_:
    elements: list[Element] = []
    gap, leaves = 0, False
    for word in part.split():
        if word in _GAPS:
            gap, leaves = _GAPS[word]
            continue
        optional = word.endswith("?")
        elements.append(Element(lexicon.symbol(word.removesuffix("?"), written), optional, gap, leaves))
        gap, leaves = 0, False
    needed = [element.symbol for element in elements if not element.optional]
    if not needed or elements[0].optional or elements[-1].optional:
        raise ValueError(f"a pattern begins and ends with a word it needs: {written!r}")
    return Sequence_(
        elements=tuple(elements),
        needs=frozenset(needed),
        anchor=min(needed, key=lambda symbol: lexicon.weight(symbol, common)),
        rigid=not any(element.gap or element.optional for element in elements),
    )
