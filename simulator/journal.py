"""Every HTTP exchange between Twilio and the line, in order, without numbers, words or secrets."""

from collections import OrderedDict
from itertools import islice
from threading import Lock
from typing import Any

import requests

from simulator.clock import Clock

#: Entries kept; and webhooks kept whole, to be replayed.
LONGEST, MOST_KEPT = 200_000, 5_000


class Journal:
    """Entries with growing ids. Webhooks are kept as they went over the wire, to be sent again."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._last = 0
        self.reset()

    def reset(self) -> None:
        """Forget every entry; ids go on counting."""
        with self._lock:
            self._entries: list[dict[str, Any]] = []
            self._kept: OrderedDict[int, tuple[str, str, requests.PreparedRequest]] = OrderedDict()

    def note(
        self,
        direction: str,
        target: str,
        method: str,
        path: str,
        status: int | None,
        *,
        sids: list[str],
        phone: str = "",
        request: requests.PreparedRequest | None = None,
        **details: Any,
    ) -> int:
        """Write an entry; `direction` is "to the line" or "to twilio". Returns its id."""
        with self._lock:
            self._last += 1
            entry = {"id": self._last, "at": self._clock.now().isoformat(), "direction": direction}
            entry |= {"target": target, "method": method, "path": path, "status": status, "sids": sids}
            self._entries.append(entry | {name: value for name, value in details.items() if value})
            if request is not None:
                self._kept[self._last] = (target, phone, request)
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            if len(self._entries) > LONGEST:
                del self._entries[: LONGEST // 10]
            return self._last

    def after(self, entry_id: int, limit: int) -> list[dict[str, Any]]:
        """Entries with a greater id, oldest first."""
        with self._lock:
            first = self._entries[0]["id"] if self._entries else 0
            start = max(entry_id + 1 - first, 0)
            return self._entries[start : start + limit]

    def kept(self, entry_id: int) -> tuple[str, str, requests.PreparedRequest] | None:
        """A webhook as it went over the wire: its target, its phone, the request."""
        with self._lock:
            return self._kept.get(entry_id)

    def earliest(self, target: str, phone: str) -> requests.PreparedRequest | None:
        """The oldest webhook kept for a phone."""
        with self._lock:
            same = (one[2] for one in self._kept.values() if one[:2] == (target, phone))
            return next(islice(same, 1), None)
