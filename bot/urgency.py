"""How urgent a text of ours is: what goes first, and how long it is worth sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files

import yaml


class Urgency(IntEnum):
    """The less the more urgent."""

    EMERGENCY = 0
    ANSWER = 1
    CHECK_IN = 2


@dataclass(frozen=True)
class _Table:
    purposes: Mapping[str, Urgency]
    emergencies: tuple[str, ...]


@cache
def _table() -> _Table:
    page = yaml.safe_load((files("bot") / "urgency.yml").read_text("utf-8"))
    return _Table(
        {purpose: Urgency(value) for purpose, value in page["purposes"].items()},
        tuple(page["emergencies"]),
    )


def urgency_of(reply_key: str, purpose: str | None = None) -> Urgency:
    """By what a text was agreed for, or by its reply. Raises KeyError for a purpose not in the table."""
    table = _table()
    if purpose is not None:
        return table.purposes[purpose]
    return Urgency.EMERGENCY if reply_key.startswith(table.emergencies) else Urgency.ANSWER
