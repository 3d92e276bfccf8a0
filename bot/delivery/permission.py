"""Whether a text may go out: asked as it is begun and, of texts sent together, again as each leaves."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot import consent
from bot.models import Consent, Conversation, Direction, Message, Person, Takeover, UnpromptedText
from bot.urgency import Urgency


class Held(StrEnum):
    """Why a text is held back."""

    #: They asked for silence, took the consent back, or nobody is at that number.
    UNWANTED = "unwanted"
    #: A case worker has the conversation, and nothing automated speaks in between.
    CASE_WORKER = "case_worker"


def held_back(session: Session, message_ids: Collection[int], now: datetime) -> dict[int, Held]:
    """Those of these texts that must not go out now, and why."""
    taken_over = exists().where(
        Takeover.conversation_id == Message.conversation_id, Takeover.ended_at.is_(None)
    )
    rows = session.execute(
        select(
            Message.id,
            Message.conversation_id,
            Message.reply_key,
            Message.urgency,
            Person.opted_out_at,
            Person.bad_number_at,
            UnpromptedText.message_id.is_not(None),
            Consent.revoked_at,
            taken_over,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .outerjoin(UnpromptedText, UnpromptedText.message_id == Message.id)
        .outerjoin(Consent, Consent.id == UnpromptedText.consent_id)
        .where(Message.id.in_(message_ids))
    )
    held: dict[int, Held] = {}
    for row, conversation, key, urgency, opted_out, bad_number, unprompted, revoked, taken in rows.all():
        gone = unprompted and bad_number is not None and not _heard_since(session, conversation, bad_number)
        # An answer is wanted; what nobody had asked for just then only while it is agreed to.
        if gone or revoked is not None or consent.silences(opted_out, key, now):
            held[row] = Held.UNWANTED
        elif unprompted and urgency == Urgency.CHECK_IN and taken:
            held[row] = Held.CASE_WORKER
    return held


def _heard_since(session: Session, conversation_id: int, since: datetime) -> bool:
    """Whether somebody is at that number after all."""
    heard = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.direction == Direction.IN,
        Message.created_at > since,
    )
    return session.scalars(heard.limit(1)).first() is not None
