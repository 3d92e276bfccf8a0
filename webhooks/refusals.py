"""Requests turned away at Twilio's routes: counted for every process, so that somebody can be alerted.

Many at once mean that a token was rotated or PUBLIC_BASE_URL is not what Twilio calls: genuine texts are then
being lost. They are added up in memory and written once a second at most: a flood of forgeries must not
become a flood of writes.
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db import writing
from bot.models import WebhookRefusal
from bot.people import insert_or_ignore
from bot.ports import Clock

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
REASONS = ("content_type", "unsigned", "signature", "account")
KEPT = timedelta(days=7)


class Refusals:
    """Counts, and writes the counts down from a thread of its own. `pause` is in seconds."""

    def __init__(self, engine: Callable[[], Engine], clock: Clock, pause: float = PAUSE_SECONDS) -> None:
        self._engine, self._clock, self._pause = engine, clock, pause
        self._lock, self._closed = Lock(), Event()
        self._counted: Counter[str] = Counter()
        self._writer: Thread | None = None

    def count(self, reason: str) -> None:
        """Count one; it is written down within about a second."""
        logger.warning("a request to Twilio's routes is refused: %s", reason)
        with self._lock:
            self._counted[reason] += 1
            if self._writer is None:
                self._writer = Thread(target=self._write_later, name="refusals", daemon=True)
                self._writer.start()

    def close(self) -> None:
        """Write what is left and stop; for the end of the process."""
        self._closed.set()
        writer = self._writer
        if writer is not None:
            writer.join()

    def _write_later(self) -> None:
        while True:
            self._closed.wait(self._pause)
            with self._lock:
                counted, self._counted = self._counted, Counter()
                if not counted:
                    self._writer = None
                    return
            try:
                self._write(counted)
            except SQLAlchemyError as error:
                logger.error("refusals could not be written down: %s", type(error).__name__)
                with self._lock:
                    self._counted.update(counted)
                    if self._closed.is_set():
                        self._writer = None
                        return

    def _write(self, counted: Counter[str]) -> None:
        now = self._clock()
        minute = now.replace(second=0, microsecond=0)
        with writing(self._engine(), within=5.0) as session:
            for reason, count in counted.items():
                insert_or_ignore(session, WebhookRefusal, minute=minute, reason=reason, count=0)
                session.execute(
                    update(WebhookRefusal)
                    .where(WebhookRefusal.minute == minute, WebhookRefusal.reason == reason)
                    .values(count=WebhookRefusal.count + count)
                )
            session.execute(delete(WebhookRefusal).where(WebhookRefusal.minute < now - KEPT))


def since(session: Session, at: datetime) -> dict[str, int]:
    """How many were turned away since a time, by reason."""
    counted = select(WebhookRefusal.reason, func.sum(WebhookRefusal.count)).where(WebhookRefusal.minute >= at)
    found = {
        str(reason): int(count) for reason, count in session.execute(counted.group_by(WebhookRefusal.reason))
    }
    return {reason: found.get(reason, 0) for reason in REASONS}
