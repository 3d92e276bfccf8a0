"""On which days a schedule holds: its iCalendar rule (RFC 5545) as HSDS 3.2 keeps it, asked day by day.

A rule that leaves its days open says nothing: the hours are unknown then, never "daily". A day is tested by
arithmetic, which is a hundred times as fast as expanding the rule and cannot run on for ever over a rule that
never holds; the tests hold it against dateutil's expansion.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
#: A rule that stops after so many times is followed for no longer than this.
LONGEST_COUNT = timedelta(days=3653)
#: (ordinal or 0, weekday from Monday)
ByDay = tuple[tuple[int, int], ...]
#: Whether the rule holds on a day.
Holds = Callable[[date], bool]


class Schedule(Protocol):
    """The columns of HSDS's schedule that say when. Clock times are HH:MM, with or without an offset."""

    valid_from: date | None
    valid_to: date | None
    dtstart: date | None
    until: date | None
    count: int | None
    wkst: str | None
    freq: str | None
    interval: int | None
    byday: str | None
    byweekno: str | None
    bymonthday: str | None
    byyearday: str | None
    opens_at: str | None
    closes_at: str | None


def begins(schedule: Schedule) -> date | None:
    """The first day on which it can hold, or None for no such day."""
    return max([day for day in (schedule.valid_from, schedule.dtstart) if day], default=None)


def ends(schedule: Schedule) -> date | None:
    """The last day on which it can hold, or None for no such day."""
    return min([day for day in (schedule.valid_to, schedule.until) if day], default=None)


def weekdays(schedule: Schedule) -> tuple[int, ...] | None:
    """The weekdays (Monday is 0) of a rule that is the same every week while it holds, or None."""
    if schedule.count or schedule.byweekno or schedule.byyearday or schedule.bymonthday:
        return None
    days, frequency = by_day(schedule.byday), schedule.freq or "WEEKLY"
    if (schedule.interval or 1) != 1 or frequency not in FREQUENCIES or days is None:
        return None
    if not days:
        return tuple(range(7)) if frequency == "DAILY" else None
    return None if any(ordinal for ordinal, _ in days) else tuple(sorted({day for _, day in days}))


def holds(schedule: Schedule) -> Holds | None:
    """A test for days, or None when the rule does not say on which days it holds."""
    every_week = weekdays(schedule)
    if every_week is not None:
        return _between(schedule, lambda day: day.weekday() in every_week)
    days, in_month = by_day(schedule.byday), _numbers(schedule.bymonthday)
    in_year, weeks = _numbers(schedule.byyearday), _numbers(schedule.byweekno)
    frequency = _frequency(schedule, days)
    if days is None or in_month is None or in_year is None or weeks is None or frequency is None:
        return None
    turn = _turn(schedule, frequency)
    if turn is None or not (days or in_month or in_year or frequency == "DAILY"):
        return None
    first_of_week = _first_of_week(schedule)

    def holds_on(day: date) -> bool:
        return (
            turn(day)
            and (not days or _is_one_of(day, days))
            and (not in_month or _from_either_end(day.day, _days_in_month(day), in_month))
            and (not in_year or _from_either_end(*_day_of_year(day), in_year))
            and (not weeks or _from_either_end(*_week(day, first_of_week), weeks))
        )

    everything = _between(schedule, holds_on)
    return _counted(schedule, everything) if schedule.count else everything


@lru_cache(maxsize=4096)
def by_day(text: str | None) -> ByDay | None:
    """The parts of BYDAY: () for none, None when one of them is no weekday."""
    found = []
    for part in filter(None, re.split(r"[,\s]+", text or "")):
        match = _BY_DAY.fullmatch(part)
        if match is None:
            return None
        found.append((int(match[1] or 0), CODES.index(match[2])))
    return tuple(found)


@lru_cache(maxsize=1024)
def _numbers(text: str | None) -> tuple[int, ...] | None:
    try:
        return tuple(int(part) for part in re.split(r"[,\s]+", text or "") if part)
    except ValueError:
        return None


def _frequency(schedule: Schedule, days: ByDay | None) -> str | None:
    frequency = schedule.freq or "WEEKLY"
    if frequency != "MONTHLY" and any(ordinal for ordinal, _ in days or ()):
        # "1MO" has no meaning under WEEKLY; whoever writes it means the first Monday of each month.
        return "MONTHLY" if frequency == "WEEKLY" and (schedule.interval or 1) == 1 else None
    return frequency if frequency in FREQUENCIES else None


def _between(schedule: Schedule, holds_on: Holds) -> Holds:
    first, last = begins(schedule) or date.min, ends(schedule) or date.max
    return lambda day: first <= day <= last and holds_on(day)


def _counted(schedule: Schedule, holds_on: Holds) -> Holds | None:
    start = schedule.dtstart or schedule.valid_from
    if start is None:
        return None
    last, left = start, schedule.count or 0
    while left and last - start < LONGEST_COUNT:
        left -= holds_on(last)
        last += timedelta(days=1)
    return lambda day: day < last and holds_on(day)


def _turn(schedule: Schedule, frequency: str) -> Holds | None:
    """Whether it is a rule's turn, when it holds every so many weeks or months. None: counted from when?"""
    interval = schedule.interval or 1
    if interval == 1:
        return lambda _day: True
    start = schedule.dtstart or schedule.valid_from
    if start is None or interval < 1:
        return None
    if frequency == "DAILY":
        return lambda day: (day - start).days % interval == 0
    if frequency == "WEEKLY":
        week = start - timedelta(days=(start.weekday() - _first_of_week(schedule)) % 7)
        return lambda day: (day - week).days // 7 % interval == 0
    if frequency == "MONTHLY":
        return lambda day: (12 * (day.year - start.year) + day.month - start.month) % interval == 0
    return lambda day: (day.year - start.year) % interval == 0


def _is_one_of(day: date, days: ByDay) -> bool:
    from_start, from_end = (day.day - 1) // 7 + 1, (_days_in_month(day) - day.day) // 7 + 1
    return any(
        day.weekday() == weekday and ordinal in {0, from_start, -from_end} for ordinal, weekday in days
    )


def _from_either_end(number: int, of: int, wanted: tuple[int, ...]) -> bool:
    return number in wanted or number - of - 1 in wanted


def _week(day: date, first_of_week: int) -> tuple[int, int]:
    """The number of a day's week, and how many its year has: week 1 is the first with four days in it."""

    def first_week(year: int) -> date:
        fourth = date(year, 1, 4)
        return fourth - timedelta(days=(fourth.weekday() - first_of_week) % 7)

    week = day - timedelta(days=(day.weekday() - first_of_week) % 7)
    year = (week + timedelta(days=3)).year
    return (week - first_week(year)).days // 7 + 1, (first_week(year + 1) - first_week(year)).days // 7


def _first_of_week(schedule: Schedule) -> int:
    return CODES.index(schedule.wkst) if schedule.wkst in CODES else 0


def _days_in_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def _day_of_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
