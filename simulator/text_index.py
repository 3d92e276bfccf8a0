"""Texts in the order they came, whole and by phone, so that no list has to look at every text."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.records import Text


def _id(text: Text) -> int:
    return text.id


class TextIndex:
    """Ids only grow, so every list here is in order."""

    def __init__(self) -> None:
        self._all: list[Text] = []
        self._by_phone: dict[str, list[Text]] = defaultdict(list)
        #: The longest any text waited to be sent: nothing created longer before a moment was sent after it.
        self.longest_wait = timedelta()

    def add(self, text: Text) -> None:
        """Put the newest text at the end."""
        self._all.append(text)
        self._by_phone[text.phone].append(text)

    def sent(self, text: Text) -> None:
        """Note that a text has left."""
        self.longest_wait = max(self.longest_wait, text.dated - text.created)

    def after(self, text_id: int, phone: str | None = None) -> list[Text]:
        """Texts with a greater id, oldest first."""
        texts = self._texts(phone)
        return texts[bisect_left(texts, text_id + 1, key=_id) :]

    def newest_first(
        self, phone: str | None = None, *, before_id: int | None = None, since: datetime | None = None
    ) -> Iterator[Text]:
        """Texts from the newest, or from just before an id, at least back to those sent at `since`."""
        texts = self._texts(phone)
        end = len(texts) if before_id is None else bisect_left(texts, before_id, key=_id)
        # Dates are compared to the second.
        oldest = since - self.longest_wait - timedelta(seconds=1) if since else None
        for position in range(end - 1, -1, -1):
            if oldest and texts[position].created < oldest:
                return
            yield texts[position]

    def _texts(self, phone: str | None) -> list[Text]:
        return self._all if phone is None else self._by_phone.get(phone, [])
