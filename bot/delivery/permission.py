"""Whether a text may go out: asked as it is begun and, of texts sent together, again as each leaves."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot import consent
from bot.models import (
    Consent,
    Conversation,
    Direction,
    Message,
    Person,
    Takeover,
    UnpromptedText,
    WorkerText,
)
from bot.urgency import Urgency


class Held(StrEnum):
    """Why a text is held back."""

    #: They asked for silence, took the consent back, or nobody is at that number.
    UNWANTED = "unwanted"
    #: A case worker has the conversation, and nothing automated speaks in between.
    CASE_WORKER = "case_worker"


@cache
def _passes() -> frozenset[str]:
    page = yaml.safe_load((files("bot.delivery") / "beside_workers.yml").read_text("utf-8"))
    return frozenset(page["passes"])


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
            WorkerText.despite_stop,
            taken_over,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .outerjoin(UnpromptedText, UnpromptedText.message_id == Message.id)
        .outerjoin(Consent, Consent.id == UnpromptedText.consent_id)
        .outerjoin(WorkerText, WorkerText.message_id == Message.id)
        .where(Message.id.in_(message_ids))
    ).all()
    held: dict[int, Held] = {}
    for row, conversation, key, urgency, opted_out, bad_number, unprompted, revoked, despite, taken in rows:
        gone = unprompted and bad_number is not None and not _heard_since(session, conversation, bad_number)
        # An answer is wanted; what nobody had asked for just then only while it is agreed to.
        silenced = consent.silences(opted_out, key, now) and not despite
        # A case worker's own text has no key but has its writer.
        automated = despite is None and urgency != Urgency.EMERGENCY and key not in _passes()
        if gone or revoked is not None or silenced:
            held[row] = Held.UNWANTED
        elif automated and taken:
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
