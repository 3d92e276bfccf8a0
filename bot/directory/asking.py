"""What the line would answer to a text, word for word in both languages, and why. Nothing is sent or kept.

The parsing is the line's own (bot.needs, bot.details, services_directory.places), and so are the search and
the words (bot.finding). The dialogue model is not asked: where a text names no need in plain words it
decides, and that is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import triage
from bot.consent import Wish, read_wish
from bot.details import read_details, who
from bot.emergencies.scripts import first_words
from bot.finding import Looked, asked_for, lists, look, place_question
from bot.needs import CALL_HOME, every_need, read_needs
from bot.ports import Reply
from bot.replies.book import LANGUAGES, load_replies
from bot.replies.wording import render
from services_directory import places
from services_directory.explaining import Considered, explain
from services_directory.places import Ambiguous, Found, Place, Reading
from services_directory.search import FARTHEST_MILES, RADIUS_MILES
from services_directory.taxonomy import categories_for

#: As long as a text may be.
LONGEST = 1600
#: Needs that the directory answers.
DIRECTORY_NEEDS = tuple(need for need in every_need() if need != CALL_HOME)


@dataclass(frozen=True)
class Question:
    """A text as somebody would send it, and what is set beside it, which goes before what the text says.

    `details` are those of bot.details; `at` is when it would come.
    """

    text: str
    at: datetime
    need: str | None = None
    place: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Why:
    """Why the list for one need is as it is. `categories` are the kinds of services that answer the need."""

    need: str
    categories: tuple[str, ...]
    radius_miles: float
    considered: tuple[Considered, ...]
    told: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """What would be said, in each language, and what it was made of.

    `before` names what answers such a text before any search: an emergency's kind, or a wish such as stop.
    """

    said: tuple[Mapping[str, str], ...]
    needs: tuple[str, ...]
    unwanted: tuple[str, ...]
    details: Mapping[str, Any]
    place: Place | None
    choices: tuple[Place, ...] = ()
    why: tuple[Why, ...] = ()
    before: str | None = None
    rule: str | None = None


def ask(session: Session, question: Question) -> Answer:
    """Answer a question as the line would. Needs no network; raises on no text."""
    text = question.text[:LONGEST]
    said = read_needs(text)
    details = {**read_details(text), **question.details}
    needs = (question.need,) if question.need else asked_for(said.wanted, text)
    read = _place(question, text)
    place = read.place if isinstance(read, Found) else None
    parts: dict[str, Any] = {
        "needs": needs,
        "unwanted": tuple(sorted(said.unwanted)),
        "details": details,
        "place": place,
        "choices": read.choices if isinstance(read, Ambiguous) else (),
    }
    urgent = _before(text)
    if urgent:
        return Answer(_words(urgent[1], question.at), **parts, before=urgent[0], rule=urgent[2])
    wanted = [need for need in needs if need != CALL_HOME]
    if not wanted:
        return Answer((), **parts)
    if isinstance(read, Ambiguous):
        labels = [choice.label for choice in read.choices]
        return Answer(
            _words([Reply("which_place", {"name": read.name, "choices": labels})], question.at), **parts
        )
    if place is None:
        return Answer(_words([place_question(needs, text)], question.at), **parts)
    looked = [look(session, need, place, question.at, details) for need in wanted]
    why = tuple(_why(session, one, place, question.at, details) for one in looked)
    return Answer(_words(lists(place, looked, details), question.at), **parts, why=why)


def _place(question: Question, text: str) -> Reading:
    if question.place.strip():
        return places.look_up(question.place[:LONGEST], place_expected=True)
    return places.look_up(text)


def _before(text: str) -> tuple[str, list[Reply], str | None] | None:
    """What is answered before the directory is asked: its name, its words where they stand fast, its rule."""
    found = triage.assess(text)
    if found.emergency:
        return str(found.kind), [Reply(first_words(found.kind, found.danger_to))], found.rule
    wish, _ = read_wish(text, opted_out=False)
    return None if wish is Wish.NONE else (str(wish), [], None)


def _why(session: Session, looked: Looked, place: Place, at: datetime, details: Mapping[str, Any]) -> Why:
    radius = FARTHEST_MILES if looked.radius_miles else RADIUS_MILES
    considered = explain(session, looked.need, place, at, who(details), radius_miles=radius)
    told = frozenset(match.service_at_location_id for match in looked.results)
    return Why(looked.need, categories_for(looked.need), radius, tuple(considered), told)


def _words(replies: list[Reply], at: datetime) -> tuple[Mapping[str, str], ...]:
    return tuple({of: render(reply.key, reply.fill, of, at) for of in LANGUAGES} for reply in replies)


def need_names(language: str) -> list[tuple[str, str]]:
    """The needs that the directory answers, and what the line calls them, by name."""
    names = load_replies(language).needs
    return sorted(((need, names.get(need, need)) for need in DIRECTORY_NEEDS), key=lambda pair: pair[1])
