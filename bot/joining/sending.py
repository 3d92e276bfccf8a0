"""A case worker's text: through the same outbox, under their name, and never past what they have not seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import incidents, marks, outbox
from bot.check_ins.coming import lock
from bot.errors import NewerStands, PersonSaidStop, TextUnusable
from bot.joining.counting import count
from bot.joining.ending import mine
from bot.marks.doing import known, working
from bot.models import Conversation, Message, OptOut, OptOutBy, WorkerText
from bot.people import insert_or_ignore
from bot.ports import Durably
from bot.urgency import Urgency

#: So many of what is newer are told.
MOST_NEWER = 50


@dataclass(frozen=True)
class Written:
    """A text as it was written. `after` is the newest text that was on the screen, 0 for none.

    `draft_id` names the form it came from (up to 32 letters): sent twice, it is one text. `urgent` puts it
    before everything else while an emergency goes on.
    """

    conversation_id: int
    worker_id: int
    body: str
    draft_id: str
    after: int
    urgent: bool = False
    canned: str | None = None


def send(session: Session, written: Written, at: datetime, durably: Durably) -> int:
    """Put a case worker's text into the outbox. Returns the row's id; the same one for the same draft.

    The conversation is held while its newest text is looked at, so nobody's text comes in between; and the
    database refuses a second answer after the same text.

    Raises NewerStands, NotTaken, TakenBySomebody, PersonSaidStop, TextUnusable, Unknown...
    """
    known(session, written.conversation_id)
    working(session, written.worker_id)
    counted = count(written.body)
    if counted.problem:
        raise TextUnusable(counted.problem, counted.segments)
    conversation = lock(session, written.conversation_id)
    before = session.scalars(
        select(WorkerText.message_id).where(
            WorkerText.draft_id == written.draft_id, WorkerText.case_worker_id == written.worker_id
        )
    ).first()
    if before is not None:
        return before
    takeover = mine(session, written.conversation_id, written.worker_id)
    if _newest(session, written) != written.after:
        # Also for a number that is none of its texts': whoever names one has not seen them.
        raise NewerStands(_newer(session, written))
    danger = incidents.open_of(session, conversation) is not None
    despite_stop = _may_despite_stop(session, conversation, danger=danger and written.urgent)
    urgency = Urgency.EMERGENCY if written.urgent and danger else Urgency.ANSWER
    cause = f"w-{written.conversation_id}-{written.after}"
    row = outbox.put_written(session, conversation, written.body.strip(), cause, urgency, at, durably)
    new = row is not None and insert_or_ignore(
        session,
        WorkerText,
        message_id=row,
        conversation_id=written.conversation_id,
        case_worker_id=written.worker_id,
        takeover_id=takeover.id,
        draft_id=written.draft_id,
        after_message_id=written.after,
        canned=written.canned,
        despite_stop=despite_stop,
    )
    if row is None or not new:
        raise NewerStands(_newer(session, written))
    takeover.answer_by = None
    takeover.texts += 1
    marks.settle(session, written.conversation_id, written.worker_id, at)
    marks.read_up_to(session, written.conversation_id, written.worker_id, row, at)
    return row


def _newest(session: Session, written: Written) -> int:
    theirs = select(Message.id).where(Message.conversation_id == written.conversation_id)
    return session.scalars(theirs.order_by(Message.id.desc()).limit(1)).first() or 0


def _newer(session: Session, written: Written) -> tuple[int, ...]:
    later = select(Message.id).where(
        Message.conversation_id == written.conversation_id, Message.id > written.after
    )
    return tuple(session.scalars(later.order_by(Message.id).limit(MOST_NEWER)))


def _may_despite_stop(session: Session, conversation: Conversation, *, danger: bool) -> bool:
    """Whether a text goes out though the person asked for silence. Raises PersonSaidStop when it must not.

    A text about a danger to life is no call that 47 CFR 64.1200(a) forbids, and 64.1200(f)(4) says what one
    is. After one of Twilio's own keywords it would be refused by the provider, so it is not tried.
    """
    if conversation.person.opted_out_at is None:
        return False
    asked_by = session.scalars(
        select(OptOut.asked_by)
        .where(OptOut.conversation_id == conversation.id, OptOut.undone_at.is_(None))
        .order_by(OptOut.id.desc())
        .limit(1)
    ).first()
    if not danger or asked_by != OptOutBy.WORDS:
        raise PersonSaidStop
    return True
