"""Places as far as words alone tell: names of the gazetteers, corners of their streets, a town with its
state.

The line's own reading (services_directory/places) knows every town and misspelt names; its tables are too
large to be here a second time.
"""

import re
from functools import lru_cache
from typing import Dict, List, NamedTuple, Pattern, Set, Text

from components.entities import plain_text
from components.entities.found import ROOT, Found, either, page, without_overlaps

GAZETTEER = "services_directory/data/gazetteer"
NUMBERED = r"\d{1,3}(?:st|nd|rd|th)?|la \d{1,3}|first|second|third|fourth|fifth|tercera|cuarta|quinta"
KIND = r"(?: (?:street|st|avenue|ave|av|way|blvd|road|rd))?"
#: States whose short form is an everyday word of either language need their whole name.
WORDS = {
    "in",
    "or",
    "me",
    "ok",
    "hi",
    "la",
    "de",
    "id",
    "al",
    "pa",
    "ma",
    "mi",
    "oh",
    "co",
    "ne",
    "va",
    "ct",
    "md",
    "mo",
    "ms",
    "miss",
    "ill",
    "wash",
    "mass",
}  # noqa: E501


class _Words(NamedTuple):
    labels: Dict[Text, Text]
    names: Pattern[Text]
    corners: Pattern[Text]
    towns: Pattern[Text]


@lru_cache(maxsize=None)
def _words() -> _Words:
    labels: Dict[Text, Text] = {}
    streets: Set[Text] = set()
    for file in sorted((ROOT / GAZETTEER).glob("*.yml")):
        area = page(f"{GAZETTEER}/{file.name}")
        for group in area["places"]:
            for one in group["names"]:
                plain = [] if one.get("plain") is False else [one["label"]]
                for name in (*plain, *one.get("also", []), *one.get("strong", [])):
                    labels.setdefault(plain_text.words(str(name)).text, one["label"])
        for group in area["streets"]:
            for line in group.get("lines", []):
                streets.update(
                    plain_text.words(str(name)).text for name in (line["label"], *line.get("also", []))
                )
    states = page("services_directory/data/us_states.yml")["states"]
    said = {
        name
        for code, entry in states.items()
        for name in (code.lower(), entry["name"], *entry.get("also", []))
    }
    street = rf"(?:(?:{NUMBERED}|{either(streets)}){KIND})"
    known_one = rf"(?:{either(streets)}){KIND}"
    joined = r" (?:and|n|y|at|con|e) (?:la )?"
    return _Words(
        labels,
        re.compile(rf"(?<!\w)(?:{either(name for name in labels if len(name) > 3)})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{known_one}{joined}{street}|{street}{joined}{known_one})(?!\w)"),
        re.compile(
            rf"(?:^|(?<= in )|(?<= at )|(?<= near )|(?<= from )|(?<= en )|(?<= de )|(?<=^in )|(?<=^en ))"
            rf"(?P<town>(?!\d)\w+(?: \w+)?) (?:{either(said - WORDS)})(?!\w)"
        ),
    )


def find(text: Text) -> List[Found]:
    """Entities `place`, their value the place's own name where a gazetteer has it, else the words."""
    known, written = _words(), plain_text.words(text)
    found = [
        Found("place", *written.span(*hit.span()), known.labels[hit[0]])
        for hit in known.names.finditer(written.text)
    ]
    for pattern in (known.corners, known.towns):
        for hit in pattern.finditer(written.text):
            start, end = written.span(*hit.span())
            found.append(Found("place", start, end, text[start:end]))
    return without_overlaps(found)
