"""Which one of a list: "2", "the 2nd one", "la segunda": bot/actions/choosing.yml.

A service's own name is a choice as well, which only the dialogue can see: the list is not the model's.
"""

import re
from functools import lru_cache
from typing import Dict, List, NamedTuple, Pattern, Text

from components.entities import plain_text
from components.entities.found import Found, either, own_page, page


class _Words(NamedTuple):
    numbers: Dict[Text, int]
    named: Pattern[Text]
    alone: Pattern[Text]


@lru_cache(maxsize=None)
def _words() -> _Words:
    line, own = page("bot/actions/choosing.yml"), own_page()["choice"]
    numbers = {str(word): number for number, words in line["numbers"].items() for word in words}
    ordinals = [word for word in numbers if word not in {"one", "two", "three", "four", "five", "six"}]
    ordinals = [word for word in ordinals if word not in line["pronouns"]]
    fillers = [word for word in line["fillers"] if word not in numbers]
    after = rf"(?! (?:{either(own['not_before'])})\b)"
    nouns = rf"(?: (?:{either(own['nouns'])}))?"
    named = (
        rf"(?<!\w)(?:(?:{either(own['articles'])}) (?P<one>[1-9]|{either(ordinals)}){nouns}"
        rf"|(?:{either(own['numbered'])}) ?(?P<two>[1-9]|{either(numbers)}))(?!\w){after}"
    )
    alone = rf"(?:(?:{either(fillers)}) )*(?P<one>[1-9]|{either(numbers)})(?: (?:{either(fillers)}|one))*"
    return _Words(numbers, re.compile(named), re.compile(alone))


def find(text: Text) -> List[Found]:
    """Entities `choice`, their value the place in the list from 1, or -1 for the last."""
    known, written = _words(), plain_text.words(text)
    alone = known.alone.fullmatch(written.text)
    hits = [alone] if alone else list(known.named.finditer(written.text))
    found = []
    for hit in hits:
        group = hit.lastgroup or "one"
        said = hit[group]
        value = int(said) if said.isdigit() else known.numbers[said]
        start, end = hit.span(group) if alone else hit.span()
        found.append(Found("choice", *written.span(start, end), value))
    return found
