"""Things that happen a little later by the simulator's clock, on threads of their own."""

import heapq
import logging
from collections.abc import Callable
from itertools import count
from threading import Condition, Event, Lock, RLock, Thread
from time import monotonic

from simulator.clock import Clock

THREADS = 12
#: How long (in real seconds) advancing waits for what it set going before it moves on.
SETTLING_SECONDS = 20.0
#: Sums of seconds round: nothing is told apart that is nearer than this.
SMALLEST_STEP = 1e-6
logger = logging.getLogger(__name__)


class Timeline:
    """Runs functions after a delay. Threads are daemons: the process never waits for one.

    One idle thread, the watcher, waits for what is due next; the others wait to be told.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], object], bool]] = []
        self._order = count()
        self._lock, self._advancing = RLock(), Lock()
        self._next_changed, self._wanted, self._quiet = (Condition(self._lock) for _ in range(3))
        self._watched = False
        self._running = 0
        self._open = True
        for number in range(THREADS):
            Thread(target=self._work, name=f"timeline-{number}", daemon=True).start()

    def after(self, seconds: float, run: Callable[[], object], *, even_if_dropped: bool = False) -> None:
        """Run a function in so many seconds. It must not sleep: there are few threads."""
        with self._lock:
            if not self._open and even_if_dropped:
                run()
                return
            due = (self._clock.elapsed() + seconds, next(self._order), run, even_if_dropped)
            heapq.heappush(self._due, due)
            if self._due[0] is due:
                self._next_changed.notify()

    def sleep(self, seconds: float) -> None:
        """Wait so long by the simulator's clock, on a thread that is not the timeline's."""
        if seconds > 0:
            over = Event()
            self.after(seconds, over.set, even_if_dropped=True)
            over.wait()

    def freeze(self, frozen: bool) -> None:
        """Let time stand still, or run."""
        with self._lock:
            if frozen:
                self._clock.freeze()
            else:
                self._clock.resume()
            self._next_changed.notify()

    def advance(self, seconds: float) -> None:
        """Move time on, and let everything that falls due on the way happen, in its order."""
        with self._advancing:
            was_frozen = self._clock.frozen
            self.freeze(True)
            end = self._clock.elapsed() + seconds
            with self._lock:
                quiet = self._settle()
                while (left := self._step(end, quiet)) > 0:
                    self._clock.move(left)
                    self._next_changed.notify()
                    quiet = self._settle()
            self.freeze(was_frozen)

    def _step(self, end: float, quiet: bool) -> float:
        at = self._clock.elapsed()
        if at > end - SMALLEST_STEP:
            return 0
        following = min(self._due[0][0], end) if self._due and quiet else end
        return max(following - at, SMALLEST_STEP)

    def _settle(self) -> bool:
        patience = monotonic() + SETTLING_SECONDS
        while self._open and (self._running or self._is_due()):
            if not self._quiet.wait(patience - monotonic()):
                return False
        return True

    def reset(self) -> None:
        """Forget what has not happened yet; time is real again."""
        with self._lock:
            self._drop()
            self._clock.reset()

    def close(self) -> None:
        """Drop what has not happened yet."""
        with self._lock:
            self._open = False
            self._drop()
            self._wanted.notify_all()

    def _drop(self) -> None:
        dropped, self._due = self._due, []
        for _, _, run, must in dropped:
            if must:
                run()
        self._next_changed.notify()
        self._quiet.notify_all()

    def _work(self) -> None:
        while (run := self._next()) is not None:
            try:
                run()
            except Exception as error:
                # Its words could hold a number; the next thing must happen all the same.
                logger.error("something on the timeline failed: %s", type(error).__name__)
            with self._lock:
                self._running -= 1
                self._quiet.notify_all()

    def _is_due(self) -> bool:
        return bool(self._due) and self._due[0][0] <= self._clock.elapsed()

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            while self._open:
                if self._watched:
                    self._wanted.wait()
                elif self._is_due():
                    run = heapq.heappop(self._due)[2]
                    self._running += 1
                    # Somebody else watches while this one works.
                    self._wanted.notify()
                    return run
                else:
                    self._watch()
        return None

    def _watch(self) -> None:
        self._watched = True
        waits = bool(self._due) and not self._clock.frozen
        self._next_changed.wait(max(self._due[0][0] - self._clock.elapsed(), 0) if waits else None)
        self._watched = False
