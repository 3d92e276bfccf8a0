"""Is it open, until when, when does it open: from weekday rows, in the place's own zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

DAY = 24 * 60


class OpenKind(StrEnum):
    """What can be said of today."""

    OPEN = "open"
    OPENS_LATER = "opens_later"
    CLOSED_TODAY = "closed_today"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OpenState:
    """Today's hours. `until` is None for a place open all day; times are local wall times."""

    kind: OpenKind
    until: time | None = None
    opens: time | None = None

    @property
    def usable_today(self) -> bool:
        """Open now, or still to open today."""
        return self.kind in {OpenKind.OPEN, OpenKind.OPENS_LATER}


class Opening(Protocol):
    """One weekday row: 0 is Monday, minutes from local midnight."""

    weekday: int
    opens: int
    closes: int


def today(openings: Sequence[Opening], at: datetime, timezone: str) -> OpenState:
    """The state at an instant. No rows means the hours are unknown, never that it is closed."""
    if not openings:
        return OpenState(OpenKind.UNKNOWN)
    local = at.astimezone(ZoneInfo(timezone))
    minute, weekday = local.hour * 60 + local.minute, local.weekday()
    closes = _open_until(openings, weekday, minute)
    if closes is not None:
        all_day = closes - minute >= DAY or _open_all_day(openings, weekday)
        return OpenState(OpenKind.OPEN, until=None if all_day else _wall(closes))
    later = [row.opens for row in openings if row.weekday == weekday and row.opens > minute]
    if later:
        return OpenState(OpenKind.OPENS_LATER, opens=_wall(min(later)))
    return OpenState(OpenKind.CLOSED_TODAY)


def _open_until(openings: Sequence[Opening], weekday: int, minute: int) -> int | None:
    # Yesterday's opening may run past midnight into this morning.
    ends = [row.closes for row in openings if row.weekday == weekday and row.opens <= minute < row.closes]
    ends += [
        row.closes - DAY for row in openings if row.weekday == (weekday - 1) % 7 and minute < row.closes - DAY
    ]
    return max(ends) if ends else None


def _open_all_day(openings: Sequence[Opening], weekday: int) -> bool:
    return any(row.weekday == weekday and row.opens == 0 and row.closes >= DAY for row in openings)


def _wall(minute: int) -> time:
    hour, minutes = divmod(minute % DAY, 60)
    return time(hour=hour, minute=minutes)
