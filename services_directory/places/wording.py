"""The words that tell whether a name in a text is a place, and whose: data/words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

#: A list's phrases by their last word, longest first: looked for from a name backwards.
Phrases = dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Wording:
    """Lists of data/words/place_words.yml, ready to match."""

    at: Phrases
    at_streets: Phrases
    going: Phrases
    deny: Phrases
    too_far: tuple[tuple[str, ...], ...]
    me: frozenset[str]
    was: Phrases
    away: frozenset[str]
    moves: frozenset[str]
    naming: frozenset[str]
    names_before: Phrases
    not_before_self: frozenset[str]
    english: frozenset[str]
    speaker: frozenset[str]
    whose: frozenset[str]
    others: frozenset[str]
    with_others: frozenset[str]
    contact: frozenset[str]
    fillers: frozenset[str]
    needs: frozenset[str]
    joins: frozenset[str]
    parts: frozenset[str]
    people: frozenset[str]
    never: frozenset[str]
    abroad: tuple[tuple[str, ...], ...]


def data(name: str) -> Any:
    """A YAML file of services_directory/data."""
    text = (files("services_directory") / "data" / name).read_text("utf-8")
    # As safe as SafeLoader, and ten times as fast where the wheel has it.
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@cache
def wording() -> Wording:
    """The lists, read once."""
    page = data("words/place_words.yml")
    several = {name: [tuple(str(entry).split()) for entry in entries] for name, entries in page.items()}

    def single(name: str) -> frozenset[str]:
        return frozenset(" ".join(entry) for entry in several[name])

    return Wording(
        at=_by_last(several["at"]),
        at_streets=_by_last(several["at_streets"]),
        going=_by_last(several["going"]),
        deny=_by_last(several["not"]),
        was=_by_last(several["was"]),
        names_before=_by_last(several["names_before"]),
        too_far=tuple(several["too_far"]),
        me=single("self"),
        away=single("away"),
        moves=single("moves"),
        naming=single("naming"),
        not_before_self=single("not_before_self"),
        english=single("english"),
        speaker=single("speaker"),
        whose=single("whose"),
        others=single("others"),
        with_others=single("with_others"),
        contact=single("contact"),
        fillers=single("fillers"),
        needs=single("needs"),
        joins=single("joins"),
        parts=single("parts"),
        people=single("people"),
        never=single("never"),
        abroad=tuple(several["abroad"]),
    )


def _by_last(entries: Sequence[tuple[str, ...]]) -> Phrases:
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for entry in entries:
        grouped.setdefault(entry[-1], []).append(entry)
    return {last: tuple(sorted(group, key=len, reverse=True)) for last, group in grouped.items()}


def ending_at(names: Sequence[str], end: int, phrases: Phrases) -> int:
    """How many words of a list's longest phrase stand right before position `end`; 0 for none."""
    if end < 1:
        return 0
    for phrase in phrases.get(names[end - 1], ()):
        start = end - len(phrase)
        if start >= 0 and tuple(names[start:end]) == phrase:
            return len(phrase)
    return 0


def starting_at(names: Sequence[str], start: int, phrases: Sequence[tuple[str, ...]]) -> bool:
    """Whether one of a list's phrases stands at position `start`."""
    return any(tuple(names[start : start + len(phrase)]) == phrase for phrase in phrases)


@cache
def ordinary_words() -> frozenset[str]:
    """Words of English, of Spanish and of people's texts that are no misspelt name."""
    folder = files("services_directory") / "data" / "words"
    known: set[str] = set()
    for name in ("en.txt", "es.txt", "line.txt", "names.txt"):
        for line in (folder / name).read_text("utf-8").splitlines():
            if not line.startswith("#"):
                known.update(line.split())
    return frozenset(known)
