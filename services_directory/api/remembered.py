"""Lists already looked up, kept for as long as the directory stays as it is.

Rows change by imports alone, and people page through lists: without this each page of a search would look
through the whole directory again.
"""

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any
from uuid import UUID

#: Ids kept by one process, of 16 bytes each.
MOST_IDS = 2_000_000
MOST_TOTALS = 1000
_ID_BYTES = 16


class Ids:
    """Ids in their order: 16 bytes each instead of the 85 of a string, as long as all are UUIDs."""

    def __init__(self, ids: Iterable[str]) -> None:
        given = list(ids)
        self._packed = b""
        self._texts: list[str] | None = None
        try:
            self._packed = b"".join(UUID(one).bytes for one in given)
        except ValueError:
            # Rows imported by a release that kept ids as they came.
            self._texts = given

    def __len__(self) -> int:
        return len(self._packed) // _ID_BYTES if self._texts is None else len(self._texts)

    def slice(self, offset: int, limit: int) -> list[str]:
        """Some of them, as text."""
        if self._texts is not None:
            return self._texts[offset : offset + limit]
        part = self._packed[offset * _ID_BYTES : (offset + limit) * _ID_BYTES]
        starts = range(0, len(part), _ID_BYTES)
        return [str(UUID(bytes=part[start : start + _ID_BYTES])) for start in starts]

    def batches(self, size: int) -> Iterator[list[str]]:
        """All of them, so many at a time."""
        for start in range(0, len(self), size):
            yield self.slice(start, size)


class Remembered:
    """Totals and lists of ids of one state of the directory; a new state forgets them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state = ""
        self._totals: dict[Any, int] = {}
        self._ids: dict[Any, Ids] = {}

    def total(self, state: str, key: Any, count: Callable[[], int]) -> int:
        """How many objects a list has; counted when nobody did yet."""
        with self._lock:
            self._turn_to(state)
            known = self._totals.get(key)
        if known is not None:
            return known
        counted = count()
        with self._lock:
            if state == self._state and len(self._totals) < MOST_TOTALS:
                self._totals[key] = counted
        return counted

    def ids(self, state: str, key: Any, find: Callable[[], Ids]) -> Ids:
        """The ids of a list; found when nobody did yet."""
        with self._lock:
            self._turn_to(state)
            known = self._ids.pop(key, None)
            if known is not None:
                # The last looked at stands last: the first goes when there are too many.
                self._ids[key] = known
                return known
        found = find()
        with self._lock:
            if state == self._state and len(found) <= MOST_IDS:
                self._ids[key] = found
                while sum(map(len, self._ids.values())) > MOST_IDS:
                    del self._ids[next(iter(self._ids))]
        return found

    def _turn_to(self, state: str) -> None:
        if state != self._state:
            self._state, self._totals, self._ids = state, {}, {}
