"""From words as typed to words the rules know: leetspeak, drawn-out letters, split and run-on words, slips.

A word that is an ordinary word of English or Spanish, or known to the rules, is never touched.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from operator import add

from rapidfuzz.distance import OSA

from bot.triage.normalising import Typed

#: Nearer than this to a short word lie too many other words.
SHORTEST_CORRECTED = 5
SHORTEST_WITH_TWO_SLIPS = 9
SHORTEST_RUN_ON, LONGEST_RUN_ON = 6, 60
LONGEST_WORD = 24
#: So many unknown words are remembered; then all are forgotten.
REMEMBERED = 20_000
#: Two halves are joined when the whole is at least so long: "over dose", "un conscious".
SHORTEST_JOINED = 5
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1+")
_AMOUNT = re.compile(
    r"\d+(?:st|nd|rd|th|mg|ml|mgs|am|pm|a|p|x|s|k|g|gs|h|hr|hrs|min|mins|yo|yr|yrs|d|lbs|oz|ft)?$"
)
#: Letters that a change of spelling is about, what is changed, and into what.
_SOUNDS = (
    (frozenset("h"), re.compile(r"h"), ""),
    (frozenset("qc"), re.compile(r"qu(?=[ei])|q|c(?=[aouklrt])|c$"), "k"),
    (frozenset("czx"), re.compile(r"c(?=[eiy])|z|x"), "s"),
    (frozenset("v"), re.compile(r"v"), "b"),
    (frozenset("l"), re.compile(r"ll"), "y"),
    (frozenset("g"), re.compile(r"g(?=[ei])"), "j"),
    (frozenset("g"), re.compile(r"gu(?=[ei])"), "g"),
)


@dataclass(frozen=True)
class Vocabulary:
    """What words are known, and what an unknown one may have been meant to be."""

    rules: frozenset[str]
    ordinary: frozenset[str]
    shorthand: Mapping[str, tuple[str, ...]]
    leet: Mapping[str, str]
    #: Words that a run-on may be made of, with what each costs: the cheapest way to cut one wins.
    pieces: Mapping[str, float]
    joined: frozenset[str]
    #: Words with one or two letters left out, and the words of the rules they come from.
    slips: Mapping[str, tuple[str, ...]]
    sounds: Mapping[str, str]
    #: Every beginning of a piece: where none goes on, none need be looked for.
    beginnings: frozenset[str]
    #: What stays as it is.
    plain: frozenset[str]
    _read: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """True for a word that needs no guessing."""
        return word in self.plain or word in self.shorthand

    def read(self, word: str) -> tuple[str, ...]:
        """The words that a word stands for. Words met before are remembered."""
        found = self._read.get(word)
        if found is None:
            if len(self._read) >= REMEMBERED:
                self._read.clear()
            found = self._read[word] = self.shorthand.get(word) or _read(word, self)
        return found


def vocabulary(
    rules: Iterable[str],
    ordinary: Iterable[str],
    shorthand: Mapping[str, str],
    leet: Mapping[str, str],
    never_joined: Iterable[str],
) -> Vocabulary:
    """The tables that correction needs, from the words of the rules and the ordinary ones."""
    known = frozenset(rules)
    slips: dict[str, set[str]] = {}
    sounds: dict[str, str] = {}
    for word in sorted(known):
        if not word.isalpha():
            continue
        if len(word) >= SHORTEST_CORRECTED:
            for left in _without(word):
                slips.setdefault(left, set()).add(word)
        if len(word) >= SHORTEST_CORRECTED - 1:
            sounds.setdefault(_sound(word), word)
    short = {word: tuple(full.split()) for word, full in shorthand.items()}
    parts = {word for word in known | set(short) if word.isalpha() and (len(word) > 1 or word in "ia")}
    return Vocabulary(
        rules=known,
        ordinary=frozenset(ordinary),
        shorthand=short,
        leet=leet,
        pieces={word: _piece_cost(word) for word in parts},
        joined=frozenset(w for w in known if len(w) >= SHORTEST_JOINED) - frozenset(never_joined),
        slips={left: tuple(sorted(words)) for left, words in slips.items()},
        sounds=sounds,
        beginnings=frozenset(word[:end] for word in parts for end in range(1, len(word) + 1)),
        plain=(known | frozenset(ordinary)) - short.keys(),
    )


def _piece_cost(word: str) -> float:
    return 1.0 + {1: 1.2, 2: 0.7, 3: 0.25}.get(len(word), 0.0)


def _without(word: str) -> set[str]:
    """The word, and it without one letter (two of a long one)."""
    found = {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}
    if len(word) >= SHORTEST_WITH_TWO_SLIPS:
        places = range(len(word))
        found |= {word[:one] + word[one + 1 : two] + word[two + 1 :] for one, two in combinations(places, 2)}
    return found


def _sound(word: str) -> str:
    for mark, pattern, letters in _SOUNDS:
        if not mark.isdisjoint(word):
            word = pattern.sub(letters, word)
    return _DOUBLED.sub(r"\1", word)


def corrected(typed: Typed, known: Vocabulary) -> Typed:
    """The same text in words the rules can read. Sentence ends move along."""
    words: list[str] = []
    ends: set[int] = set()
    plain = known.plain
    source = _joined(typed, known)
    for at, word in enumerate(source.words):
        if word in plain:
            words.append(word)
        else:
            words.extend(known.read(word))
        if at in source.ends:
            ends.add(len(words) - 1)
    return Typed(words, frozenset(ends))


def _joined(typed: Typed, known: Vocabulary) -> Typed:
    """Halves put together where the whole is a word of the rules; letters typed apart put together."""
    source, joined, at, total = typed.words, known.joined, 0, len(typed.words)
    lengths = list(map(len, source))
    if joined.isdisjoint(map(add, source, source[1:])) and (1, 1) not in pairwise(lengths):
        return typed
    words: list[str] = []
    ends: set[int] = set()
    while at < total:
        word = source[at]
        if at + 1 < total and at not in typed.ends:
            both = word + source[at + 1]
            if both in joined:
                at, word = at + 1, both
            elif len(word) == 1 and len(source[at + 1]) == 1:
                end = at + 1
                while end + 1 < total and len(source[end + 1]) == 1 and end not in typed.ends:
                    end += 1
                spelt = "".join(source[at : end + 1])
                if end - at >= 2 and spelt.isalpha():
                    at, word = end, spelt
        words.append(word)
        if at in typed.ends:
            ends.add(len(words) - 1)
        at += 1
    return Typed(words, frozenset(ends))


def _read(word: str, known: Vocabulary) -> tuple[str, ...]:
    """One unknown word as one or more known ones, or as it is."""
    if word.isdigit() or len(word) > LONGEST_RUN_ON or _AMOUNT.match(word):
        return (word,)
    if not word.isalpha():
        word = next(_plain_letters(word, known), word)
        if not word.isalpha():
            return (word,)
    if known.knows(word):
        return known.shorthand.get(word, (word,))
    if _DOUBLED.search(word):
        once = _DRAWN_OUT.sub(r"\1", word)
        for shorter in (_DRAWN_OUT.sub(r"\1\1", word), once, _DOUBLED.sub(r"\1", word)):
            if known.knows(shorter):
                return known.shorthand.get(shorter, (shorter,))
        word = once
    return _glued_no(word, known) or _respelt(word, known) or _cut(word, known) or (word,)


def _glued_no(word: str, known: Vocabulary) -> tuple[str, ...] | None:
    """ "nodespierta" is no slip of "despierta"."""
    for no in ("not", "no"):
        rest = word.removeprefix(no)
        if rest != word and len(rest) >= SHORTEST_CORRECTED and rest in known.rules:
            return (no, rest)
    return None


def _plain_letters(word: str, known: Vocabulary) -> Iterator[str]:
    """Readings of a word with digits and marks in it, those that are known words first."""
    options = [known.leet.get(mark, mark) for mark in word[:LONGEST_WORD]]
    readings = ["".join(letters) for letters in product(*options[:LONGEST_WORD])] if _few(options) else []
    yield from (one for one in readings if known.knows(one))
    yield from (one for one in readings if _respelt(one, known) or _cut(one, known))
    yield from readings[:1]


def _few(options: list[str]) -> bool:
    ways = 1
    for letters in options:
        ways *= len(letters)
    return ways <= 32


def _respelt(word: str, known: Vocabulary) -> tuple[str, ...] | None:
    """The word of the rules that this is a slip of: by sound, else a letter (of a long word two) wrong."""
    if not SHORTEST_CORRECTED - 1 <= len(word) <= LONGEST_WORD:
        return None
    heard = known.sounds.get(_sound(word))
    if heard:
        return (heard,)
    if len(word) < SHORTEST_CORRECTED:
        return None
    best: tuple[int, str] | None = None
    for left in _without(word):
        for meant in known.slips.get(left, ()):
            slips = OSA.distance(word, meant, score_cutoff=2)
            allowed = 2 if min(len(word), len(meant)) >= SHORTEST_WITH_TWO_SLIPS else 1
            # A slip in the first letter of a short word makes another word of it.
            if slips > allowed or (word[0] != meant[0] and len(meant) < 7 and sorted(word) != sorted(meant)):
                continue
            if best is None or (slips, meant) < best:
                best = (slips, meant)
    return (best[1],) if best else None


def _cut(word: str, known: Vocabulary) -> tuple[str, ...] | None:
    """A run-on as the words it is made of ("hesnotbreathing"), or None."""
    if len(word) < SHORTEST_RUN_ON:
        return None
    total = len(word)
    cost: list[float] = [0.0] + [1e9] * total
    back = [0] * (total + 1)
    pieces, beginnings = known.pieces, known.beginnings
    for start in range(total):
        so_far = cost[start]
        if so_far >= 1e9:
            continue
        for end in range(start + 1, min(total, start + 14) + 1):
            part = word[start:end]
            if part not in beginnings:
                break
            piece = pieces.get(part)
            if piece is not None and so_far + piece < cost[end]:
                cost[end], back[end] = so_far + piece, start
    if cost[total] >= 1e9 or cost[total] > 1.2 + total / 2.6:
        return None
    found: list[str] = []
    while total:
        part = word[back[total] : total]
        found[:0] = known.shorthand.get(part, (part,))
        total = back[total]
    return tuple(found)
