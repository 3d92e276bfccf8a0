"""Which unprompted text a check-in is. None of them names a place, a need or the person: screens are seen."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import CheckIn, CheckInState, Conversation, Direction, Message
from bot.ports import Reply

HOW_ARE_THINGS, GOT_IN = "check_in", "check_in_got_in"
STILL_HERE = "check_in_still_here"
#: Every text that asks how somebody is.
ASKING = (HOW_ARE_THINGS, f"{HOW_ARE_THINGS}_late", GOT_IN, f"{GOT_IN}_late", STILL_HERE)

#: Every text that makes a promise.
PROMISES = (
    "check_in_set", "check_in_set_silent", "check_in_series_set", "check_in_series_set_silent",
    "check_in_ladder_set",
)  # fmt: skip


def asking(session: Session, check_in: CheckIn) -> Reply:
    """The one question of a check-in: after a referral whether they got in, until they have said they did."""
    got_in = check_in.listing_id is not None and not _already_in(session, check_in)
    key = GOT_IN if got_in else HOW_ARE_THINGS
    return Reply(f"{key}_late" if check_in.late else key)


def just_asked(session: Session, conversation: Conversation) -> bool:
    """Whether the last text this person got from us asked how they are: a bare "ok" answers it."""
    return _last_said(session, conversation) in ASKING


def just_promised(session: Session, conversation: Conversation) -> bool:
    """Whether the last text this person got from us was a promise: "never mind" takes it back."""
    return _last_said(session, conversation) in PROMISES


def _last_said(session: Session, conversation: Conversation) -> str | None:
    last = select(Message.reply_key).where(
        Message.conversation_id == conversation.id, Message.direction == Direction.OUT
    )
    return session.scalars(last.order_by(Message.id.desc()).limit(1)).first()


def _already_in(session: Session, check_in: CheckIn) -> bool:
    if check_in.series_id is None:
        return False
    told = select(CheckIn.id).where(
        CheckIn.series_id == check_in.series_id,
        CheckIn.state == CheckInState.ANSWERED,
        CheckIn.answer == "ok",
        CheckIn.listing_id == check_in.listing_id,
    )
    return session.scalars(told.limit(1)).first() is not None
