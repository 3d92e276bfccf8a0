"""What the provider's error codes mean and what is done about each: errors.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

PAGES = "https://www.twilio.com/docs/api/errors/"


class Action(StrEnum):
    """As explained at the head of errors.yml."""

    OPT_OUT = "opt_out"
    BAD_NUMBER = "bad_number"
    OUR_FAULT = "our_fault"
    SENDER = "sender"
    CREDENTIALS = "credentials"
    DAILY_LIMIT = "daily_limit"
    THROTTLED = "throttled"
    FILTERED = "filtered"
    UNREGISTERED = "unregistered"
    UNREACHABLE = "unreachable"
    #: Not in the table: ends the text and is shown to the operator, never taken for success.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ErrorCode:
    """One code. `retries` are seconds to wait before each further try."""

    code: str
    means: str
    action: Action
    source: str
    retries: tuple[int, ...] = ()


@cache
def table() -> Mapping[str, ErrorCode]:
    """Every code that is known, read once."""
    page = yaml.safe_load((files("bot.delivery") / "errors.yml").read_text("utf-8"))
    return {
        str(code): ErrorCode(
            str(code),
            row["means"],
            Action(row["action"]),
            row.get("source", f"{PAGES}{code}"),
            tuple(row.get("retries", ())),
        )
        for code, row in page["codes"].items()
    }


def look_up(code: str) -> ErrorCode:
    """What a code means; one that is not in the table is `unknown`."""
    return table().get(code) or ErrorCode(code, "not in the table", Action.UNKNOWN, f"{PAGES}{code}")
