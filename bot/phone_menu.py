"""What somebody wants who calls the line, by key or in their own words: a pure function of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import phonenumbers
import yaml

from bot.keyword_menu import load_keywords
from bot.language import wished
from bot.needs import CALL_HOME, read_needs
from bot.triage import assess
from bot.triage.assess import normalise

EMERGENCY, PERSON, LANGUAGE = "emergency", "person", "language"


@dataclass(frozen=True)
class Choice:
    """What was chosen: a need, "call_home", "person", "language" or "emergency"; and which emergency."""

    what: str
    emergency_kind: str | None = None


@cache
def _page() -> Mapping[str, Any]:
    page: dict[str, Any] = yaml.safe_load((files("bot") / "phone_menu.yml").read_text("utf-8"))
    return page


def hints(language: str) -> str:
    """Words that callers say, for the provider's speech recognition."""
    return str(_page()["hints"][language])


def choose(digits: str, speech: str) -> Choice | None:
    """The choice in a key or in words; None when neither says one."""
    if digits:
        key = _page()["keys"].get(digits)
        return Choice(key) if key else None
    assessment = assess(speech)
    if assessment.emergency:
        return Choice(EMERGENCY, assessment.kind)
    needs = read_needs(speech).wanted
    if needs:
        return Choice(next((need for need in needs if need != CALL_HOME), CALL_HOME))
    plain, keywords = normalise(speech), load_keywords()
    if wished(speech):
        return Choice(LANGUAGE)
    if keywords.person.search(plain):
        return Choice(PERSON)
    return Choice(CALL_HOME) if keywords.call_home.search(plain) else None


def has_number(number: str) -> bool:
    """Whether a caller shows a number that can be called and texted; hidden ones show a word or a filler."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "US"))
    except phonenumbers.NumberParseException:
        return False
