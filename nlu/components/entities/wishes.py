"""Needs, and what a person says of themselves and of the place they need: bot/needs.yml, bot/details.yml."""

import re
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, Pattern, Text, Tuple

from components.entities import plain_text
from components.entities.found import Found, masked, own_page, page, whole_words, without_overlaps

#: Wishes of bot/details.yml that are only named, and those that say which.
FLAGS = ("with_children", "veteran", "with_pet", "free", "walk_in", "wheelchair", "no_id", "minor")
KINDS = ("gender", "language")


class _Words(NamedTuple):
    needs: Dict[Text, Pattern[Text]]
    narrow: frozenset
    never: Pattern[Text]
    lacks: Pattern[Text]
    denied: Pattern[Text]
    details: Dict[Text, Pattern[Text]]
    age: Tuple[Pattern[Text], ...]
    party: Tuple[Pattern[Text], ...]
    numbers: Dict[Text, int]
    nothing: Pattern[Text]
    asks: Pattern[Text]
    closer: Dict[Text, Pattern[Text]]


@lru_cache(maxsize=None)
def _words() -> _Words:
    needs, details, own = page("bot/needs.yml"), page("bot/details.yml"), own_page()
    between = rf"(?: (?:{'|'.join(needs['between'])})){{0,2}} $"
    named = {name: whole_words(details[name]) for name in FLAGS}
    for name in KINDS:
        named.update(
            {own["names"].get(kind, kind): whole_words(some) for kind, some in details[name].items()}
        )
    return _Words(
        needs={need: whole_words(entry["words"]) for need, entry in needs["needs"].items()},
        narrow=frozenset(need for need, entry in needs["needs"].items() if "within" in entry),
        never=whole_words(needs["never"]),
        lacks=whole_words(needs["lacks"]),
        denied=re.compile(rf"(?<!\w)(?:{'|'.join(needs['not_wanted'])}){between}"),
        details=named,
        age=tuple(whole_words([one]) for one in details["age"]),
        party=tuple(whole_words([one]) for one in details["party"]),
        numbers=details["numbers"],
        nothing=whole_words(details["never"]),
        asks=whole_words(details["asks"]),
        closer={name: whole_words(some) for name, some in own["kinds"].items()},
    )


def find(text: Text) -> List[Found]:
    """Entities `need`, `need_detail`, `age` and `number` (how many they are, the person among them)."""
    return without_overlaps(_needs(text)) + _details(text)


def _needs(text: Text) -> List[Found]:
    known, written = _words(), plain_text.words(text, bars=True)
    said = masked(known.lacks, masked(known.never, written.text))
    return [
        Found(
            "need_detail" if need in known.narrow else "need",
            *written.span(*hit.span()),
            _closer(need, hit[0]),
        )
        for need, pattern in known.needs.items()
        for hit in pattern.finditer(said)
        if not known.denied.search(said[: hit.start()])
    ]


def _details(text: Text) -> List[Found]:
    known, written = _words(), plain_text.words(text)
    said = masked(known.nothing, written.text)
    if known.asks.match(said):
        return []
    found = [
        Found("need_detail", *written.span(*hit.span()), _closer(name, hit[0]))
        for name, pattern in known.details.items()
        for hit in [pattern.search(said)]
        if hit
    ]
    age = next((hit for hit in (pattern.search(said) for pattern in known.age) if hit), None)
    if age:
        found.append(Found("age", *written.span(*age.span("age")), int(age["age"])))
    for pattern in known.party:
        hit = pattern.search(said)
        if hit:
            found.append(_party(known, written, hit))
            break
    return found


def _party(known: _Words, written: plain_text.Plain, hit: Any) -> Found:
    group = "people" if hit.groupdict().get("people") else "party"
    count = known.numbers.get(hit[group]) or int(hit[group])
    # "me and my 2 kids" are three.
    return Found("number", *written.span(*hit.span(group)), count + (group == "party"))


def _closer(name: Text, said: Text) -> Text:
    if name not in {"medication", "with_pet"}:
        return name
    return next((kind for kind, pattern in _words().closer.items() if pattern.search(said)), name)
