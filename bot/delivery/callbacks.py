"""Status callbacks: kept once each, tied to their text, and acted on."""

import random
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from bot import erased_copies
from bot.db import reading, writing
from bot.delivery import alerts, outcome
from bot.delivery.statuses import known
from bot.delivery.waiting import Chance
from bot.models import Direction, Message, MessageStatusEvent
from bot.ports import Durably

#: A callback that no text has come for by now is somebody else's.
PARKED_FOR = timedelta(hours=12)
PARKED_AT_ONCE = 500
_chance: Chance = random.SystemRandom().random


def note_status(
    engine: Engine,
    callback_id: str,
    message_sid: str,
    status: str,
    error_code: str,
    at: datetime,
    durably: Durably,
    provider_at: datetime | None = None,
    chance: Chance = _chance,
) -> bool:
    """Keep one status callback and move its text forward. False when no such text is known yet.

    Of a text whose person was forgotten nothing is kept.

    The text is found by our own id first: the callback may come before the send has returned its SID. One
    that fits no text is kept until a text has its SID. `provider_at` is the carrier's own time of it.
    """
    with writing(engine) as session:
        # The text is locked before what is said of it is written, as everywhere: no two wait for each other.
        message = _found(session, callback_id, message_sid)
        if message is None and erased_copies.is_erased(session, message_sid):
            return True
        outcome.note_event(session, message_sid, status, error_code, at, provider_at)
        if not known(status):
            alerts.page(session, alerts.UNKNOWN_STATUS, alerts.OURS, message.id if message else None, at)
        if message is None:
            return False
        _apply(session, message, message_sid, at, durably, chance)
        return True


def match_parked(engine: Engine, now: datetime, durably: Durably, chance: Chance = _chance) -> int:
    """Apply callbacks that were kept before their text had its SID. Returns how many SIDs found their text.

    A text takes its parked callbacks along when it gets its SID; this is for those that crossed with it.
    """
    parked = (
        select(MessageStatusEvent.message_sid)
        .join(Message, Message.message_sid == MessageStatusEvent.message_sid)
        .where(
            MessageStatusEvent.message_id.is_(None),
            MessageStatusEvent.received_at > now - PARKED_FOR,
            Message.direction == Direction.OUT,
        )
        .distinct()
        .limit(PARKED_AT_ONCE)
    )
    with reading(engine) as session:
        sids = session.scalars(parked).all()
    for sid in sids:
        with writing(engine) as session:
            message = _locked(session, select(Message.id).where(Message.message_sid == sid))
            if message is not None:
                _apply(session, message, sid, now, durably, chance)
    return len(sids)


def _apply(
    session: Session, message: Message, sid: str, at: datetime, durably: Durably, chance: Chance
) -> None:
    if outcome.belongs(session, message, sid, at, durably):
        outcome.move_on(session, message, at, durably, chance)


def _found(session: Session, callback_id: str, sid: str) -> Message | None:
    out = select(Message.id).where(Message.direction == Direction.OUT)
    if callback_id:
        message = _locked(session, out.where(Message.callback_id == callback_id))
        if message is not None:
            return message
    owner = outcome.owner_of(session, sid)
    return _locked(session, select(Message.id).where(Message.id == owner.id)) if owner else None


def _locked(session: Session, ids: Select[int]) -> Message | None:
    found = session.scalars(ids).first()
    return session.get(Message, found, with_for_update=True, populate_existing=True) if found else None
