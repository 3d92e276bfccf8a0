"""What a text wants done with check-ins that stand: list, move, pause, resume, cancel, tell of silence."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.triage.assess import normalise


class Wish(StrEnum):
    """One thing to do with what is promised."""

    LIST = "list"
    TELL = "tell"
    RESUME = "resume"
    PAUSE = "pause"
    CANCEL = "cancel"
    MOVE = "move"


@dataclass(frozen=True)
class _Words:
    wishes: Mapping[Wish, re.Pattern[str]]
    moves: tuple[re.Pattern[str], ...]
    thing: re.Pattern[str]
    all: re.Pattern[str]
    last: re.Pattern[str]
    ask: re.Pattern[str]
    around_a_time: re.Pattern[str]
    parts: Mapping[str, re.Pattern[str]]
    again: re.Pattern[str]


@cache
def _words() -> _Words:
    page: dict[str, Any] = yaml.safe_load((files("bot.check_ins") / "wishes.yml").read_text("utf-8"))
    thing = page["thing"]

    def pattern(one: str) -> str:
        return one.replace("{thing}", thing)

    return _Words(
        wishes={
            wish: re.compile("|".join(rf"(?:(?<!\w){pattern(one)}(?!\w))" for one in page[wish]))
            for wish in Wish
            if wish is not Wish.MOVE
        },
        moves=tuple(re.compile(rf"(?<!\w){pattern(one)}") for one in page[Wish.MOVE]),
        thing=re.compile(rf"(?<!\w){thing}(?!\w)"),
        all=_any(page["all"]),
        ask=_any(page["ask"]),
        around_a_time=re.compile(rf"(?i)\b(?:{'|'.join(page['around_a_time'])})\b"),
        parts={part: _any(words) for part, words in page["parts"].items()},
        again=_any(page["again"]),
        last=re.compile(rf"(?:{'|'.join(page['last'])})(?: (?:please|pls|porfa|por favor))*"),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def read_wish(text: str) -> Wish | None:
    """What a text wants done, or None. A move is one only when the text also holds a time to move to."""
    plain = normalise(text)
    for wish, pattern in _words().wishes.items():
        if pattern.search(plain):
            return wish
    return Wish.MOVE if any(pattern.search(plain) for pattern in _words().moves) else None


def names_check_in(text: str) -> bool:
    """Whether a text calls a check-in by one of its names."""
    return bool(_words().thing.search(normalise(text)))


def means_all(text: str) -> bool:
    """Whether a text is about all of them."""
    return bool(_words().all.search(normalise(text)))


def means_last(text: str) -> bool:
    """Whether a text, and nothing more, points at what was promised last: "cancel that"."""
    return bool(_words().last.fullmatch(normalise(text)))


def tells_of_silence(text: str) -> bool:
    """Whether a text asks that somebody be told if there is no answer."""
    return bool(_words().wishes[Wish.TELL].search(normalise(text)))


def asks_for_text(text: str) -> bool:
    """Whether a text asks to be texted, in plain words."""
    return bool(_words().ask.search(normalise(text)))


def new_time(text: str) -> str:
    """The part of a text, as typed (marks are kept, for "8:30"), that says when it is to be instead."""
    return _words().around_a_time.sub(" ", text)


def parts_of_day(text: str) -> list[str]:
    """The parts of the day a text names: morning, afternoon, night."""
    plain = normalise(text)
    return [part for part, pattern in _words().parts.items() if pattern.search(plain)]


def means_series(text: str) -> bool:
    """Whether a text is about texts that come again and again."""
    return bool(_words().again.search(normalise(text)))
