"""Read when somebody wants a text: "tomorrow at 9", "in half an hour", "fri night", "el lunes a las 3"."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import dateparser
import yaml

from bot.errors import TimeNotPossible, TimeNotUnderstood

#: A shorter wait is a slip; the person is still here.
SOONEST = timedelta(seconds=50)
LATEST = timedelta(days=30)
MORNING = 9
#: A bare "at 3" is the afternoon to nearly everyone who texts it; "at 7" is the morning.
FIRST_MORNING_HOUR = 7


@dataclass(frozen=True)
class _Words:
    after_a_while: re.Pattern[str]
    numbers: Mapping[str, int]
    seconds: Mapping[str, int]
    half_hour: re.Pattern[str]
    tomorrow: re.Pattern[str]
    today: re.Pattern[str]
    weekday: re.Pattern[str]
    weekdays: Mapping[str, int]
    part: re.Pattern[str]
    parts: Mapping[str, int]
    after_noon: frozenset[str]


_CLOCK = re.compile(
    r"(?P<at>\b(?:at|around|by|a las?)\s+)?\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?"
    r"\s*(?P<half>[ap]\.?m\.?|[ap])?(?=\s|$|[,.!?])"
)
_DATE = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?"
    r"|\d{1,2}/\d{1,2})\b"
)
_IN_THE_MORNING = re.compile(r"\b(?:por|en|de) la manana\b")


@cache
def _words() -> _Words:
    page = yaml.safe_load((files("bot") / "check_in_times.yml").read_text("utf-8"))
    seconds = {word: size for size, words in page["units"].items() for word in words}
    weekdays = {word: day for day, words in page["weekdays"].items() for word in words}
    numbers = {str(word): count for word, count in page["numbers"].items()}
    return _Words(
        after_a_while=re.compile(
            rf"(?:\b(?:in|en|after)\s+)?\b(?P<count>\d+(?:\.\d+)?|{_either(numbers)})\s*(?:of\s+)?"
            rf"(?P<unit>{_either(seconds)})\b"
        ),
        numbers=numbers,
        seconds=seconds,
        half_hour=_any(page["half_hour"]),
        tomorrow=_any([*page["tomorrow"], "tomorrow"]),
        today=_any(page["today"]),
        weekday=_any(weekdays),
        weekdays=weekdays,
        part=_any(page["parts"]),
        parts=page["parts"],
        after_noon=frozenset(page["after_noon"]),
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_either(words)})\b")


def read_time(text: str, now: datetime, timezone: str) -> datetime:
    """The instant a text asks for, in UTC. "tomorrow at 9" is nine in the morning where the person is.

    Raises TimeNotUnderstood, or TimeNotPossible when it is past or more than 30 days ahead.
    """
    words = _words()
    plain = words.half_hour.sub(
        "30 minutes", _IN_THE_MORNING.sub("morning", _without_accents(text.casefold()))
    )
    due = _after_a_while(plain, now) or _at_a_time(plain, now.astimezone(ZoneInfo(timezone)))
    if due is None:
        raise TimeNotUnderstood
    if not now + SOONEST <= due <= now + LATEST:
        raise TimeNotPossible
    return due.astimezone(UTC)


def _without_accents(text: str) -> str:
    # Unlike triage's normalise this keeps the marks that clocks and dates are written with.
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )


def _after_a_while(plain: str, now: datetime) -> datetime | None:
    words = _words()
    found = words.after_a_while.search(plain)
    if not found:
        return None
    count = words.numbers.get(found["count"]) or float(found["count"])
    return now + timedelta(seconds=min(count * words.seconds[found["unit"]], 10 * LATEST.total_seconds()))


def _at_a_time(plain: str, local: datetime) -> datetime | None:
    words = _words()
    day, part = _day(plain, local), words.part.search(plain)
    clock = _CLOCK.search(_DATE.sub(" ", plain))
    clearly_a_clock = clock and (clock["half"] or clock["minute"] or clock["at"])
    bare_number = clock and clock[0].strip() == plain
    if not (day or part or clearly_a_clock or bare_number):
        return None
    hour, minute = _hour(clock, part[0] if part else None)
    if hour is None:
        return None
    on = day or local.date()
    due = local.replace(
        year=on.year, month=on.month, day=on.day, hour=hour, minute=minute, second=0, microsecond=0
    )
    if due <= local and not (day and day != local.date()):
        due = _next(due, local, spoken_half=bool(part or (clock and clock["half"])))
    return due


def _next(due: datetime, local: datetime, *, spoken_half: bool) -> datetime:
    # "at 9" said at ten in the morning means nine in the evening; "9am" said then means tomorrow.
    later = due + timedelta(hours=12)
    return later if not spoken_half and later > local else due + timedelta(days=1)


def _day(plain: str, local: datetime) -> date | None:
    words = _words()
    if words.tomorrow.search(plain):
        return local.date() + timedelta(days=1)
    named = words.weekday.search(plain)
    if named:
        ahead = (words.weekdays[named[0]] - local.weekday()) % 7
        return local.date() + timedelta(days=ahead or 7)
    written = _DATE.search(plain)
    if written:
        read = dateparser.parse(
            written[0],
            languages=["en"],
            settings={
                "PREFER_DATES_FROM": "future",
                "DATE_ORDER": "MDY",
                "RELATIVE_BASE": local.replace(tzinfo=None),
            },
        )
        return read.date() if read else None
    return local.date() if words.today.search(plain) else None


def _hour(clock: re.Match[str] | None, part: str | None) -> tuple[int | None, int]:
    words = _words()
    if clock is None:
        return (words.parts[part] if part else MORNING), 0
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if hour > 23 or minute > 59:
        return None, 0
    half = (clock["half"] or "")[:1]
    if not half and part:
        half = "p" if part in words.after_noon else "a"
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif not half and 1 <= hour < FIRST_MORNING_HOUR:
        hour += 12
    return hour, minute
