"""Weigh a text with what bot/triage/likeness/learning.py learned from the examples."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise, repeat
from math import exp, sqrt
from operator import add

from bot.triage.likeness.grams import NEAR, of_classes, of_length, of_word, windows
from bot.triage.likeness.packing import first, pack, unpack

#: Weights are kept as whole numbers.
SCALE = 1000
#: How many of the most telling words are named.
NAMED = 4
#: Words met before cost one look-up. All are forgotten when there are so many: people write what they like.
REMEMBERED = 20_000

Classes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Likeness:
    """How likely a text is to be an emergency, from 0 to 1; of which kind if it is; and what told most."""

    danger: float
    kind: str
    #: What told most is worked out only for those who ask.
    telling: Callable[[], str]
    #: Which words were weighed: all of them, or of a long text the most dangerous part.
    start: int
    end: int

    @property
    def words(self) -> str:
        """The words that speak most for the kind."""
        return self.telling()


class _Words(dict[str, int]):
    """What each word weighs by itself, worked out when it is first met."""

    def __init__(self, pieces: Mapping[str, int], classes: Classes) -> None:
        super().__init__()
        self._pieces, self._classes = pieces, classes

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        pieces = of_word(word, self._classes)
        found = self[word] = sum(map(self._pieces.get, pieces, repeat(0)))
        return found


class _Pairs(dict[tuple[int, int], int]):
    """What two sets of classes near each other weigh, each set by its number; 0 is the empty one."""

    def __init__(self, pieces: Mapping[str, int], sets: Sequence[tuple[str, ...]]) -> None:
        super().__init__()
        self._pieces, self._sets = pieces, sets

    def __missing__(self, pair: tuple[int, int]) -> int:
        one, other = pair
        pieces = of_classes(self._sets[one], self._sets[other])
        found = self[pair] = sum(map(self._pieces.get, pieces, repeat(0)))
        return found


class Learned:
    """What was learned. `grams`: of each piece its rarity, its weight for danger, then that for every kind.

    `bias` is that of danger, then of every kind; `classes` are those of the rules. What a piece adds to
    danger, to each kind and to the square of the text's length is one packed number.
    """

    def __init__(
        self,
        kinds: Sequence[str],
        bias: Sequence[int],
        grams: Mapping[str, Sequence[int]],
        classes: Classes,
    ) -> None:
        self.kinds, self.bias, self.fields = tuple(kinds), tuple(bias), len(kinds) + 2
        self.pieces = pieces = {
            gram: pack([*(rare * weight for weight in row), rare * rare])
            for gram, (rare, *row) in grams.items()
        }
        sets = {(): 0} | {some: at for at, some in enumerate(sorted(set(classes.values())), 1)}
        self._set_of = {word: sets[some] for word, some in classes.items()}
        self._words = _Words(pieces, classes)
        self._pairs = _Pairs(pieces, list(sets))
        self._twos: dict[tuple[str, str], int] = {}
        #: By their first two words, the third words of three in a row.
        self._threes: dict[tuple[str, str], dict[str, int]] = {}
        for gram, packed in pieces.items():
            if " " in gram and gram[0] not in "!<":
                one, two, *three = gram.split(" ")
                if three:
                    self._threes.setdefault((one, two), {})[three[0]] = packed
                else:
                    self._twos[one, two] = packed

    def of_places(self, words: Sequence[str]) -> list[int]:
        """What is added at each word: the word itself, and what begins there and reaches on."""
        pairs, threes = self._pairs, self._threes
        found = list(map(self._words.__getitem__, words))
        beside = list(pairwise(words))
        # What reaches over the end of the text is nothing, and map() stops at the shortest.
        found[:-1] = map(add, found, map(self._twos.get, beside, repeat(0)))
        for at, both in enumerate(beside[:-1]):
            if both in threes:
                found[at] += threes[both].get(words[at + 2], 0)
        sets = [(at, self._set_of[word]) for at, word in enumerate(words) if word in self._set_of]
        for (at, one), (near, other) in pairwise(sets):
            if near - at <= NEAR:
                found[at] += pairs[one, other]
        for (at, one), (near, other) in zip(sets, sets[2:], strict=False):
            if near - at <= NEAR:
                found[at] += pairs[one, other]
        return found


@cache
def learned() -> Learned:
    """What was learned, read once."""
    # Here, for the rules need not be read to learn what this module's numbers mean.
    from bot.triage.rules import rule_book

    with gzip.open(str(files("bot.triage.likeness") / "weights.json.gz"), "rt", encoding="utf-8") as file:
        page = json.load(file)
    return Learned(page["kinds"], page["bias"], page["grams"], rule_book().named)


def weigh(words: Sequence[str], seen: Mapping[str, int]) -> Likeness:
    """The most dangerous reading of a text's words, whole or in pieces.

    `seen` are the pieces of what the rules saw, and the word each begins at.
    """
    known = learned()
    weights = known.of_places(words)
    for piece, at in seen.items():
        weights[at] += known.pieces.get(piece, 0)
    sums = list(accumulate(weights, initial=0))
    best: tuple[float, int, int, Sequence[float]] = (-1.0, 0, len(words), ())
    for start, end in windows(len(words)):
        packed = sums[end] - sums[start] + known.pieces.get(of_length(end - start), 0)
        *scores, square = unpack(packed, known.fields)
        length = sqrt(square) or 1.0
        danger = 1 / (1 + exp(-(known.bias[0] + scores[0] / length) / SCALE))
        best = max(best, (danger, start, end, [score / length for score in scores]))
    danger, start, end, shares = best
    kinds = [bias + share for bias, share in zip(known.bias[1:], shares[1:], strict=True)]
    kind = known.kinds[max(range(len(kinds)), key=kinds.__getitem__)]
    return Likeness(danger, kind, lambda: _telling(known, words, weights, start, end), start, end)


def _telling(known: Learned, words: Sequence[str], weights: Sequence[int], start: int, end: int) -> str:
    """The words that speak most of danger."""
    told = [(first(weights[at], known.fields), words[at]) for at in range(start, end)]
    told.sort(reverse=True)
    return " ... ".join(dict.fromkeys(word for weight, word in told[:NAMED] if weight > 0))
