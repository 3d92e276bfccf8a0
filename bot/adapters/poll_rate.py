"""How often DBOS looks at its queues: often while there is work, seldom while there is none.

Each look costs the worker two or three milliseconds, and a line that nobody texted took a fifth of a core
with looking. The first text after a quiet while waits up to a fifth of a second longer for its turn, and its
answer as long to leave; what an emergency is told goes with the webhook and waits for nothing.
"""

import logging
import time
from collections.abc import Mapping
from threading import Event, Thread
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)
SELDOM_SECONDS = 0.2
#: Without work for so long, it is quiet.
QUIET_AFTER_SECONDS = 20.0
#: The rate is kept in the database, for all workers: one that has work sees that it is not the quiet one's.
SEEN_TO_EVERY_SECONDS = 2.0


class Queue(Protocol):
    """As of DBOS: reading the rate reads the database."""

    name: str

    @property
    def polling_interval_sec(self) -> float: ...

    def set_polling_interval_sec(self, value: float) -> None: ...


class PollRate:
    """Sets the rate of some queues by the work there is, from a thread of its own. Times are in seconds."""

    def __init__(
        self,
        often: Mapping[str, float],
        seldom: float = SELDOM_SECONDS,
        quiet_after: float = QUIET_AFTER_SECONDS,
        seen_to_every: float = SEEN_TO_EVERY_SECONDS,
    ) -> None:
        self._often, self._seldom = often, seldom
        self._quiet_after, self._seen_to_every = quiet_after, seen_to_every
        self._queues: list[Queue] = []
        self._work, self._over = Event(), Event()
        self._thread = Thread(target=self._run, name="poll-rate", daemon=True)

    def start(self, *queues: Queue) -> None:
        """Begin, as if there had just been work."""
        self._queues = [queue for queue in queues if queue.name in self._often]
        self._work.set()
        self._thread.start()

    def worked(self) -> None:
        """There is work: what follows from it should not wait."""
        self._work.set()

    def stop(self) -> None:
        """No more."""
        self._over.set()
        self._work.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            self._work.wait()
            last = time.monotonic()
            while not self._over.is_set() and time.monotonic() - last < self._quiet_after:
                self._set(self._often)
                if self._work.is_set():
                    self._work.clear()
                    last = time.monotonic()
                self._over.wait(self._seen_to_every)
            if not self._over.is_set() and not self._work.is_set():
                self._set(dict.fromkeys(self._often, self._seldom))

    def _set(self, rates: Mapping[str, float]) -> None:
        for queue in self._queues:
            try:
                if queue.polling_interval_sec != rates[queue.name]:
                    queue.set_polling_interval_sec(rates[queue.name])
            except SQLAlchemyError as error:
                # Seen to again in a moment; too seldom is still five times a second.
                logger.warning("the rate of a queue could not be set: %s", type(error).__name__)
