"""Replies that need more than filling in: lists of places, hours and times, in plain words."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import UnknownReply
from bot.replies.book import ReplyBook, load_replies


def render(key: str, fill: Mapping[str, Any], language: str, now: datetime) -> str:
    """The words of one reply. `now` (aware) decides what "tomorrow" means. Raises UnknownReply."""
    book = load_replies(language)
    special = _SPECIAL.get(key)
    return special(book, fill, now) if special else book.words(key, **fill)


def render_spoken(key: str, language: str) -> str:
    """What a caller hears. Raises UnknownReply."""
    try:
        return load_replies(language).spoken[key]
    except KeyError as error:
        raise UnknownReply(f"No spoken reply {key}") from error


def clock_words(at: time) -> str:
    """A wall-clock time as people text it: 7pm, 7:30am, noon as 12pm."""
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"


def _hours_words(book: ReplyBook, hours: Mapping[str, Any]) -> str:
    at = hours.get("time")
    shown = clock_words(time.fromisoformat(at)) if at else ""
    return book.words(f"hours_{hours['kind']}", time=shown)


def _service_list(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    lines = [book.words("list_head", label=fill["label"])]
    first = fill.get("first_number", 1)
    for number, match in enumerate(fill["matches"], first):
        lines.append(
            book.words(
                "list_line",
                number=number,
                name=match["name"],
                miles=f"{match['miles']:.1f}",
                hours=_hours_words(book, match["hours"]),
            )
        )
    alone = len(fill["matches"]) == 1 and first == 1
    lines.append(book.words("list_tail_one" if alone else "list_tail"))
    return "\n".join(lines)


def _details(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    key = "details" if fill.get("phone") else "details_no_phone"
    return book.words(
        key,
        name=fill["name"],
        address=fill["address"],
        phone=fill.get("phone"),
        hours=_hours_words(book, fill["hours"]),
    )


def _check_in_set(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
    zone = ZoneInfo(fill["timezone"])
    due = datetime.fromisoformat(fill["due_at"]).astimezone(zone)
    days = (due.date() - now.astimezone(zone).date()).days
    key = {0: "when_today", 1: "when_tomorrow"}.get(days, "when_later")
    when = book.words(
        key,
        time=clock_words(due.time()),
        weekday=book.weekdays[due.weekday()],
        month=book.months[due.month - 1],
        day=due.day,
    )
    return book.words("check_in_set", when=when)


_SPECIAL: dict[str, Callable[[ReplyBook, Mapping[str, Any], datetime], str]] = {
    "service_list": _service_list,
    "service_details": _details,
    "check_in_set": _check_in_set,
}
