"""A case worker who does not answer: the person is told, the line is back, and the worker hears of it.

The row says until when; every worker's clock looks each second, and the row's lock lets one of them act.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from bot import incidents, marks, outbox
from bot.check_ins.coming import lock
from bot.db import reading, writing
from bot.joining.ending import NO_ANSWER, end
from bot.marks import Did
from bot.models import Conversation, Ended, Reason, Takeover, Thread
from bot.ports import Durably, Reply
from bot.roster import may_be_alerted

logger = logging.getLogger(__name__)
AT_ONCE = 200
#: What the case worker is told.
TO_WORKER = "on_call_gone_back"


def return_unanswered(engine: Engine, now: datetime, durably: Durably) -> int:
    """Take back what its case worker has not answered in time. Returns how many conversations that were.

    One that fails keeps no other waiting.
    """
    with reading(engine) as session:
        due = session.execute(
            select(Takeover.id, Takeover.conversation_id)
            .where(Takeover.answer_by <= now, Takeover.ended_at.is_(None))
            .order_by(Takeover.answer_by)
            .limit(AT_ONCE)
        ).all()
    returned = 0
    for takeover_id, conversation_id in due:
        try:
            with writing(engine) as session:
                returned += _return(session, takeover_id, conversation_id, now, durably)
        except Exception:
            logger.exception("takeover %s could not be ended", takeover_id)
    return returned


def _return(
    session: Session, takeover_id: int, conversation_id: int, now: datetime, durably: Durably
) -> bool:
    conversation = lock(session, conversation_id)
    takeover = session.get_one(Takeover, takeover_id, with_for_update={"key_share": True})
    # Answered, given back or returned by another clock since.
    if takeover.ended_at is not None or takeover.answer_by is None or takeover.answer_by > now:
        return False
    if conversation.person.opted_out_at is not None:
        # They asked for silence: there is nothing to answer, and nothing to tell them.
        end(session, conversation, takeover, Ended.GIVEN_BACK, now, durably, say=False)
        marks.did(session, conversation_id, Did.RETURNED, now, None, other_worker_id=takeover.case_worker_id)
        return True
    incident = incidents.open_of(session, conversation)
    end(session, conversation, takeover, Ended.NO_ANSWER, now, durably, say=True, key=NO_ANSWER)
    marks.did(session, conversation_id, Did.RETURNED, now, None, other_worker_id=takeover.case_worker_id)
    marks.need_person(session, conversation_id, Reason.NO_ANSWER, now)
    if incident is not None and incident.acknowledged_by_id == takeover.case_worker_id:
        incidents.left(session, incident.id, takeover.case_worker, now, durably)
    _tell_worker(session, takeover, now, durably)
    logger.warning("takeover %s went back to the line: no answer in time", takeover.id)
    return True


def _tell_worker(session: Session, takeover: Takeover, now: datetime, durably: Durably) -> None:
    """On their phone, if they have agreed to alerts; in the inbox in any case (noticing.py)."""
    consent = may_be_alerted(session, takeover.case_worker)
    if consent is not None:
        theirs = session.get_one(Conversation, consent.conversation_id)
        outbox.put_unprompted(
            session, theirs, [Reply(TO_WORKER)], f"gone-back-{takeover.id}", now, durably, consent
        )


def bring_back(session: Session, by: timedelta, now: datetime) -> None:
    """The computer's clock went back by so much: nobody waits for a time written while it was ahead."""
    for takeover in session.scalars(select(Takeover).where(Takeover.ended_at.is_(None))):
        longest = now + timedelta(minutes=takeover.answer_minutes)
        takeover.began_at = min(takeover.began_at, now)
        if takeover.answer_by is not None and takeover.answer_by > longest:
            takeover.answer_by = max(now, takeover.answer_by - by)
    session.execute(update(Thread).where(Thread.last_at > now).values(last_at=now))
