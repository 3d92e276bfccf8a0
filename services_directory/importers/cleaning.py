"""One row made fit for its table: types, required columns, the standard's words. Says what it did."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from services_directory.importers.columns import Column, columns_of, read_text
from services_directory.importers.coordinates import mended
from services_directory.importers.identity import pointers
from services_directory.importers.naming import frequency_meant, status_meant, table_named, weekday
from services_directory.importers.text import LONGEST, NOTHING, tidy
from services_directory.importers.when import WEEK, read_clock, read_days

#: Required by the standard, but a service must not be lost for the want of them.
STAND_INS: dict[tuple[str, str], str] = {
    ("organization", "description"): "",
    ("program", "description"): "",
    ("taxonomy", "description"): "",
    ("taxonomy_term", "description"): "",
    ("address", "address_1"): "",
    ("address", "city"): "",
    ("address", "state_province"): "",
    ("address", "postal_code"): "",
    ("address", "country"): "US",
    ("address", "address_type"): "physical",
    ("location", "location_type"): "physical",
    ("service", "status"): "active",
    ("attribute", "link_entity"): "service",
    ("organization_identifier", "identifier_type"): "",
    **{
        ("metadata", name): ""
        for name in ("last_action_type", "field_name", "previous_value", "replacement_value", "updated_by")
    },
}
#: Required too, and found out when all of the package is there (completing.py).
LATER = {("service", "organization_id"), ("program", "organization_id")}
_EXTENSION = re.compile(r"[,;]?\s*(?:\bext(?:ension|n)?\b\.?|\bx\.?|#)\s*:?\s*(\d{1,8})\s*$", re.I)
_KINDS_OF_PLACE = {"physical", "postal", "virtual"}
_US = {"us", "usa", "u.s.", "u.s.a.", "united states", "united states of america", "america"}


class Unusable(ValueError):
    """The row cannot go in."""


class _Plan(NamedTuple):
    """How rows of a table with these columns are made fit, and what to look at afterwards.

    `ids` and `texts` are names and their places in the row: ids are as they should be already.
    """

    width: int
    ids: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, int, Column], ...]
    others: tuple[tuple[str, int, Column], ...]
    needed: tuple[tuple[int, str, str | None], ...]
    limited: tuple[tuple[int, Column], ...]
    special: Callable[[dict[str, Any], list[str]], None] | None


def clean(table: str, values: dict[str, Any], partial: bool = False) -> tuple[tuple[Any, ...], list[str]]:
    """The row's values in the columns' order, and warnings. Raises Unusable with the reason.

    Its id and its references are UUIDs or None already.
    """
    plan = _plan(table, tuple(values))
    warnings: list[str] = []
    row: list[Any] = [None] * plan.width
    for name, place in plan.ids:
        row[place] = values[name] or None
    for name, place, column in plan.texts:
        given = values[name]
        if given.__class__ is str and len(given) <= LONGEST:
            row[place] = tidy(given)
        elif given is not None:
            row[place] = _read(column, given, warnings)
    for name, place, column in plan.others:
        given = values[name]
        if given is not None and given != "":
            row[place] = _read(column, given, warnings)
    if plan.special:
        said = dict(zip(_names(table), row, strict=True))
        plan.special(said, warnings)
        row = list(said.values())
    _fit(row, plan, warnings, partial)
    return tuple(row), warnings


def _fit(row: list[Any], plan: _Plan, warnings: list[str], partial: bool) -> None:
    if not partial:
        for place, name, stand_in in plan.needed:
            if row[place] is None:
                row[place] = _stand_in(name, stand_in)
    for place, column in plan.limited:
        if row[place] is not None and len(row[place]) > (column.longest or 0):
            row[place] = None
            _tell_too_long(column, warnings)


def _read(column: Column, given: Any, warnings: list[str]) -> Any:
    if isinstance(given, dict):
        return None
    value = column.read(given)
    if column.kind == "text":
        if isinstance(given, str) and len(given) > LONGEST and value:
            warnings.append(f"{column.name} was longer than {LONGEST} characters and was cut")
    elif value is None and str(given).strip().casefold() not in NOTHING:
        warnings.append(f"{column.name} is not a {column.kind}")
    return value


def _stand_in(name: str, stand_in: str | None) -> str:
    if stand_in is None:
        raise Unusable(f"{name} is missing")
    return stand_in


def _tell_too_long(column: Column, warnings: list[str]) -> None:
    if column.required:
        raise Unusable(f"{column.name} is too long")
    warnings.append(f"{column.name} is too long and was left out")


@cache
def _names(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in columns_of(table))


@lru_cache(maxsize=1024)
def _plan(table: str, given: tuple[str, ...]) -> _Plan:
    columns = {column.name: (place, column) for place, column in enumerate(columns_of(table))}
    ids = {"id", *pointers(table)}
    wanted = [(name, *columns[name]) for name in given if name in columns and name not in ids]
    return _Plan(
        len(columns),
        tuple((name, columns[name][0]) for name in given if name in ids),
        tuple(one for one in wanted if one[2].read is read_text),
        tuple(one for one in wanted if one[2].read is not read_text),
        tuple(
            (place, name, STAND_INS.get((table, name)))
            for name, (place, column) in columns.items()
            if column.required and (table, name) not in LATER
        ),
        tuple(
            (place, column)
            for name, (place, column) in columns.items()
            if column.longest and name not in ids and (name in given or _SPECIAL.get(table))
        ),
        _SPECIAL.get(table),
    )


def _location(row: dict[str, Any], warnings: list[str]) -> None:
    row["latitude"], row["longitude"], what = mended(row["latitude"], row["longitude"])
    if what:
        warnings.append(what)
    kind = str(row["location_type"] or "physical").casefold()
    row["location_type"] = kind if kind in _KINDS_OF_PLACE else "physical"


def _service(row: dict[str, Any], warnings: list[str]) -> None:
    if row["maximum_age"] == 0:
        row["maximum_age"] = None
    if row["status"] is None:
        return
    status = status_meant(row["status"])
    if status is None:
        # Somebody sent to a place that is no more is worse off than somebody not told of it.
        warnings.append("status is none of the standard's: taken as inactive")
    row["status"] = status or "inactive"


def _address(row: dict[str, Any], _warnings: list[str]) -> None:
    kind = str(row["address_type"] or "physical").casefold()
    row["address_type"] = kind if kind in _KINDS_OF_PLACE else "physical"
    country = str(row["country"] or "US").casefold()
    row["country"] = "US" if country in _US else country[:2].upper()
    code = str(row["postal_code"] or "").removesuffix(".0")
    if row["country"] == "US" and code.isdigit() and len(code) in {3, 4}:
        # Spreadsheets drop the zeros that New England's begin with.
        code = code.zfill(5)
    row["postal_code"] = code or None


def _phone(row: dict[str, Any], _warnings: list[str]) -> None:
    if row["number"]:
        number = row["number"].strip("\"'").strip()
        found = _EXTENSION.search(number)
        if found and re.search(r"\d{4}", number[: found.start()]):
            number = number[: found.start()].rstrip(" ,;(")
            row["extension"] = row["extension"] if row["extension"] is not None else int(found[1])
        row["number"] = number
    if row["number"] is not None and not re.search(r"\d", row["number"]):
        raise Unusable("number is no phone number")


def _attribute(row: dict[str, Any], _warnings: list[str]) -> None:
    entity = str(row["link_entity"] or "service")
    row["link_entity"] = table_named(entity) or entity


def _schedule(row: dict[str, Any], warnings: list[str]) -> None:
    bare = [str(row[name] or "") for name in ("opens_at", "closes_at")]
    if all(one.isdigit() and len(one) < 3 for one in bare) and int(bare[1]) <= int(bare[0]) <= 12:
        # "9" to "5" is the clock on the wall.
        row["closes_at"] = f"{int(bare[1]) % 12 + 12}:00"
        warnings.append("closes_at was taken as in the afternoon")
    for name in ("opens_at", "closes_at"):
        if row[name] is not None:
            clock = read_clock(row[name])
            if clock is None:
                warnings.append(f"{name} is not a time: hours unknown")
            row[name] = clock
    days = read_days(row["byday"]) if row["byday"] else None
    if row["byday"] and days is None:
        warnings.append("byday holds a word that is no weekday: hours unknown")
    row["byday"] = ",".join(days) if days else None
    row["wkst"] = weekday(row["wkst"]) if row["wkst"] else None
    _frequency(row, warnings)


def _frequency(row: dict[str, Any], warnings: list[str]) -> None:
    given = row["freq"]
    frequency = frequency_meant(given) if given else None
    if given and frequency is None:
        warnings.append("freq is no frequency we know: hours unknown")
        # Left as it is: hours say "unknown" to a word they do not know.
        frequency = given.upper()[:24]
    if frequency == "DAILY" and row["interval"] in {None, 1}:
        # "Every day" is a week of seven days; the standard knows only weeks and months.
        frequency, row["byday"] = "WEEKLY", row["byday"] or ",".join(WEEK)
    if row["byday"] and frequency in {None, "WEEKLY"}:
        frequency = "MONTHLY" if any(day[0] in "-12345" for day in row["byday"].split(",")) else "WEEKLY"
    elif row["bymonthday"] and frequency is None:
        frequency = "MONTHLY"
    row["freq"] = frequency


_SPECIAL: dict[str, Callable[[dict[str, Any], list[str]], None]] = {
    "address": _address,
    "attribute": _attribute,
    "location": _location,
    "phone": _phone,
    "schedule": _schedule,
    "service": _service,
}
