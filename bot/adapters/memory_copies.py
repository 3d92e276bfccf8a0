"""A provider's records of texts and calls, with the constraints of the real one."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import NotFinal, TryAgain


@dataclass
class MemoryCopies:
    """Keeps SIDs by number. Refuses what is under way; can be away."""

    #: SID -> number, and when it was made.
    texts: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    calls: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)
    away: bool = False

    def erase_text(self, message_sid: str) -> int:
        self._may_erase(message_sid)
        self.texts.pop(message_sid, None)
        return self.media.pop(message_sid, 0)

    def erase_call(self, call_sid: str) -> None:
        self._may_erase(call_sid)
        self.calls.pop(call_sid, None)

    def texts_with(self, number: str, before: datetime) -> list[str]:
        return self._listed(self.texts, number, before)

    def calls_with(self, number: str, before: datetime) -> list[str]:
        return self._listed(self.calls, number, before)

    def _may_erase(self, sid: str) -> None:
        if self.away:
            raise TryAgain
        if sid in self.under_way:
            raise NotFinal

    def _listed(self, kept: dict[str, tuple[str, datetime]], number: str, before: datetime) -> list[str]:
        if self.away:
            raise TryAgain
        return [sid for sid, (whose, at) in kept.items() if whose == number and at <= before]
