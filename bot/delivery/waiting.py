"""What a text waits for before it is sent, and how long."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from bot.models import Message, MessageState
from bot.ports import Durably
from bot.urgency import Urgency

#: Between 0 and 1, evenly: what keeps many from trying again at the same moment.
Chance = Callable[[], float]
#: After its n-th failure a text waits up to base times 2 to the n, at most the cap, in seconds ("full
#: jitter": Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
BASE_SECONDS = 1.0
CAP_SECONDS = {Urgency.EMERGENCY: 5.0, Urgency.ANSWER: 60.0, Urgency.CHECK_IN: 60.0}
SHORTEST_SECONDS = 0.2
#: A text behind another is looked at again after this even if nobody woke it.
BEHIND_SECONDS = 60.0
UNSETTLED = (MessageState.QUEUED, MessageState.SENDING)


class Waits(StrEnum):
    """What for."""

    #: An earlier text of the same conversation.
    EARLIER = "earlier"
    #: Its place in the sender's line.
    SLOT = "slot"
    #: The provider, which is away, slow or will not have us.
    PROVIDER = "provider"
    #: The phone, which could not be reached.
    PHONE = "phone"


@dataclass(frozen=True)
class Wait:
    """Until when, and what for."""

    until: datetime
    what_for: Waits


def backoff(urgency: Urgency, failures: int, chance: Chance) -> timedelta:
    """How long to wait after so many failures."""
    longest = min(CAP_SECONDS[urgency], BASE_SECONDS * 2 ** min(failures, 16))
    return timedelta(seconds=max(SHORTEST_SECONDS, chance() * longest))


def wake(
    session: Session, message: Message, now: datetime, durably: Durably, at: datetime | None = None
) -> None:
    """See to it that a text is looked at again, now or at a time."""
    if message.urgency == Urgency.CHECK_IN:
        # Those are found by their time (together.py): nothing has to be started for each.
        message.next_try_at = at
        return
    message.wakes += 1
    durably.deliver(
        session,
        message.id,
        message.conversation_id,
        attempt=message.wakes,
        urgent=message.urgency == Urgency.EMERGENCY,
        due_at=at,
        now=now,
    )


def put_off(session: Session, message: Message, wait: Wait, now: datetime, durably: Durably) -> None:
    """Let a text wait, and be woken when that is over."""
    message.waiting_for, message.next_try_at = wait.what_for, wait.until
    wake(session, message, now, durably, at=wait.until)


def behind_others(session: Session, message_ids: Collection[int]) -> set[int]:
    """Those of these texts with an earlier one to the same person, no less urgent, that is not settled yet.

    One whose phone was out of reach does not hold up what is said since.
    """
    earlier = aliased(Message)
    unsettled = exists().where(
        earlier.conversation_id == Message.conversation_id,
        earlier.id < Message.id,
        earlier.state.in_(UNSETTLED),
        earlier.urgency <= Message.urgency,
        earlier.waiting_for.is_distinct_from(Waits.PHONE),
    )
    return set(session.scalars(select(Message.id).where(Message.id.in_(message_ids), unsettled)))


def wake_next(session: Session, settled: Sequence[Message], now: datetime, durably: Durably) -> None:
    """These texts are settled: wake those that waited behind them."""
    settled_first: dict[int, int] = {}
    for message in settled:
        settled_first.setdefault(message.conversation_id, message.id)
    behind = select(Message).where(
        Message.conversation_id.in_(settled_first),
        Message.state == MessageState.QUEUED,
        Message.waiting_for == Waits.EARLIER,
    )
    for waiting in session.scalars(behind.order_by(Message.id)).all():
        if waiting.id < settled_first[waiting.conversation_id]:
            continue
        waiting.waiting_for, waiting.next_try_at = None, now + timedelta(seconds=BEHIND_SECONDS)
        wake(session, waiting, now, durably)
