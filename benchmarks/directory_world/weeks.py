"""The opening hours of the made-up services: some hundreds of weeks, each with how common it is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from typing import Any

from services_directory.hours import OpenKind

DAY = 24 * 60
WORKDAYS = (0, 1, 2, 3, 4)
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Which of a month's first four such weekdays, or its last.
NTH = (1, 2, 3, -1)


@dataclass(frozen=True)
class Span:
    """An opening: minutes from local midnight, past 1,440 for one that ends the next day.

    `nth` keeps it to one such weekday of each month.
    """

    weekday: int
    opens: int
    closes: int
    nth: int | None = None

    def falls_on(self, day: datetime) -> bool:
        if day.weekday() != self.weekday:
            return False
        if self.nth is None:
            return True
        last = (day + timedelta(days=7)).month != day.month
        return last if self.nth < 0 else (day.day - 1) // 7 + 1 == self.nth


@dataclass(frozen=True)
class Week:
    """When a service is open, and the HSDS schedules that say so. No spans: nobody knows."""

    share: float
    spans: tuple[Span, ...] = ()
    rules: tuple[dict[str, Any], ...] = field(default=(), compare=False)

    def kind(self, local: datetime) -> OpenKind:
        """What is true at a local wall time, worked out minute by minute from the spans alone."""
        if not self.spans:
            return OpenKind.UNKNOWN
        minute, yesterday = local.hour * 60 + local.minute, local - timedelta(days=1)
        today = [span for span in self.spans if span.falls_on(local)]
        if any(span.opens <= minute < span.closes for span in today) or any(
            minute < span.closes - DAY for span in self.spans if span.falls_on(yesterday)
        ):
            return OpenKind.OPEN
        return OpenKind.OPENS_LATER if any(span.opens > minute for span in today) else OpenKind.CLOSED_TODAY


@cache
def weeks() -> tuple[Week, ...]:
    """About 15 % unknown, 2 % open at 23:30, 2 % only on one day of the month, most others by day."""
    found = [Week(0.08), Week(0.07, rules=({"freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00"},))]
    office = list(product((480, 510, 540, 570, 600), (900, 960, 990, 1020, 1080)))
    found += [_weekly(0.46 / len(office), WORKDAYS, *hours) for hours in office]
    pairs = [(a, b) for a in WORKDAYS for b in (1, 2, 3, 4, 5) if a < b]
    few = list(product(pairs, ((540, 720), (600, 780), (780, 960), (930, 1110))))
    found += [_weekly(0.14 / len(few), days, *hours) for days, hours in few]
    lunch = [_weekly(0.01, days, 660, 780) for days in ((0, 1, 2, 3, 4, 5), ALL_DAYS, WORKDAYS)]
    found += [*lunch, *(_split(0.01, WORKDAYS, first, (1020, 1140)) for first in ((420, 510), (540, 720)))]
    evenings = list(product((960, 1020, 1050), (1200, 1260, 1290)))
    found += [_weekly(0.08 / len(evenings), WORKDAYS, *hours) for hours in evenings]
    daily = list(product((480, 540, 600), (1140, 1200)))
    found += [_weekly(0.08 / len(daily), ALL_DAYS, *hours) for hours in daily]
    late = [(ALL_DAYS, 0, 1440), (ALL_DAYS, 1140, 1860), (ALL_DAYS, 1080, 1440), ((4, 5), 1200, 1560)]
    found += [_weekly(share, *one) for share, one in zip((0.008, 0.007, 0.003, 0.004), late, strict=True)]
    monthly = list(product(NTH, (1, 2, 5)))
    found += [_monthly(0.02 / len(monthly), nth, weekday, 600, 840) for nth, weekday in monthly]
    return tuple(found)


def _weekly(share: float, days: tuple[int, ...], opens: int, closes: int) -> Week:
    spans = tuple(Span(day, opens, closes) for day in days)
    return Week(share, spans, (_rule("WEEKLY", ",".join(CODES[day] for day in days), opens, closes),))


def _split(share: float, days: tuple[int, ...], *hours: tuple[int, int]) -> Week:
    halves = [_weekly(share, days, *each) for each in hours]
    return Week(
        share,
        tuple(span for half in halves for span in half.spans),
        tuple(rule for half in halves for rule in half.rules),
    )


def _monthly(share: float, nth: int, weekday: int, opens: int, closes: int) -> Week:
    rule = _rule("MONTHLY", f"{nth}{CODES[weekday]}", opens, closes)
    return Week(share, (Span(weekday, opens, closes, nth),), (rule,))


def _rule(freq: str, byday: str, opens: int, closes: int) -> dict[str, Any]:
    return {"freq": freq, "byday": byday, "opens_at": _wall(opens), "closes_at": _wall(closes)}


def _wall(minute: int) -> str:
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02d}:{minute % 60:02d}"
