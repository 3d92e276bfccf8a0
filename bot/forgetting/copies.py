"""What the provider still has of somebody who was forgotten: found, erased there, and counted."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, exists, func, select
from sqlalchemy.orm import Session

from bot.db import reading, writing
from bot.errors import Refused, TryAgain
from bot.forgetting.copies_known import note_copies
from bot.models import Call, CopyKind, ErasedCopy, Erasure, Message, MessageStatusEvent
from bot.ports import Clock, Copies

logger = logging.getLogger(__name__)
#: The provider's list lags, and a webhook may be tried for half a minute.
SETTLED_AFTER = timedelta(minutes=2)
#: Webhooks come late and lists are read again for a day; longer than that no copy can come back.
REMEMBERED_FOR = timedelta(days=30)


def erase_known(engine: Engine, copies: Copies, erasure_id: int, clock: Clock) -> bool:
    """Have the provider erase what we know of, one by one. True when nothing is left of it.

    What it cannot erase yet, and whatever comes after a failure of the network, waits for the next time.
    """
    with reading(engine) as session:
        waiting = select(ErasedCopy).where(ErasedCopy.erasure_id == erasure_id, ErasedCopy.done_at.is_(None))
        left = list(session.scalars(waiting.order_by(ErasedCopy.sid)))
    refused = 0
    for copy in left:
        try:
            media = _erase(copies, copy)
        except (TryAgain, Refused) as error:
            refused += 1
            logger.warning(
                "erasure %s: %s %s is tried again: %s", erasure_id, copy.kind, copy.sid, type(error).__name__
            )
            continue
        with writing(engine) as session:
            _note_done(session, copy.sid, media, clock())
    return refused == 0


def _erase(copies: Copies, copy: ErasedCopy) -> int:
    if copy.kind == CopyKind.TEXT:
        return copies.erase_text(copy.sid)
    copies.erase_call(copy.sid)
    return 0


def _note_done(session: Session, sid: str, media: int, now: datetime) -> None:
    copy = session.get_one(ErasedCopy, sid, with_for_update=True)
    if copy.done_at is not None:
        return
    copy.done_at = now
    erasure = session.get_one(Erasure, copy.erasure_id, with_for_update=True)
    if copy.kind == CopyKind.TEXT:
        erasure.texts, erasure.media = erasure.texts + 1, erasure.media + media
    else:
        erasure.calls += 1
    # Its last statuses came after its row had gone.
    session.execute(
        delete(MessageStatusEvent).where(
            MessageStatusEvent.message_sid == sid, MessageStatusEvent.message_id.is_(None)
        )
    )


def find_more(engine: Engine, copies: Copies, erasure_id: int) -> int:
    """Look for what the provider has of the number from before it was forgotten. Returns how many are new.

    A text on its way as the rows went, or an emergency's first words, had no SID of ours. Raises TryAgain.
    """
    with reading(engine) as session:
        erasure = session.get_one(Erasure, erasure_id)
        number, before = erasure.number, erasure.erased_at
    if number is None or not number.lstrip("+").isdigit():
        # A caller without a number, or somebody who tried the line from a terminal.
        return 0
    texts, calls = copies.texts_with(number, before), copies.calls_with(number, before)
    with writing(engine) as session:
        # What has come since is the new person's.
        texts = [
            sid for sid in texts if not session.scalar(select(exists().where(Message.message_sid == sid)))
        ]
        calls = [sid for sid in calls if not session.scalar(select(exists().where(Call.call_sid == sid)))]
        return note_copies(session, erasure_id, CopyKind.TEXT, texts) + note_copies(
            session, erasure_id, CopyKind.CALL, calls
        )


def left(session: Session, erasure_id: int) -> int:
    """How many copies the provider has not erased yet."""
    waiting = select(func.count()).where(ErasedCopy.erasure_id == erasure_id, ErasedCopy.done_at.is_(None))
    return session.scalars(waiting).one()


def forget_sids(engine: Engine, now: datetime) -> int:
    """Forget the SIDs of what was erased long ago. Returns how many."""
    with writing(engine) as session:
        old = delete(ErasedCopy).where(ErasedCopy.done_at < now - REMEMBERED_FOR)
        return len(session.scalars(old.returning(ErasedCopy.sid)).all())
