"""The language a text is in, and a wish for one: by small words, so a name or an "ok" changes nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.consent import LANGUAGE_WORDS
from bot.models import Conversation, Person
from bot.triage.assess import normalise

#: In the middle of a conversation so many words must say so, and twice as many as for the other language.
WORDS_TO_TURN = 2
TIMES_AS_MANY = 2
#: A text of one word turns a conversation round only when the word is long enough to be no slip.
SHORTEST_SINGLE = 5


@dataclass(frozen=True)
class _Words:
    english: frozenset[str]
    spanish: frozenset[str]
    light: frozenset[str]
    wishes: Mapping[str, re.Pattern[str]]
    refuses: Mapping[str, re.Pattern[str]]
    elsewhere: re.Pattern[str]


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


@cache
def _words() -> _Words:
    page: dict[str, Any] = yaml.safe_load((files("bot") / "language.yml").read_text("utf-8"))
    both = {str(word) for word in page["both"]}
    # The directory's list of ordinary Spanish words knows more, some of them also names or English.
    listed = (files("services_directory") / "data" / "words" / "es.txt").read_text("utf-8").splitlines()
    ordinary = {word for line in listed if not line.startswith("#") for word in line.split()}
    english = {str(word) for word in page["en"]} - both
    shared = set((files("services_directory") / "data" / "words" / "en.txt").read_text("utf-8").split())
    return _Words(
        english=frozenset(english),
        spanish=frozenset(({str(word) for word in page["es"]} - both) | (ordinary - shared - both)),
        light=frozenset(str(word) for word in page["light"]),
        wishes={language: _any(patterns) for language, patterns in page["wishes"].items()},
        refuses={language: _any(patterns) for language, patterns in page["refuses"].items()},
        elsewhere=_any(page["elsewhere"]),
    )


def wished(text: str) -> str | None:
    """The language a text asks the line to use ("english please", "no hablo ingles"), or None."""
    plain = normalise(text)
    if _words().elsewhere.search(plain):
        return None
    refused = [language for language, pattern in _words().refuses.items() if pattern.search(plain)]
    if refused:
        return "en" if refused[0] == "es" else "es"
    said = [language for language, pattern in _words().wishes.items() if pattern.search(plain)]
    return said[0] if len(said) == 1 else None


def named(text: str) -> str | None:
    """The one language a text names in any way, or None."""
    tokens = set(normalise(text).split())
    said = [language for word, language in LANGUAGE_WORDS.items() if word in tokens]
    return said[0] if len(set(said)) == 1 else None


def detect(text: str, current: str | None = None) -> str | None:
    """The language a text is surely in, or None. With `current`, only what is enough to leave that one."""
    words = [word for word in normalise(text).split() if not word.isdigit()]
    english = [word for word in words if word in _words().english]
    spanish = [word for word in words if word in _words().spanish]
    if len(english) == len(spanish):
        return None
    language = "es" if len(spanish) > len(english) else "en"
    most, least = (spanish, english) if language == "es" else (english, spanish)
    if current is None or language == current:
        return language
    telling = [word for word in most if word not in _words().light]
    if len(words) == 1:
        # "comida" is no slip; "the" may be.
        enough = bool(telling) and language == "es" and len(telling[0]) >= SHORTEST_SINGLE
    else:
        enough = bool(telling) and len(most) >= WORDS_TO_TURN and len(most) >= TIMES_AS_MANY * len(least)
    return language if enough else None


def follow(conversation: Conversation, text: str, at: datetime) -> None:
    """Let the person's language be the one they write in, unless they have asked for one."""
    person: Person = conversation.person
    wish = wished(text)
    if wish:
        person.language, person.language_asked_at = wish, at
    elif person.language_asked_at is None:
        # Before the welcome nothing is settled yet, and any word of one language will do.
        current = person.language if conversation.welcomed_at else None
        person.language = detect(text, current) or person.language
