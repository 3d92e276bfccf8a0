"""Days, clock times and weekdays as directories write them, in the standard's words."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from services_directory.folding import folded
from services_directory.importers.naming import ordinal, several_days, weekday

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2})|(?<=\d\d)(\d\d)|(?<=\d)(\d\d))?(?::\d{2}(?:\.\d+)?)?"
    r"\s*([ap])?\.?\s?m?\.?\s*(z|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?",
    re.I,
)
_DATES = (
    "%m/%d/%Y", "%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y",
    "%Y%m%d", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y", "%m-%d-%Y", "%d/%m/%Y", "%d.%m.%Y", "%B %Y", "%b %Y",
    "%Y-%m-%d", "%Y-%m",
)  # fmt: skip
_DAY = re.compile(r"(?:(-?\d)(?:st|nd|rd|th)?\s*)?([a-z]+|\d)")
_BETWEEN = re.compile(r"\s*(?:[-\u2013\u2014]|\bto\b|\bthrough\b|\bthru\b|\ba\b|\bal\b)\s*")


def read_date(value: Any) -> str | None:
    """A day as ISO 8601, from one of the ways directories write it (month first, as in the US); or None."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _date_in(str(value).strip())


@lru_cache(maxsize=16384)
def _date_in(text: str) -> str | None:
    if len(text) > 40:
        return None
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        pass
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[T ]\d{1,2}:\d{2}.*$", "", text).strip()
    for pattern in _DATES:
        try:
            return datetime.strptime(plain, pattern).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def read_clock(value: Any) -> str | None:
    """A clock time as HH:MM, with the Z or offset it came with; 24:00 stays. None when it is none."""
    if isinstance(value, datetime | time):
        return f"{value:%H:%M}"
    return _clock_in(str(value).strip())


@lru_cache(maxsize=16384)
def _clock_in(text: str) -> str | None:
    plain = re.sub(r"^(?:12(?::00)?\s*)?(noon|midday|midnight)$", _named_hour, folded(text))
    if "t" in plain:
        # A clock time written as an instant: what day it was says nothing.
        plain = plain.rpartition("t")[2]
    found = _CLOCK.fullmatch(plain)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or found[3] or found[4] or 0)
    if found[5] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found[5] == "p" else 0)
    elif found[5] == "a" and hour > 12:
        return None
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return f"{hour:02}:{minute:02}{_offset(found[6])}"


def _named_hour(found: re.Match[str]) -> str:
    return "12am" if found[1] == "midnight" else "12pm"


def _offset(text: str | None) -> str:
    if not text:
        return ""
    if text[0] not in "+-":
        return "Z"
    hours, minutes = text[:3], text[3:].lstrip(":") or "00"
    return "Z" if hours[1:] == minutes == "00" else f"{hours}:{minutes}"


@lru_cache(maxsize=8192)
def read_days(text: str) -> tuple[str, ...] | None:
    """The parts of an iCalendar BYDAY in "MO,TU", "Mon-Fri", "1st and 3rd Tuesday", '["MO"]' and the like.

    None when a part of it is no weekday.
    """
    plain = re.sub(
        r"[\[\]\"'().]|\bof (?:the|each|every) month\b|\beach month\b|\bmonthly\b", " ", folded(text)
    )
    plain = re.sub(r"\s+", " ", plain.replace("\u2013", "-")).strip(" .:")
    together = several_days(plain)
    if together:
        return together
    parts = [part for part in re.split(r"\s*(?:[,;/&+|]|\band\b|\by\b)\s*", _compact(plain)) if part]
    numbers_are_days = all(part.isdigit() for part in parts)
    days: list[str] = []
    waiting: list[str] = []
    for part in parts:
        which = ordinal(part) or (part if part.isdigit() and not numbers_are_days else None)
        if which:
            waiting.append(which)
            continue
        found = _one_or_range(part)
        if found is None:
            return None
        if waiting and not found[0][:-2]:
            return None
        days += [f"{which}{found[0][-2:]}" for which in waiting] + list(found)
        waiting = []
    if waiting:
        return None
    return tuple(dict.fromkeys(days)) or None


def _one_or_range(part: str) -> tuple[str, ...] | None:
    if several_days(part):
        return several_days(part)
    ends = _BETWEEN.split(part) if not part.startswith("-") else [part]
    if len(ends) == 2:
        first, last = weekday(ends[0]), weekday(ends[1])
        if first and last:
            start, end = WEEK.index(first), WEEK.index(last)
            return tuple(WEEK[day % 7] for day in range(start, end + 1 + (7 if end < start else 0)))
    words = part.removeprefix("every ").removeprefix("on ").split(" ")
    if len(words) == 2 and ordinal(words[0]):
        day = weekday(words[1])
        return (f"{ordinal(words[0])}{day}",) if day else None
    found = _DAY.fullmatch(" ".join(words))
    day = weekday(found[2]) if found else None
    if not found or not day or found[1] == "0":
        return None
    return (f"{found[1] or ''}{day}",)


def _compact(plain: str) -> str:
    # Letters for days without anything between them, as timetables have them: "mtwthf", "mwf".
    if re.fullmatch(r"(?:m|tu|t(?!h)|w|th|f|sa|su|s)+", plain) and not weekday(plain) and len(plain) > 2:
        return ",".join(re.findall(r"tu|th|sa|su|[mtwfs]", plain))
    # "MO TU WE" as some write it.
    words = plain.split(" ")
    if len(words) > 1 and all(
        weekday(word) or re.fullmatch(r"-?\d(?:mo|tu|we|th|fr|sa|su)", word) for word in words
    ):
        return ",".join(words)
    return plain
