"""Storing a text, and going on with it behind an emergency's answer when the database is slow or away.

Twilio gives up after 15 seconds and then tries the fallback. Ordinary texts wait less than that for the
database and are then refused (503), so that Twilio brings them again; and only so many wait at a time, so
that an emergency always finds a thread to answer it.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Lock, Semaphore, Thread

from bot.bootstrap import Line
from bot.db import writing
from bot.floods import Limit
from bot.intake import InboundText, Reception, receive
from bot.triage import Assessment

logger = logging.getLogger(__name__)
#: How long somebody in danger waits for our bookkeeping.
PATIENCE_SECONDS = 2.0
#: How long any other text waits: with the fallback's wait it outlasts a database locked for 20 s.
WRITE_SECONDS = 12.0
#: So many texts of a process may wait (gunicorn gives it 8 threads); another waits this long for its turn.
WAITING_AT_ONCE = 5
TURN_SECONDS = 1.0
LEAST_SECONDS = 0.1
#: Then the text is tried again after these pauses. What is lost after that, Twilio's list still has.
PAUSES_SECONDS = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 240.0)


class Slow(Exception):
    """The text is not stored yet."""


class Storing:
    """Stores texts. `pauses`, `patience` and `within` are in seconds."""

    def __init__(
        self,
        line: Line,
        patience: float = PATIENCE_SECONDS,
        pauses: Sequence[float] = PAUSES_SECONDS,
        within: float = WRITE_SECONDS,
    ) -> None:
        self._line = line
        self._patience = patience
        self._pauses = pauses
        self._within = within
        self._turns = Semaphore(WAITING_AT_ONCE)
        self._pen = Lock() if line.engine.dialect.name == "sqlite" else None
        self._limit = Limit(line.settings.flood_texts, timedelta(seconds=line.settings.flood_seconds))
        self._closed = Event()
        self._behind: set[Thread] = set()

    def store(self, text: InboundText, at: datetime, assessment: Assessment) -> Reception:
        """Store it now.

        Raises Slow when too many wait already, and sqlalchemy.exc.SQLAlchemyError when the database cannot.
        """
        if not self._turns.acquire(timeout=TURN_SECONDS):
            raise Slow
        try:
            return self._store(text, at, assessment)
        finally:
            self._turns.release()

    def store_soon(self, text: InboundText, at: datetime, assessment: Assessment) -> Reception:
        """Store it if that takes no longer than our patience; else raise Slow and go on behind."""
        stored: Future[Reception] = Future()
        # A daemon: a database that never comes back must not keep the process from ending.
        thread = Thread(
            target=self._keep_at_it, args=(text, at, assessment, stored), name="storing", daemon=True
        )
        self._behind = {one for one in self._behind if one.is_alive()} | {thread}
        thread.start()
        try:
            return stored.result(self._patience)
        except Exception as error:
            # Whatever went wrong with our bookkeeping, the emergency is answered.
            raise Slow from error

    def close(self) -> None:
        """Let what is being stored be stored, and try no more; for the end of the process."""
        self._closed.set()
        for thread in self._behind:
            if thread.is_alive():
                thread.join(self._patience)

    def _store(self, text: InboundText, at: datetime, assessment: Assessment) -> Reception:
        end = time.monotonic() + self._within
        with self._own_pen():
            # Whoever waited for the pen has that much less for the database: Twilio waits no longer for it.
            left = max(LEAST_SECONDS, end - time.monotonic())
            with writing(self._line.engine, within=left) as session:
                return receive(session, text, at, self._line.durably, assessment, self._limit)

    @contextmanager
    def _own_pen(self) -> Iterator[None]:
        """SQLite has one writer at a time: our threads queue here and do not all look at its lock."""
        if self._pen is None:
            yield
            return
        if not self._pen.acquire(timeout=self._within):
            raise Slow
        try:
            yield
        finally:
            self._pen.release()

    def _keep_at_it(
        self, text: InboundText, at: datetime, assessment: Assessment, stored: Future[Reception]
    ) -> None:
        for pause in (*self._pauses, None):
            try:
                stored.set_result(self._store(text, at, assessment))
                return
            except Exception as error:
                logger.error("an emergency's text is not stored yet: %s", type(error).__name__)
                if pause is None or self._closed.wait(pause):
                    stored.set_exception(error)
                    return
