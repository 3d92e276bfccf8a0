"""Opening hours as people type them: "Mon-Fri 9am-5pm; Sat 10-2", "24/7", "daily 8-20", "Tue & Thu 1-3pm"."""

import re

from services_directory.folding import folded
from services_directory.importers.when import WEEK, read_days

#: Days, opening and closing time (HH:MM).
Opening = tuple[tuple[str, ...], str, str]
_TIME = r"(?:noon|midnight|\d{1,2}(?:[:.]\d{2})?(?::\d{2})?\s*(?:[ap]\.?\s?m?\b\.?)?)"
_SPAN = re.compile(rf"(?:from\s+)?({_TIME})\s*(?:-|to|a|until|til|till)\s*({_TIME})", re.I)
_ALWAYS = {"24/7", "24 hours", "24 hours a day", "24 hours a day, 7 days a week", "24 hours daily", "always"}
_ALWAYS |= {
    "always open",
    "open 24 hours",
    "open 24/7",
    "24 hrs",
    "24hrs",
    "24 horas",
    "24 hours/7 days a week",
}
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*"
#: Where one part ends and the next begins; a comma between days alone separates nothing.
_NEW_PART = re.compile(
    rf"[;\n|]|(?<!\d)\.\s+(?=[a-z])|,\s*(?={_DAY}\b[^,;]*(?:\d|closed|cerrado)|closed\b|cerrado\b)"
)
_ALL_DAY = re.compile(r"\b24\s*(?:h|hours?|hrs?)\b")
_CLOSED = re.compile(r"\b(?:closed|cerrado)\b(?:\s+(?:on|los|el))?:?")
_HOLIDAYS = re.compile(
    r"[(\s]*(?:except|closed|cerrado)\s+(?:on\s+|los\s+)?(?:all\s+|most\s+|major\s+|federal\s+|public\s+)*(?:holidays|festivos)[)\s]*"
)


def read_hours(text: str) -> list[Opening] | None:
    """Weekdays with opening and closing time, or None when any part cannot be read for sure."""
    plain = re.sub(r"[\u2013\u2014\u2212]", "-", folded(text)).strip().rstrip(".").strip()
    if plain in _ALWAYS:
        return [(WEEK, "00:00", "24:00")]
    # Holidays are known without being told.
    plain = _HOLIDAYS.sub(" ", re.sub(r"\b(?:open|hours)\b:?", " ", plain) if "24" not in plain else plain)
    found: list[Opening] = []
    closed: set[str] = set()
    waiting = ""
    for part in filter(None, (part.strip(" ,.()") for part in _NEW_PART.split(plain))):
        if _CLOSED.search(part):
            days = None if _SPAN.search(part) else read_days(_CLOSED.sub(" ", part).strip(" ,"))
            if days is None:
                return None
            closed.update(days)
            continue
        if not _SPAN.search(part) and _days(part) and not _ALL_DAY.search(part):
            # "Mon, Wed, Fri 9-5" was split before Friday: these days wait for its times.
            waiting += f"{part}, "
            continue
        openings = _openings(waiting + part)
        if openings is None:
            return None
        found += openings
        waiting = ""
    if waiting:
        return None
    kept = [(tuple(day for day in days if day not in closed), opens, closes) for days, opens, closes in found]
    return [one for one in kept if one[0]] or None


def _openings(part: str) -> list[Opening] | None:
    spans = list(_SPAN.finditer(part))
    if not spans:
        days = _days(part) if _ALL_DAY.search(part) else ()
        return [(days, "00:00", "24:00")] if days else None
    before, after = part[: spans[0].start()], part[spans[-1].end() :].strip(" ,")
    days = _days(before) or (_days(after) if not before.strip() else ())
    between = _SPAN.sub("", part[spans[0].start() : spans[-1].end()]).strip(" ,&/and")
    if not days or between not in {"", "y"} or (after and before.strip()):
        return None
    times = [_clock_pair(span[1], span[2]) for span in spans]
    return [(days, *pair) for pair in times if pair] if all(times) else None


def _days(text: str) -> tuple[str, ...]:
    days = read_days(_ALL_DAY.sub("", text).strip(" :,.-"))
    # "First Monday" is no weekday of every week: a sheet's words are not enough for it.
    return days if days and all(day in WEEK for day in days) else ()


def _clock_pair(opens: str, closes: str) -> tuple[str, str] | None:
    start, end = _parts(opens), _parts(closes)
    if start is None or end is None:
        return None
    if start[2] is None and end[2] and start[0] <= 12:
        start = (*start[:2], _half_before(start, end))
    elif end[2] is None and start[2] and end[0] <= 12:
        # "9am-5" ends in the afternoon, "6pm-8" in the evening.
        end = (*end[:2], "p" if start[2] == "p" or end[0] % 12 < start[0] % 12 or end[0] == 12 else "a")
        if start[2] == "a" and end[0] % 12 > start[0] % 12:
            end = (*end[:2], "a")
    elif (
        start[2] is None and end[2] is None and start[0] <= 12 and end[0] <= 12 and ":" not in opens + closes
    ):
        # "10-2" and "9-5" as people write them; "12-3" begins at noon.
        start = (*start[:2], "p" if start[0] == 12 or start[0] < 6 else "a")
        end = (*end[:2], "a" if start[2] == "a" and start[0] < end[0] < 12 else "p")
    elif (
        start[2] is end[2] is None
        and end[:2] <= start[:2]
        and 0 < start[0] <= 12
        and end[0] < 12
        and not closes.strip().startswith("0")
    ):
        # "10:00-2:00" is the clock on the wall, "22:00-06:00" the other one.
        end = (*end[:2], "p")
    return _written(start), _written(end)


def _half_before(start: tuple[int, int, str | None], end: tuple[int, int, str | None]) -> str:
    """Which half of the day "9" is in "9-5pm" (the morning), and "1" in "1-5pm" (the afternoon)."""
    same = (start[0] % 12, start[1]) < (end[0] % 12, end[1])
    return str(end[2]) if same else "a" if end[2] == "p" else "p"


def _parts(text: str) -> tuple[int, int, str | None] | None:
    text = {"noon": "12pm", "midnight": "12am"}.get(text.strip(), text.strip())
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap])?\.?\s?m?\.?", text)
    if (
        not found
        or int(found[1]) > 24
        or int(found[2] or 0) > 59
        or (found[3] and not 1 <= int(found[1]) <= 12)
    ):
        return None
    return int(found[1]), int(found[2] or 0), found[3]


def _written(parts: tuple[int, int, str | None]) -> str:
    hour, minute, half = parts
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}"
