"""What the clock does for check-ins: keep what is due, follow up on silence, let go of what was held."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session, aliased

from bot.check_ins.coming import lock
from bot.check_ins.following_up import follow_up
from bot.check_ins.keeping import keep, locked, send
from bot.check_ins.together import due, keep_together
from bot.db import reading, writing
from bot.models import CheckIn, CheckInState, Conversation, Takeover
from bot.ports import Durably

_LOG = logging.getLogger(__name__)
MOST_AT_ONCE = 500
#: One that failed is left alone for so long.
RESTS = timedelta(minutes=1)


class DueCheckIns:
    """Keeps what is due. Several may run at once: the rows decide."""

    def __init__(self, engine: Engine, durably: Durably) -> None:
        self._engine, self._durably = engine, durably
        self._failed: dict[int, datetime] = {}

    def keep(self, now: datetime) -> int:
        """Keep what is due, as much of it as the outbox has room for. Returns how many were found.

        One that fails keeps no other waiting: then each is tried alone, and it is left alone for a minute.
        """
        self._failed = {row: at for row, at in self._failed.items() if at > now - RESTS}
        found = due(self._engine, now, self._failed)
        if not found:
            return 0
        try:
            keep_together(self._engine, found, now, self._durably)
        except Exception as error:
            # Its kind alone: which of them it was is said below.
            _LOG.warning("%d check-ins are kept one by one: %s", len(found), type(error).__name__)
            for row in found:
                if not _done(lambda one: keep(self._engine, one, now, self._durably), row):
                    self._failed[row] = now
        return len(found)


def look_after(engine: Engine, now: datetime, durably: Durably) -> int:
    """Follow up on silence, and let go of what is held for nobody. Returns how many were found.

    One that fails does not keep the others waiting.
    """
    with reading(engine) as session:
        silent = session.scalars(
            select(CheckIn.id)
            .where(CheckIn.state == CheckInState.SENT, CheckIn.follow_up_at <= now)
            .order_by(CheckIn.follow_up_at)
            .limit(MOST_AT_ONCE)
        ).all()
        given_back = _held_for_nobody(session)
    for check_in_id in silent:
        _done(lambda one: _follow_up(engine, one, now, durably), check_in_id)
    for conversation_id in given_back:
        _done(lambda one: _release(engine, one, now, durably), conversation_id)
    return len(silent) + len(given_back)


def _done(step: Callable[[int], object], row_id: int) -> bool:
    try:
        step(row_id)
    except Exception:
        _LOG.exception("check-in sweep failed for row %s", row_id)
        return False
    return True


def _follow_up(engine: Engine, check_in_id: int, now: datetime, durably: Durably) -> None:
    with writing(engine) as session:
        conversation, check_in = locked(session, check_in_id)
        if check_in.state == CheckInState.SENT and check_in.follow_up_at and check_in.follow_up_at <= now:
            follow_up(session, conversation, check_in, now, durably)


def _held_for_nobody(session: Session) -> list[int]:
    held = aliased(CheckIn)
    waiting = ~exists().where(Takeover.conversation_id == held.conversation_id, Takeover.ended_at.is_(None))
    found = select(held.conversation_id).where(held.state == CheckInState.HELD, waiting).distinct()
    return list(session.scalars(found.limit(MOST_AT_ONCE)))


def _release(engine: Engine, conversation_id: int, now: datetime, durably: Durably) -> None:
    with writing(engine) as session:
        release_held(session, session.get_one(Conversation, conversation_id), now, durably)


def release_held(session: Session, conversation: Conversation, now: datetime, durably: Durably) -> int:
    """Send what waited for a case worker, who has given the conversation back. Returns how many waited.

    Of several the newest is sent, or put off when it is too late: one question is enough.
    """
    lock(session, conversation.id)
    held = list(
        session.scalars(
            select(CheckIn)
            .where(CheckIn.conversation_id == conversation.id, CheckIn.state == CheckInState.HELD)
            .order_by(CheckIn.due_at, CheckIn.id)
            .with_for_update()
        )
    )
    for check_in in held[:-1]:
        check_in.state = CheckInState.CANCELED
    for check_in in held[-1:]:
        check_in.state = send(session, conversation, check_in, now, durably)
    return len(held)
