"""Stored values as the standard's JSON has them. What does not fit its schema is mended or left out.

Directories hold "www.example.org" for an address and "DAILY" for one of WEEKLY and MONTHLY; one such value
would make a whole page invalid for a client that checks. The export keeps every value as it is.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from services_directory.schemas import schema
from services_directory.standard_values import clock_text, plain_number

_EMAIL = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.A
)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?([/?#].*)?", re.I)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Field(NamedTuple):
    """One plain property of a schema and how its stored value is written. None: left out."""

    name: str
    written: Callable[[Any], Any]


@cache
def plain_fields(table: str) -> tuple[Field, ...]:
    """The properties of a table's schema that are columns, in the schema's order."""
    required = schema(table)["required"]
    fields = []
    for name, form in schema(table)["properties"].items():
        if form.get("type") in {"string", "number"}:
            fields.append(
                Field(name, _always(_writer(name, form)) if name in required else _writer(name, form))
            )
    return tuple(fields)


def uri(text: str) -> str | None:
    """A web address, its bare domain given "http://" and what RFC 3986 does not allow escaped; or None."""
    if _DOMAIN.fullmatch(text):
        text = f"http://{text}"
    before, hash_mark, after = _STRAY_PERCENT.sub("%25", text).partition("#")
    fragment = hash_mark + quote(after, safe="%:/?@!$&'()*+,;=~")
    escaped = quote(before, safe="%:/?@!$&'()*+,;=~") + fragment
    try:
        parts = urlsplit(escaped)
        has_port_or_none = parts.port is None or parts.port >= 0
    except ValueError:
        return None
    return escaped if parts.scheme and has_port_or_none and (parts.netloc or parts.path) else None


def email(text: str) -> str | None:
    """One e-mail address, or None."""
    return text if _EMAIL.fullmatch(text) else None


def instant(text: str) -> str | None:
    """A date and time of RFC 3339; one without a zone is taken for UTC. None for what is no time."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if _INSTANT.fullmatch(text):
        return text
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).isoformat().replace("+00:00", "Z")


def _writer(name: str, form: dict[str, Any]) -> Callable[[Any], Any]:
    if "enum" in form:
        return lambda value: value if value in form["enum"] else None
    if name in {"opens_at", "closes_at"}:
        return clock_text
    if form["type"] == "number":
        return plain_number
    return {"uri": uri, "email": email, "date-time": instant}.get(form.get("format", ""), _text)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _always(writer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def written(value: Any) -> Any:
        found = writer(value)
        return value if found is None else found

    return written
