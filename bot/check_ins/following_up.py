"""Silence after a check-in: one gentle text, then what was agreed, which may be nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import marks, outbox
from bot.check_ins import quiet_hours
from bot.check_ins.allowing import Busy, busy_with, standing_consent, wait_for_another
from bot.check_ins.saying import STILL_HERE
from bot.check_ins.telling import tell_roster
from bot.check_ins.terms import terms
from bot.models import CheckIn, CheckInState, Conversation, Direction, Message, Reason
from bot.ports import Durably, Reply

#: What was agreed for silence.
NOTHING, ROSTER = "nothing", "roster"


def when_to_follow_up(check_in: CheckIn, sent_at: datetime) -> datetime:
    """When the gentle text is due if nothing is heard: some hours on, and in no quiet hours."""
    after = sent_at + terms().follow_up_after
    return quiet_hours.next_allowed(after, check_in.timezone, check_in.conversation_id)


def follow_up(
    session: Session, conversation: Conversation, check_in: CheckIn, now: datetime, durably: Durably
) -> None:
    """Take the next step for a check-in that was sent. The caller holds the conversation and the row."""
    if heard_since(session, check_in) or busy_with(session, conversation, now) is not Busy.NOBODY:
        # Whatever they wrote, it is no silence; and case workers who are there see for themselves.
        check_in.follow_up_at = None
        return
    consent = standing_consent(session, check_in)
    if consent is None:
        check_in.state, check_in.follow_up_at = CheckInState.CANCELED, None
        return
    if check_in.followed_up_at is not None:
        _silent(session, conversation, check_in, now, durably)
        return
    due_at = check_in.follow_up_at or now
    if check_in.if_silent == NOTHING and now > due_at + terms().follow_up_within:
        check_in.state, check_in.follow_up_at = CheckInState.MISSED, None
        return
    later = wait_for_another(conversation, now)
    if later is None and quiet_hours.quiet(now, check_in.timezone):
        later = quiet_hours.next_allowed(now, check_in.timezone, conversation.id)
    if later is not None:
        check_in.follow_up_at = later
        return
    cause = f"ck-{check_in.id}-again"
    outbox.put_unprompted(session, conversation, [Reply(STILL_HERE)], cause, now, durably, consent)
    check_in.followed_up_at, check_in.follow_up_at = now, now + terms().silent_after


def heard_since(session: Session, check_in: CheckIn) -> bool:
    """Whether anything came from the person since the check-in was sent."""
    theirs = select(Message.id).where(
        Message.conversation_id == check_in.conversation_id,
        Message.direction == Direction.IN,
        Message.created_at >= check_in.sent_at,
    )
    return session.scalars(theirs.limit(1)).first() is not None


def _silent(
    session: Session, conversation: Conversation, check_in: CheckIn, now: datetime, durably: Durably
) -> None:
    check_in.state, check_in.follow_up_at = CheckInState.MISSED, None
    marks.need_person(session, conversation.id, Reason.MISSED_CHECK_IN, now)
    if check_in.if_silent == ROSTER:
        tell_roster(session, conversation, check_in, now, durably)
