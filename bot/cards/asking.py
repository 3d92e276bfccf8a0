"""Does a text ask for the line's own contact card? A pure function."""

import re
from functools import cache
from importlib.resources import files

import yaml

from bot.triage.assess import normalise

MOST_WORDS = 16


def asks_for_card(body: str) -> bool:
    """Whether a text asks to have or save the line's number, and nothing else."""
    plain = normalise(body)
    return plain.count(" ") < MOST_WORDS and _pattern().fullmatch(plain) is not None


@cache
def _pattern() -> re.Pattern[str]:
    page = yaml.safe_load((files("bot.cards") / "asking.yml").read_text("utf-8"))
    beside, wish = page["beside"], "|".join(page["wishes"])
    return re.compile(rf"(?:(?:{beside}) )*(?:{wish})(?: (?:{beside}))*")
