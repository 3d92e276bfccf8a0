"""Schedules as spans of time: weekday rows, hours of the week, and the spans of certain days."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from services_directory.hours import rules
from services_directory.hours.rules import Schedule

DAY = 24 * 60
WEEK = 7 * DAY
#: A schedule dated for no longer than this is an exception: on its days the usual ones do not count.
EXCEPTION_DAYS = 14
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.I)


class Opening(NamedTuple):
    """One opening every week: 0 is Monday, minutes from local midnight; `closes` may pass 1,440."""

    weekday: int
    opens: int
    closes: int


class Closure(Protocol):
    """Days on which it is closed, both included."""

    starts_on: date
    ends_on: date


class Span(NamedTuple):
    """Open from `start` to `end`, local wall times."""

    start: datetime
    end: datetime


class Spans(NamedTuple):
    """Openings that begin on certain days, in order and merged, and days that cannot be told."""

    open: tuple[Span, ...]
    unknown: frozenset[date]
    #: Days whose hours were given for that very time of the year.
    dated: frozenset[date]


def weekly_openings(
    schedules: Sequence[Schedule], *, times: str, zone: str, on: date | None = None
) -> list[Opening] | None:
    """A listing's weekday rows, or None when they cannot tell everything and its schedules must be asked.

    `times` is "local" or "utc"; `on` is today: a schedule that has begun by then is as good as one without
    a beginning.
    """
    found: set[Opening] = set()
    for schedule in schedules:
        days, minutes = rules.weekdays(schedule), clock_span(schedule, times)
        first = rules.begins(schedule)
        if days is None or minutes is None or rules.ends(schedule) or (first and not (on and first <= on)):
            return None
        shifts = _shifts(zone) if times == "utc" else {0}
        if len(shifts) > 1:
            return None
        for day in days:
            start = (day * DAY + minutes[0] + min(shifts)) % WEEK
            found.add(Opening(start // DAY, start % DAY, start % DAY + minutes[1] - minutes[0]))
    return sorted(found)


def week_masks(schedules: Sequence[Schedule], *, times: str, zone: str) -> tuple[int | None, ...]:
    """For Monday to Sunday the local hours (bit n: n:00 to n:59) in which it may be open; None: unknown.

    A rule that is not the same every week counts for every day on which it might hold.
    """
    hours = 0
    told = False
    for schedule in schedules:
        minutes = clock_span(schedule, times)
        if minutes is None or rules.holds(schedule) is None:
            continue
        told = True
        for day in rules.weekdays(schedule) or range(7):
            for shift in _shifts(zone) if times == "utc" else (0,):
                start, end = day * DAY + minutes[0] + shift, day * DAY + minutes[1] + shift
                for hour in range(start // 60, (end + 59) // 60):
                    hours |= 1 << hour % (7 * 24)
    return tuple(hours >> 24 * day & 0xFFFFFF if told else None for day in range(7))


def spans_of_week(openings: Sequence[Opening], first: date, last: date, closures: Sequence[Closure]) -> Spans:
    """The spans that weekday rows give for some days."""
    found = [
        Span(midnight + timedelta(minutes=one.opens), midnight + timedelta(minutes=one.closes))
        for day in _days(first, last, closures)
        for midnight in [datetime.combine(day, time())]
        for one in openings
        if one.weekday == day.weekday()
    ]
    return Spans(_merged(found), frozenset(), frozenset())


def spans(
    schedules: Sequence[Schedule],
    first: date,
    last: date,
    closures: Sequence[Closure],
    *,
    times: str,
    zone: ZoneInfo,
) -> Spans:
    """The spans that schedules give for some days. Raises nothing: what cannot be read is unknown."""
    usual = [one for one in schedules if not _is_exception(one)]
    exceptions = [one for one in schedules if _is_exception(one)] if usual else []
    tests = {id(one): rules.holds(one) for one in schedules}
    found: list[Span] = []
    unknown, dated = set(), set()
    for day in _days(first, last, closures):
        counting = [one for one in exceptions if one.valid_from <= day <= one.valid_to]  # type: ignore[operator]
        if counting:
            dated.add(day)
        for schedule in counting or usual or schedules:
            test, minutes = tests[id(schedule)], clock_span(schedule, times)
            if test is None and not _is_over(schedule, day):
                unknown.add(day)
            elif test is not None and test(day):
                if minutes is None:
                    unknown.add(day)
                else:
                    found.append(_span(day, minutes, times, zone))
    return Spans(_merged(found), frozenset(unknown), frozenset(dated))


def clock_span(schedule: Schedule, times: str) -> tuple[int, int] | None:
    """Opening and closing in minutes from midnight, or None when they do not say. Overnight passes 1,440."""
    opens, closes = _minutes(schedule.opens_at, times), _minutes(schedule.closes_at, times)
    if opens is None or closes is None or opens >= DAY:
        return None
    if closes % DAY == DAY - 1:
        # 23:59 is how forms that know no 24:00 say midnight.
        closes += 1
    if opens == closes != 0:
        return None
    return opens, closes if closes > opens else closes + DAY


def _minutes(clock: str | None, times: str) -> int | None:
    found = _CLOCK.fullmatch((clock or "").strip())
    if not found or int(found[2]) > 59:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    offset = (found[3] or "Z").replace(":", "")
    if times == "utc" and offset.upper() != "Z":
        sign = 1 if offset[0] == "+" else -1
        minutes = (minutes - sign * (int(offset[1:3]) * 60 + int(offset[3:5]))) % DAY
    return minutes if minutes <= DAY else None


def _shifts(zone: str) -> set[int]:
    """The zone's offsets from UTC in minutes, winter's and summer's."""
    here = ZoneInfo(zone)
    offsets = (datetime(2026, month, 1, tzinfo=UTC).astimezone(here).utcoffset() for month in (1, 7))
    return {int(offset.total_seconds()) // 60 for offset in offsets if offset is not None}


def _span(day: date, minutes: tuple[int, int], times: str, zone: ZoneInfo) -> Span:
    midnight = datetime.combine(day, time())
    start, end = (midnight + timedelta(minutes=minute) for minute in minutes)
    if times == "utc":
        start, end = (one.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for one in (start, end))
    return Span(start, end)


def _is_exception(schedule: Schedule) -> bool:
    first, last = schedule.valid_from, schedule.valid_to
    return bool(first and last and (last - first).days < EXCEPTION_DAYS)


def _is_over(schedule: Schedule, day: date) -> bool:
    first, last = rules.begins(schedule), rules.ends(schedule)
    return bool((last and last < day) or (first and day < first))


def _days(first: date, last: date, closures: Sequence[Closure]) -> Iterator[date]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if not any(closure.starts_on <= day <= closure.ends_on for closure in closures):
            yield day


def _merged(found: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
