"""Lists as Twilio's 2010 API gives them: newest first, in pages, filtered by date."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

LARGEST_PAGE = 1000


def rfc2822(at: datetime | None) -> str | None:
    """A time as Twilio writes it, to the second."""
    return format_datetime(at) if at else None


def in_dates(at: datetime, name: str) -> bool:
    """Whether a time passes the request's filters on a date: NAME, NAME< and NAME>.

    The library names them "DateSent<" and "DateSent>"; with the equals sign of the query both include the day
    or second given.
    """
    at = at.replace(microsecond=0)
    exact, before, after = (_moment(request.args.get(name + sign)) for sign in ("", "<", ">"))
    if exact and at.date() != exact.date():
        return False
    return not (before and at > before) and not (after and at < after)


def _moment(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def page_of(key: str, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One page of records as Twilio wraps it, with the way to the next."""
    size = min(max(request.args.get("PageSize", 50, type=int), 1), LARGEST_PAGE)
    number = max(request.args.get("Page", 0, type=int), 0)
    start = number * size
    shown = list(records[start : start + size])
    return {
        key: shown,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": _uri(number, size),
        "first_page_uri": _uri(0, size),
        "next_page_uri": _uri(number + 1, size) if start + size < len(records) else None,
        "previous_page_uri": _uri(number - 1, size) if number else None,
    }


def _uri(number: int, size: int) -> str:
    args = request.args.to_dict() | {"PageSize": str(size), "Page": str(number)}
    return f"{request.path}?{urlencode(args)}"
