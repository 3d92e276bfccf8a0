"""A text ready to be matched with patterns, and the matching.

A place is a bit of a whole number, so one step looks at a class's places in all of a text at once: most
patterns are ruled out that way, and only those that may be there are matched word by word.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bot.triage.lexicon import Lexicon
from bot.triage.patterns import Element, Pattern, Sequence_

#: How far apart the parts of a pattern ("this & that") may begin.
ELSEWHERE = 40

Span = tuple[int, int]


class Found(NamedTuple):
    """Where a sequence was found, and which words between were no part of it."""

    start: int
    end: int
    gaps: tuple[int, ...]


_NONE: frozenset[int] = frozenset()


class Reading:
    """A text's words, the sentence of each, and which classes are present."""

    def __init__(self, words: list[str], sentence_of: list[int], lexicon: Lexicon) -> None:
        """Look up every word and every two words once."""
        self.words, self.sentence_of, self.total = words, sentence_of, len(words)
        self._single, self._alone = lexicon.single, lexicon.alone
        self._masks: dict[int, int] = {}
        self._places: dict[int, list[int]] = {}
        self._found: dict[Sequence_, list[Found]] = {}
        self._known: dict[str, Any] = {}
        at_word: dict[str, int] = {}
        bit, known = 1, self._single
        for word in words:
            if word in known:
                at_word[word] = at_word.get(word, 0) | bit
            bit <<= 1
        self._at_word, self._here = at_word, set(at_word)
        #: By class, the ends of its phrases by where they begin; and by length a mask of where they begin.
        self._several: dict[int, dict[int, list[int]]] = {}
        self._lengths: dict[int, dict[int, int]] = {}
        self._read_phrases(lexicon)
        self.present: set[int] = set().union(*map(known.__getitem__, at_word), self._several)

    def _read_phrases(self, lexicon: Lexicon) -> None:
        words = self.words
        for at, entries in enumerate(map(lexicon.phrases.get, zip(words, words[1:], strict=False))):
            if entries is None:
                continue
            for rest, symbols in entries:
                end = at + 2 + len(rest)
                if not rest or tuple(words[at + 2 : end]) == rest:
                    for symbol in symbols:
                        self._several.setdefault(symbol, {}).setdefault(at, []).append(end)
                        masks = self._lengths.setdefault(symbol, {})
                        masks[end - at] = masks.get(end - at, 0) | 1 << at

    def remember(self, key: str, work: Callable[[], Any]) -> Any:
        """What was worked out for this text before, or is now."""
        if key not in self._known:
            self._known[key] = work()
        return self._known[key]

    def places(self, symbol: int) -> list[int]:
        """Where words or phrases of a class begin."""
        found = self._places.get(symbol)
        if found is None:
            mask = self._alone_at(symbol)
            for more in self._lengths.get(symbol, {}).values():
                mask |= more
            found = self._places[symbol] = list(_bits(mask))
        return found

    def _alone_at(self, symbol: int) -> int:
        """A mask of the single words of a class."""
        mask = self._masks.get(symbol)
        if mask is None:
            mask, at_word = 0, self._at_word
            for word in self._alone[symbol] & self._here:
                mask |= at_word[word]
            self._masks[symbol] = mask
        return mask

    def starts(self, elements: tuple[Element, ...]) -> int:
        """A mask of where a sequence may begin; none begins elsewhere. Sentences are not looked at."""
        # From the last element back: bits of `after` are where the rest may begin.
        after, lengths, masks = -1, self._lengths, self._masks
        for element in reversed(elements):
            symbol, gap = element.symbol, element.gap
            alone = masks.get(symbol)
            begins = (self._alone_at(symbol) if alone is None else alone) & (after >> 1)
            if symbol in lengths:
                for length, mask in lengths[symbol].items():
                    begins |= mask & (after >> length)
            if element.optional:
                begins |= after
            elif not begins:
                return 0
            for _ in range(gap):
                begins |= begins >> 1
            after = begins
        return after

    def find_all(self, pattern: Pattern) -> Iterator[list[Found]]:
        """Every way the pattern is found, one place for each part of it."""
        first, *rest = pattern.parts
        for one in self.find(first):
            found = [one]
            for part in rest:
                near = (other for other in self.find(part) if abs(other.start - one.start) <= ELSEWHERE)
                other = next(near, None)
                if other is None:
                    break
                found.append(other)
            if len(found) == len(pattern.parts):
                yield found

    def find(self, part: Sequence_) -> list[Found]:
        """Every place where a sequence begins, with the nearest end."""
        found = self._found.get(part)
        if found is None:
            elements = part.elements
            starts = self.starts(elements)
            if starts and part.rigid and part.needs.isdisjoint(self._lengths):
                # Words next to each other: where they begin says it all.
                found = [Found(start, start + len(elements), ()) for start in _bits(starts)]
                self._found[part] = found
                return found
            found = self._found[part] = []
            for start in _bits(starts):
                used = self._match(elements, 0, start)
                if used is not None:
                    end = used[-1] + 1
                    gaps = tuple(at for at in range(start, end) if at not in used)
                    found.append(Found(start, end, gaps))
        return found

    def spans(self, pattern: Pattern) -> list[Span]:
        """From where to where every way reaches that the pattern is found."""
        if pattern.anchor not in self.present or not pattern.needs <= self.present:
            return []
        if len(pattern.parts) == 1:
            return [(one.start, one.end) for one in self.find(pattern.parts[0])]
        return [
            (min(one.start for one in some), max(one.end for one in some)) for some in self.find_all(pattern)
        ]

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
        if symbol in self._single.get(self.words[place], _NONE):
            yield place + 1
        more = self._several.get(symbol)
        if more and place in more:
            yield from more[place]


def _bits(mask: int) -> Iterator[int]:
    """Which bits are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
