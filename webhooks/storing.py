"""Storing a text, and going on with it behind an emergency's answer when the database is slow or away."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from threading import Event, Thread

from bot.bootstrap import Line
from bot.db import writing
from bot.intake import InboundText, Reception, receive

logger = logging.getLogger(__name__)
#: How long somebody in danger waits for our bookkeeping.
PATIENCE_SECONDS = 2.0
#: Then the text is tried again after these pauses. What is lost after that, Twilio's list still has.
PAUSES_SECONDS = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 240.0)


class Slow(Exception):
    """The text is not stored yet."""


class Storing:
    """Stores texts. `pauses` and `patience` are in seconds."""

    def __init__(
        self, line: Line, patience: float = PATIENCE_SECONDS, pauses: Sequence[float] = PAUSES_SECONDS
    ) -> None:
        self._line = line
        self._patience = patience
        self._pauses = pauses
        self._closed = Event()

    def store(self, text: InboundText, at: datetime) -> Reception:
        """Store it now. Raises sqlalchemy.exc.SQLAlchemyError when the database cannot."""
        with writing(self._line.engine) as session:
            return receive(session, text, at, self._line.durably)

    def store_soon(self, text: InboundText, at: datetime) -> Reception:
        """Store it if that takes no longer than our patience; else raise Slow and go on behind."""
        stored: Future[Reception] = Future()
        # A daemon: a database that never comes back must not keep the process from ending.
        Thread(target=self._keep_at_it, args=(text, at, stored), name="storing", daemon=True).start()
        try:
            return stored.result(self._patience)
        except Exception as error:
            # Whatever went wrong with our bookkeeping, the emergency is answered.
            raise Slow from error

    def close(self) -> None:
        """Try no more; for the end of the process."""
        self._closed.set()

    def _keep_at_it(self, text: InboundText, at: datetime, stored: Future[Reception]) -> None:
        for pause in (*self._pauses, None):
            try:
                stored.set_result(self.store(text, at))
                return
            except Exception as error:
                logger.error("an emergency's text is not stored yet: %s", type(error).__name__)
                if pause is None or self._closed.wait(pause):
                    stored.set_exception(error)
                    return
