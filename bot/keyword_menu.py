"""What the line can still do while the dialogue model is away: three offers, by keyword and ZIP."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import marks
from bot.consent import LANGUAGE_WORDS
from bot.language import wished
from bot.models import Conversation, Direction, Message, Reason
from bot.needs import CALL_HOME, family, read_needs
from bot.ports import Reply
from bot.presenting import list_fill
from bot.triage.assess import normalise
from services_directory import places, search

#: As long as the dialogue remembers (nlu/tracker_store.py): a phone may be in other hands after that.
REMEMBERED_FOR = timedelta(hours=12)
_WARMING_UP = threading.Lock()


@dataclass(frozen=True)
class Keywords:
    """The menu's words as patterns over normalised text."""

    call_home: re.Pattern[str]
    person: re.Pattern[str]
    using_alone: re.Pattern[str]


@cache
def load_keywords() -> Keywords:
    """The words, read once."""
    page = yaml.safe_load((files("bot") / "keyword_menu.yml").read_text("utf-8"))
    return Keywords(*(_any_of(page[name]) for name in ("call_home", "person", "using_alone")))


def warm_up() -> None:
    """Read what an answer needs, once: it takes two seconds, too long for whoever waits for the database.

    Others who call meanwhile wait until it is done.
    """
    with _WARMING_UP:
        _read_once()


@cache
def _read_once() -> None:
    load_keywords()
    read_needs("hungry")
    places.warm_up()


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


def speaks_of_using_alone(text: str) -> bool:
    """Whether somebody writes that they use alone, in words of the menu."""
    return load_keywords().using_alone.search(normalise(text)) is not None


def answer(session: Session, conversation: Conversation, text: str, at: datetime) -> list[Reply]:
    """Replies to a text without any model. Remembers on the conversation what was asked for."""
    plain = normalise(text)
    need = next((need for need in read_needs(text).wanted if need != CALL_HOME), None)
    if plain in LANGUAGE_WORDS or (need is None and wished(text)):
        return [Reply("language_set")]
    keywords = load_keywords()
    if keywords.using_alone.search(plain):
        # No timer without the dialogue; who can really watch is said all the same.
        return [Reply("using_alone")]
    if not _lately(session, conversation, at):
        conversation.menu_need = None
    if need is None and (keywords.call_home.search(plain) or keywords.person.search(plain)):
        conversation.menu_need = None
        conversation.person_asked_for_at = at
        marks.need_person(session, conversation.id, Reason.ASKED, at)
        return [Reply("call_home_how" if keywords.call_home.search(plain) else "talk_to_person")]
    asked = need is None and conversation.menu_need is not None
    need = need or conversation.menu_need
    conversation.menu_need = need
    if need is None:
        return [Reply("menu")]
    found = places.look_up(text, place_expected=asked)
    if isinstance(found, places.Ambiguous):
        return [Reply("place_more_than_one", {"name": found.name})]
    if found is None:
        kind = family(need)
        return [Reply(f"ask_place_{kind}" if kind in {"food", "treatment", "shelter"} else "ask_place_other")]
    place = found.place
    matches = search.find(session, need, place, at, limit=3)
    if not matches:
        none = "nothing_found" if matches.covered else "nothing_around"
        return [Reply(none, {"label": place.label})]
    return [Reply("service_list", list_fill(place.label, matches))]


def _lately(session: Session, conversation: Conversation, at: datetime) -> bool:
    """Whether there was a text before this one within the time that needs are remembered."""
    texts = select(Message.created_at).where(
        Message.conversation_id == conversation.id, Message.direction == Direction.IN
    )
    before = session.scalars(texts.order_by(Message.id.desc()).offset(1).limit(1)).first()
    return before is not None and before > at - REMEMBERED_FOR
