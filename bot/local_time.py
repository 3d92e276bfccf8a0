"""From a wall clock to an instant, on the nights that clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


def instant(on: date, minutes: int, timezone: str) -> datetime:
    """The instant, in UTC, of a local day and so many minutes after its midnight.

    A time that the clocks skip is the first one after the gap (2:30 is 3:00); one that they show twice is
    the first of the two.
    """
    zone = ZoneInfo(timezone)
    wall = datetime.combine(on, time(minutes // 60, minutes % 60))
    while True:
        found = wall.replace(tzinfo=zone).astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) == wall:
            return found
        wall += timedelta(minutes=1)


def minutes_of(local: datetime) -> int:
    """How many minutes a wall clock is past midnight."""
    return local.hour * 60 + local.minute
