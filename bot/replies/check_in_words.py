"""When the line will text, in words: one time, a series, or everything that is to come."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.replies.book import ReplyBook
from bot.replies.fitting import SEGMENTS, segments

#: RFC 5545's days, Monday first.
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING = "MO,TU,WE,TH,FR"
_WEEKEND = "SA,SU"

Write = Callable[[ReplyBook, Mapping[str, Any], datetime], str]


def clock_words(at: time) -> str:
    """A wall-clock time as people text it: 7pm, 7:30am, noon as 12pm."""
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"


def when_words(book: ReplyBook, due_at: str, timezone: str, now: datetime) -> str:
    """One time: today at 5pm, tomorrow (Wednesday) at 9am, Friday, Nov 27 at 10am."""
    zone = ZoneInfo(timezone)
    due = datetime.fromisoformat(due_at).astimezone(zone)
    days = (due.date() - now.astimezone(zone).date()).days
    key = {0: "when_today", 1: "when_tomorrow"}.get(days, "when_later")
    return book.words(key, time=clock_words(due.time()), **_day_gaps(book, due.date()))


def day_words(book: ReplyBook, due_at: str, timezone: str, now: datetime) -> str:
    """One day, without its hour."""
    zone = ZoneInfo(timezone)
    on = datetime.fromisoformat(due_at).astimezone(zone).date()
    days = (on - now.astimezone(zone).date()).days
    key = {0: "when_day_today", 1: "when_day_tomorrow"}.get(days, "when_day_later")
    return book.words(key, **_day_gaps(book, on))


def _day_gaps(book: ReplyBook, on: date) -> dict[str, Any]:
    return {"weekday": book.weekdays[on.weekday()], "month": book.months[on.month - 1], "day": on.day}


def every_words(book: ReplyBook, rrule: str, minutes: int) -> str:
    """A rule: every day at 8am, every Monday and Friday at 10am."""
    parts = dict(part.split("=") for part in rrule.split(";"))
    at, days = clock_words(time(minutes // 60, minutes % 60)), parts.get("BYDAY")
    if days is None:
        return book.words("when_every_day" if "INTERVAL" not in parts else "when_every_other_day", time=at)
    if days in {_WORKING, _WEEKEND}:
        return book.words("when_weekdays" if days == _WORKING else "when_weekends", time=at)
    named = [book.weekdays[_BYDAY.index(day)] for day in days.split(",")]
    return book.words("when_days", days=book.all_of(named), time=at)


def group_words(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
    """What is to come of one check-in or series."""
    if fill["kind"] == "series":
        last = day_words(book, fill["last_at"], fill["timezone"], now)
        return book.words("when_till", every=every_words(book, fill["rrule"], fill["minutes"]), last=last)
    when = when_words(book, fill["due_at"], fill["timezone"], now)
    if fill["kind"] == "ladder":
        return book.words("when_and_more", when=when, count=fill["count"] - 1)
    return when


def _with_when(key: str) -> Write:
    def write(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
        return book.words(key, when=group_words(book, {"kind": "once", **fill}, now))

    return write


def _series(key: str) -> Write:
    def write(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
        first = day_words(book, fill["due_at"], fill["timezone"], now)
        last = day_words(book, fill["last_at"], fill["timezone"], now)
        every = every_words(book, fill["rrule"], fill["minutes"])
        return book.words(key, every=every, first=first, last=last, count=fill["count"])

    return write


def _several(head: str, tail: str) -> Write:
    """Numbered lines, as many as there is room for; what does not fit is counted."""

    def write(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
        lines = []
        for number, group in enumerate(fill["groups"], 1):
            line = "check_in_line_paused" if group.get("paused") else "check_in_line"
            lines.append(book.words(line, number=number, when=group_words(book, group, now)))
        for shown in range(len(lines), 0, -1):
            left = len(lines) - shown
            more = [book.words("check_in_line_more", count=left)] if left else []
            text = "\n".join([book.words(head), *lines[:shown], *more, book.words(tail)])
            if segments(text) <= SEGMENTS:
                break
        return text

    return write


#: Replies that say when.
CHECK_IN_WORDS: Mapping[str, Write] = {
    **{
        key: _with_when(key)
        for key in (
            "check_in_set", "check_in_set_silent", "check_in_ladder_set", "check_in_moved",
            "check_in_moved_next", "check_in_not_moved", "check_in_canceled_one", "check_in_paused_until",
            "check_in_resumed", "call_set",
        )
    },
    **{
        key: _series(key)
        for key in ("check_in_series_ask", "check_in_series_set", "check_in_series_set_silent")
    },
    "check_in_list": _several("check_in_list_head", "check_in_list_tail"),
    "check_in_which": _several("check_in_which_head", "check_in_which_tail"),
}  # fmt: skip
