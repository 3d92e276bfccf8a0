"""One conversation in one ordered list, page by page from the newest: a page costs the same in any thread.

Texts are the spine: a page is so many of them, found by the index (conversation, id). What else happened
stands where its time falls between them; each kind has an index by conversation and time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.happenings import Kind, happened
from bot.conversations.texts import Text, texts_of
from bot.errors import UnknownConversation
from bot.models import Conversation, Message

ON_A_PAGE = 50
_CURSOR = re.compile(r"(\d{1,12})@(-?\d{1,17})")


@dataclass(frozen=True)
class Entry:
    """One thing in a thread. `what` is a Text, or the row of what happened (happenings.py)."""

    kind: Kind
    at: datetime
    what: object


@dataclass(frozen=True)
class ThreadPage:
    """Part of a thread, the oldest first; `older` is where the page before it begins, None at the beginning.

    `newest` is the newest text in the whole thread, 0 for none: what a case worker's text is sent `after`.
    """

    entries: tuple[Entry, ...]
    older: str | None
    newest: int


def thread_page(
    session: Session, conversation_id: int, cursor: str | None = None, how_many: int = ON_A_PAGE
) -> ThreadPage:
    """The newest part of a thread, or that before a cursor. Raises UnknownConversation."""
    if session.get(Conversation, conversation_id) is None:
        raise UnknownConversation
    at = _CURSOR.fullmatch(cursor or "")
    before, until = (int(at[1]), _instant(int(at[2]))) if at else (None, None)
    theirs = select(Message).where(Message.conversation_id == conversation_id)
    texts = theirs.where(Message.id < before) if before is not None else theirs
    found = session.scalars(texts.order_by(Message.id.desc()).limit(how_many + 1)).all()
    messages = list(found[:how_many])[::-1]
    more = len(found) > how_many
    since = _since(messages, until) if more else None
    beside = happened(session, conversation_id, since, until)
    newest = session.scalars(
        theirs.with_only_columns(Message.id).order_by(Message.id.desc()).limit(1)
    ).first()
    entries = _in_order(texts_of(session, messages), beside)
    older = f"{messages[0].id}@{_micros(since)}" if more and since is not None else None
    return ThreadPage(tuple(entries), older, newest or 0)


def _since(messages: Sequence[Message], until: datetime | None) -> datetime:
    """From when on things belong to this page. Clocks go back: pages never overlap all the same."""
    first = messages[0].created_at
    return min(first, until) if until is not None else first


def _in_order(texts: Sequence[Text], beside: Sequence[tuple[Kind, datetime, object]]) -> list[Entry]:
    entries: list[Entry] = []
    others = sorted(beside, key=lambda one: one[1])
    at = 0
    for text in texts:
        while at < len(others) and others[at][1] < text.created_at:
            entries.append(Entry(*others[at]))
            at += 1
        entries.append(Entry(Kind.TEXT, text.created_at, text))
    return entries + [Entry(*one) for one in others[at:]]


def _micros(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000 + 0.5)


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
