"""The offer after a referral: made once, and pointed at the place whose address was given last."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.check_ins.coming import COMING
from bot.check_ins.terms import terms
from bot.models import CheckIn, CheckInKind, Conversation, Direction, Message

OFFER = "offer_check_in"


def may_offer(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Whether to offer check-ins after an address: not when some are coming, nor twice within a day."""
    standing = select(CheckIn.id).where(
        CheckIn.conversation_id == conversation.id,
        CheckIn.kind == CheckInKind.REFERRAL,
        CheckIn.state.in_(COMING),
    )
    if session.scalars(standing.limit(1)).first() is not None:
        return False
    offered = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.OUT,
        Message.reply_key == OFFER,
        Message.created_at > now - terms().offered_again_after,
    )
    return session.scalars(offered.limit(1)).first() is None


def ask_about(session: Session, conversation: Conversation, listing_id: str) -> None:
    """From now on "did you get in?" is about this place: the last address given is where they go."""
    session.execute(
        update(CheckIn)
        .where(
            CheckIn.conversation_id == conversation.id,
            CheckIn.state.in_(COMING),
            CheckIn.listing_id.is_not(None),
        )
        .values(listing_id=listing_id)
    )
