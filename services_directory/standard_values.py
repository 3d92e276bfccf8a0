"""How the standard writes clock times and numbers, in its tables as in its JSON."""

import re

_CLOCK = re.compile(r"(\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?")


def clock_text(clock: str, zone: str = "") -> str:
    """A stored clock time with its seconds ("09:00Z" as "09:00:00Z"); anything else as it is.

    `zone` is put to a time that names none.
    """
    found = _CLOCK.fullmatch(clock)
    return f"{found[1]}:00{found[2] or zone}" if found else clock


def plain_number(number: float) -> int | float:
    """12 for 12.0: the standard's numbers are ages, counts and prices, mostly whole."""
    whole = isinstance(number, float) and number.is_integer() and abs(number) < 2**53
    return int(number) if whole else number
