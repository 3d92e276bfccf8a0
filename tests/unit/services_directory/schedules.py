"""Schedules and closures as plain values, with nothing said but what a test says."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Schedule:
    """HSDS's schedule, as far as the hours need it."""

    byday: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    freq: str | None = "WEEKLY"
    interval: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    wkst: str | None = None
    byweekno: str | None = None
    bymonthday: str | None = None
    byyearday: str | None = None


@dataclass(frozen=True)
class Closure:
    starts_on: date
    ends_on: date
