"""Weigh a text against the emergency rules of every language."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Literal

import yaml

from bot.triage.guarding import silenced
from bot.triage.likeness import Likeness, weigh
from bot.triage.normalising import normalise, read
from bot.triage.reading import Reading
from bot.triage.rules import Rule, RuleBook, rule_book
from bot.triage.spelling import corrected
from bot.triage.subjects import danger_to, language_of, subject_of

__all__ = ["Assessment", "Kind", "assess", "normalise", "warm_up"]

#: What patterns call the edges of a text.
BEGINS, ENDS = EDGES = "^", "$"
#: Rules this urgent (not breathing, no pulse) are never doubted.
CERTAIN = 9
#: So few words are like much: likeness must be clearer.
FEW = 4
#: Longer than any text a phone sends in one piece (ten joined messages); more is not read.
LONGEST = 4000


class Kind(StrEnum):
    """What a text warns of."""

    OVERDOSE = "overdose"
    MEDICAL = "medical"
    WITHDRAWAL = "withdrawal"
    SUICIDE = "suicide"
    VIOLENCE = "violence"
    NONE = "none"


@dataclass(frozen=True)
class Assessment:
    """What was found, by which rule, from which words (as normalised), in which language."""

    kind: Kind
    rule: str | None = None
    words: str | None = None
    language: str | None = None
    #: Who is in danger: the one who writes, or somebody else.
    danger_to: Literal["self", "other"] | None = None
    #: No emergency, but worrying: ask once whether the person is safe.
    unsure: bool = False

    @property
    def emergency(self) -> bool:
        """True when the text needs the emergency reply now."""
        return self.kind is not Kind.NONE


_NOTHING = Assessment(Kind.NONE)
_LIKE_NOTHING = Likeness(0.0, Kind.NONE, str)


def warm_up() -> None:
    """Read the rules and the weights now, so that the first text need not wait for it."""
    assess("hello")


@cache
def bounds() -> dict[str, float]:
    """How like the examples a text must be to be doubted, worrying or alarming."""
    page = yaml.safe_load((files("bot.triage.likeness") / "bounds.yml").read_text("utf-8"))
    return {name: float(bound) for name, bound in page.items()}


def assess(text: str) -> Assessment:
    """The most pressing danger a text speaks of, or kind `none`. Never raises; needs no network or state.

    Rules first; what they have no words for, or what looks nothing like the examples written down, is decided
    by how like those the text is.
    """
    book = rule_book()
    typed = corrected(read(text[:LONGEST]), book.vocabulary)
    if not typed.words:
        return _NOTHING
    last = len(typed.words) - 1
    # The edges belong to the sentences beside them.
    ended = (at in typed.ends for at in range(last))
    sentence_of = [0, *accumulate(ended, initial=0)]
    reading = Reading([BEGINS, *typed.words, ENDS], [*sentence_of, sentence_of[-1]], book.lexicon)
    found, silent = _most_pressing(reading, book)
    # One word tells too little to be like anything.
    like = weigh(typed.words) if len(typed.words) > 1 else _LIKE_NOTHING
    return _weighed(found, silent, like, reading, book)


def _weighed(
    found: tuple[Assessment, Rule] | None,
    silent: frozenset[str],
    like: Likeness,
    reading: Reading,
    book: RuleBook,
) -> Assessment:
    """The rules' word and the examples' together: `bounds.yml` says which has the last one."""
    assessment, rule = found or (_NOTHING, None)
    bound = bounds()
    if rule is not None and assessment.emergency:
        if rule.urgency >= CERTAIN or like.danger >= bound["doubted"] or like is _LIKE_NOTHING:
            return assessment
        # The words of a rule, in a text like many harmless ones: asked about, not alarmed at.
        return Assessment(Kind.NONE, rule.name, assessment.words, assessment.language, None, unsure=True)
    language = language_of(reading.words, book)
    needed = max([bound["alarming"], *(bound[f"though_{guard}"] for guard in silent)])
    worrying = bound["worrying"]
    if reading.total - len(EDGES) <= FEW:
        needed, worrying = max(needed, bound["alarming_in_few_words"]), bound["worrying_in_few_words"]
    if like.danger >= needed:
        who = subject_of(reading, book)
        return Assessment(Kind(like.kind), f"like_{like.kind}", like.words, language, who)
    if assessment.unsure or like.danger >= worrying:
        name, words = assessment.rule or f"like_{like.kind}", assessment.words or like.words
        return Assessment(Kind.NONE, name, words, language, unsure=True)
    return assessment


def _most_pressing(reading: Reading, book: RuleBook) -> tuple[tuple[Assessment, Rule] | None, frozenset[str]]:
    """What the rules find, and which guards silenced something on the way."""
    silent: set[str] = set()
    present = reading.present
    candidates = sorted(
        place
        for symbol in present & book.by_anchor.keys()
        for place in book.by_anchor[symbol]
        if book.pressing[place][1].needs <= present
    )
    for rule, pattern in map(book.pressing.__getitem__, candidates):
        for places in reading.find_all(pattern):
            guard = silenced(rule, places, reading, book)
            if guard is not None:
                silent |= {guard} if rule.kind != "unsure" else set()
                continue
            start, end = places[0].start, max(one.end for one in places)
            told = (reading.words[one.start : one.end] for one in places)
            found = " ... ".join(" ".join(word for word in some if word not in EDGES) for some in told)
            language = language_of(reading.words, book) or rule.language
            if rule.kind == "unsure":
                return (
                    Assessment(Kind.NONE, rule.name, found, language, None, unsure=True),
                    rule,
                ), frozenset(silent)
            who = danger_to(rule, start, end, reading, book)
            return (Assessment(Kind(rule.kind), rule.name, found, language, who), rule), frozenset(silent)
    return None, frozenset(silent)
