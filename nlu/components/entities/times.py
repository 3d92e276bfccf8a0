"""Times as people text them: bot/check_in_times.yml, which the line itself reads them by."""

import re
from functools import lru_cache
from typing import List, NamedTuple, Pattern, Text, Tuple

from components.entities import plain_text
from components.entities.found import Found, either, masked, own_page, page


class _Words(NamedTuple):
    part: Pattern[Text]
    gap: Pattern[Text]
    never: Pattern[Text]
    wait: Pattern[Text]
    weak: frozenset


@lru_cache(maxsize=None)
def _words() -> _Words:
    line, own = page("bot/check_in_times.yml"), own_page()["time"]
    units = [word for words in line["units"].values() for word in words]
    wait = rf"(?:\d+(?:\.\d+)?|{either(line['numbers'])}) ?(?:of )?(?:{either(units)})"
    half = either(line["half_hour"])
    weekdays = [word for words in line["weekdays"].values() for word in words]
    days = [*own["days"], *line["tomorrow"], "tomorrow", *line["today"], *line.get("this_day", []), *weekdays]
    patterns = [
        rf"(?:{either(own['before'])}) (?:{wait}|{half})",
        rf"(?:{wait}|{half}) (?:{either(own['after'])})",
        rf"(?:(?:{either(own['at'])}) ?)?(?:{'|'.join(own['clocks'])})",
        rf"(?:{either(own['at'])}) ?\d{{1,2}}(?![\d/:]|\.\d)",
        rf"(?:(?:{either(own['lead'])}) )?(?:{either([*days, *line['parts']])}|{'|'.join(own['dates'])})",
    ]
    never = [*own["never"], *line.get("past", [])]
    return _Words(
        part=re.compile(rf"(?<![\w/:])(?:{'|'.join(patterns)})(?![\w])"),
        gap=re.compile(rf"[\s,]*(?:(?:{either(own['joins'])})[\s,]+)*"),
        never=re.compile(rf"(?<!\w)(?:{'|'.join(never)})(?!\w)"),
        wait=re.compile(rf"\s*(?:{wait}|{half})\s*[.!?]*\s*"),
        weak=frozenset(own["weak"]),
    )


def find(text: Text) -> List[Found]:
    """Entities `time`, their value the words themselves in lower case: when that is, depends on now."""
    known, written = _words(), plain_text.marked(text)
    if known.wait.fullmatch(written.text):
        whole = written.text.strip(" .!?\n")
        start = written.text.index(whole)
        return [_found(written, start, start + len(whole))]
    said = masked(known.never, written.text)
    spans: List[Tuple[int, int]] = []
    for hit in known.part.finditer(said):
        if spans and known.gap.fullmatch(said, spans[-1][1], hit.start()):
            spans[-1] = (spans[-1][0], hit.end())
        else:
            spans.append(hit.span())
    # "sun" and "sat" are days only beside something else of a time.
    return [_found(written, *span) for span in spans if said[slice(*span)] not in known.weak]


def _found(written: plain_text.Plain, start: int, end: int) -> Found:
    return Found("time", *written.span(start, end), written.text[start:end])
