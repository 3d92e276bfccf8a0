"""Compare the provider's list of texts with ours: take in what is missing, settle what is unknown.

Of a webhook that failed at both addresses Twilio logs an error and does nothing more, and a status callback
may be lost; its list still has both. Every few minutes it is read in windows that overlap, each ended before
the next is begun, so that whoever takes over after a crash reads no more than one window twice.
"""

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import consent, erased_copies
from bot.db import reading, writing
from bot.delivery import MISSED_WEBHOOKS, outcome, page
from bot.delivery.alerts import EXPIRED, OURS, OUTCOME_UNKNOWN
from bot.delivery.said_at_once import send_after_all
from bot.delivery.waiting import Chance
from bot.delivery.words import same_words
from bot.errors import TryAgain
from bot.intake import InboundText, receive
from bot.models import (
    Conversation,
    Direction,
    Message,
    MessageState,
    MessageStatusEvent,
    Person,
    Reconciliation,
)
from bot.people import insert_or_ignore
from bot.ports import Clock, Durably, Listed, Messenger
from bot.sealing import cipher_of

logger = logging.getLogger(__name__)
#: The first comparison ever goes back so far.
FIRST_LOOK = timedelta(minutes=15)
#: The list lags; and a webhook has 15 s at each of two addresses before its text is missing.
LAG = timedelta(seconds=60)
OVERLAP = timedelta(minutes=5)
WINDOW = timedelta(hours=1)
WINDOWS_AT_ONCE = 24
#: A clock that was ahead may have read past texts that came since: so much is read again.
READ_AGAIN = timedelta(hours=24)
#: Not more often than this, and whoever has begun has so long.
EVERY = timedelta(seconds=150)
CLAIMED_FOR = timedelta(minutes=10)
ASKED_AT_ONCE = 500
#: A text that we queued is in the list between a little before and this much after.
TAKEN_WITHIN = timedelta(hours=24)
CLOCKS_APART = timedelta(minutes=2)
NOT_SETTLED = (MessageState.SENDING, MessageState.INLINE)


@dataclass(frozen=True)
class Window:
    """A stretch of the list of one direction."""

    direction: Direction
    since: datetime
    before: datetime


class Reconciling:
    """One worker's comparison; several workers take turns through the row of each direction."""

    def __init__(
        self,
        engine: Engine,
        messenger: Messenger,
        durably: Durably,
        clock: Clock,
        chance: Chance | None = None,
    ) -> None:
        self._engine, self._messenger, self._durably, self._clock = engine, messenger, durably, clock
        self._chance = chance or random.SystemRandom().random

    def run(self) -> Counter[str]:
        """Compare both directions up to now. Returns how much was found, by kind."""
        found: Counter[str] = Counter()
        for direction in (Direction.IN, Direction.OUT):
            if not self._claim(direction):
                continue
            try:
                self._catch_up(direction, found)
            finally:
                # Also when the database was lost in the middle: nobody else looks while it is claimed.
                self._release(direction)
        if found:
            logger.warning("compared with the provider's list: %s", dict(found))
        return found

    def _catch_up(self, direction: Direction, found: Counter[str]) -> None:
        for _ in range(WINDOWS_AT_ONCE):
            window = self._next_window(direction)
            if window is None:
                return
            in_window, whole = self._compare(window)
            found += in_window
            self._note(window, in_window, whole)
            if not whole:
                return

    def _claim(self, direction: Direction) -> bool:
        now = self._clock()
        with writing(self._engine) as session:
            insert_or_ignore(
                session,
                Reconciliation,
                direction=direction,
                done_until=now - FIRST_LOOK,
                taken_in=0,
                settled=0,
                moved_on=0,
                strangers=0,
            )
            free = or_(Reconciliation.claimed_until.is_(None), Reconciliation.claimed_until < now)
            due = or_(Reconciliation.ran_at.is_(None), Reconciliation.ran_at <= now - EVERY)
            claimed = session.execute(
                update(Reconciliation)
                .where(Reconciliation.direction == direction, free, due)
                .values(claimed_until=now + CLAIMED_FOR)
                .returning(Reconciliation.direction)
            )
            return claimed.first() is not None

    def _next_window(self, direction: Direction) -> Window | None:
        newest = self._clock() - LAG
        with reading(self._engine) as session:
            done_until = session.get_one(Reconciliation, direction).done_until
        if done_until >= newest:
            return None
        return Window(direction, done_until - OVERLAP, min(newest, done_until + WINDOW))

    def _compare(self, window: Window) -> tuple[Counter[str], bool]:
        """What a window held, and whether it was read to its end."""
        inbound = window.direction == Direction.IN
        read = self._messenger.list_inbound if inbound else self._messenger.list_outbound
        listed: list[Listed] = []
        whole = True
        try:
            for text in read(window.since, window.before):
                listed.append(text)
        except TryAgain:
            whole = False
            logger.warning("the provider's list broke off; what was read of it counts")
        found: Counter[str] = Counter()
        # In the order they were written.
        for text in sorted(self._news(window.direction, listed), key=lambda text: text.at):
            found[self._take_in(text) if inbound else self._settle(text)] += 1
        found.pop("", None)
        return found, whole

    def _news(self, direction: Direction, listed: Sequence[Listed]) -> list[Listed]:
        """Those that say something we do not know."""
        news: list[Listed] = []
        for start in range(0, len(listed), ASKED_AT_ONCE):
            some = listed[start : start + ASKED_AT_ONCE]
            with reading(self._engine) as session:
                # The provider may still list what is being erased there.
                erased = erased_copies.erased_among(session, [text.message_sid for text in some])
                some = [text for text in some if text.message_sid not in erased]
                sids = [text.message_sid for text in some]
                if direction == Direction.IN:
                    known = set(
                        session.scalars(select(Message.message_sid).where(Message.message_sid.in_(sids)))
                    )
                    news += [text for text in some if text.message_sid not in known]
                    continue
                heard = {
                    (sid, status, code)
                    for sid, status, code in session.execute(
                        select(
                            MessageStatusEvent.message_sid,
                            MessageStatusEvent.message_status,
                            MessageStatusEvent.error_code,
                        ).where(
                            MessageStatusEvent.message_sid.in_(sids),
                            MessageStatusEvent.message_id.is_not(None),
                        )
                    )
                }
            news += [text for text in some if (text.message_sid, text.status, text.error_code) not in heard]
        return news

    def _take_in(self, listed: Listed) -> str:
        now = self._clock()
        with writing(self._engine) as session:
            text = InboundText(listed.message_sid, listed.number, listed.body, listed.num_media)
            reception = receive(session, text, now, self._durably)
            if reception.repeated:
                return ""
            message = session.get_one(Message, reception.message_id)
            message.reconciled_at, message.created_at = now, min(listed.at, now)
            if reception.say_now is not None:
                self._send_words(session, message, now)
            _undo_stop_before_start(session, message, now)
            page(session, MISSED_WEBHOOKS, OURS, message.id, now)
        return "taken_in"

    def _send_words(self, session: Session, message: Message, now: datetime) -> None:
        """The webhook's own answer is gone: an emergency's words go out like any other text."""
        words = session.scalars(select(Message).where(Message.cause == f"now-{message.id}")).one()
        send_after_all(session, words, now, self._durably)

    def _settle(self, listed: Listed) -> str:
        now, sid = self._clock(), listed.message_sid
        try:
            with writing(self._engine) as session:
                owner = outcome.owner_of(session, sid)
                message = owner or _unsettled(session, listed)
                if message is None:
                    return "strangers"
                message = session.get_one(Message, message.id, with_for_update=True, populate_existing=True)
                if owner is None and message.message_sid is not None:
                    return "strangers"
                before = message.twilio_status
                outcome.note_event(session, sid, listed.status, listed.error_code, now)
                if outcome.belongs(session, message, sid, now, self._durably):
                    outcome.move_on(session, message, now, self._durably, self._chance)
                if owner is None:
                    return "settled"
                return "moved_on" if message.twilio_status != before else ""
        except IntegrityError:
            return ""

    def _note(self, window: Window, found: Counter[str], whole: bool) -> None:
        now = self._clock()
        with writing(self._engine) as session:
            row = session.get_one(Reconciliation, window.direction, with_for_update=True)
            for kind in ("taken_in", "settled", "moved_on", "strangers"):
                setattr(row, kind, getattr(row, kind) + found[kind])
            if whole:
                row.done_until, row.ran_at = max(row.done_until, window.before), now

    def _release(self, direction: Direction) -> None:
        with writing(self._engine) as session:
            session.get_one(Reconciliation, direction, with_for_update=True).claimed_until = None


def _unsettled(session: Session, listed: Listed) -> Message | None:
    """The oldest text of ours without a SID that this may be: the same person, words and hours."""
    index = cipher_of(session.get_bind().dialect).index(listed.number)
    rows = session.scalars(
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(
            Person.number_index == index,
            Message.direction == Direction.OUT,
            Message.message_sid.is_(None),
            Message.created_at.between(listed.at - TAKEN_WITHIN, listed.at + CLOCKS_APART),
            or_(
                Message.state.in_(NOT_SETTLED),
                Message.error_code.in_([EXPIRED, OUTCOME_UNKNOWN]),
                # Thought not to have been taken.
                (Message.state == MessageState.QUEUED) & (Message.attempts > 0),
            ),
        )
        .order_by(Message.id)
    )
    return next((row for row in rows if same_words(listed.body, row.body)), None)


def _undo_stop_before_start(session: Session, message: Message, now: datetime) -> None:
    """A STOP that comes late must not undo the START that came after it."""
    person = message.conversation.person
    if person.opted_out_at != now:
        return
    later = session.scalars(
        select(Message)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.direction == Direction.IN,
            Message.created_at > message.created_at,
        )
        .order_by(Message.created_at.desc())
    )
    for text in later:
        wish, _ = consent.read_wish(text.body, opted_out=True)
        if wish in {consent.Wish.STOP, consent.Wish.START}:
            if wish is consent.Wish.START:
                consent.opt_in(session, person, now)
            return


def bring_back(session: Session, now: datetime) -> None:
    """The clock went back: compare again from before it can have been ahead, and now.

    By a clock that is ahead the list is read to an end that has not come; what came until then was passed by.
    """
    for row in session.scalars(select(Reconciliation).where(Reconciliation.done_until > now - LAG)):
        row.done_until, row.ran_at, row.claimed_until = now - READ_AGAIN, None, None
