"""How a text is begun, handed over and what became of it noted: for one text and for many sent together."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot import check_ins
from bot.delivery import ending, outcome
from bot.delivery.ending import EARLY, LOOKS, Handed
from bot.delivery.pace import Pace
from bot.delivery.permission import Held, held_back
from bot.delivery.validity import check_ins_of, expires_at, valid_seconds
from bot.delivery.waiting import BEHIND_SECONDS, UNSETTLED, Chance, Waits, behind_others, put_off
from bot.errors import Refused, TryAgain
from bot.models import Conversation, Message, MessageState
from bot.ports import Durably, Messenger
from bot.urgency import Urgency

#: What goes with a text ("card"), as an address that the provider can fetch now; None for none.
AddressOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Parcel:
    """A text as it is handed over. `began` is when its row was marked as being sent."""

    message_id: int
    to: str
    body: str
    callback_id: str
    valid_seconds: int
    media_url: str | None
    began: datetime


@dataclass(frozen=True)
class Sender:
    """The rules of sending. The caller opens the transactions, and none while a text is handed over."""

    messenger: Messenger
    durably: Durably
    pace: Pace = field(default_factory=Pace)
    chance: Chance = field(default_factory=lambda: random.SystemRandom().random)
    address_of: AddressOf | None = None

    def begin(self, session: Session, messages: Sequence[Message], now: datetime) -> list[Parcel]:
        """Mark as being sent those that may go; settle or put off the others. The caller holds the rows."""
        ids = [message.id for message in messages]
        held, behind = held_back(session, ids, now), behind_others(session, ids)
        # Read at once, and kept in the session while each looks for its own.
        promises = check_ins_of(session, messages)
        parcels = [self._begin(session, one, held.get(one.id), one.id in behind, now) for one in messages]
        del promises
        return [parcel for parcel in parcels if parcel is not None]

    def hand_over(self, parcel: Parcel) -> Handed:
        """Give a text to the provider. Returns what it said, or the error it met."""
        try:
            return self.messenger.send(
                parcel.to, parcel.body, parcel.callback_id, parcel.valid_seconds, parcel.media_url
            )
        except (Refused, TryAgain) as error:
            return error

    def end(
        self, session: Session, handed: Sequence[tuple[Message, Handed]], now: datetime
    ) -> list[MessageState]:
        """Note what became of texts that were handed over. The caller holds the rows."""
        return ending.end(session, handed, now, self.durably, self.chance)

    def _begin(
        self, session: Session, message: Message, held: Held | None, behind: bool, now: datetime
    ) -> Parcel | None:
        if message.state not in UNSETTLED:
            return None
        if held is not None:
            if held is Held.CASE_WORKER:
                check_ins.hold_back(session, message)
            outcome.settle(session, message, MessageState.WITHHELD, now, self.durably)
            return None
        expires = expires_at(session, message)
        if now >= expires:
            outcome.give_up(session, message, now, self.durably)
            return None
        if not self._may_go(session, message, behind, now):
            return None
        message.state = MessageState.SENDING
        message.waiting_for = None
        message.sending_at = now
        # Should this process die now, it is looked up after that.
        message.next_try_at = now + timedelta(seconds=LOOKS[Urgency(message.urgency)][-1])
        message.attempts += 1
        return Parcel(
            message.id,
            message.conversation.person.number,
            message.body,
            message.callback_id or "",
            valid_seconds(expires, now),
            self.address_of(message.attached) if self.address_of and message.attached else None,
            now,
        )

    def _may_go(self, session: Session, message: Message, behind: bool, now: datetime) -> bool:
        if message.state == MessageState.SENDING:
            # Somebody else has just begun to send it again.
            last_look = timedelta(seconds=LOOKS[Urgency(message.urgency)][-1])
            return message.sending_at is None or now + EARLY >= message.sending_at + last_look
        timed = message.waiting_for and message.waiting_for != Waits.EARLIER
        if timed and message.next_try_at is not None and message.next_try_at > now + EARLY:
            # Woken twice; the later waking stands.
            return False
        if behind:
            # Whatever is settled before it wakes it.
            message.waiting_for = Waits.EARLIER
            message.next_try_at = now + timedelta(seconds=BEHIND_SECONDS)
            return False
        wait = self.pace.wait(session, message, now, self.chance)
        if wait is not None and wait.until > now + EARLY:
            put_off(session, message, wait, now, self.durably)
            return False
        return True


def locked(
    session: Session, message_ids: Collection[int], *, waiting_for_others: bool = True
) -> Sequence[Message]:
    """Texts with their people, in order, held until the transaction ends.

    Without `waiting_for_others` those that another transaction holds are left out.
    """
    return session.scalars(
        select(Message)
        .options(
            joinedload(Message.conversation, innerjoin=True).joinedload(Conversation.person, innerjoin=True)
        )
        .where(Message.id.in_(message_ids))
        .order_by(Message.id)
        .with_for_update(of=Message, skip_locked=not waiting_for_others)
        .execution_options(populate_existing=True)
    ).all()
