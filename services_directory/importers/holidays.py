"""Holiday schedules (HSDS 1.x, Ohana): days on which it is closed, or open at other hours than usual."""

from datetime import date, timedelta
from typing import Any

from services_directory.importers.when import read_clock, read_date

_YES = {"true", "t", "1", "yes", "y"}
#: The hours engine takes a schedule dated for less than a fortnight as instead of the usual ones.
LONGEST_DAYS = 13


def holiday(row: dict[str, Any]) -> dict[str, Any]:
    """A holiday_schedule row as a row of `closure`: `link_entity`, `link_id` and `closed` beside its own."""
    linked = ("service_at_location", "service", "location")
    owner = next((table for table in linked if row.get(f"{table}_id") not in (None, "")), None)
    hours = row.get("opens_at") or row.get("closes_at")
    return {
        **row,
        "link_entity": owner,
        "link_id": row.get(f"{owner}_id") if owner else None,
        "closed": str(row.get("closed") or "").strip().casefold() in _YES or not hours,
    }


def days_of(row: dict[str, Any], on: date) -> list[tuple[date, date]]:
    """The first and last day of a holiday, for each year it is for; [] when it does not say.

    `on` is today: a yearly holiday (Ohana writes the year 1) is spelt out for this year and the next.
    """
    first = read_date(row.get("start_date") or row.get("valid_from") or "")
    last = read_date(row.get("end_date") or row.get("valid_to") or "") or first
    if first is None or last is None:
        return []
    starts, ends = date.fromisoformat(first), date.fromisoformat(last)
    if starts.year != 1:
        return [(starts, max(starts, ends))]
    found = []
    for year in range(on.year - 1, on.year + 3):
        start = _in_year(starts, year)
        end = _in_year(ends, year + (ends.replace(year=1) < starts))
        if end >= on or year > on.year:
            found.append((start, end))
    return found[:2]


def special_hours(row: dict[str, Any], first: date, last: date) -> dict[str, Any] | None:
    """A schedule for days on which it opens at other hours than usual; None when it does not say which."""
    opens, closes = read_clock(row.get("opens_at") or ""), read_clock(row.get("closes_at") or "")
    if opens is None or closes is None or last - first > timedelta(days=LONGEST_DAYS):
        return None
    return {
        "id": f"holiday/{row.get('id')}/{first}",
        f"{row['link_entity']}_id": row["link_id"],
        "valid_from": first,
        "valid_to": last,
        "freq": "DAILY",
        "opens_at": opens,
        "closes_at": closes,
    }


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        # The 29th of February, in most years.
        return day.replace(year=year, day=28)
