"""What a request asks for: its parameters read and checked."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services_directory.api.coverage import zip_codes
from services_directory.api.resources import Parameter
from services_directory.full_text import MOST_WORDS, words_in

#: What a page holds when nobody says, and at most; full and minimal objects are larger and smaller.
PER_PAGE, MOST_PER_PAGE = 50, 500
MOST_FULL = 50
MOST_MINIMAL = 10_000
MOST_PROXIMITY_METRES = 500_000


class BadParameters(ValueError):
    """Some parameters cannot be used; `problems` has (name, reason) for each."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name} {reason}" for name, reason in problems))
        self.problems = tuple(problems)


@dataclass
class Asked:
    """The values given, by name; None for what was not.

    `warnings` tells what was understood otherwise than it was said.
    """

    values: dict[str, Any]
    warnings: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def per_page(self) -> int:
        """How many objects a page holds."""
        if self["minimal"]:
            default, most = MOST_MINIMAL, MOST_MINIMAL
        else:
            most = MOST_FULL if self["full"] or self["full_service"] else MOST_PER_PAGE
            default = PER_PAGE
        return min(self["per_page"] or default, most)

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return self["page"] or 1

    @property
    def offset(self) -> int:
        """How many objects come before the page."""
        return (self.page - 1) * self.per_page

    @property
    def filters(self) -> tuple[tuple[str, Any], ...]:
        """What decides which objects are meant, whatever the page and the form."""
        form = {"page", "per_page", "format", "full", "full_service", "minimal"}
        return tuple(sorted((name, value) for name, value in self.values.items() if name not in form))


def read(arguments: Mapping[str, Sequence[str]], takes: Sequence[Parameter]) -> Asked:
    """Read a request's parameters. Raises BadParameters with every one that is wrong.

    What we do not know is left aside and said in `warnings`: the standard lets clients send more.
    """
    asked = Asked({})
    problems = []
    known = {one.name: one for one in takes}
    for name, given in arguments.items():
        if name not in known:
            asked.warnings.append(f"{_short(name)} is no parameter here: it was left aside")
        elif len(given) > 1:
            problems.append((name, "is given more than once"))
        elif given[0] or known[name].schema != {"type": "string"}:
            try:
                asked.values[name] = _value(given[0], known[name].schema)
            except ValueError as error:
                problems.append((name, str(error)))
    if problems:
        raise BadParameters(problems)
    _limit(asked)
    return asked


def _limit(asked: Asked) -> None:
    if asked["per_page"] and asked["per_page"] > asked.per_page:
        asked.warnings.append(f"per_page is at most {asked.per_page} here")
    if asked["proximity"] is not None:
        if asked["postcode"] is None:
            asked.warnings.append("proximity was left aside: it needs a postcode")
        elif asked["proximity"] > MOST_PROXIMITY_METRES:
            asked.warnings.append(f"proximity is at most {MOST_PROXIMITY_METRES} metres")
            asked.values["proximity"] = MOST_PROXIMITY_METRES
    if asked["postcode"] is not None and asked["postcode"][:5] not in zip_codes():
        asked.warnings.append(f"{asked['postcode']} is no ZIP code we know")
    if asked["search"] is not None and len(words_in(asked["search"])) > MOST_WORDS:
        asked.warnings.append(f"search looks for the first {MOST_WORDS} words")


def _value(text: str, schema: dict[str, Any]) -> Any:
    value = _READERS[schema.get("format") or schema["type"]](text)
    if "enum" in schema and value not in schema["enum"]:
        raise ValueError(f"must be one of {', '.join(schema['enum'])}")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text, re.ASCII):
        raise ValueError(f"must look like {schema['pattern']}")
    if "minimum" in schema and value < schema["minimum"]:
        raise ValueError(f"must be at least {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        raise ValueError(f"must be at most {schema['maximum']}")
    return value


def _boolean(text: str) -> bool:
    if text.casefold() not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text.casefold() == "true"


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,4000}", text, re.ASCII):
        raise ValueError("must be a whole number")
    return int(text)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not re.fullmatch(r"[\d.+eE-]+", text, re.ASCII) or math.isnan(number):
        raise ValueError("must be a number")
    return number


def _instant(text: str) -> datetime:
    try:
        # An offset's plus sign that was not escaped comes as a space.
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:\d\d$)", "+", text.upper()))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or "T" not in text.upper():
        raise ValueError("must be a date and time with an offset, such as 2026-11-25T09:00:00-08:00")
    return at


def _short(name: str) -> str:
    return repr(name if len(name) <= 40 else name[:40] + "...")


_READERS: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "date-time": _instant,
    "string": str,
}
