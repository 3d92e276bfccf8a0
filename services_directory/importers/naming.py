"""Other versions' and other people's names for the standard's tables, columns and words (names.yml)."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from services_directory.folding import folded
from services_directory.models import TABLES

#: Tables of older versions that have no table of their own in 3.2.
FOLDED = {"holiday_schedule", "eligibility", "payment_accepted"}


@cache
def names() -> dict[str, Any]:
    """The file, read once."""
    page: dict[str, Any] = yaml.safe_load(
        (files("services_directory.importers") / "names.yml").read_text("utf-8")
    )
    return page


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """A column or table name as we compare it: "Postal Code", "postalCode", "postal-code": postal_code."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", folded(words)).strip("_")


@cache
def table_named(name: str) -> str | None:
    """The table that a file, sheet or array of exactly this name holds, or None. Plurals are understood."""
    plain = re.sub(r"_(?:csv|json|xlsx|txt|list|table|full)$", "", plain_name(name))
    return _tables().get(_singular(plain))


@cache
def old_name(table: str, name: str) -> str | None:
    """A file's or array's name when it is an older one than its table's, such as regular_schedule."""
    own = _singular(plain_name(name))
    return own if own != table and own in names()["tables"] else None


@cache
def table_within(name: str) -> str | None:
    """The table whose name is the longest part of a file's name, such as "hsds_services_2024"; or None."""
    words = _singular(plain_name(name)).split("_")
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            found = _tables().get("_".join(words[start : start + length]))
            if found:
                return found
    return None


@cache
def is_older(name: str) -> bool:
    """Whether only HSDS before 3.0 (or Ohana) has a table of this name."""
    return _singular(plain_name(name)) in {
        *names()["address_types"],
        "regular_schedule",
        "service_attribute",
        "other_attribute",
        "service_taxonomy",
        "link_taxonomy",
        "eligibility",
        "payment_accepted",
        "accessibility_for_disability",
    }


@cache
def address_type(name: str) -> str | None:
    """The type of the addresses that a file or array of this name holds, where the name says it."""
    found: str | None = names()["address_types"].get(_singular(plain_name(name)))
    return found


@cache
def columns_known(table: str) -> frozenset[str]:
    """The standard's columns of a table and the other names for them."""
    older = set(names()["columns"].get(table, {}))
    return frozenset(TABLES[table].__table__.columns.keys() if table in TABLES else ()) | older


@cache
def column_named(table: str, name: str) -> str:
    """The standard's name for a column; a name that is the standard's own stays."""
    name = plain_name(name)
    if table in TABLES and name in TABLES[table].__table__.columns:
        return name
    return str(names()["columns"].get(table, {}).get(name, name))


@cache
def weekday(word: str) -> str | None:
    """MO to SU for a weekday as people and old versions write it."""
    plain = _word(word)
    return _meanings("weekdays").get(plain) or _meanings("weekdays").get(plain.removesuffix("s"))


@cache
def several_days(words: str) -> tuple[str, ...] | None:
    """Weekdays named together, such as "weekdays", or None."""
    days = _meanings("several_days").get(_word(words))
    return tuple(days.split()) if days else None


@cache
def ordinal(word: str) -> str | None:
    """Which one in a month, as iCalendar counts: "1" for first, "-1" for last; or None."""
    return _meanings("ordinals").get(_word(word))


@cache
def status_meant(word: str) -> str | None:
    """The standard's service status for a word, or None for a word we do not know."""
    return _meanings("statuses").get(_word(word).replace("_", " "))


@cache
def frequency_meant(word: str) -> str | None:
    """An iCalendar frequency for a word, or None for a word we do not know."""
    return _meanings("frequencies").get(_word(word))


@cache
def _meanings(section: str) -> dict[str, str]:
    return {word: meaning for meaning, words in names()[section].items() for word in words}


def _word(text: str) -> str:
    return folded(text).strip().strip(".").strip()


@cache
def _tables() -> dict[str, str]:
    return {table: table for table in TABLES} | dict(names()["tables"])


def _singular(name: str) -> str:
    return "_".join(_one(word) for word in name.split("_"))


def _one(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3:
        return word[:-1]
    return word
