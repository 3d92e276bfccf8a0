"""Find the conversations in which words were said, the newest first, and the texts they are in.

The index says where a word may be; the texts are opened to see. A search opens a bounded number of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from bot.conversations.filters import case_workers_own
from bot.models import CaseNote, Conversation, Direction, Message, SearchWord, Thread
from bot.sealing import cipher_of
from bot.search.indexing import digest_of
from bot.search.words import is_like, words_of
from bot.triage.assess import normalise

MOST_WORDS = 6
ON_A_PAGE = 20
#: Texts opened in one conversation, and in one search: some 30 microseconds each.
MOST_IN_ONE = 300
MOST_OPENED = 1500
OPENED_TOGETHER = 25
#: Candidates looked at for one page.
MOST_CANDIDATES = 100
HITS_SHOWN = 3
#: In no more conversations than that, a word is rare: they are looked at, and not all threads.
RARE = 1000
#: Above every id.
ABOVE_ALL = 2**31 - 1
#: Made once: putting it together cost more than what it finds. Bodies come sealed, and are opened one by one.
_TEXTS = (
    select(Message.id, Message.created_at, type_coerce(Message.body, LargeBinary()))
    .where(
        Message.conversation_id == bindparam("theirs"),
        Message.id < bindparam("before"),
        or_(Message.direction == Direction.IN, Message.reply_key.is_(None)),
    )
    .order_by(Message.id.desc())
    .limit(OPENED_TOGETHER)
)
_CURSOR = re.compile(r"(\d{1,12})-(\d{1,12})")


@dataclass(frozen=True)
class Hit:
    """One text or note with a word in it. `message_id` is None for a note."""

    message_id: int | None
    at: datetime
    body: str


@dataclass(frozen=True)
class Found:
    """One conversation, and where in it; the newest first."""

    conversation_id: int
    public_id: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Results:
    """What was found, and where to look on; None at the end. `words` are those that were looked for."""

    found: tuple[Found, ...]
    next_cursor: str | None
    words: tuple[str, ...]


def search(session: Session, text: str, cursor: str | None = None, how_many: int = ON_A_PAGE) -> Results:
    """Conversations in which all of these words were written, by the person or a case worker.

    Words too common to be found by are left out; with none left nothing is found. A page may hold less than
    it could when much had to be opened: the next one goes on.
    """
    words = tuple(words_of(text)[:MOST_WORDS])
    if not words:
        return Results((), None, ())
    found: list[Found] = []
    opened, last = 0, None
    candidates = _candidates(session, words, cursor)
    noted = _noted(session, [row for row, _, _ in candidates])
    for conversation_id, public_id, last_message_id in candidates:
        if len(found) >= how_many or opened >= MOST_OPENED:
            return Results(tuple(found), last, words)
        written = _written(
            session, conversation_id, min(MOST_OPENED - opened, MOST_IN_ONE), noted=conversation_id in noted
        )
        hits, looked_at = _hits(written, words)
        opened += looked_at
        last = f"{last_message_id}-{conversation_id}"
        if hits:
            found.append(Found(conversation_id, public_id, hits))
    return Results(tuple(found), last if len(candidates) == MOST_CANDIDATES else None, words)


def _candidates(session: Session, words: Sequence[str], cursor: str | None) -> list[tuple[int, str, int]]:
    rows = (
        select(Thread.conversation_id, Conversation.public_id, Thread.last_message_id)
        .join(Conversation, Conversation.id == Thread.conversation_id)
        .where(Thread.conversation_id.not_in(case_workers_own()))
        .order_by(Thread.last_message_id.desc(), Thread.conversation_id.desc())
        .limit(MOST_CANDIDATES)
    )
    for digest in {digest_of(session, word) for word in words}:
        holding = select(SearchWord.conversation_id).where(SearchWord.digest == digest)
        if _is_rare(session, digest):
            rows = rows.where(Thread.conversation_id.in_(holding))
        else:
            # Looked for in one thread after the other from the newest: a few have it soon.
            rows = rows.where(holding.where(SearchWord.conversation_id == Thread.conversation_id).exists())
    at = _CURSOR.fullmatch(cursor or "")
    if at:
        text, conversation = int(at[1]), int(at[2])
        rows = rows.where(
            Thread.last_message_id <= text,
            or_(Thread.last_message_id < text, Thread.conversation_id < conversation),
        )
    return [(row[0], row[1], row[2]) for row in session.execute(rows)]


def _is_rare(session: Session, digest: int) -> bool:
    few = select(SearchWord.conversation_id).where(SearchWord.digest == digest).limit(RARE + 1)
    return session.scalars(select(func.count()).select_from(few.subquery())).one() <= RARE


def _noted(session: Session, candidates: Sequence[int]) -> set[int]:
    """Those of some conversations that have notes."""
    noted = select(CaseNote.conversation_id).where(CaseNote.conversation_id.in_(candidates))
    return set(session.scalars(noted.distinct()))


def _hits(written: Iterator[Hit], words: Sequence[str]) -> tuple[tuple[Hit, ...], int]:
    """The texts with the words in them, none when a word is missing; and how many were opened."""
    missing, hits, opened = set(words), list[Hit](), 0
    for one in written:
        opened += 1
        inside = {wanted for wanted in words if _says(one.body, wanted)}
        if inside:
            missing -= inside
            hits.append(one)
        if not missing and len(hits) >= HITS_SHOWN:
            break
    return (() if missing else tuple(hits[:HITS_SHOWN])), opened


def _says(body: str, wanted: str) -> bool:
    words = normalise(body).split()
    return wanted in words or any(is_like(word, wanted) for word in words)


def _written(session: Session, conversation_id: int, most: int, *, noted: bool) -> Iterator[Hit]:
    """What was written by people in a conversation, the newest first, opened as it is asked for."""
    if noted:
        notes = select(CaseNote).where(CaseNote.conversation_id == conversation_id)
        for note in session.scalars(notes.order_by(CaseNote.created_at.desc()).limit(OPENED_TOGETHER)):
            yield Hit(None, note.created_at, note.body)
    cipher = cipher_of(session.get_bind().dialect)
    before = ABOVE_ALL
    for _ in range(0, most, OPENED_TOGETHER):
        found = session.execute(_TEXTS, {"theirs": conversation_id, "before": before}).all()
        yield from (Hit(row[0], row[1], cipher.open(bytes(row[2]))) for row in found)
        if len(found) < OPENED_TOGETHER:
            return
        before = found[-1][0]
