"""What a hand-over came to: taken, refused, not taken, or nobody knows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.delivery import outcome, pace
from bot.delivery.error_codes import Action, look_up
from bot.delivery.reactions import HOLDS_ALL
from bot.delivery.validity import expires_at
from bot.delivery.waiting import Chance, Wait, Waits, backoff, put_off
from bot.errors import OutcomeUnknown, Refused, TryAgain
from bot.models import Message, MessageState
from bot.ports import Durably, Sent
from bot.urgency import Urgency

#: What a hand-over brings: the provider's word, or the error it ended with.
Handed = Sent | Refused | TryAgain
#: A send whose outcome is unknown is looked for after these, in seconds, since the list lags behind; only
#: when the last look found nothing is it sent again. Longer than any request of ours can take (two timeouts
#: of 10 s), except for an emergency.
LOOKS = {Urgency.EMERGENCY: (1, 3, 6), Urgency.ANSWER: (2, 6, 14, 25), Urgency.CHECK_IN: (5, 25)}
#: Durable work may come a little before its time.
EARLY = timedelta(milliseconds=500)


def end(
    session: Session,
    handed: Sequence[tuple[Message, Handed]],
    now: datetime,
    durably: Durably,
    chance: Chance,
) -> list[MessageState]:
    """Note what became of these texts, in one transaction. Returns the states they are left in."""
    sent = [(message, one) for message, one in handed if isinstance(one, Sent)]
    outcome.taken(session, sent, now, durably, chance)
    for message, one in handed:
        if not isinstance(one, Sent) and message.state == MessageState.SENDING:
            _failed(session, message, one, now, durably, chance)
    return [MessageState(message.state) for message, _ in handed]


def holds_all(handed: Handed) -> bool:
    """Whether the provider has trouble with whatever it is given, so that others had better wait."""
    if isinstance(handed, Refused):
        return look_up(_code(handed)).action in HOLDS_ALL
    return isinstance(handed, TryAgain)


def look_later(
    session: Session,
    message: Message,
    now: datetime,
    durably: Durably,
    at: datetime | None = None,
    *,
    trouble: bool = False,
) -> MessageState:
    """Nobody knows whether it was taken: have it looked up at a time, by default the next of its looks."""
    if message.state != MessageState.SENDING:
        return MessageState(message.state)
    began = message.sending_at or now
    if trouble:
        pace.trouble(session, now)
    if now >= expires_at(session, message):
        return outcome.give_up(session, message, now, durably)
    looks = [began + timedelta(seconds=after) for after in LOOKS[Urgency(message.urgency)]]
    at = at or next((look for look in looks if look > now + EARLY), looks[-1])
    put_off(session, message, Wait(at, Waits.PROVIDER), now, durably)
    return MessageState.SENDING


def _failed(
    session: Session,
    message: Message,
    error: Refused | TryAgain,
    now: datetime,
    durably: Durably,
    chance: Chance,
) -> None:
    if isinstance(error, OutcomeUnknown):
        look_later(session, message, now, durably, trouble=True)
        return
    code = _code(error)
    if isinstance(error, Refused) or look_up(code).action is not Action.UNKNOWN:
        outcome.refused(session, message, code, now, durably, chance)
        return
    message.state = MessageState.QUEUED
    pause = backoff(Urgency(message.urgency), message.attempts, chance)
    pace.trouble(session, now)
    put_off(session, message, Wait(now + pause, Waits.PROVIDER), now, durably)


def _code(error: Refused | TryAgain) -> str:
    return str(error.code or "none")
