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
from bot.local_time import instant, minutes_of

#: A shorter wait is a slip; the person is still here.
SOONEST = timedelta(seconds=50)
LATEST = timedelta(days=30)
MORNING = 9
#: A bare "at 3" is the afternoon to nearly everyone who texts it; "at 7" is the morning.
FIRST_MORNING_HOUR = 7
NOON = 12
DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class _Words:
    after_a_while: re.Pattern[str]
    numbers: Mapping[str, int]
    seconds: Mapping[str, int]
    half_hour: re.Pattern[str]
    past: re.Pattern[str]
    far: re.Pattern[str]
    tomorrow: re.Pattern[str]
    today: re.Pattern[str]
    this_day: re.Pattern[str]
    weekday: re.Pattern[str]
    weekdays: Mapping[str, int]
    wakes: re.Pattern[str]
    part: re.Pattern[str]
    parts: Mapping[str, int]
    after_noon: frozenset[str]
    either_half: frozenset[str]


_CLOCK = re.compile(
    r"(?P<at>\b(?:at|around|by|a las?)\s+)?\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?"
    r"\s*(?P<half>[ap]\.?m\.?|[ap])?(?P<oclock>\s*o ?['\u2019]? ?clock)?(?=\s|$|[,.!?])"
)
_DATE = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?"
    r"|\d{1,2}/\d{1,2})\b"
)
_YEAR = re.compile(r"(?:\b(?:in|en|de|del) |, ?|\d |/)(?P<year>20\d\d)\b")
_IN_THE_MORNING = re.compile(r"\b(?:por|en|de) la manana\b")


@cache
def _words() -> _Words:
    page = yaml.safe_load((files("bot") / "check_in_times.yml").read_text("utf-8"))
    seconds = {word: size for size, words in page["units"].items() for word in words}
    weekdays = {word: day for day, words in page["weekdays"].items() for word in words}
    numbers = {str(word): count for word, count in page["numbers"].items()}
    return _Words(
        after_a_while=re.compile(
            # A word for a number stands apart: "9 am" is no minute.
            rf"(?:\b(?:in|en|after)\s+)?\b(?P<count>\d+(?:\.\d+)?(?=\s*\w)|(?:{_either(numbers)})(?=\s))\s*"
            rf"(?:of\s+)?"
            rf"(?P<unit>{_either(seconds)})\b"
        ),
        numbers=numbers,
        seconds=seconds,
        half_hour=_any(page["half_hour"]),
        past=re.compile(rf"\b(?:{'|'.join(page['past'])})\b"),
        far=re.compile(rf"\b(?:{'|'.join(page['far'])})\b"),
        tomorrow=_any([*page["tomorrow"], "tomorrow"]),
        today=_any(page["today"]),
        this_day=_any(page["this_day"]),
        weekday=_any(weekdays),
        weekdays=weekdays,
        wakes=_any(page["wakes"]),
        part=_any(page["parts"]),
        parts=page["parts"],
        after_noon=frozenset(page["after_noon"]),
        either_half=frozenset(page["either_half"]),
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_either(words)})\b")


def read_time(text: str, now: datetime, timezone: str) -> datetime:
    """The instant a text asks for, in UTC. "tomorrow at 9" is nine in the morning where the person is.

    Raises TimeNotUnderstood, or TimeNotPossible when it is past or more than 30 days ahead.
    """
    words, said = _words(), plain(text)
    year = _YEAR.search(said)
    far_year = year and int(year["year"]) > now.year + 1
    if words.past.search(said) or words.far.search(said) or far_year:
        raise TimeNotPossible
    due = _after_a_while(said, now, timezone) or _at_a_time(said, now, timezone)
    if due is None:
        raise TimeNotUnderstood
    if not now + SOONEST <= due <= now + LATEST:
        raise TimeNotPossible
    return due.astimezone(UTC)


def plain(text: str) -> str:
    """A text as the words of time are looked for in it: lower case, no accents, its marks kept."""
    words = _words()
    said = _IN_THE_MORNING.sub("morning", _without_accents(text.casefold()))
    if words.wakes.search(said) and not words.part.search(said):
        # Nobody is woken at six in the evening.
        said = f"{said} morning"
    return words.half_hour.sub("30 minutes", said)


@dataclass(frozen=True)
class Said:
    """A day, a wall clock or a part of the day that a text names; None for what it leaves open."""

    day: date | None
    hour: int | None
    minute: int
    #: Whether it said am or pm, or in which part of the day.
    half_said: bool
    #: Whether an hour was named at all, and not only a part of the day.
    clock: bool


def said_in(said: str, local: datetime, *, bare: bool = False) -> Said | None:
    """What a plain text says of day and hour, or None when it says nothing of either.

    A number with nothing about it is an hour only when it is all there is, or when `bare`. Raises
    TimeNotUnderstood for an hour that no clock shows.
    """
    words = _words()
    day, part = _day(said, local), words.part.search(said)
    clock = _CLOCK.search(_DATE.sub(" ", said))
    clearly_a_clock = clock and (clock["half"] or clock["minute"] or clock["at"] or clock["oclock"])
    if clock and not (clearly_a_clock or bare or day or part or clock[0].strip() == said.strip()):
        clock = None
    if not (day or part or clock):
        return None
    if clock is None and part is None:
        return Said(day, None, 0, half_said=False, clock=False)
    hour, minute = _hour(clock, part[0] if part else None)
    if hour is None:
        raise TimeNotUnderstood
    part_of_day = part and part[0] not in words.either_half
    half_said = bool(part_of_day or (clock and (clock["half"] or int(clock["hour"]) > NOON)))
    return Said(day, hour, minute, half_said, clock is not None)


def day_in(said: str, local: datetime) -> date | None:
    """The day that a plain text names, or None."""
    return _day(said, local)


def after_a_while(text: str, now: datetime, timezone: str) -> datetime | None:
    """The instant of "in 2 hours" or "in 3 days", or None when a text says nothing like it."""
    return _after_a_while(plain(text), now, timezone)


def days_in(said: str) -> int | None:
    """The days a plain text names as a span ("for a week"), or None; less than a day is none."""
    found = _words().after_a_while.search(said)
    if not found:
        return None
    seconds = count_of(found["count"]) * _words().seconds[found["unit"]] if "." not in found["count"] else 0
    return int(seconds // DAY_SECONDS) or None


def numbers() -> Mapping[str, int]:
    """Words for numbers."""
    return _words().numbers


def count_of(word: str) -> int:
    """What a number, or a word for one, counts."""
    return _words().numbers.get(word) or int(word)


def units_of_days() -> Mapping[str, int]:
    """Words for a day and for what is longer, in days."""
    return {word: size // DAY_SECONDS for word, size in _words().seconds.items() if size >= DAY_SECONDS}


def weekdays() -> Mapping[str, int]:
    """Names of the days of a week; Monday is 0."""
    return _words().weekdays


def _without_accents(text: str) -> str:
    # Unlike triage's normalise this keeps the marks that clocks and dates are written with.
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )


def _after_a_while(said: str, now: datetime, timezone: str) -> datetime | None:
    words = _words()
    found = words.after_a_while.search(said)
    if not found:
        return None
    count = words.numbers.get(found["count"]) or float(found["count"])
    seconds = min(count * words.seconds[found["unit"]], 10 * LATEST.total_seconds())
    days = timedelta(seconds=seconds).days
    if timedelta(days=days).total_seconds() != seconds:
        return now + timedelta(seconds=seconds)
    # "in 2 days" is at this time of day, whatever the clocks do in between.
    local = now.astimezone(ZoneInfo(timezone))
    return instant(local.date() + timedelta(days=days), minutes_of(local), timezone)


def _at_a_time(said: str, now: datetime, timezone: str) -> datetime | None:
    local = now.astimezone(ZoneInfo(timezone))
    try:
        found = said_in(said, local)
    except TimeNotUnderstood:
        return None
    if found is None:
        return None
    hour = MORNING if found.hour is None else found.hour
    on = found.day or local.date()
    due = instant(on, hour * 60 + found.minute, timezone)
    if due > now or on != local.date():
        return due
    if found.clock and found.half_said and _words().this_day.search(said):
        # "today at 9am", said at noon, is no slip for tomorrow.
        raise TimeNotPossible
    # "at 9" said at ten in the morning means nine in the evening; "9am" said then means tomorrow.
    later = due + timedelta(hours=12)
    same_day = later.astimezone(ZoneInfo(timezone)).date() == on
    if not found.half_said and later > now and same_day:
        return later
    return instant(on + timedelta(days=1), hour * 60 + found.minute, timezone)


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
    if not half and part and part not in words.either_half:
        half = "p" if part in words.after_noon else "a"
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif not half and 1 <= hour < FIRST_MORNING_HOUR:
        hour += 12
    return hour, minute
