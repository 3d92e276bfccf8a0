"""Weigh a text with what bot/triage/likeness/learning.py learned from the examples."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log, sqrt

from bot.triage.likeness.grams import grams, windows

#: Weights are kept as whole numbers.
SCALE = 1000
#: How many of the most telling words are named.
NAMED = 4


@dataclass(frozen=True)
class Likeness:
    """How likely a text is to be an emergency, from 0 to 1; of which kind if it is; and what told most."""

    danger: float
    kind: str
    words: str


@dataclass(frozen=True)
class _Learned:
    kinds: tuple[str, ...]
    bias: tuple[int, ...]
    #: Of each piece: its rarity, then its weight for every kind, "none" first.
    grams: Mapping[str, Sequence[int]]


@cache
def learned() -> _Learned:
    """What was learned, read once."""
    with gzip.open(str(files("bot.triage.likeness") / "weights.json.gz"), "rt", encoding="utf-8") as file:
        page = json.load(file)
    return _Learned(tuple(page["kinds"]), tuple(page["bias"]), page["grams"])


def weigh(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> Likeness:
    """The most dangerous reading of a text's words, whole or in pieces. `classes` are those of the rules."""
    return max((_weigh(some, classes) for some in windows(words)), key=lambda one: one.danger)


def _weigh(words: Sequence[str], classes: Mapping[str, Sequence[str]]) -> Likeness:
    known = learned()
    table, scores = known.grams, [float(bias) for bias in known.bias]
    values: list[tuple[float, str, Sequence[int]]] = []
    for gram, count in grams(words, classes).items():
        row = table.get(gram)
        if row is not None:
            values.append(((1 + log(count)) * row[0], gram, row))
    length = sqrt(sum(value * value for value, _, _ in values)) or 1.0
    for value, _, row in values:
        share = value / length
        for at in range(len(scores)):
            scores[at] += share * row[at + 1]
    highest = max(scores)
    odds = [exp((score - highest) / SCALE) for score in scores]
    kind = max(range(1, len(odds)), key=odds.__getitem__)
    telling = sorted(
        ((value * (row[kind + 1] - row[1]), gram) for value, gram, row in values if gram[0] not in "~<"),
        reverse=True,
    )
    named = " ... ".join(gram for weight, gram in telling[:NAMED] if weight > 0)
    return Likeness(1 - odds[0] / sum(odds), known.kinds[kind], named)
