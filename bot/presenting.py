"""Directory matches as plain values a reply can be filled with, and a tracker can keep."""

from collections.abc import Sequence
from typing import Any

import phonenumbers

from services_directory.hours import OpenState
from services_directory.search import Match


def hours_fill(hours: OpenState) -> dict[str, Any]:
    """Today's hours as the kind of phrase and its time."""
    at = hours.until if str(hours.kind) == "open" else hours.opens
    if str(hours.kind) == "open":
        kind = "open_until" if hours.until else "open_all_day"
    elif str(hours.kind) == "opens_later":
        kind = "opens_at"
    else:
        kind = str(hours.kind)
    return {"kind": kind, "time": at.isoformat() if at else None}


def match_fill(match: Match) -> dict[str, Any]:
    """One place: name, address, phone, distance in miles and today's hours."""
    return {
        "id": match.service_at_location_id,
        "name": match.service_name,
        "address": match.address,
        "phone": phone_words(match.phone) if match.phone else None,
        "miles": round(match.miles, 1),
        "hours": hours_fill(match.hours),
    }


def list_fill(label: str, matches: Sequence[Match], first_number: int = 1) -> dict[str, Any]:
    """A list of places near `label`, numbered from `first_number`."""
    return {"label": label, "matches": [match_fill(match) for match in matches], "first_number": first_number}


def phone_words(number: str) -> str:
    """A number as people write it: (206) 555-0143. What cannot be parsed is given back as it is."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
