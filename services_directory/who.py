"""Who asks, as far as they said it: what a place must not refuse."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, or_

from services_directory.models import ServiceSearch


@dataclass(frozen=True)
class Who:
    """None means nobody said. `age` in years; `gender` "women" or "men"; `language` is ISO 639-1."""

    age: float | None = None
    gender: str | None = None
    with_children: bool | None = None
    veteran: bool | None = None
    with_pet: bool | None = None
    language: str | None = None
    free: bool | None = None
    walk_in: bool | None = None
    wheelchair: bool | None = None

    def without(self, condition: str) -> "Who":
        """The same person, not asking for this."""
        return Who(**{one.name: getattr(self, one.name) for one in fields(self) if one.name != condition})

    @property
    def conditions(self) -> tuple[str, ...]:
        """What was asked for, what is easiest to do without first."""
        order = ("language", "walk_in", "free", "with_pet", "wheelchair", "with_children", "gender", "age")
        return tuple(name for name in order if getattr(self, name))


def filters(who: Who) -> list[ColumnElement[bool]]:
    """What rules a listing out for somebody. A listing that says nothing is kept: asking costs a call."""
    row = ServiceSearch
    found: list[ColumnElement[bool]] = []
    if who.age is not None:
        found.append(or_(row.minimum_age.is_(None), row.minimum_age <= who.age))
        found.append(or_(row.maximum_age.is_(None), row.maximum_age >= who.age))
    if who.gender:
        found.append(or_(row.gender.is_(None), row.gender == who.gender))
    if who.veteran is False:
        found.append(row.veterans_only.is_not(True))
    for wish, column in _WISHES:
        if getattr(who, wish):
            found.append(column.is_not(False))
    if who.language and who.language != "en":
        found.append(or_(row.languages.is_(None), row.languages.contains(f",{who.language},")))
    return found


def why_and_unknown(who: Who, row: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which wishes a listing says it meets, and on which it says nothing."""
    met: list[str] = []
    unknown: list[str] = []
    said = {
        "age": row.minimum_age is not None or row.maximum_age is not None,
        "gender": row.gender is not None,
        "language": row.languages is not None or who.language == "en",
        **{wish: getattr(row, column.key) is not None for wish, column in _WISHES},
    }
    for condition in who.conditions:
        (met if said[condition] else unknown).append(condition)
    return tuple(met), tuple(unknown)


_WISHES: tuple[tuple[str, Any], ...] = (
    ("with_children", ServiceSearch.families),
    ("with_pet", ServiceSearch.pets),
    ("free", ServiceSearch.free),
    ("walk_in", ServiceSearch.walk_in),
    ("wheelchair", ServiceSearch.wheelchair),
)
