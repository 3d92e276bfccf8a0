"""How fast a sender's texts leave Twilio, and how fast it takes new ones.

The queue: https://www.twilio.com/docs/api/errors/21611
The API: https://www.twilio.com/docs/api/errors/20429
"""

from threading import Lock

from simulator.clock import Clock


class QueueFull(Exception):
    """The sender's queue holds more than may wait."""


class Throughput:
    """One queue and one token bucket for each sender."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self.reset()

    def reset(self) -> None:
        """Empty queues, full buckets."""
        with self._lock:
            self._free_at: dict[str, float] = {}
            self._tokens: dict[str, tuple[float, float]] = {}

    def reserve(self, sender: str, segments: int, *, mps: float, longest: float) -> float:
        """Seconds until a text of so many segments leaves. Raises QueueFull."""
        if not mps:
            return 0.0
        with self._lock:
            now = self._clock.elapsed()
            start = max(self._free_at.get(sender, now), now)
            if start - now > longest:
                raise QueueFull
            self._free_at[sender] = start + segments / mps
            return start - now

    def may_create(self, sender: str, per_second: float) -> bool:
        """Take a token from the sender's bucket, which holds one second's worth."""
        if not per_second:
            return True
        with self._lock:
            now = self._clock.elapsed()
            most = max(per_second, 1.0)
            left, since = self._tokens.get(sender, (most, now))
            left = min(most, left + (now - since) * per_second)
            self._tokens[sender] = (left - 1 if left >= 1 else left, now)
            return left >= 1
