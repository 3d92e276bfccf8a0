"""The simulator's list of texts against the line's database: each stored and answered once, nothing lost."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from benchmarks.chaos_world.journal import journal, texts
from benchmarks.chaos_world.order import answers_out_of_order, parts_out_of_order
from bot.bootstrap import Line
from bot.db import reading
from bot.models import Conversation, Direction, Message, MessageState, MessageStatusEvent
from tests.e2e.running_line import RunningLine

UNANSWERED = (MessageState.RECEIVED, MessageState.ASKED, MessageState.MENU, MessageState.HELD)
#: Causes of what answers one text (bot/turn.py); a text's row id follows.
ANSWERS = ("in", "again", "later", "first")


@dataclass
class Books:
    """What came of all texts. The lists say which, by row id or SID, for whoever looks into a failure."""

    texts: int = 0
    stored_once: int = 0
    lost: list[str] = field(default_factory=list)
    #: Rows of texts that nobody sent.
    stored_twice: list[int] = field(default_factory=list)
    answered: int = 0
    unanswered: list[int] = field(default_factory=list)
    #: Marked as answered, no emergency, and nothing was said to it. An emergency told of meanwhile does that.
    without_words: list[int] = field(default_factory=list)
    #: Rows that Twilio took more than once, and the same words said twice to one text.
    sent_twice: list[int] = field(default_factory=list)
    #: Rows the line counts as sent, or has given up, that never came to the phone.
    never_sent: list[int] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    #: Rows that came to the phone after a later part of the same answer, or after a later text's answer.
    parts_out_of_order: list[int] = field(default_factory=list)
    answers_out_of_order: list[int] = field(default_factory=list)
    emergencies: int = 0
    emergencies_without_words: list[int] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether every aim is met."""
        return not (
            self.lost
            or self.stored_twice
            or self.sent_twice
            or self.never_sent
            or self.strangers
            or self.parts_out_of_order
            or self.answers_out_of_order
            or self.emergencies_without_words
        )


def balance(running: RunningLine, line: Line) -> Books:
    """Compare."""
    listed = texts(running)
    with reading(line.engine) as session:
        person = joinedload(Message.conversation).joinedload(Conversation.person)
        rows = list(session.scalars(select(Message).options(person).order_by(Message.id)))
        said_of = dict(
            session.execute(
                select(MessageStatusEvent.message_sid, MessageStatusEvent.message_id).where(
                    MessageStatusEvent.message_id.is_not(None)
                )
            ).all()
        )
    books = Books()
    _inbound(books, [text for text in listed if text["direction"] == "in"], rows)
    out = [row for row in rows if row.direction == Direction.OUT]
    _answers(books, [row for row in rows if row.direction == Direction.IN], out)
    came = [text for text in listed if text["direction"] == "out"]
    _sent(books, [text for text in came if text["via"] == "rest"], out, said_of, _by_callback(running, out))
    _emergencies(books, came, rows)
    return books


def _inbound(books: Books, sent: list[dict[str, Any]], rows: list[Message]) -> None:
    kept = {row.message_sid: row for row in rows if row.direction == Direction.IN}
    bodies = {text["message_sid"]: (text["phone"], text["body"]) for text in sent}
    books.texts = len(bodies)
    for sid, (phone, body) in bodies.items():
        row = kept.get(sid)
        if row is None or (row.conversation.person.number, row.body) != (phone, body):
            books.lost.append(sid)
        else:
            books.stored_once += 1
    books.stored_twice = [row.id for sid, row in kept.items() if sid not in bodies]


def _answers(books: Books, asked: list[Message], out: list[Message]) -> None:
    said: dict[str, list[str]] = defaultdict(list)
    for row in out:
        said[row.cause or ""].append(row.body)
    for text in asked:
        answers = [body for kind in ANSWERS for body in said[f"{kind}-{text.id}"]]
        if text.state in UNANSWERED:
            books.unanswered.append(text.id)
        else:
            books.answered += 1
            if not answers and text.triage_kind is None:
                books.without_words.append(text.id)
        if len(set(answers)) < len(answers):
            books.sent_twice.append(text.id)


def _by_callback(running: RunningLine, out: list[Message]) -> dict[str, int]:
    """Which row a SID is of, by our id in the path of its status callbacks."""
    rows = {row.callback_id: row.id for row in out if row.callback_id}
    found: dict[str, int] = {}
    for entry in journal(running):
        row = rows.get(str(entry["path"]).rpartition("/")[2])
        if entry["target"] == "status" and row is not None:
            found |= dict.fromkeys(entry["sids"], row)
    return found


def _sent(
    books: Books,
    taken: list[dict[str, Any]],
    out: list[Message],
    said_of: dict[str, int],
    by_callback: dict[str, int],
) -> None:
    # A text whose row is not known by its SID is left out of the order: it could be either of two.
    owners = said_of | {row.message_sid: row.id for row in out if row.message_sid} | by_callback
    times: Counter[int] = Counter()
    came: dict[int, int] = {}
    nobodys: list[dict[str, Any]] = []
    for text in taken:
        row_id = owners.get(text["message_sid"])
        if row_id is None:
            nobodys.append(text)
        else:
            times[row_id] += 1
            came.setdefault(row_id, text["id"])
    books.parts_out_of_order = parts_out_of_order(out, came)
    books.answers_out_of_order = answers_out_of_order(out, came)
    # Neither the line nor a callback knows these: they are of a row with the same words that has none yet.
    for text in nobodys:
        words = (text["phone"], text["body"])
        fits = (row.id for row in out if not times[row.id] and _words(row) == words and _leaves(row))
        row_id = next(fits, None)
        if row_id is None:
            books.strangers.append(text["message_sid"])
        else:
            times[row_id] += 1
    books.sent_twice += [row_id for row_id, count in times.items() if count > 1]
    books.never_sent = [row.id for row in out if _leaves(row) and not times[row.id]]


def _words(row: Message) -> tuple[str, str]:
    return row.conversation.person.number, row.body


def _leaves(row: Message) -> bool:
    return row.state in (MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.FAILED)


def _emergencies(books: Books, came: list[dict[str, Any]], rows: list[Message]) -> None:
    heard = {(text["phone"], text["body"]) for text in came}
    words = {row.cause: row for row in rows if (row.cause or "").startswith("now-")}
    for text in rows:
        if text.direction == Direction.IN and text.triage_kind is not None:
            books.emergencies += 1
            answer = words.get(f"now-{text.id}")
            if answer is None or _words(answer) not in heard:
                books.emergencies_without_words.append(text.id)
