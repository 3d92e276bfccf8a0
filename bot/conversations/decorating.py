"""What stands beside each line of the list, read for a whole page at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.filters import unanswered_among
from bot.models import (
    CaseWorker,
    ConversationTag,
    Incident,
    Message,
    PersonNeeded,
    ReadPosition,
    Reason,
    Tag,
    Takeover,
    Thread,
)


@dataclass(frozen=True)
class Latest:
    """The newest text, and how far it is."""

    direction: str
    body: str
    state: str
    twilio_status: str | None
    error_code: str | None


@dataclass(frozen=True)
class Emergency:
    """An incident that nobody has closed."""

    incident_id: int
    code: str
    kind: str
    state: str
    opened_at: datetime
    #: When the person said that it is over.
    over_at: datetime | None


@dataclass(frozen=True)
class Beside:
    """By conversation, what a line shows beside itself."""

    latest: dict[int, Latest]
    emergencies: dict[int, Emergency]
    needs: dict[int, list[tuple[str, datetime]]]
    tags: dict[int, list[str]]
    taken: dict[int, tuple[int, datetime | None]]
    read: dict[int, int]
    names: dict[int, str]

    def of(self, thread: Thread) -> dict[str, Any]:
        """The fields of one line."""
        row = thread.conversation_id
        taken_by, answer_by = self.taken.get(row, (None, None))
        return {
            "latest": self.latest.get(row),
            "unread": thread.last_message_id > self.read.get(row, 0),
            "emergency": self.emergencies.get(row),
            "needs": tuple(self.needs.get(row, ())),
            "tags": tuple(self.tags.get(row, ())),
            "assigned_to": self.names.get(thread.assigned_to_id or 0),
            "taken_by": self.names.get(taken_by or 0),
            "answer_by": answer_by,
        }


def beside(session: Session, threads: Sequence[Thread], reader_id: int, now: datetime) -> Beside:
    """Read it all: a few questions for a page, not a few for each line."""
    ids = [thread.conversation_id for thread in threads]
    taken = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(Takeover.conversation_id, Takeover.case_worker_id, Takeover.answer_by).where(
                Takeover.conversation_id.in_(ids), Takeover.ended_at.is_(None)
            )
        )
    }
    workers = {thread.assigned_to_id for thread in threads} | {worker for worker, _ in taken.values()}
    names = select(CaseWorker.id, CaseWorker.pseudonym).where(CaseWorker.id.in_(workers - {None}))
    read = select(ReadPosition.conversation_id, ReadPosition.message_id).where(
        ReadPosition.case_worker_id == reader_id, ReadPosition.conversation_id.in_(ids)
    )
    return Beside(
        latest=_latest(session, [thread.last_message_id for thread in threads]),
        emergencies=_emergencies(session, ids),
        needs=_needs(session, ids, now),
        tags=_tags(session, ids),
        taken=taken,
        read={row[0]: row[1] for row in session.execute(read)},
        names={row[0]: row[1] for row in session.execute(names)},
    )


def _latest(session: Session, message_ids: Sequence[int]) -> dict[int, Latest]:
    rows = session.execute(
        select(
            Message.conversation_id,
            Message.direction,
            Message.body,
            Message.state,
            Message.twilio_status,
            Message.error_code,
        ).where(Message.id.in_(message_ids))
    )
    return {row[0]: Latest(*row[1:]) for row in rows}


def _emergencies(session: Session, ids: Sequence[int]) -> dict[int, Emergency]:
    rows = session.scalars(
        select(Incident).where(Incident.conversation_id.in_(ids), Incident.closed_at.is_(None))
    )
    return {
        one.conversation_id: Emergency(one.id, one.code, one.kind, one.state, one.opened_at, one.over_at)
        for one in rows
    }


def _needs(session: Session, ids: Sequence[int], now: datetime) -> dict[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    standing = session.execute(
        select(PersonNeeded.conversation_id, PersonNeeded.reason, PersonNeeded.since)
        .where(PersonNeeded.conversation_id.in_(ids), PersonNeeded.settled_at.is_(None))
        .order_by(PersonNeeded.since)
    )
    for conversation_id, reason, since in standing:
        found[conversation_id].append((reason, since))
    waiting: dict[int, datetime] = {}
    for conversation_id, came_at in session.execute(unanswered_among(list(ids), now)):
        waiting[conversation_id] = min(came_at, waiting.get(conversation_id, came_at))
    for conversation_id, came_at in waiting.items():
        found[conversation_id].append((Reason.UNANSWERED, came_at))
    return found


def _tags(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(ConversationTag.conversation_id, Tag.name)
        .join(Tag, Tag.id == ConversationTag.tag_id)
        .where(ConversationTag.conversation_id.in_(ids))
        .order_by(Tag.name)
    )
    for conversation_id, name in rows:
        found[conversation_id].append(name)
    return found
