"""What somebody typed about a listing, read for sure or refused: hours, a phone number, days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from bot.errors import ListingRefused
from services_directory.importers.hours_text import read_hours
from services_directory.importers.when import WEEK

#: Nobody plans a closing further ahead.
FARTHEST_AHEAD = timedelta(days=730)
LONGEST_REASON = 200
LONGEST_NOTE = 500
LONGEST_HOURS = 300


def hours_of(text: str) -> list[list[Any]]:
    """Hours as people type them, as corrections keep them. Raises ListingRefused("hours")."""
    found = read_hours(text) if 0 < len(text.strip()) <= LONGEST_HOURS else None
    if not found:
        raise ListingRefused("hours")
    return [[list(days), opens, closes] for days, opens, closes in found]


def hours_text(value: Sequence[Sequence[Any]]) -> str:
    """The same in words that are read back: "Mon-Fri 09:00-17:00; Sat 10:00-14:00"."""
    return "; ".join(f"{_days_text(days)} {opens}-{closes}" for days, opens, closes in value)


def _days_text(days: Sequence[str]) -> str:
    places = sorted(WEEK.index(day) for day in days)
    names = [("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[place] for place in places]
    in_a_row = places == list(range(places[0], places[-1] + 1))
    return f"{names[0]}-{names[-1]}" if in_a_row and len(places) > 2 else ",".join(names)


def phone_of(text: str) -> str:
    """A number as it is told: (206) 555-0143 ext. 4. Raises ListingRefused("phone")."""
    try:
        number = phonenumbers.parse(text[:40], "US")
    except phonenumbers.NumberParseException as error:
        raise ListingRefused("phone") from error
    # Not one that only a neighbour could dial: "911", seven digits.
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if not possible or number.country_code != 1:
        raise ListingRefused("phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def days_of(first: str, last: str, today: date) -> tuple[date, date]:
    """Two days in order, the last one not over yet. Raises ListingRefused("days")."""
    try:
        starts, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise ListingRefused("days") from error
    if ends < starts or ends < today or ends > today + FARTHEST_AHEAD or starts < today - FARTHEST_AHEAD:
        raise ListingRefused("days")
    return starts, ends


def line_of(text: str, longest: int) -> str | None:
    """A text on one line, or None for nothing."""
    return " ".join(text.split())[:longest] or None
