"""Outgoing texts are rows first; sending them is durable work started in the same transaction.

But for check-ins: nobody waits for those, and whoever sends them finds their rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.models import Consent, Conversation, Direction, Message, MessageState, UnpromptedText
from bot.people import insert_or_ignore, insert_or_leave
from bot.ports import Durably, Reply
from bot.replies import render
from bot.urgency import Urgency, urgency_of

#: On its way: neither sent nor given up.
UNSENT = (MessageState.QUEUED, MessageState.SENDING)


@dataclass(frozen=True)
class Unprompted:
    """A text that answers none of theirs: to whom, what, which promise it keeps, and what allows it."""

    conversation: Conversation
    reply: Reply
    cause: str
    consent: Consent


def words(conversation: Conversation, reply: Reply, at: datetime) -> str:
    """A reply in the person's language."""
    return render(reply.key, reply.fill, conversation.person.language, at)


def said_for(session: Session, cause: str) -> set[str]:
    """What has been queued or said for a cause."""
    return set(session.scalars(select(Message.body).where(Message.cause == cause)))


def put(
    session: Session,
    conversation: Conversation,
    replies: Sequence[Reply],
    cause: str,
    at: datetime,
    durably: Durably,
) -> list[int]:
    """Queue answers in order and return the new rows' ids.

    `cause` names what they answer (a text): the same cause twice queues nothing the second time.
    """
    return _queue(session, conversation, replies, cause, at, durably, None)


def put_unprompted(
    session: Session,
    conversation: Conversation,
    replies: Sequence[Reply],
    cause: str,
    at: datetime,
    durably: Durably,
    consent: Consent,
) -> list[int]:
    """Queue texts that answer none of theirs, by the consent that allows them; revoked, they are not sent.

    Returns the new rows' ids. `cause` names what they keep (a check-in, a timer) and is queued once.
    """
    return _queue(session, conversation, replies, cause, at, durably, consent)


def put_written(
    session: Session,
    conversation: Conversation,
    body: str,
    cause: str,
    urgency: Urgency,
    at: datetime,
    durably: Durably,
) -> int | None:
    """Queue a text that somebody wrote, word for word; the new row's id, None when its cause was queued."""
    new = insert_or_ignore(
        session,
        Message,
        conversation_id=conversation.id,
        direction=Direction.OUT,
        body=body,
        num_media=0,
        state=MessageState.QUEUED,
        created_at=at,
        cause=cause,
        position=0,
        attempts=0,
        callback_id=uuid4().hex,
        urgency=urgency,
    )
    if not new:
        return None
    row = session.scalars(select(Message.id).where(Message.cause == cause)).one()
    _start(session, row, conversation, urgency, durably)
    return row


def _queue(
    session: Session,
    conversation: Conversation,
    replies: Sequence[Reply],
    cause: str,
    at: datetime,
    durably: Durably,
    consent: Consent | None,
) -> list[int]:
    queued = []
    for position, reply in enumerate(replies):
        urgency = urgency_of(reply.key, consent.purpose if consent else None)
        new = insert_or_ignore(
            session,
            Message,
            conversation_id=conversation.id,
            direction=Direction.OUT,
            body=words(conversation, reply, at),
            num_media=0,
            state=MessageState.QUEUED,
            created_at=at,
            reply_key=reply.key,
            cause=cause,
            position=position,
            attempts=0,
            callback_id=uuid4().hex,
            attached=reply.attached,
            urgency=urgency,
        )
        if new:
            row = session.scalars(
                select(Message.id).where(Message.cause == cause, Message.position == position)
            ).one()
            if consent is not None:
                session.add(UnpromptedText(message_id=row, consent_id=consent.id))
                conversation.unprompted_at = at
            _start(session, row, conversation, urgency, durably)
            queued.append(row)
    return queued


def _start(
    session: Session, row: int, conversation: Conversation, urgency: Urgency, durably: Durably
) -> None:
    # Check-ins are found by their rows and sent together: bot/delivery/together.py.
    if urgency is not Urgency.CHECK_IN:
        durably.deliver(session, row, conversation.id, urgent=urgency is Urgency.EMERGENCY)


def put_unprompted_together(
    session: Session, texts: Sequence[Unprompted], at: datetime, durably: Durably
) -> list[int]:
    """Queue one unprompted text for each of many people, in few statements. Returns the new rows' ids.

    A cause that was queued before is left as it is: the database decides.
    """
    if not texts:
        return []
    rows = [_row(text, at) for text in texts]
    new = insert_or_leave(session, Message).returning(Message.id, Message.cause)
    ids = {cause: row for row, cause in session.execute(new, rows)}
    queued = [(ids[text.cause], text) for text in texts if text.cause in ids]
    if queued:
        allowed = [{"message_id": row, "consent_id": text.consent.id} for row, text in queued]
        session.execute(insert(UnpromptedText), allowed)
    for _, text in queued:
        text.conversation.unprompted_at = at
    for row, text in queued:
        urgency = urgency_of(text.reply.key, text.consent.purpose)
        _start(session, row, text.conversation, urgency, durably)
    return [row for row, _ in queued]


def waiting(session: Session, since: datetime, most: int) -> int:
    """How many texts put since a time are still to be sent, counted up to `most`."""
    unsent = select(Message.id).where(
        Message.direction == Direction.OUT, Message.state.in_(UNSENT), Message.created_at >= since
    )
    return session.scalars(select(func.count()).select_from(unsent.limit(most).subquery())).one()


def _row(text: Unprompted, at: datetime) -> dict[str, object]:
    return {
        "conversation_id": text.conversation.id,
        "direction": Direction.OUT,
        "body": words(text.conversation, text.reply, at),
        "num_media": 0,
        "state": MessageState.QUEUED,
        "created_at": at,
        "reply_key": text.reply.key,
        "cause": text.cause,
        "position": 0,
        "attempts": 0,
        "callback_id": uuid4().hex,
        "attached": text.reply.attached,
        "urgency": urgency_of(text.reply.key, text.consent.purpose),
    }
