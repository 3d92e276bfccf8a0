"""The simulator's journal and its list of texts, read whole."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.running_line import RunningLine

PAGE = 5_000


def journal(line: RunningLine) -> Iterator[dict[str, Any]]:
    """Every HTTP exchange between the line and the simulated Twilio, in order."""
    after = 0
    while True:
        asked = {"after": after, "limit": PAGE}
        page = line.http.get(f"{line.simulator_url}/simulator/journal", params=asked, timeout=60).json()
        if not page:
            return
        yield from page
        after = page[-1]["id"]


def texts(line: RunningLine, after: int = 0) -> list[dict[str, Any]]:
    """What phones sent and got, in order."""
    asked = {"after": after}
    return list(line.http.get(f"{line.simulator_url}/simulator/messages", params=asked, timeout=60).json())
