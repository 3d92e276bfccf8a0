"""The emergency rules, guards and word classes, read from rules/ where an expert can read and extend them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.triage.lexicon import Lexicon
from bot.triage.normalising import wording
from bot.triage.patterns import Pattern, compile_pattern
from bot.triage.spelling import Vocabulary, vocabulary
from bot.triage.written import refuse_split_phrases

LANGUAGES = ("en", "es")
KINDS = ("overdose", "medical", "withdrawal", "suicide", "violence", "unsure")
#: How pressing a kind is when two fire; a rule may say otherwise. Not breathing is 9.
URGENCY = {"overdose": 7, "medical": 6, "withdrawal": 6, "suicide": 5, "violence": 4, "unsure": 0}
#: A class of more members ("person") tells nothing by its name.
MOST_TELLING = 400
GUARDS = frozenset({"negated", "past", "hypothetical", "elsewhere", "idiom", "resolved"})


@dataclass(frozen=True)
class Rule:
    """A danger, the patterns that tell of it, and the guards that silence it."""

    name: str
    kind: str
    language: str
    urgency: int
    #: "self", "other", or "subject": whoever the words before speak of.
    danger_to: str
    any: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    guards: frozenset[str]
    source: str
    reviewed_by: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True)
class Guard:
    """Words that make a danger past, denied, supposed, told of or over.

    `place` says where they must stand: "before" a match (at most `reach` words between, same clause), "ahead"
    (anywhere before in the clause), "clause" (anywhere in it), "over" (sharing words with the match), "after"
    (later in the text, or around).
    """

    name: str
    place: str
    reach: int
    any: tuple[Pattern, ...]


@dataclass(frozen=True)
class RuleBook:
    """Everything there is to match with."""

    rules: tuple[Rule, ...]
    #: Every pattern of every rule, the most pressing first.
    pressing: tuple[tuple[Rule, Pattern], ...]
    #: Places in `pressing` by the rarest class that each pattern needs.
    by_anchor: Mapping[int, tuple[int, ...]]
    guards: tuple[Guard, ...]
    clause_breaks: tuple[Pattern, ...]
    selves: int
    others: int
    lexicon: Lexicon
    #: The names of the classes a word belongs to.
    named: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    spanish: frozenset[str]
    english: frozenset[str]


def _page(language: str, name: str) -> Any:
    text = (files("bot.triage") / "rules" / language / f"{name}.yml").read_text("utf-8")
    # Words are words: "no", "off", "on" and "911" too.
    return yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)) or {}  # noqa: S506


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule of every language."""
    return rule_book().rules


@cache
def rule_book() -> RuleBook:
    """Rules, guards, classes and spelling, read once. Raises ValueError for a rule that makes no sense."""
    lexicon = Lexicon()
    common = frozenset(str(word) for word in wording("common.yml")["common"])
    for language in LANGUAGES:
        for name, members in _page(language, "classes").items():
            lexicon.define(name, members)
    rules = tuple(rule for language in LANGUAGES for rule in _rules(language, lexicon, common))
    guards, breaks = _guards(lexicon, common)
    selves, others = (lexicon.symbol(f"<{name}>", "danger_to") for name in ("speaker", "another"))
    refuse_split_phrases(lexicon.written)
    lexicon.freeze()
    pairs = [(rule, pattern) for rule in rules for pattern in rule.any]
    order = {rule.name: place for place, rule in enumerate(rules)}
    pairs.sort(key=lambda pair: (-pair[0].urgency, order[pair[0].name], pair[1].written))
    by_anchor: dict[int, list[int]] = {}
    for place, (_, pattern) in enumerate(pairs):
        by_anchor.setdefault(pattern.anchor, []).append(place)
    ordinary = {language: _ordinary(language) for language in LANGUAGES}
    names = frozenset(_listed("names.txt")) | frozenset(_listed("line.txt"))
    return RuleBook(
        rules=rules,
        pressing=tuple(pairs),
        by_anchor={symbol: tuple(places) for symbol, places in by_anchor.items()},
        guards=guards,
        clause_breaks=breaks,
        selves=selves,
        others=others,
        lexicon=lexicon,
        named=lexicon.named(MOST_TELLING),
        vocabulary=vocabulary(
            lexicon.words,
            ordinary["en"] | ordinary["es"] | names,
            {str(short): str(full) for short, full in wording("shorthand.yml").items()},
            {str(mark): str(letters) for mark, letters in wording("letters.yml")["leet"].items()},
            (str(word) for word in wording("common.yml")["never_joined"]),
        ),
        spanish=ordinary["es"] - ordinary["en"],
        english=ordinary["en"] - ordinary["es"],
    )


def _rules(language: str, lexicon: Lexicon, common: frozenset[str]) -> Iterator[Rule]:
    for kind in KINDS:
        for entry in _page(language, kind):
            unknown = set(entry.get("despite", ())) - GUARDS
            if unknown:
                raise ValueError(f"{entry['name']}: no guard {sorted(unknown)}")
            yield Rule(
                name=entry["name"],
                kind=kind,
                language=language,
                urgency=int(entry.get("urgency", URGENCY[kind])),
                danger_to=entry.get("danger_to", "subject"),
                any=tuple(compile_pattern(str(one), lexicon, common) for one in entry["any"]),
                unless=tuple(compile_pattern(str(one), lexicon, common) for one in entry.get("unless", ())),
                guards=GUARDS - set(entry.get("despite", ())),
                source=entry["source"],
                reviewed_by=entry["reviewed_by"],
                examples=tuple(str(text) for text in entry["examples"]),
                counter_examples=tuple(str(text) for text in entry["counter_examples"]),
            )


def _guards(lexicon: Lexicon, common: frozenset[str]) -> tuple[tuple[Guard, ...], tuple[Pattern, ...]]:
    guards: list[Guard] = []
    breaks: list[Pattern] = []
    for language in LANGUAGES:
        page = _page(language, "guards")
        breaks += [compile_pattern(str(one), lexicon, common) for one in page.pop("clause_breaks")]
        for name, entry in page.items():
            if name not in GUARDS:
                raise ValueError(f"no guard {name!r}")
            patterns = tuple(compile_pattern(str(one), lexicon, common) for one in entry["any"])
            guards.append(Guard(name, entry["place"], int(entry.get("reach", 0)), patterns))
    return tuple(guards), tuple(breaks)


def _ordinary(language: str) -> frozenset[str]:
    own = wording("ordinary.yml")[language]
    return frozenset(_listed(f"{language}.txt")) | {str(word) for line in own for word in str(line).split()}


def _listed(name: str) -> Iterator[str]:
    text = (files("services_directory") / "data" / "words" / name).read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from line.split()
