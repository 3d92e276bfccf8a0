"""Ids as the standard wants them: UUIDs, the same for the same row of the same source every time."""

import re
from functools import cache, lru_cache
from hashlib import sha1
from typing import Any
from uuid import UUID

from services_directory.importers.naming import old_name, table_named
from services_directory.models import REFERENCES

NAMESPACE = UUID("6f1d6f5e-5c0b-5b0a-9d33-0c6c8a2f7e21")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OTHER_UUID = re.compile(r"\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?")


def external(value: Any) -> str:
    """An id as the source means it: 7, "7" and a spreadsheet's 7.0 are one."""
    if value.__class__ is not str:
        value = int(value) if isinstance(value, float) and value.is_integer() else value
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


@lru_cache(maxsize=16384)
def as_uuid(source: str, table: str, text: str) -> str:
    """A UUID as it is, in lower case; anything else as a UUID (version 5) of source, table and itself."""
    lower = text.lower()
    if _UUID.fullmatch(lower):
        return lower
    other = _OTHER_UUID.fullmatch(lower)
    if other:
        return "-".join(other.groups())
    digest = sha1(
        NAMESPACE.bytes + f"{source}/{table}/{text}".encode("utf-8", "replace"), usedforsecurity=False
    ).digest()
    return str(UUID(bytes=digest[:16], version=5))


def is_plain_uuid(text: str) -> bool:
    """Whether an id is a UUID just as we keep them."""
    return len(text) == 36 and bool(_UUID.fullmatch(text))


def is_uuid(text: str) -> bool:
    """Whether an id is a UUID already."""
    return bool(_OTHER_UUID.fullmatch(text.lower()))


def told_apart(table: str, called: str, text: str) -> str:
    """A row's id, told apart from that of a row of another old table that is the same table now.

    Ohana numbers addresses and mail_addresses alike. Tables that others point at keep their ids.
    """
    apart = old_name(table, called) if called and table not in REFERENCES.values() else None
    return f"{apart}:{text}" if apart and not is_uuid(text) else text


@cache
def pointers(table: str) -> tuple[str, ...]:
    """The columns of a table that point at other rows."""
    own = tuple(column for owner, column in REFERENCES if owner == table)
    return own + {"attribute": ("link_id",), "metadata": ("resource_id",)}.get(table, ())


@lru_cache(maxsize=4096)
def target_of(table: str, column: str, entity: str | None) -> str:
    """The table a column points at; `entity` is what its row says it is linked to, where it says so."""
    return REFERENCES.get((table, column)) or table_named(entity or "service") or "service"
