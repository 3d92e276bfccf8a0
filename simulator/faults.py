"""Faults to order: what the REST API gets wrong, how often."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

KINDS = {"timeout", "lose_answer"}


@dataclass
class Fault:
    """`status` is an HTTP status, "timeout" (nothing is taken) or "lose_answer" (taken, but answered 500)."""

    status: int | str
    times: int
    seconds: float


class Faults:
    """The faults still to come, by what they strike: "messages" or "calls"."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[str, Fault] = {}

    def order(self, wanted: dict[str, Any]) -> None:
        """Take an order such as {"messages": {"status": 500, "times": 2}}. Raises ValueError."""
        orders = {}
        for target, fault in wanted.items():
            status = fault.get("status")
            if target not in {"messages", "calls"} or not (isinstance(status, int) or status in KINDS):
                raise ValueError("faults are {messages|calls: {status, times, seconds}}")
            # Longer than any client of ours waits.
            seconds = fault.get("seconds", 12 if status == "timeout" else 0)
            orders[target] = Fault(status, int(fault.get("times", 1)), float(seconds))
        with self._lock:
            self._waiting.update(orders)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._waiting.clear()

    def take(self, target: str) -> Fault | None:
        """The fault that strikes this request, if any."""
        with self._lock:
            fault = self._waiting.get(target)
            if fault is None or fault.times <= 0:
                return None
            fault.times -= 1
            return fault
