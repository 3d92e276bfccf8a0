"""What case workers did with a conversation, written down as it is done."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.errors import UnknownConversation, UnknownWorker
from bot.models import CaseWorker, Conversation, ThreadEvent


class Did(StrEnum):
    """What one event of a thread says."""

    TOOK_OVER = "took_over"
    GAVE_BACK = "gave_back"
    HANDED_OVER = "handed_over"
    #: The line took it back from a case worker who did not answer.
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"
    WAITS = "waits"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    NOTED = "noted"
    #: A reason for which a person was needed has been seen to.
    SETTLED = "settled"
    #: A person is needed, for a reason.
    NEEDED = "needed"


def did(
    session: Session,
    conversation_id: int,
    kind: Did,
    at: datetime,
    worker_id: int | None,
    *,
    other_worker_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Write down one thing that was done. `detail` is a code, never words of a conversation."""
    session.add(
        ThreadEvent(
            conversation_id=conversation_id,
            at=at,
            kind=kind,
            case_worker_id=worker_id,
            other_worker_id=other_worker_id,
            detail=detail,
        )
    )
    session.flush()


def working(session: Session, worker_id: int) -> CaseWorker:
    """A case worker who has not left. Raises UnknownWorker."""
    worker = session.get(CaseWorker, worker_id)
    if worker is None or worker.left_at is not None:
        raise UnknownWorker
    return worker


def known(session: Session, conversation_id: int) -> Conversation:
    """A conversation. Raises UnknownConversation."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise UnknownConversation
    return conversation
