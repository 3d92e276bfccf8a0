"""How far a case worker has read a conversation."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.models import ReadPosition
from bot.people import insert_or_ignore


def read_up_to(session: Session, conversation_id: int, worker_id: int, message_id: int, at: datetime) -> None:
    """Note the newest text that was on a case worker's screen. It only ever goes forward."""
    new = insert_or_ignore(
        session,
        ReadPosition,
        case_worker_id=worker_id,
        conversation_id=conversation_id,
        message_id=message_id,
        read_at=at,
    )
    if not new:
        session.execute(
            update(ReadPosition)
            .where(
                ReadPosition.case_worker_id == worker_id,
                ReadPosition.conversation_id == conversation_id,
                ReadPosition.message_id < message_id,
            )
            .values(message_id=message_id, read_at=at)
        )


def seen_up_to(session: Session, conversation_id: int, worker_id: int) -> int:
    """The id of the newest text a case worker has read there, 0 for none."""
    position = session.get(ReadPosition, (worker_id, conversation_id))
    return position.message_id if position else 0
