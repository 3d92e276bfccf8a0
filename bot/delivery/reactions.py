"""What is done about each kind of error, whether the request brought it or a status callback did."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import consent, consent_ledger
from bot.delivery import alerts, pace
from bot.delivery.error_codes import Action, ErrorCode, look_up
from bot.delivery.waiting import Chance, Wait, Waits, backoff
from bot.models import Message
from bot.ports import Durably
from bot.urgency import Urgency

logger = logging.getLogger(__name__)
#: How long the line waits before it tries again what a person must mend first; emergencies try sooner.
MENDED_AFTER = {
    Action.CREDENTIALS: timedelta(minutes=1),
    Action.SENDER: timedelta(minutes=1),
    Action.DAILY_LIMIT: timedelta(minutes=15),
}
#: What the provider does to every text alike, not to this one.
HOLDS_ALL = frozenset({*MENDED_AFTER, Action.THROTTLED})
EMERGENCY_AGAIN = timedelta(seconds=15)
#: How the ledger says why promises to a number ended.
BAD_NUMBER = "bad_number"


@dataclass(frozen=True)
class Trouble:
    """One error of one text."""

    session: Session
    message: Message
    error: ErrorCode
    now: datetime
    durably: Durably
    chance: Chance

    def page(self) -> None:
        """Show it to the operator."""
        alerts.page(self.session, self.error.code, self.error.action, self.message.id, self.now)


def react(
    session: Session, message: Message, code: str, now: datetime, durably: Durably, chance: Chance
) -> Wait | None:
    """Do what errors.yml says. Returns until when to wait before trying again; None when the text is over."""
    trouble = Trouble(session, message, look_up(code), now, durably, chance)
    logger.warning("text %s: error %s, %s", message.id, code, trouble.error.action)
    return _REACTIONS[trouble.error.action](trouble)


def _opt_out(trouble: Trouble) -> None:
    consent.opt_out(
        trouble.session, trouble.message.conversation.person, trouble.now, durably=trouble.durably
    )


def _bad_number(trouble: Trouble) -> None:
    person = trouble.message.conversation.person
    person.bad_number_at = trouble.now
    consent_ledger.revoke_all(trouble.session, person, trouble.now, BAD_NUMBER)


def _shown(trouble: Trouble) -> None:
    trouble.page()


def _kept(trouble: Trouble) -> Wait:
    pause = MENDED_AFTER[trouble.error.action]
    pace.hold(trouble.session, trouble.now + pause)
    trouble.page()
    if trouble.message.urgency == Urgency.EMERGENCY:
        pause = EMERGENCY_AGAIN
    return Wait(trouble.now + pause * (1 + trouble.chance() / 4), Waits.PROVIDER)


def _throttled(trouble: Trouble) -> Wait:
    urgency = Urgency(trouble.message.urgency)
    pause = backoff(urgency, trouble.message.attempts, trouble.chance)
    pace.hold(trouble.session, trouble.now + pause)
    trouble.message.slot_at = None
    return Wait(trouble.now + pause, Waits.PROVIDER)


def _unreachable(trouble: Trouble) -> Wait | None:
    message, retries = trouble.message, trouble.error.retries
    # Whoever must be told of an emergency is not waited for: the next on call is told instead.
    if message.urgency == Urgency.EMERGENCY or message.resends >= len(retries):
        return None
    pause = timedelta(seconds=retries[message.resends])
    message.resends += 1
    return Wait(trouble.now + pause * (1 + trouble.chance() / 4), Waits.PHONE)


_REACTIONS: Mapping[Action, Callable[[Trouble], Wait | None]] = {
    Action.OPT_OUT: _opt_out,
    Action.BAD_NUMBER: _bad_number,
    Action.OUR_FAULT: _shown,
    Action.SENDER: _kept,
    Action.CREDENTIALS: _kept,
    Action.DAILY_LIMIT: _kept,
    Action.THROTTLED: _throttled,
    Action.FILTERED: _shown,
    Action.UNREGISTERED: _shown,
    Action.UNREACHABLE: _unreachable,
    Action.UNKNOWN: _shown,
}
