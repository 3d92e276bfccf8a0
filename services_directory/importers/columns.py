"""What each column of the standard's tables takes, and how a value of any file is read for it."""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Float, Integer, String

from services_directory.importers.text import tidy
from services_directory.importers.when import read_date
from services_directory.models import TABLES

OURS = {"directory_source", "import_id", "digest", "retired_on"}
#: A whole number in every database we use.
_LARGEST = 2**31
#: Years nobody reaches.
_OLDEST = 150
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COORDINATE = re.compile(r"([-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?)\s*[°º]?\s*([nsew])?", re.I)


class Column(NamedTuple):
    """`read` gives None for what it cannot read. A date is kept as ISO 8601 text until it is written."""

    name: str
    read: Callable[[Any], Any]
    kind: str
    required: bool
    longest: int | None


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The standard's columns of a table: the id first, the others in the table's order."""
    columns = [column for column in TABLES[table].__table__.columns if column.name not in OURS]
    return tuple(_column(table, column) for column in sorted(columns, key=lambda one: one.name != "id"))


@cache
def date_positions(table: str) -> tuple[int, ...]:
    """Where in a row of a table dates stand."""
    return tuple(place for place, column in enumerate(columns_of(table)) if column.kind == "date")


def read_text(value: Any) -> str | None:
    """Text as it may be kept and sent, or None for nothing."""
    if value.__class__ is str:
        return tidy(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        # A spreadsheet's number: a ZIP or an id was meant.
        return str(int(value))
    if isinstance(value, list | tuple):
        return tidy(", ".join(str(one) for one in value if not isinstance(one, dict | list)))
    return tidy(str(value))


def read_number(value: Any) -> float | None:
    """A number, with or without currency, thousands and percent signs; or None."""
    try:
        number = float(value if isinstance(value, int | float) else _bare(str(value)))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def read_coordinate(value: Any) -> float | None:
    """Degrees or metres; a decimal comma, a degree sign and a letter for the side of the world are read."""
    if isinstance(value, int | float):
        return read_number(value)
    found = _COORDINATE.fullmatch(str(value).strip())
    if not found:
        return read_number(value)
    number = read_number(found[1].replace(",", "."))
    return -number if number and found[2] and found[2] in "sSwW" else number


def _bare(text: str) -> str:
    return text.strip().strip("$€£%").strip().replace(",", "")


def _column(table: str, column: Any) -> Column:
    kind: str = "text"
    read: Callable[[Any], Any] = read_text
    if isinstance(column.type, Date):
        kind, read = "date", read_date
    elif column.name in {"latitude", "longitude"}:
        kind, read = "coordinate", read_coordinate
    elif column.name in {"minimum_age", "maximum_age"}:
        kind, read = "age", _youngest if column.name == "minimum_age" else _oldest
    elif column.name == "year_incorporated":
        kind, read = "year", _year
    elif isinstance(column.type, Integer):
        kind, read = "whole number", _whole
    elif isinstance(column.type, Float):
        kind, read = "number", read_number
    elif table == "service" and column.name in {"fees", "fees_description"}:
        read = _price
    longest = column.type.length if isinstance(column.type, String) else None
    return Column(column.name, read, kind, not column.nullable, longest)


def _whole(value: Any) -> int | None:
    number = read_number(value)
    if number is None:
        found = re.search(r"\d+", str(value)[:64])
        number = float(found[0]) if found else None
    return int(number) if number is not None and abs(number) < _LARGEST else None


def _year(value: Any) -> int | None:
    found = re.search(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)", str(value)[:64])
    return int(found[0]) if found else None


def _youngest(value: Any) -> float | None:
    ages = _ages(value)
    return min(ages) if ages else None


def _oldest(value: Any) -> float | None:
    ages = _ages(value)
    # "18+" in the column for the oldest means that there is none.
    return max(ages) if ages and not re.search(r"\+|\bolder\b|\bover\b|\bup\b", str(value)) else None


def _ages(value: Any) -> list[float]:
    text = str(value)[:64]
    if re.fullmatch(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?", text.strip()):
        number = read_number(text)
        return [number] if number is not None and 0 <= number < _OLDEST else []
    ages = [float(one) for one in _NUMBER.findall(text.replace("-", " "))]
    if re.search(r"\bmonths?\b|\bmos?\b", text, re.I):
        ages = [age / 12 for age in ages]
    return [age for age in ages if age < _OLDEST]


def _price(value: Any) -> str | None:
    # "None" under fees is an answer: it costs nothing.
    said = str(value).strip()
    return said if said.casefold().strip(".") == "none" and isinstance(value, str) else read_text(value)
