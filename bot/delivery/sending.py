"""Send one outgoing text: never lost, in order, at the sender's pace, and looked up before it is sent again.

The row says how far a text is; the durable work only wakes somebody to read it. Its life: docs/delivery.md.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import consent, consent_ledger
from bot.db import reading, writing
from bot.delivery import outcome, pace
from bot.delivery.error_codes import Action, look_up
from bot.delivery.pace import Pace
from bot.delivery.validity import expires_at, valid_seconds
from bot.delivery.waiting import (
    BEHIND_SECONDS,
    UNSETTLED,
    Chance,
    Wait,
    Waits,
    backoff,
    behind_another,
    put_off,
)
from bot.errors import OutcomeUnknown, Refused, TryAgain
from bot.models import Direction, Message, MessageState, UnpromptedText
from bot.ports import Clock, Durably, Messenger, Sent
from bot.urgency import Urgency

logger = logging.getLogger(__name__)
#: Twilio's list is by its own clock; the adapter translates, to a few seconds. Looking back two minutes found
#: the same words in a webhook's answer half a minute before, and took them for this text.
LOOK_BACK = timedelta(seconds=15)
#: A send whose outcome is unknown is looked for after these, in seconds, since the list lags behind; only
#: when the last look found nothing is it sent again. Longer than any request of ours can take (two timeouts
#: of 10 s), except for an emergency.
LOOKS = {Urgency.EMERGENCY: (1, 3, 6), Urgency.ANSWER: (2, 6, 14, 25), Urgency.CHECK_IN: (5, 25)}
#: Durable work may come a little before its time.
EARLY = timedelta(milliseconds=500)
#: What goes with a text ("card"), as an address that the provider can fetch now; None for none.
AddressOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Parcel:
    """A text as it is handed over."""

    to: str
    body: str
    callback_id: str
    valid_seconds: int
    media_url: str | None


class Delivery:
    """The send step of the outbox. `address_of` gives what is attached a public address."""

    def __init__(
        self,
        engine: Engine,
        messenger: Messenger,
        durably: Durably,
        clock: Clock,
        pace: Pace | None = None,
        chance: Chance | None = None,
        address_of: AddressOf | None = None,
    ) -> None:
        self._engine, self._messenger, self._durably, self._clock = engine, messenger, durably, clock
        self._pace = pace or Pace()
        self._chance = chance or random.SystemRandom().random
        self._address_of = address_of

    def deliver(self, message_id: int) -> MessageState:
        """Send a queued text, or see to it that it is looked at again. Returns the state it is left in.

        Raises nothing that the provider does: a text that could not be sent waits for its next try.
        """
        if self._outcome_unknown(message_id):
            found = self._look(message_id)
            if found is not None:
                return found
        parcel = self._begin(message_id)
        if isinstance(parcel, MessageState):
            return parcel
        try:
            sent = self._messenger.send(
                parcel.to, parcel.body, parcel.callback_id, parcel.valid_seconds, parcel.media_url
            )
        except Refused as refusal:
            return self._refused(message_id, str(refusal.code or "none"))
        except OutcomeUnknown:
            return self._look_later(message_id, trouble=True)
        except TryAgain as error:
            return self._try_again(message_id, error.code)
        return self._taken(message_id, sent)

    def _begin(self, message_id: int) -> Parcel | MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = _locked(session, message_id)
            if message.state not in UNSETTLED:
                return MessageState(message.state)
            if self._withheld(session, message, now):
                outcome.settle(session, message, MessageState.WITHHELD, now, self._durably)
                return MessageState.WITHHELD
            expires = expires_at(session, message)
            if now >= expires:
                return outcome.give_up(session, message, now, self._durably)
            if not self._may_go(session, message, now):
                return MessageState(message.state)
            message.state = MessageState.SENDING
            message.waiting_for = None
            message.sending_at = now
            # Should this process die now, a sweep looks it up after that.
            message.next_try_at = now + timedelta(seconds=LOOKS[Urgency(message.urgency)][-1])
            message.attempts += 1
            return Parcel(
                message.conversation.person.number,
                message.body,
                message.callback_id or "",
                valid_seconds(expires, now),
                self._address_of(message.attached) if self._address_of and message.attached else None,
            )

    def _withheld(self, session: Session, message: Message, now: datetime) -> bool:
        person = message.conversation.person
        if consent.silences(person, message.reply_key, now):
            return True
        if not consent_ledger.allows(session, message.id):
            return True
        return person.bad_number_at is not None and _nobody_there(session, message, person.bad_number_at)

    def _may_go(self, session: Session, message: Message, now: datetime) -> bool:
        if message.state == MessageState.SENDING:
            # Somebody else has just begun to send it again.
            last_look = timedelta(seconds=LOOKS[Urgency(message.urgency)][-1])
            return message.sending_at is None or now + EARLY >= message.sending_at + last_look
        timed = message.waiting_for and message.waiting_for != Waits.EARLIER
        if timed and message.next_try_at is not None and message.next_try_at > now + EARLY:
            # Woken twice; the later waking stands.
            return False
        if behind_another(session, message):
            # Whatever is settled before it wakes it.
            message.waiting_for = Waits.EARLIER
            message.next_try_at = now + timedelta(seconds=BEHIND_SECONDS)
            return False
        wait = self._pace.wait(session, message, now, self._chance)
        if wait is not None and wait.until > now + EARLY:
            put_off(session, message, wait, now, self._durably)
            return False
        return True

    def _outcome_unknown(self, message_id: int) -> bool:
        with reading(self._engine) as session:
            return session.get_one(Message, message_id).state == MessageState.SENDING

    def _look(self, message_id: int) -> MessageState | None:
        """Look a text up that may have been taken. None when it was not, and may be sent again."""
        now = self._clock()
        with reading(self._engine) as session:
            message = session.get_one(Message, message_id)
            to, body, since = message.conversation.person.number, message.body, message.created_at
            looks, began = LOOKS[Urgency(message.urgency)], message.sending_at or message.created_at
        try:
            candidates = self._messenger.find(to, body, since - LOOK_BACK)
        except TryAgain:
            return self._look_later(message_id, at=now + timedelta(seconds=looks[-1] * (1 + self._chance())))
        for candidate in candidates:
            settled = self._claim(message_id, candidate)
            if settled is not None:
                return settled
        if now + EARLY >= began + timedelta(seconds=looks[-1]):
            logger.warning("text %s: the provider does not have it; it is sent again", message_id)
            return None
        return self._look_later(message_id)

    def _claim(self, message_id: int, candidate: Sent) -> MessageState | None:
        """Take a SID from the list for this text, unless it is another's."""
        now, sid = self._clock(), candidate.message_sid
        try:
            with writing(self._engine) as session:
                message = _locked(session, message_id)
                if message.state != MessageState.SENDING:
                    return MessageState(message.state)
                if outcome.owner_of(session, sid) is not None:
                    return None
                return outcome.taken(
                    session, message, sid, candidate.status, now, self._durably, self._chance
                )
        except IntegrityError:
            # Another text of the same words took it at the same moment.
            return None

    def _look_later(
        self, message_id: int, at: datetime | None = None, *, trouble: bool = False
    ) -> MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = _locked(session, message_id)
            if message.state != MessageState.SENDING:
                return MessageState(message.state)
            began = message.sending_at or now
            if trouble:
                pace.trouble(session, now)
            if now >= expires_at(session, message):
                return outcome.give_up(session, message, now, self._durably)
            looks = [began + timedelta(seconds=after) for after in LOOKS[Urgency(message.urgency)]]
            at = at or next((look for look in looks if look > now + EARLY), looks[-1])
            put_off(session, message, Wait(at, Waits.PROVIDER), now, self._durably)
            return MessageState.SENDING

    def _try_again(self, message_id: int, code: int | None) -> MessageState:
        if code is not None and look_up(str(code)).action is not Action.UNKNOWN:
            return self._refused(message_id, str(code))
        now = self._clock()
        with writing(self._engine) as session:
            message = _locked(session, message_id)
            if message.state != MessageState.SENDING:
                return MessageState(message.state)
            message.state = MessageState.QUEUED
            pause = backoff(Urgency(message.urgency), message.attempts, self._chance)
            pace.trouble(session, now)
            put_off(session, message, Wait(now + pause, Waits.PROVIDER), now, self._durably)
            return MessageState.QUEUED

    def _refused(self, message_id: int, code: str) -> MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = _locked(session, message_id)
            if message.state != MessageState.SENDING:
                return MessageState(message.state)
            return outcome.refused(session, message, code, now, self._durably, self._chance)

    def _taken(self, message_id: int, sent: Sent) -> MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = _locked(session, message_id)
            return outcome.taken(
                session, message, sent.message_sid, sent.status, now, self._durably, self._chance
            )


def _locked(session: Session, message_id: int) -> Message:
    return session.get_one(Message, message_id, with_for_update=True)


def _nobody_there(session: Session, message: Message, since: datetime) -> bool:
    """Whether a text that nobody waits for would go to a number known to be bad, and silent since."""
    if session.get(UnpromptedText, message.id) is None:
        return False
    heard = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.IN,
        Message.created_at > since,
    )
    return session.scalars(heard.limit(1)).first() is None
