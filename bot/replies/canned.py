"""Replies that case workers begin from, in both languages: read and changed by them before they go."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from bot.errors import UnknownReply
from bot.replies.book import LANGUAGES

#: Filled in by itself; every other gap is the writer's.
WORKER = "worker"


@dataclass(frozen=True)
class Canned:
    """One reply as it is offered. `gaps` are left to fill in."""

    key: str
    about: str
    words: str
    gaps: tuple[str, ...]


def gaps_of(text: str) -> tuple[str, ...]:
    """The names of the gaps in a text, in order, each once."""
    return tuple(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(text) if name))


@cache
def load_canned() -> Mapping[str, Mapping[str, object]]:
    """canned.yml as it is written."""
    page: dict[str, Mapping[str, object]] = yaml.safe_load(
        (files("bot.replies") / "canned.yml").read_text("utf-8")
    )
    return page


def canned_words(language: str) -> Mapping[str, str]:
    """The words of every canned reply in a language, by key."""
    return {key: str(one[language]) for key, one in load_canned().items()}


def every_canned(language: str, shown_in: str, worker: str) -> Sequence[Canned]:
    """All canned replies to somebody who speaks a language, for a case worker who may read another.

    Their name is filled in; what else is open stays as {gap}.
    """
    language = language if language in LANGUAGES else "en"
    return [_offered(key, language, shown_in, worker) for key in load_canned()]


def canned(key: str, language: str, worker: str, **fill: str) -> str:
    """One canned reply, filled in as far as it is. Raises UnknownReply for a key nobody wrote."""
    if key not in load_canned():
        raise UnknownReply(f"No canned reply {key}")
    words = canned_words(language if language in LANGUAGES else "en")[key]
    kept = {gap: f"{{{gap}}}" for gap in gaps_of(words)}
    return words.format(**{**kept, WORKER: worker, **fill})


def _offered(key: str, language: str, shown_in: str, worker: str) -> Canned:
    about = load_canned()[key]["about"]
    shown = about.get(shown_in) or about["en"] if isinstance(about, Mapping) else str(about)
    words = canned(key, language, worker)
    return Canned(key, str(shown), words, tuple(gap for gap in gaps_of(words) if gap != WORKER))
