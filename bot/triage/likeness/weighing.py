"""Weigh a text with what bot/triage/likeness/learning.py learned from the examples."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import exp, sqrt
from operator import add

from bot.triage.likeness.grams import of_neighbours, of_word, windows

#: Weights are kept as whole numbers.
SCALE = 1000
#: How many of the most telling words are named.
NAMED = 4
#: Words met before cost one look-up. All are forgotten when there are so many: people write what they like.
REMEMBERED = 20_000

#: The sum of weights for every kind, "none" first, and last the square of its length.
Weight = tuple[float, ...]


@dataclass(frozen=True)
class Likeness:
    """How likely a text is to be an emergency, from 0 to 1; of which kind if it is; and what told most."""

    danger: float
    kind: str
    words: str


class Learned:
    """What was learned. `grams`: of each piece its rarity, then its weight for every kind, "none" first."""

    def __init__(self, kinds: Sequence[str], bias: Sequence[int], grams: Mapping[str, Sequence[int]]) -> None:
        self.kinds, self.bias = tuple(kinds), tuple(bias)
        self._grams = grams
        self._nothing: Weight = (0.0,) * (len(kinds) + 1)
        self._words: dict[str, Weight] = {}

    def of_pieces(self, pieces: Sequence[str]) -> Weight:
        """The weight of some pieces together."""
        total = list(self._nothing)
        for piece in pieces:
            row = self._grams.get(piece)
            if row is not None:
                rare = row[0]
                for at, weight in enumerate(row[1:]):
                    total[at] += rare * weight
                total[-1] += rare * rare
        return tuple(total)

    def of_word(self, word: str, classes: Mapping[str, Sequence[str]]) -> Weight:
        """The weight of a word's own pieces, remembered."""
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= REMEMBERED:
                self._words.clear()
            found = self._words[word] = self.of_pieces(of_word(word, classes))
        return found


@cache
def learned() -> Learned:
    """What was learned, read once."""
    with gzip.open(str(files("bot.triage.likeness") / "weights.json.gz"), "rt", encoding="utf-8") as file:
        page = json.load(file)
    return Learned(page["kinds"], page["bias"], page["grams"])


def weigh(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> Likeness:
    """The most dangerous reading of a text's words, whole or in pieces. `classes` are those of the rules."""
    known = learned()
    weights = [
        tuple(
            map(add, known.of_word(word, classes), known.of_pieces(list(of_neighbours(words, at, classes))))
        )
        for at, word in enumerate(words)
    ]
    columns = [list(accumulate(column, initial=0.0)) for column in zip(*weights, strict=True)]
    best: tuple[float, int, int, int] = (-1.0, 1, 0, len(words))
    for start, end in windows(len(words)):
        danger, kind = _danger(known, [column[end] - column[start] for column in columns])
        best = max(best, (danger, kind, start, end))
    danger, kind, start, end = best
    telling = sorted(
        ((weights[at][kind] - weights[at][0], words[at]) for at in range(start, end)), reverse=True
    )
    named = " ... ".join(dict.fromkeys(word for weight, word in telling[:NAMED] if weight > 0))
    return Likeness(danger, known.kinds[kind], named)


def _danger(known: Learned, sums: Sequence[float]) -> tuple[float, int]:
    *scores, square = sums
    length = sqrt(square) or 1.0
    scores = [bias + score / length for bias, score in zip(known.bias, scores, strict=True)]
    highest = max(scores)
    odds = [exp((score - highest) / SCALE) for score in scores]
    return 1 - odds[0] / sum(odds), max(range(1, len(odds)), key=odds.__getitem__)
