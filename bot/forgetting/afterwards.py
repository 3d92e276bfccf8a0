"""After somebody was forgotten here: durable work, the last text, the provider's copies. Durable itself.

Each step may run again after a crash anywhere. The receipt says how far it is; when all is done it forgets
the number too.
"""

import json
import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select

from bot import db
from bot.db import reading, writing
from bot.errors import OutcomeUnknown, Refused, TryAgain
from bot.forgetting import copies
from bot.forgetting.copies_known import note_copies
from bot.models import CopyKind, DialogueTracker, Erasure
from bot.ports import Clock, Copies, Durably, Messenger
from bot.replies import render

logger = logging.getLogger(__name__)
DONE = "delete_done"
#: After each try, in seconds; the last again and again. After the first the provider's list is whole.
PAUSES = (130, 300, 900, 3600)
#: While the last text has not left: somebody waits for it.
TELLS_AGAIN_SECONDS = 15
#: Whoever has taken it up has so long.
TAKEN_FOR = timedelta(minutes=10)
#: A last text that could not be sent for so long would only puzzle.
TOLD_WITHIN = timedelta(hours=1)
#: A text that was perhaps taken shows in the provider's list by then; and its clock is not ours.
LISTED_AFTER, LOOK_BACK = timedelta(seconds=30), timedelta(seconds=15)
VALID_SECONDS = 3600
#: So long something is in the way and an operator should look.
TOO_LONG = timedelta(days=2)
SWEPT_AT_ONCE = 20


class Afterwards:
    """What follows an erasure."""

    def __init__(
        self, engine: Engine, messenger: Messenger, provider: Copies, durably: Durably, clock: Clock
    ) -> None:
        self._engine, self._messenger, self._copies = engine, messenger, provider
        self._durably, self._clock = durably, clock

    def go_on(self, erasure_id: int) -> str:
        """Do what can be done now. Returns "finished", or "waiting" with the row saying until when."""
        with reading(self._engine) as session:
            erasure = session.get_one(Erasure, erasure_id)
            if erasure.finished_at is not None:
                return "finished"
            settled = self._clock() >= erasure.erased_at + copies.SETTLED_AFTER
        self._forget_work(erasure_id)
        told = self._tell(erasure_id)
        erased = copies.erase_known(self._engine, self._copies, erasure_id, self._clock)
        if not (settled and told and erased and self._nothing_more(erasure_id)):
            self._later(erasure_id)
            return "waiting"
        self._let_go(erasure_id)
        if not db.leave_no_trace(self._engine):
            self._later(erasure_id)
            return "waiting"
        self._finish(erasure_id)
        return "finished"

    def resume(self) -> int:
        """Take up what is due. Returns how much."""
        now = self._clock()
        with writing(self._engine) as session:
            due = session.scalars(
                select(Erasure)
                .where(Erasure.next_try_at <= now)
                .order_by(Erasure.next_try_at)
                .limit(SWEPT_AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            for erasure in due:
                erasure.next_try_at = now + TAKEN_FOR
                erasure.attempts += 1
                self._durably.erasure(session, erasure.id, attempt=erasure.attempts)
            return len(due)

    def _forget_work(self, erasure_id: int) -> None:
        """Delete its durable work, and what the dialogue has written since: it was perhaps being asked."""
        with writing(self._engine) as session:
            erasure = session.get_one(Erasure, erasure_id)
            work: dict[str, list[int]] = json.loads(erasure.work) if erasure.work else {}
            session.execute(delete(DialogueTracker).where(DialogueTracker.sender_id == erasure.conversation))
        if work and self._durably.forget(work):
            with writing(self._engine) as session:
                session.get_one(Erasure, erasure_id).work = None

    def _tell(self, erasure_id: int) -> bool:
        """Say that it is done, once. True when nothing is to be said any more."""
        now = self._clock()
        with writing(self._engine) as session:
            erasure = session.get_one(Erasure, erasure_id, with_for_update=True)
            if not erasure.tells or erasure.told_at is not None or erasure.number is None:
                return True
            if now > erasure.erased_at + TOLD_WITHIN:
                erasure.told_at = now
                return True
            began, erasure.telling_at = erasure.telling_at, erasure.telling_at or now
            number, name = erasure.number, erasure.public_id
            words = render(DONE, {}, erasure.language or "en", now)
        try:
            if began is None:
                sid = self._messenger.send(number, words, name, VALID_SECONDS).message_sid
            else:
                found = self._messenger.find(number, words, began - LOOK_BACK)
                if not found and now < began + LISTED_AFTER:
                    return False
                if not found:
                    self._note_telling(erasure_id, None)
                    return False
                sid = found[-1].message_sid
        except OutcomeUnknown:
            return False
        except TryAgain:
            if began is None:
                self._note_telling(erasure_id, None)
            return False
        except Refused as error:
            logger.warning("erasure %s: the last text was refused (%s)", erasure_id, error.code)
            sid = None
        self._note_told(erasure_id, sid, now)
        return True

    def _note_telling(self, erasure_id: int, at: datetime | None) -> None:
        with writing(self._engine) as session:
            session.get_one(Erasure, erasure_id).telling_at = at

    def _note_told(self, erasure_id: int, sid: str | None, now: datetime) -> None:
        with writing(self._engine) as session:
            session.get_one(Erasure, erasure_id).told_at = now
            # This text goes like all others.
            note_copies(session, erasure_id, CopyKind.TEXT, [sid])

    def _nothing_more(self, erasure_id: int) -> bool:
        try:
            return copies.find_more(self._engine, self._copies, erasure_id) == 0 and self._all_gone(
                erasure_id
            )
        except TryAgain:
            logger.warning("erasure %s: the provider's list cannot be read now", erasure_id)
            return False

    def _all_gone(self, erasure_id: int) -> bool:
        with reading(self._engine) as session:
            return copies.left(session, erasure_id) == 0 and session.get_one(Erasure, erasure_id).work is None

    def _later(self, erasure_id: int) -> None:
        now = self._clock()
        with writing(self._engine) as session:
            erasure = session.get_one(Erasure, erasure_id)
            waits = erasure.tells and erasure.told_at is None
            pause = TELLS_AGAIN_SECONDS if waits else PAUSES[min(erasure.attempts, len(PAUSES) - 1)]
            erasure.next_try_at = now + timedelta(seconds=pause)
            if now > erasure.erased_at + TOO_LONG:
                logger.error("erasure %s: the provider still has copies; it is tried on", erasure_id)

    def _let_go(self, erasure_id: int) -> None:
        """Nothing is left to do for which the number would be needed."""
        with writing(self._engine) as session:
            erasure = session.get_one(Erasure, erasure_id)
            erasure.number = erasure.language = erasure.conversation = None

    def _finish(self, erasure_id: int) -> None:
        with writing(self._engine) as session:
            erasure = session.get_one(Erasure, erasure_id)
            erasure.next_try_at, erasure.finished_at = None, self._clock()
