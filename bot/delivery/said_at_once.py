"""Words given back in a webhook's own answer (emergencies): did they leave? If not, they are sent.

Nobody tells us. If the process dies between storing a text and answering, or the connection breaks, Twilio
logs an error and the phone gets nothing, while the row says that the words are said. Twilio's list knows.
"""

import logging
import random
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from bot.db import reading, writing
from bot.delivery import outcome
from bot.delivery.validity import EMERGENCY_LASTS
from bot.delivery.waiting import Chance, wake
from bot.errors import TryAgain
from bot.models import Conversation, Direction, Message, MessageState
from bot.ports import Durably, Messenger, Sent
from bot.urgency import Urgency

logger = logging.getLogger(__name__)
#: Twilio waits 15 s at each of two addresses, and its list lags a little.
LEFT_WITHIN = timedelta(seconds=35)
#: Twilio's list is by its own clock.
CLOCKS_APART = timedelta(seconds=30)
AT_ONCE = 50
_chance: Chance = random.SystemRandom().random


def see_them_left(
    engine: Engine, messenger: Messenger, durably: Durably, now: datetime, chance: Chance = _chance
) -> int:
    """Look up words that should have left by now, and send those that have not. Returns how many those are.

    A list that cannot be read leaves them for the next time.
    """
    with reading(engine) as session:
        person = joinedload(Message.conversation).joinedload(Conversation.person)
        unseen = session.scalars(
            select(Message)
            .options(person)
            .where(
                Message.direction == Direction.OUT,
                Message.state == MessageState.INLINE,
                Message.message_sid.is_(None),
                Message.created_at.between(now - EMERGENCY_LASTS, now - LEFT_WITHIN),
            )
            .order_by(Message.id)
            .limit(AT_ONCE)
        ).all()
    sent = 0
    for words in unseen:
        try:
            listed = messenger.find(
                words.conversation.person.number, words.body, words.created_at - CLOCKS_APART
            )
        except TryAgain:
            logger.warning("words said at once are not looked up: the provider's list cannot be read")
            break
        sent += not any(_claimed(engine, words.id, one, now, durably, chance) for one in listed) and _sent(
            engine, words.id, now, durably
        )
    return sent


def send_after_all(session: Session, words: Message, now: datetime, durably: Durably) -> None:
    """Send words that were to go with a webhook's answer like any other emergency text."""
    words.state, words.urgency, words.callback_id = MessageState.QUEUED, Urgency.EMERGENCY, uuid4().hex
    wake(session, words, now, durably)


def _claimed(
    engine: Engine, message_id: int, listed: Sent, now: datetime, durably: Durably, chance: Chance
) -> bool:
    """Take a text of the list for these words, unless it is of others."""
    try:
        with writing(engine) as session:
            words = session.get_one(Message, message_id, with_for_update=True)
            if words.message_sid is not None:
                return True
            if outcome.owner_of(session, listed.message_sid) is not None:
                return False
            outcome.note_event(session, listed.message_sid, listed.status, "", now)
            if outcome.belongs(session, words, listed.message_sid, now, durably):
                outcome.move_on(session, words, now, durably, chance)
            return True
    except IntegrityError:
        # Other words took it at the same moment.
        return False


def _sent(engine: Engine, message_id: int, now: datetime, durably: Durably) -> bool:
    with writing(engine) as session:
        words = session.get_one(Message, message_id, with_for_update=True)
        if words.state != MessageState.INLINE or words.message_sid is not None:
            return False
        logger.error("text %s: its words never left with the webhook's answer; they are sent now", message_id)
        send_after_all(session, words, now, durably)
        return True
