"""The simulator's own time: real, or ahead of it, or standing still."""

from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic


class Clock:
    """Time for everything Twilio times: statuses, validity, scheduled sends, dates of lists."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        """Real time again."""
        with self._lock:
            self._ahead = 0.0
            self._stopped: tuple[float, datetime] | None = None

    def _running_date(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def now(self) -> datetime:
        """The date and time here, aware, in UTC."""
        stopped = self._stopped
        return stopped[1] if stopped else self._running_date()

    def elapsed(self) -> float:
        """Seconds on a scale that never jumps back; only differences mean something."""
        stopped = self._stopped
        return stopped[0] if stopped else monotonic() + self._ahead

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._stopped is not None

    def freeze(self) -> None:
        """Stop; nothing falls due until time is advanced or runs again."""
        with self._lock:
            self._stopped = self._stopped or (monotonic() + self._ahead, self._running_date())

    def resume(self) -> None:
        """Run on from where time stands."""
        with self._lock:
            if self._stopped:
                self._ahead = self._stopped[0] - monotonic()
                self._stopped = None

    def move(self, seconds: float) -> None:
        """Jump forward."""
        with self._lock:
            if self._stopped:
                self._stopped = (self._stopped[0] + seconds, self._stopped[1] + timedelta(seconds=seconds))
            else:
                self._ahead += seconds
