"""Send texts that nobody is waiting for, many together: two write transactions for all of them.

Check-ins that are due together would otherwise each take the database's write lock several times, and keep
the webhook's own write waiting (docs/adr/0021). They are found by their rows, so nothing is started for each.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.db import reading, writing
from bot.delivery.ending import Handed, holds_all
from bot.delivery.permission import held_back
from bot.delivery.sender import Parcel, Sender, locked
from bot.delivery.sending import Delivery
from bot.delivery.waiting import UNSETTLED
from bot.errors import OutcomeUnknown
from bot.models import Direction, Message, MessageState
from bot.ports import Clock
from bot.urgency import Urgency

logger = logging.getLogger(__name__)
#: Begun in one transaction, which holds SQLite's write lock for about a millisecond each.
AT_ONCE = 50
#: Requests at once.
HANDS = 8
#: No text is handed over later than this after it was begun; then and the longest request (two timeouts of
#: 10 s) are over before its last look in the provider's list (ending.LOOKS), after which it is sent again.
HANDED_OVER_WITHIN_SECONDS = 4.0
#: What has come back is noted so often while others are still out.
NOTED_EVERY_SECONDS = 1.0
#: Whoever looks one up has it for so long.
LOOKED_UP_WITHIN = timedelta(seconds=60)
#: One that failed by a fault of ours is left alone for so long.
RESTS = timedelta(minutes=1)


@dataclass(frozen=True)
class _Begun:
    """How many were taken up; those to be looked up or sent by themselves; those to be handed over."""

    taken_up: int
    alone: Sequence[int]
    parcels: Sequence[Parcel]


class Together:
    """Sends what is due of them. Several may run at once, in this process and in others: the rows decide.

    `alone` sends one by itself, `hands` are threads, and `stopwatch` counts seconds whatever the clock does.
    """

    def __init__(
        self,
        engine: Engine,
        sender: Sender,
        alone: Delivery,
        clock: Clock,
        hands: int = HANDS,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._sender, self._alone, self._clock = engine, sender, alone, clock
        self._hands, self._stopwatch = hands, stopwatch
        self._beginning, self._stopping = threading.Lock(), threading.Event()
        self._resting: dict[int, datetime] = {}

    def send(self) -> int:
        """Send as many as go together. Returns how many were taken up; none when there are none.

        One that fails keeps no other from leaving: then each is tried alone, and it rests for a minute.
        Raises sqlalchemy.exc.OperationalError when the database cannot be written; nothing is sent then.
        """
        # In one process no two begin with the same list.
        with self._beginning:
            due = self._due()
            if not due:
                return 0
            began = self._stopwatch()
            try:
                begun = self._begin(due)
            except OperationalError:
                raise
            except Exception as error:
                logger.warning("%d texts are sent one by one: %s", len(due), type(error).__name__)
                begun = _Begun(len(due), due, ())
        with ThreadPoolExecutor(self._hands, "together") as hands:
            for row in begun.alone:
                hands.submit(self._by_itself, row)
            self._hand_over(hands, begun.parcels, began + HANDED_OVER_WITHIN_SECONDS)
        return begun.taken_up

    def stop(self) -> None:
        """Hand nothing more over: what was begun goes back to the queue."""
        self._stopping.set()

    def _due(self) -> Sequence[int]:
        now = self._clock()
        self._resting = {row: at for row, at in list(self._resting.items()) if at > now - RESTS}
        with reading(self._engine) as session:
            found = session.execute(
                select(Message.id, Message.conversation_id)
                .where(
                    Message.direction == Direction.OUT,
                    Message.state.in_(UNSETTLED),
                    Message.urgency == Urgency.CHECK_IN,
                    or_(Message.next_try_at.is_(None), Message.next_try_at <= now),
                    Message.id.not_in(self._resting),
                )
                .order_by(Message.id)
                .limit(AT_ONCE)
            ).all()
        # Of one person's the first alone: they go in order.
        first: dict[int, int] = {}
        for row, conversation in found:
            first.setdefault(conversation, row)
        return list(first.values())

    def _begin(self, due: Sequence[int]) -> "_Begun":
        with writing(self._engine) as session:
            now = self._clock()
            still = [
                message
                for message in locked(session, due, waiting_for_others=False)
                if message.state in UNSETTLED and (message.next_try_at is None or message.next_try_at <= now)
            ]
            unknown = [message for message in still if message.state == MessageState.SENDING]
            for message in unknown:
                message.next_try_at = now + LOOKED_UP_WITHIN
            queued = [message for message in still if message.state == MessageState.QUEUED]
            parcels = self._sender.begin(session, queued, now)
            return _Begun(len(still), [message.id for message in unknown], parcels)

    def _hand_over(self, hands: ThreadPoolExecutor, parcels: Sequence[Parcel], until: float) -> None:
        trouble = threading.Event()

        def one(parcel: Parcel) -> Handed | None:
            over = trouble.is_set() or self._stopping.is_set()
            if over or self._held_back(parcel) or self._stopwatch() > until:
                return None
            handed = self._handed(parcel)
            if holds_all(handed):
                trouble.set()
            return handed

        out: dict[Future[Handed | None], Parcel] = {hands.submit(one, parcel): parcel for parcel in parcels}
        while out:
            done, _ = wait(out, NOTED_EVERY_SECONDS)
            self._note({out[future].message_id: (out[future], future.result()) for future in done})
            for future in done:
                del out[future]

    def _held_back(self, parcel: Parcel) -> bool:
        """Whether something has come up since it was begun."""
        try:
            with reading(self._engine) as session:
                if session.get(Message, parcel.message_id) is None:
                    # Its person was forgotten meanwhile.
                    return True
                return bool(held_back(session, [parcel.message_id], self._clock()))
        except Exception as error:
            logger.warning("text %s is not sent now: %s", parcel.message_id, type(error).__name__)
            return True

    def _handed(self, parcel: Parcel) -> Handed:
        try:
            return self._sender.hand_over(parcel)
        except Exception as error:
            # Nobody knows what the provider made of it.
            logger.error("text %s: %s while it was handed over", parcel.message_id, type(error).__name__)
            return OutcomeUnknown()

    def _note(self, done: Mapping[int, tuple[Parcel, Handed | None]]) -> None:
        if not done:
            return
        try:
            self._note_together(done)
        except Exception as error:
            logger.warning("%d texts are noted one by one: %s", len(done), type(error).__name__)
            for row, one in done.items():
                try:
                    self._note_together({row: one})
                except OperationalError:
                    logger.error("what became of texts could not be noted; they will be looked up")
                    return
                except Exception:
                    logger.exception("text %s: what became of it could not be noted", row)

    def _note_together(self, done: Mapping[int, tuple[Parcel, Handed | None]]) -> None:
        with writing(self._engine) as session:
            now = self._clock()
            handed = []
            for message in locked(session, done):
                parcel, what = done[message.id]
                if what is None:
                    _give_back(session, message, parcel)
                else:
                    handed.append((message, what))
            self._sender.end(session, handed, now)

    def _by_itself(self, row: int) -> None:
        try:
            self._alone.deliver(row)
        except Exception:
            logger.exception("text %s could not be sent", row)
            self._resting[row] = self._clock()


def _give_back(session: Session, message: Message, parcel: Parcel) -> None:
    """It was begun and not handed over: as if it had not been begun, unless somebody has it by now."""
    if message.state == MessageState.SENDING and message.sending_at == parcel.began:
        message.state, message.next_try_at, message.sending_at = MessageState.QUEUED, None, None
        message.attempts -= 1
