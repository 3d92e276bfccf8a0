"""Lists as Twilio's 2010 API gives them: newest first, in pages that stay put, filtered by date."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

LARGEST_PAGE = 1000
Record = TypeVar("Record")


def rfc2822(at: datetime | None) -> str | None:
    """A time as Twilio writes it, to the second."""
    return format_datetime(at) if at else None


class Dates:
    """The request's filters on a date: NAME, NAME< and NAME>.

    The library names them "DateSent<" and "DateSent>"; with the equals sign of the query both include the day
    or second given.
    """

    def __init__(self, name: str) -> None:
        self._exact, self._before, self.since = (
            _moment(request.args.get(name + sign)) for sign in ("", "<", ">")
        )
        if self._exact:
            day = self._exact.replace(hour=0, minute=0, second=0, microsecond=0)
            self.since = max(self.since, day) if self.since else day
            self._day_after = day + timedelta(days=1)

    def allow(self, at: datetime) -> bool:
        """Whether a time passes."""
        at = at.replace(microsecond=0)
        if self._exact and at >= self._day_after:
            return False
        return not (self._before and at > self._before) and not (self.since and at < self.since)


def _moment(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def before_token() -> int | None:
    """The id the page asked for begins before, or None for the first page."""
    token = request.args.get("PageToken", "")
    return int(token[2:]) if token.startswith("PA") and token[2:].isdecimal() else None


def page_of(
    key: str,
    records: Iterator[Record],
    shown: Callable[[Record], dict[str, Any]],
    id_of: Callable[[Record], int] | None = None,
) -> dict[str, Any]:
    """One page of the records, with the way to the next.

    With `id_of` the way is a token, so that what comes later moves nothing: `records` begin behind it.
    """
    size = min(max(request.args.get("PageSize", 50, type=int), 1), LARGEST_PAGE)
    number = max(request.args.get("Page", 0, type=int), 0)
    # Also a page asked for by its number alone, as Twilio still allows.
    skipped = number * size if id_of is None or before_token() is None else 0
    found = list(islice(records, skipped, skipped + size + 1))
    more, found = len(found) > size, found[:size]
    start = number * size
    return {
        key: [shown(record) for record in found],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(found) - 1, 0),
        "uri": _uri(number, size, before_token()),
        "first_page_uri": _uri(0, size, None),
        "next_page_uri": _uri(number + 1, size, id_of(found[-1]) if id_of else None) if more else None,
        "previous_page_uri": _uri(number - 1, size, None) if number else None,
    }


def _uri(number: int, size: int, before: int | None) -> str:
    args = request.args.to_dict() | {"PageSize": str(size), "Page": str(number)}
    args.pop("PageToken", None)
    if before is not None:
        args["PageToken"] = f"PA{before}"
    return f"{request.path}?{urlencode(args)}"
