"""Give a conversation back to the line, or on to another case worker."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bot import check_ins, emergencies, marks, outbox
from bot.check_ins.coming import lock
from bot.errors import NotTaken, TakenBySomebody
from bot.joining.taking import answers_within, look_after, taken_by
from bot.marks import Did
from bot.marks.doing import known, working
from bot.models import Conversation, DialogueTracker, Direction, Ended, Message, MessageState, Takeover
from bot.ports import Durably, Reply

#: The line is back: after a talk, while an emergency goes on, and since the case worker did not answer.
BACK, BACK_IN_DANGER, NO_ANSWER = "line_back", "line_back_danger", "worker_no_answer"


def give_back(session: Session, conversation_id: int, worker_id: int, at: datetime, durably: Durably) -> None:
    """The line has the conversation again: it says so, and begins afresh.

    Raises NotTaken, TakenBySomebody.
    """
    known(session, conversation_id)
    conversation = lock(session, conversation_id)
    takeover = mine(session, conversation_id, worker_id)
    end(session, conversation, takeover, Ended.GIVEN_BACK, at, durably, say=True)
    marks.did(session, conversation_id, Did.GAVE_BACK, at, worker_id)


def hand_over(
    session: Session, conversation_id: int, worker_id: int, to_worker_id: int, at: datetime
) -> Takeover:
    """Give a conversation to another case worker; the line stays silent. Raises NotTaken, TakenBySomebody.

    Whoever waits goes on waiting, with the new one's minutes.
    """
    known(session, conversation_id)
    working(session, to_worker_id)
    conversation = lock(session, conversation_id)
    before = mine(session, conversation_id, worker_id)
    if to_worker_id == worker_id:
        return before
    waits = before.answer_by is not None
    before.ended_at, before.ended_by, before.answer_by = at, Ended.HANDED_OVER, None
    # The database allows one at a time.
    session.flush()
    minutes = answers_within(session, conversation, before.answer_minutes, before.danger_minutes)
    takeover = Takeover(
        conversation_id=conversation_id,
        case_worker_id=to_worker_id,
        began_at=at,
        answer_minutes=before.answer_minutes,
        danger_minutes=before.danger_minutes,
        answer_by=at + minutes if waits else None,
    )
    session.add(takeover)
    look_after(session, conversation_id, to_worker_id)
    marks.did(session, conversation_id, Did.HANDED_OVER, at, worker_id, other_worker_id=to_worker_id)
    return takeover


def mine(session: Session, conversation_id: int, worker_id: int) -> Takeover:
    """The takeover of a case worker. Raises NotTaken or TakenBySomebody."""
    takeover = taken_by(session, conversation_id)
    if takeover is None:
        raise NotTaken
    if takeover.case_worker_id != worker_id:
        raise TakenBySomebody(takeover.case_worker_id)
    return takeover


def end(
    session: Session,
    conversation: Conversation,
    takeover: Takeover,
    how: Ended,
    at: datetime,
    durably: Durably,
    *,
    say: bool,
    key: str = BACK,
) -> None:
    """End a takeover, the conversation held by the caller: the dialogue begins afresh, check-ins go on.

    `say` tells the person, if anything was said meanwhile.
    """
    takeover.ended_at, takeover.ended_by, takeover.answer_by = at, how, None
    session.flush()
    # What the dialogue had asked is long past: the next text is not an answer to it.
    session.execute(delete(DialogueTracker).where(DialogueTracker.sender_id == conversation.public_id))
    conversation.menu_need = None
    if say and conversation.person.opted_out_at is None and _talked(session, takeover):
        if emergencies.going_on(session, conversation) is not None:
            key = BACK_IN_DANGER
        outbox.put(session, conversation, [Reply(key)], f"back-{takeover.id}", at, durably)
    check_ins.release_held(session, conversation, at, durably)


def _talked(session: Session, takeover: Takeover) -> bool:
    """Whether the case worker wrote, or the person did and nobody has answered."""
    if takeover.texts:
        return True
    theirs = Message.conversation_id == takeover.conversation_id
    heard = session.scalars(
        select(Message).where(theirs, Message.direction == Direction.IN).order_by(Message.id.desc()).limit(1)
    ).first()
    if heard is None or heard.state != MessageState.TO_WORKER:
        return False
    # A case worker's text has no key.
    told = or_(Message.reply_key.is_(None), Message.reply_key.in_([BACK, BACK_IN_DANGER, NO_ANSWER]))
    answered = select(Message.id).where(
        theirs, Message.direction == Direction.OUT, Message.id > heard.id, told
    )
    return session.scalars(answered.limit(1)).first() is None
