"""Send one outgoing text: never lost, in order, at the sender's pace, and looked up before it is sent again.

The row says how far a text is; the durable work only wakes somebody to read it. Its life: docs/delivery.md.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from bot.db import reading, writing
from bot.delivery import outcome
from bot.delivery.ending import EARLY, LOOKS, Handed, look_later
from bot.delivery.sender import Parcel, Sender, locked
from bot.errors import TryAgain
from bot.models import Message, MessageState
from bot.ports import Clock, Sent
from bot.urgency import Urgency

logger = logging.getLogger(__name__)
#: Twilio's list is by its own clock; the adapter translates, to a few seconds. Looking back two minutes found
#: the same words in a webhook's answer half a minute before, and took them for this text.
LOOK_BACK = timedelta(seconds=15)


class Delivery:
    """The send step of the outbox."""

    def __init__(self, engine: Engine, sender: Sender, clock: Clock) -> None:
        self._engine, self._sender, self._clock = engine, sender, clock

    def deliver(self, message_id: int) -> MessageState:
        """Send a queued text, or see to it that it is looked at again. Returns the state it is left in.

        Raises nothing that the provider does: a text that could not be sent waits for its next try. Raises
        sqlalchemy.exc.NoResultFound when there is none: its person was forgotten.
        """
        if self._outcome_unknown(message_id):
            found = self._look(message_id)
            if found is not None:
                return found
        parcel = self._begin(message_id)
        if isinstance(parcel, MessageState):
            return parcel
        return self._end(message_id, self._sender.hand_over(parcel))

    def _begin(self, message_id: int) -> Parcel | MessageState:
        with writing(self._engine) as session:
            message = _held(session, message_id)
            parcels = self._sender.begin(session, [message], self._clock())
            return parcels[0] if parcels else MessageState(message.state)

    def _end(self, message_id: int, handed: Handed) -> MessageState:
        with writing(self._engine) as session:
            message = _held(session, message_id)
            return self._sender.end(session, [(message, handed)], self._clock())[0]

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
            candidates = self._sender.messenger.find(to, body, since - LOOK_BACK)
        except TryAgain:
            later = now + timedelta(seconds=looks[-1] * (1 + self._sender.chance()))
            return self._look_later(message_id, at=later)
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
        try:
            with writing(self._engine) as session:
                message = _held(session, message_id)
                if message.state != MessageState.SENDING:
                    return MessageState(message.state)
                if outcome.owner_of(session, candidate.message_sid) is not None:
                    return None
                return self._sender.end(session, [(message, candidate)], self._clock())[0]
        except IntegrityError:
            # Another text of the same words took it at the same moment.
            return None

    def _look_later(self, message_id: int, at: datetime | None = None) -> MessageState:
        with writing(self._engine) as session:
            message = _held(session, message_id)
            return look_later(session, message, self._clock(), self._sender.durably, at)


def _held(session: Session, message_id: int) -> Message:
    for message in locked(session, [message_id]):
        return message
    raise NoResultFound
