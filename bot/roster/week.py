"""Days and hours of a week as an operator writes them, and as instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import RosterError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60


def read_days(text: str) -> list[int]:
    """Weekdays of "mon", "mon,wed", "fri-mon" or "daily", Monday as 0. Raises RosterError."""
    found: list[int] = []
    for part in text.casefold().replace(" ", "").split(","):
        if part in {"daily", "all"}:
            found += range(7)
            continue
        first, dash, last = part.partition("-")
        try:
            begin, end = DAYS.index(first[:3]), DAYS.index((last if dash else first)[:3])
        except ValueError:
            raise RosterError(f"{part!r} is no day: write mon, mon,wed, mon-fri or daily") from None
        found += [(begin + day) % 7 for day in range((end - begin) % 7 + 1)]
    return sorted(set(found))


def read_hours(text: str) -> tuple[int, int]:
    """Begin and end of "22:00-06:00" in minutes after midnight; the end passes 1440 when it is the next day.

    "00:00-24:00" is a whole day. Raises RosterError.
    """
    begin, dash, end = text.replace(" ", "").partition("-")
    starts, ends = _minutes(begin), _minutes(end)
    if not dash or starts is None or ends is None or starts >= MINUTES_A_DAY:
        raise RosterError(f"{text!r} are no hours: write 08:00-16:00 or 22:00-06:00")
    return starts, ends if ends > starts else ends + MINUTES_A_DAY


def _minutes(clock: str) -> int | None:
    hour, _, minute = clock.partition(":")
    if not hour.isdecimal() or not (minute or "0").isdecimal():
        return None
    minutes = int(hour) * 60 + int(minute or 0)
    return minutes if int(minute or 0) < 60 and minutes <= MINUTES_A_DAY else None  # noqa: PLR2004


def shift_words(weekday: int, starts: int, ends: int, timezone: str) -> str:
    """A shift as it is written: "mon 22:00-06:00 America/Los_Angeles"."""
    return f"{DAYS[weekday]} {_clock(starts)}-{_clock(ends)} {timezone}"


def _clock(minutes: int) -> str:
    minutes = minutes if minutes == MINUTES_A_DAY else minutes % MINUTES_A_DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The instant at which a local clock shows so many minutes after a day's midnight.

    A time that the spring change leaves out is the first one after it; one that comes twice in autumn is the
    first, for beginnings and ends alike, so that between two shifts there is no hole.
    """
    wall = datetime.combine(day + timedelta(days=minutes // MINUTES_A_DAY), datetime.min.time())
    wall += timedelta(minutes=minutes % MINUTES_A_DAY)
    while True:
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) == wall:
            return at
        wall += timedelta(minutes=1)
