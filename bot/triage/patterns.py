"""Patterns of word classes: "<someone> ... not|never <breathing>", matched against the words of a text.

    word            that word            <class>     any word or phrase of the class
    one|two|<c>     any of these         word?       may be missing
    ..              up to 2 words        ...         up to 5 words
    this & that     both anywhere in the text, in either order

Gaps stay inside a sentence; `....` is up to 12 words and may leave it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

_GAPS = {"..": (2, False), "...": (5, False), "....": (12, True)}
_BRACES = re.compile(r"\{([^{}]*)\}")
ELSEWHERE = 40

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a pattern: which class must stand there, and how far from the one before it."""

    symbol: int
    optional: bool = False
    gap: int = 0
    leaves_sentence: bool = False


@dataclass(frozen=True)
class Sequence_:
    """Elements in order, all within reach of each other."""

    elements: tuple[Element, ...]
    needs: frozenset[int]
    anchor: int
    reach: int


@dataclass(frozen=True)
class Pattern:
    """One or more sequences that must all be found."""

    written: str
    parts: tuple[Sequence_, ...]
    needs: frozenset[int]
    anchor: int


class Lexicon:
    """Word classes by number, and which words and phrases belong to which."""

    def __init__(self) -> None:
        """Empty."""
        self._symbols: dict[frozenset[tuple[str, ...]], int] = {}
        self._members: list[frozenset[tuple[str, ...]]] = []
        self._classes: dict[str, frozenset[tuple[str, ...]]] = {}
        self._single: dict[str, set[int]] = {}
        self._phrases: dict[tuple[str, ...], set[int]] = {}
        #: By their first two words, the rest of a phrase and the classes it belongs to.
        self.phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], tuple[int, ...]]]] = {}
        self.single: dict[str, frozenset[int]] = {}

    def define(self, name: str, members: Sequence[str]) -> None:
        """Add a class; a member may name classes defined before it."""
        self._classes[name] = self._classes.get(name, frozenset()) | {
            phrase for member in members for phrase in self._expand(str(member), name)
        }

    def _expand(self, member: str, inside: str) -> Iterator[tuple[str, ...]]:
        for written in _unfold(member):
            ways: list[tuple[str, ...]] = [()]
            for word in written.split():
                if word.startswith("<"):
                    options = self._class(word[1:-1], inside)
                else:
                    options = frozenset((one,) for one in word.split("|"))
                ways = [way + option for way in ways for option in options]
            yield from ways

    def _class(self, name: str, inside: str) -> frozenset[tuple[str, ...]]:
        try:
            return self._classes[name]
        except KeyError:
            raise ValueError(f"no class <{name}>, named in {inside!r}") from None

    def symbol(self, alternatives: str, inside: str) -> int:
        """The number of what may stand at one place of a pattern."""
        members: set[tuple[str, ...]] = set()
        for one in alternatives.split("|"):
            if one.startswith("<"):
                members |= self._class(one[1:-1], inside)
            else:
                members |= {tuple(word.split("_")) for word in _unfold(one)}
        key = frozenset(members)
        if key not in self._symbols:
            number = self._symbols[key] = len(self._members)
            self._members.append(key)
            for phrase in key:
                if len(phrase) == 1:
                    self._single.setdefault(phrase[0], set()).add(number)
                else:
                    self._phrases.setdefault(phrase, set()).add(number)
        return self._symbols[key]

    def longest(self, symbol: int) -> int:
        """Words in the longest member."""
        return max(len(phrase) for phrase in self._members[symbol])

    def weight(self, symbol: int, common: frozenset[str]) -> float:
        """How often it will be met: what is rarest is looked for first."""
        members = self._members[symbol]
        return sum(100.0 for phrase in members if all(word in common for word in phrase)) + len(members)

    def freeze(self) -> None:
        """Make the tables for matching. Nothing may be added after."""
        self.single = {word: frozenset(numbers) for word, numbers in self._single.items()}
        for phrase, numbers in sorted(self._phrases.items()):
            entry = (phrase[2:], tuple(sorted(numbers)))
            self.phrases.setdefault((phrase[0], phrase[1]), []).append(entry)

    def named(self, most: int) -> dict[str, tuple[str, ...]]:
        """The names of the classes each word belongs to, but for classes of more than so many members."""
        names: dict[str, list[str]] = {}
        for name, members in self._classes.items():
            if len(members) <= most:
                for phrase in members:
                    if len(phrase) == 1:
                        names.setdefault(phrase[0], []).append(name)
        return {word: tuple(sorted(some)) for word, some in names.items()}

    @property
    def words(self) -> frozenset[str]:
        """Every word that the patterns speak of."""
        return frozenset(self._single) | {word for phrase in self._phrases for word in phrase}


def _unfold(written: str) -> Iterator[str]:
    """ "beat{,s,ing}" as "beat", "beats", "beating"."""
    found = _BRACES.search(written)
    if not found:
        yield written
        return
    for ending in found[1].split(","):
        yield from _unfold(written[: found.start()] + ending.strip() + written[found.end() :])


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
        reach=sum(element.gap + lexicon.longest(element.symbol) for element in elements),
    )


@dataclass
class Reading:
    """A text ready to be matched: at each word the classes that begin there."""

    words: list[str]
    sentence_of: list[int]
    single: list[frozenset[int]]
    several: list[dict[int, list[int]] | None]
    present: set[int]
    #: The words in the gaps of the sequences found so far, by their spans.
    between: dict[Span, tuple[int, ...]] = field(default_factory=dict)
    _places: dict[int, list[int]] = field(default_factory=dict)
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def remember(self, key: tuple[str, str], work: Callable[[], Any]) -> Any:
        """What was worked out for this text before, or is now."""
        if key not in self._known:
            self._known[key] = work()
        return self._known[key]

    @cached_property
    def total(self) -> int:
        """How many words."""
        return len(self.words)

    def places(self, symbol: int) -> list[int]:
        """Where words or phrases of a class begin."""
        found = self._places.get(symbol)
        if found is None:
            found = self._places[symbol] = [
                at
                for at in range(len(self.words))
                if symbol in self.single[at] or ((more := self.several[at]) and symbol in more)
            ]
        return found

    def find_all(self, pattern: Pattern) -> Iterator[list[Span]]:
        """Every way the pattern is found, one span for each part of it."""
        first, *rest = pattern.parts
        for span in self.find(first):
            spans = [span]
            for part in rest:
                near = (other for other in self.find(part) if abs(other[0] - span[0]) <= ELSEWHERE)
                other = next(near, None)
                if other is None:
                    break
                spans.append(other)
            if len(spans) == len(pattern.parts):
                yield spans

    def find(self, part: Sequence_) -> Iterator[Span]:
        """Every place where a sequence begins, with the nearest end."""
        anchors = self.places(part.anchor)
        if part.elements[0].symbol == part.anchor:
            starts = anchors
        else:
            starts = [
                start
                for start in self.places(part.elements[0].symbol)
                if any(start < anchor <= start + part.reach for anchor in anchors)
            ]
        for start in starts:
            used = self._match(part.elements, 0, start)
            if used is not None:
                span = (start, max(used) + 1)
                self.between[span] = tuple(at for at in range(*span) if at not in used)
                yield span

    def _match(
        self, elements: tuple[Element, ...], which: int, at: int, gap: int = 0, leaves: bool = False
    ) -> tuple[int, ...] | None:
        """The words that elements[which:] stand for when those before `at` are used up.

        `gap` and `leaves` are those of an optional element that was left out.
        """
        if which == len(elements):
            return ()
        element = elements[which]
        gap, leaves = max(gap, element.gap), leaves or element.leaves_sentence
        symbol, last = element.symbol, min(at + gap, self.total - 1)
        for place in range(at, last + 1):
            if place > at and not leaves and self.sentence_of[place] != self.sentence_of[at - 1]:
                break
            for after in self._ends(symbol, place):
                rest = self._match(elements, which + 1, after)
                if rest is not None:
                    return (*range(place, after), *rest)
        return self._match(elements, which + 1, at, gap, leaves) if element.optional else None

    def _ends(self, symbol: int, place: int) -> Iterator[int]:
        if symbol in self.single[place]:
            yield place + 1
        more = self.several[place]
        if more and symbol in more:
            yield from more[symbol]


_NOTHING: frozenset[int] = frozenset()


def read_words(words: list[str], sentence_of: list[int], lexicon: Lexicon) -> Reading:
    """Look up every word once."""
    table, phrases = lexicon.single, lexicon.phrases
    single = [table.get(word, _NOTHING) for word in words]
    present: set[int] = set().union(*single)
    several: list[dict[int, list[int]] | None] = [None] * len(words)
    for at, both in enumerate(pairwise(words)):
        entries = phrases.get(both)
        if entries is None:
            continue
        here: dict[int, list[int]] = {}
        for rest, symbols in entries:
            end = at + 2 + len(rest)
            if not rest or tuple(words[at + 2 : end]) == rest:
                for symbol in symbols:
                    here.setdefault(symbol, []).append(end)
        if here:
            several[at] = here
            present.update(here)
    return Reading(words, sentence_of, single, several, present)
