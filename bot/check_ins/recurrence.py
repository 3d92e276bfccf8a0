"""Read when somebody wants texts again and again: "every morning for a week", "cada lunes a las 9"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot import check_in_times
from bot.check_in_times import MORNING, SOONEST
from bot.check_ins.series import Recurrence, days_of
from bot.check_ins.terms import terms
from bot.errors import TimeNotPossible, TimeNotUnderstood, TooOften
from bot.local_time import instant

_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = 7
#: Two days named together are a rule; one alone is a day.
_SEVERAL = 2


@dataclass(frozen=True)
class _Words:
    too_often: re.Pattern[str]
    two_times: re.Pattern[str]
    units: Mapping[str, int]
    rules: Mapping[str, re.Pattern[str]]
    parts: Mapping[str, re.Pattern[str]]
    days: re.Pattern[str]
    either: re.Pattern[str]
    for_so_long: re.Pattern[str]
    for_a_week: re.Pattern[str]
    so_many_times: re.Pattern[str]
    until: re.Pattern[str]
    starting: re.Pattern[str]


@cache
def _words() -> _Words:
    page: dict[str, Any] = yaml.safe_load((files("bot.check_ins") / "recurrence.yml").read_text("utf-8"))
    count = (
        rf"(?P<count>\d+|{'|'.join(sorted(map(re.escape, check_in_times.numbers()), key=len, reverse=True))})"
    )
    units = dict(check_in_times.units_of_days()) | dict.fromkeys(page["day_units"], 1)
    unit = rf"(?P<unit>{'|'.join(sorted(units, key=len, reverse=True))})"
    day = "|".join(sorted(check_in_times.weekdays(), key=len, reverse=True))
    gaps = {"{count}": count, "{unit}": unit}
    every = "|".join(page["every"])
    return _Words(
        too_often=_any(page["too_often"]),
        two_times=re.compile(page["two_times"]),
        units=units,
        rules={
            name: _any(page[name]) for name in ("every_other_day", "weekdays", "weekends", "weekly", "daily")
        },
        parts={part: _any(patterns) for part, patterns in page["daily_part"].items()},
        days=re.compile(rf"\b(?P<every>(?:{every})\s+)?(?P<day>{day})(?P<plural>s)?\b"),
        either=re.compile(rf"\b(?:{day})s?,? (?:{'|'.join(page['or'])}) (?:the |el |on )?(?:{day})\b"),
        for_so_long=_any(page["for_so_long"], gaps),
        for_a_week=_any(page["for_a_week"]),
        so_many_times=_any(page["so_many_times"], gaps),
        until=re.compile(rf"\b(?:{'|'.join(page['until'])})\s+(?P<rest>.*)$"),
        starting=re.compile(rf"\b(?:{'|'.join(page['from'])})\s+(?P<rest>.*)$"),
    )


def _any(patterns: Iterable[str], gaps: Mapping[str, str] | None = None) -> re.Pattern[str]:
    either = "|".join(f"(?:{pattern})" for pattern in patterns)
    for gap, pattern in (gaps or {}).items():
        either = either.replace(gap, pattern)
    return re.compile(rf"\b(?:{either})\b")


@dataclass(frozen=True)
class _Rule:
    freq: str
    part: str | None = None
    #: Monday is 0.
    days: tuple[int, ...] = ()
    interval: int = 1


def read_recurrence(text: str, now: datetime, timezone: str) -> Recurrence | None:
    """What a text asks for again and again, or None when it asks for no such thing.

    Without an end it is for a week (four when it is one day a week); never beyond 30 days or 40 texts.
    Raises TooOften for more than once a day, TimeNotPossible when no day is left in it, and
    TimeNotUnderstood for an hour that no clock shows.
    """
    said = check_in_times.plain(text)
    if _words().too_often.search(said):
        raise TooOften
    rule, rest = _rule(said)
    if rule is None:
        return None
    if _words().two_times.search(said):
        raise TooOften
    local = now.astimezone(ZoneInfo(timezone))
    rest, count = _cut(rest, _words().so_many_times)
    rest, span = _span(rest)
    ends_on = starts_on = None
    found = _words().until.search(rest)
    if found:
        ends_on, rest = check_in_times.day_in(found["rest"], local), rest[: found.start()] + _clock_of(found)
    found = _words().starting.search(rest)
    if found:
        starts_on, rest = (
            check_in_times.day_in(found["rest"], local),
            rest[: found.start()] + _clock_of(found),
        )
    clock = check_in_times.said_in(f"{rest} {rule.part or ''}", local, bare=True)
    minutes = MORNING * 60
    if clock is not None and clock.hour is not None:
        minutes = clock.hour * 60 + clock.minute
        starts_on = starts_on or (clock.day if clock.day and clock.day > local.date() else None)
    first = starts_on or local.date()
    if instant(first, minutes, timezone) < now + SOONEST:
        first = local.date() + timedelta(days=1)
    most = min(_longest(rule, span, count), (ends_on - first).days + 1 if ends_on else terms().most_days)
    times = check_in_times.count_of(count["count"]) if count else terms().most_texts
    days = [
        day
        for day in days_of(_rrule(rule, first), first, terms().most_texts)
        if day < first + timedelta(days=most)
    ]
    days = days[: min(times, terms().most_texts)]
    if not days:
        raise TimeNotPossible
    named_hour = clock is not None and clock.clock
    return Recurrence(f"{_rrule(rule, first)};COUNT={len(days)}", days[0], minutes, named_hour)


_SIMPLE = {
    "every_other_day": _Rule("DAILY", interval=2),
    "weekdays": _Rule("WEEKLY", days=(0, 1, 2, 3, 4)),
    "weekends": _Rule("WEEKLY", days=(5, 6)),
    "daily": _Rule("DAILY"),
}


def read_recurrence_or_none(text: str, now: datetime, timezone: str) -> Recurrence | None:
    """The same; None also when it cannot be."""
    try:
        return read_recurrence(text, now, timezone)
    except (TimeNotPossible, TimeNotUnderstood):
        return None


def _rule(said: str) -> tuple[_Rule | None, str]:
    words = _words()
    for part, pattern in words.parts.items():
        found = pattern.search(said)
        if found:
            return _Rule("DAILY", part), _without(said, found)
    for name, rule in _SIMPLE.items():
        found = words.rules[name].search(said)
        if found:
            return rule, _without(said, found)
    named = list(words.days.finditer(_before_end(said)))
    again = any(one["every"] or one["plural"] for one in named)
    several = len({check_in_times.weekdays()[one["day"]] for one in named}) >= _SEVERAL
    if named and (again or (several and not words.either.search(said))):
        days = tuple(sorted({check_in_times.weekdays()[one["day"]] for one in named}))
        return _Rule("WEEKLY", days=days), words.days.sub(" ", _before_end(said)) + said[
            len(_before_end(said)) :
        ]
    found = words.rules["weekly"].search(said)
    if found:
        on = tuple(check_in_times.weekdays()[one["day"]] for one in named)
        return _Rule("WEEKLY", days=on), _without(said, found)
    return None, said


def _before_end(said: str) -> str:
    # "every day until friday" is no rule of Fridays.
    ends = [found.start() for found in (_words().until.search(said), _words().starting.search(said)) if found]
    return said[: min(ends)] if ends else said


def _without(said: str, found: re.Match[str]) -> str:
    return f"{said[: found.start()]} {said[found.end() :]}"


def _cut(said: str, pattern: re.Pattern[str]) -> tuple[str, re.Match[str] | None]:
    found = pattern.search(said)
    return (_without(said, found), found) if found else (said, None)


def _clock_of(found: re.Match[str]) -> str:
    # "until friday at 9": the hour is the texts', the day the end.
    at = re.search(r"(?:\bat|a las?) .*$|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\.?", found["rest"])
    return f" {at[0]}" if at else ""


def _span(said: str) -> tuple[str, int | None]:
    """The days a text is to go on for, and the text without them."""
    said, found = _cut(said, _words().for_so_long)
    if found:
        return said, int(check_in_times.count_of(found["count"]) * _words().units[found["unit"]])
    said, found = _cut(said, _words().for_a_week)
    return said, _WEEK if found else None


def _longest(rule: _Rule, span: int | None, count: re.Match[str] | None) -> int:
    if span is not None:
        return min(span, terms().most_days)
    if count is not None:
        return terms().most_days
    once_a_week = rule.freq == "WEEKLY" and len(rule.days) <= 1
    return terms().weekly_days if once_a_week else terms().series_days


def _rrule(rule: _Rule, starts_on: date) -> str:
    parts = [f"FREQ={rule.freq}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    days = rule.days or ((starts_on.weekday(),) if rule.freq == "WEEKLY" else ())
    if days:
        parts.append("BYDAY=" + ",".join(_BYDAY[day] for day in days))
    return ";".join(parts)
