"""Directory matches as plain values a reply can be filled with, and a tracker can keep."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import phonenumbers
import yaml

from services_directory.hours import OpenKind, OpenState
from services_directory.search import Match


def hours_fill(hours: OpenState) -> dict[str, Any]:
    """Today's hours as the kind of phrase, its time, its day when that is another one, and the holiday."""
    at, on = hours.opens, None
    if hours.kind is OpenKind.OPEN:
        at, kind = hours.until, "open_until" if hours.until else "open_all_day"
    elif hours.kind is OpenKind.OPENS_LATER:
        kind = "opens_at"
    elif hours.opens_on:
        kind, on = "opens_on", hours.opens_on
    else:
        kind = str(hours.kind)
    return {
        "kind": kind,
        "time": at.isoformat() if at else None,
        "on": on.isoformat() if on else None,
        "holiday": hours.holiday,
    }


def match_fill(match: Match) -> dict[str, Any]:
    """One place: name, address, phone, distance in miles, today's hours, and what one should know of it."""
    name, organization = names_of(match)
    notes = {
        # Somebody stood before a closed door: say it before anything that only makes it sound better.
        "reported": match.closed_reports > 0,
        "free": match.free is True,
        "walk_in": match.walk_in is True,
        "by_appointment": match.walk_in is False,
    }
    return {
        "id": match.service_at_location_id,
        "name": name,
        "organization": organization,
        "address": match.address,
        "phone": phone_words(match.phone) if match.phone else None,
        "miles": round(match.miles, 1),
        "hours": hours_fill(match.hours),
        "notes": [note for note, holds in notes.items() if holds],
        "checked_on": match.assured_date.isoformat() if match.stale and match.assured_date else None,
    }


def names_of(match: Match) -> tuple[str, str | None]:
    """What to call a place, and who runs it if that says more: ten services are called "Food pantry"."""
    service, organization = match.service_name, match.organization_name
    if not organization or organization.casefold() in service.casefold():
        return service, None
    words = set(re.findall(r"[a-z]+", service.casefold()))
    return (organization, service) if words <= _generic_words() else (service, organization)


@cache
def _generic_words() -> frozenset[str]:
    return frozenset(yaml.safe_load((files("bot.replies") / "generic_words.yml").read_text("utf-8")))


def list_fill(
    label: str, matches: Sequence[Match], first_number: int = 1, radius_miles: float | None = None
) -> dict[str, Any]:
    """A list of places near `label`, numbered from `first_number`.

    With `radius_miles` it says that there is nothing nearer than that.
    """
    return {
        "label": label,
        "matches": [match_fill(match) for match in matches],
        "first_number": first_number,
        "radius_miles": round(radius_miles) if radius_miles else None,
    }


def phone_words(number: str) -> str:
    """A number as people write it: (206) 555-0143. What cannot be parsed is given back as it is."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
