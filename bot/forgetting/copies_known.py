"""Write down what the provider has of somebody, as far as its SIDs are known to us."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.forgetting import reach
from bot.inserting import insert_or_leave
from bot.models import Call, CopyKind, ErasedCopy, Erasure, Message, MessageStatusEvent


def note_known_copies(session: Session, erasure: Erasure, gone: dict[str, set[object]]) -> None:
    """What the provider has of it, as far as its SIDs are known."""
    for some in reach.chunks(gone.get("message", ())):
        sids = select(Message.message_sid).where(Message.id.in_(some), Message.message_sid.is_not(None))
        # A text that was sent anew has had others.
        former = select(MessageStatusEvent.message_sid).where(MessageStatusEvent.message_id.in_(some))
        note_copies(session, erasure.id, CopyKind.TEXT, session.scalars(sids.union(former)))
    for some in reach.chunks(gone.get("call", ())):
        legs = select(Call.call_sid).where(Call.id.in_(some), Call.call_sid.is_not(None))
        note_copies(session, erasure.id, CopyKind.CALL, session.scalars(legs))


def note_copies(session: Session, erasure_id: int, kind: CopyKind, sids: Iterable[str | None]) -> int:
    """Write down what the provider is to erase, once each. Returns how many of these are new."""
    rows = [{"sid": sid, "erasure_id": erasure_id, "kind": kind} for sid in list(sids) if sid]
    if not rows:
        return 0
    new = insert_or_leave(session, ErasedCopy).returning(ErasedCopy.sid)
    return len(session.scalars(new, rows).all())
