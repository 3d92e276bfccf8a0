"""Replies that need more than filling in: lists of places, hours and times, in plain words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import UnknownReply
from bot.replies.book import ReplyBook, load_replies
from bot.replies.fitting import SEGMENTS, fitted, gsm, segments, shorten

#: With it a name and a phone number still fit in two segments.
LONGEST_ADDRESS = 120


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


def _miles_words(miles: float) -> str:
    # As the crow flies: tenths of a mile say too much of what is far.
    return f"{miles:.1f}" if miles < 10 else f"{miles:.0f}"


def _hours_words(book: ReplyBook, hours: Mapping[str, Any]) -> str:
    at, on = hours.get("time"), hours.get("on")
    shown = clock_words(time.fromisoformat(at)) if at else ""
    weekday = book.weekdays[date.fromisoformat(on).weekday()] if on else ""
    words = book.words(f"hours_{hours['kind']}", time=shown, weekday=weekday)
    return book.words("hours_on_holiday", hours=words) if hours.get("holiday") else words


def _service_list(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    matches, first = fill["matches"], fill.get("first_number", 1)
    label, radius = gsm(fill["label"]), fill.get("radius_miles")
    head = (
        book.words("list_head_far", label=label, miles=radius)
        if radius
        else book.words("list_head", label=label)
    )
    tail = book.words("list_tail_one" if len(matches) == 1 and first == 1 else "list_tail")

    def write(names: Sequence[str]) -> str:
        lines = [
            book.words(
                "list_line",
                number=number,
                name=name,
                miles=_miles_words(match["miles"]),
                hours=_hours_words(book, match["hours"]),
            )
            for number, (name, match) in enumerate(zip(names, matches, strict=True), first)
        ]
        return "\n".join([head, *lines, tail])

    return fitted(write, [match["name"] for match in matches])


def _details(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    """Name, address, phone and hours on lines of their own; what else is known as far as there is room."""
    phone, address = gsm(fill.get("phone") or ""), shorten(fill.get("address") or "", LONGEST_ADDRESS)
    facts = [address, phone, _hours_words(book, fill["hours"])]
    notes = [book.words(f"note_{note}") for note in fill.get("notes", ())]
    if fill.get("checked_on"):
        checked = date.fromisoformat(fill["checked_on"])
        month = book.months[checked.month - 1]
        notes.append(book.words("note_stale", month=month, year=checked.year))
    named = [name for name in (fill["name"], fill.get("organization")) if name]
    for names in (named, named[:1]):
        for kept in range(len(notes), -1, -1):
            text = "\n".join([*map(gsm, names), *filter(None, facts), *notes[:kept]])
            if segments(text) <= SEGMENTS:
                return text
    return fitted(lambda short: "\n".join([*short, *filter(None, facts)]), named[:1])


def _which_place(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    lines = [book.words("which_place_head", name=gsm(fill["name"]))]
    for number, label in enumerate(fill["choices"], 1):
        lines.append(book.words("which_place_line", number=number, label=gsm(label)))
    return "\n".join([*lines, book.words("which_place_tail")])


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
    "which_place": _which_place,
    "check_in_set": _check_in_set,
}
