"""Things that happen a little later, on threads of their own."""

import heapq
import logging
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread
from time import monotonic

THREADS = 12
logger = logging.getLogger(__name__)


class Timeline:
    """Runs functions after a delay. Threads are daemons: the process never waits for one."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()
        self._changed = Condition()
        self._open = True
        for number in range(THREADS):
            Thread(target=self._work, name=f"timeline-{number}", daemon=True).start()

    def after(self, seconds: float, run: Callable[[], object]) -> None:
        """Run a function in so many seconds."""
        with self._changed:
            heapq.heappush(self._due, (monotonic() + seconds, next(self._order), run))
            self._changed.notify()

    def close(self) -> None:
        """Drop what has not happened yet."""
        with self._changed:
            self._open = False
            self._due.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while (run := self._next()) is not None:
            try:
                run()
            except Exception as error:
                # Its words could hold a number; the next thing must happen all the same.
                logger.error("something on the timeline failed: %s", type(error).__name__)

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            while self._open:
                wait = self._due[0][0] - monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    run = heapq.heappop(self._due)[2]
                    self._changed.notify()
                    return run
                self._changed.wait(wait)
        return None
