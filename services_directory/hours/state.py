"""What can be said of a place at an instant: open till, opens at, closed, or not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from services_directory.hours import openings, rules
from services_directory.hours.openings import Closure, Opening, Spans
from services_directory.hours.rules import Schedule

#: How far ahead a next opening is looked for.
AHEAD = timedelta(days=7)


class OpenKind(StrEnum):
    """What can be said of today."""

    OPEN = "open"
    OPENS_LATER = "opens_later"
    CLOSED_TODAY = "closed_today"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OpenState:
    """The hours at an instant, in local wall times.

    `until` is None for a place open all day and night. `opens` on the day `opens_on` is the next opening of
    a place that is closed, within a week. `holiday` is the name of a federal holiday today when the hours
    are the usual ones: call first.
    """

    kind: OpenKind
    until: time | None = None
    opens: time | None = None
    opens_on: date | None = None
    holiday: str | None = None

    @property
    def usable_today(self) -> bool:
        """Open now, or still to open today."""
        return self.kind in {OpenKind.OPEN, OpenKind.OPENS_LATER}


def state(
    schedules: Sequence[Schedule],
    at: datetime,
    timezone: str,
    *,
    closures: Sequence[Closure] = (),
    times: str = "local",
) -> OpenState:
    """The state at an instant by a listing's schedules and closures.

    `timezone` is an IANA name. No schedule, none that says its days and times, or only outdated ones mean
    that the hours are unknown, never that it is closed.
    """
    zone = ZoneInfo(timezone)
    now = at.astimezone(zone).replace(tzinfo=None)
    yesterday = now.date() - timedelta(days=1)
    current = [one for one in schedules if not ((end := rules.ends(one)) and end < yesterday)]
    if not current:
        return OpenState(OpenKind.UNKNOWN)
    last = now.date() + AHEAD
    # Times in UTC can belong to a local day on either side.
    first = yesterday - timedelta(days=1) if times == "utc" else yesterday
    told = _told(openings.spans(current, first, last, closures, times=times, zone=zone), now)
    outdated = all((end := rules.ends(one)) and end < now.date() for one in current)
    return OpenState(OpenKind.UNKNOWN) if outdated and told.kind is not OpenKind.OPEN else told


def state_of_week(
    weekly: Sequence[Opening], at: datetime, timezone: str, *, closures: Sequence[Closure] = ()
) -> OpenState:
    """The state at an instant by weekday rows. No rows mean that the hours are unknown."""
    if not weekly:
        return OpenState(OpenKind.UNKNOWN)
    now = at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    first = now.date() - timedelta(days=1)
    return _told(openings.spans_of_week(weekly, first, now.date() + AHEAD, closures), now)


def _told(spans: Spans, now: datetime) -> OpenState:
    today = now.date()
    usual = today not in spans.dated
    holiday = _federal_holidays(today.year).get(today) if usual else None
    for span in spans.open:
        if span.end <= now:
            continue
        if span.start <= now:
            if span.end - now >= timedelta(days=1):
                return OpenState(OpenKind.OPEN)
            return OpenState(OpenKind.OPEN, until=span.end.time(), holiday=holiday)
        if span.start.date() == today:
            return OpenState(OpenKind.OPENS_LATER, opens=span.start.time(), opens_on=today, holiday=holiday)
        if today in spans.unknown:
            break
        return OpenState(OpenKind.CLOSED_TODAY, opens=span.start.time(), opens_on=span.start.date())
    return OpenState(OpenKind.UNKNOWN if today in spans.unknown else OpenKind.CLOSED_TODAY)


@cache
def _federal_holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("US", years=year).items())
