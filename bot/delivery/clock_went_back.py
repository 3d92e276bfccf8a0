"""The computer's clock went back: no text waits for a time that was right by the clock as it was before."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.waiting import UNSETTLED
from bot.models import Direction, Message, SendingPace


def bring_back(session: Session, now: datetime) -> None:
    """Let every text that waits be looked at now, and the sender's line begin now.

    A look too early costs a request and no more: what is not to go yet is put off again.
    """
    waiting = select(Message).where(Message.direction == Direction.OUT, Message.state.in_(UNSETTLED))
    for message in session.scalars(waiting):
        message.next_try_at, message.waiting_for, message.slot_at = now, None, None
        if message.sending_at is not None:
            message.sending_at = min(message.sending_at, now)
    for pace in session.scalars(select(SendingPace).with_for_update()):
        pace.answers_free_at = min(pace.answers_free_at, now)
        pace.check_ins_free_at = min(pace.check_ins_free_at, now)
        pace.held_until = None
