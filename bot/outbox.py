"""Outgoing texts are rows first; sending them is durable work started in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Consent, Conversation, Direction, Message, MessageState, UnpromptedText
from bot.people import insert_or_ignore
from bot.ports import Durably, Reply
from bot.replies import render
from bot.urgency import Urgency, urgency_of


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
            durably.deliver(session, row, conversation.id, urgent=urgency is Urgency.EMERGENCY)
            queued.append(row)
    return queued
