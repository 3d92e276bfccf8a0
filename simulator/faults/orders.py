"""Orders for faults, by what they strike; kept until used up."""

from dataclasses import asdict, dataclass
from random import Random
from threading import Lock
from typing import Any

REST_TARGETS = ("messages", "calls", "lists")
WEBHOOK_TARGETS = ("sms", "status", "voice", "call_status")
#: Of the REST API: nothing is taken (timeout, cut_before), or the request is taken and the answer is spoilt.
REST_KINDS = ("timeout", "cut_before", "lose_answer", "cut", "slow", "no_sid")
WEBHOOK_KINDS = (
    "duplicate",
    "reorder",
    "delay",
    "lost",
    "cut",
    "replay",
    "bad_signature",
    "no_signature",
    "json",
    "tampered_json",
    "get",
)
#: Longer than a client of ours waits, and than Twilio waits for a webhook.
DEFAULT_SECONDS = {"timeout": 12.0, "slow": 16.0, "delay": 16.0, "reorder": 5.0}


@dataclass
class Fault:
    """One order. `kind` is a name or, for the REST API, an HTTP status that is answered instead."""

    kind: str | int
    #: How many requests it strikes; None is every one.
    times: int | None = 1
    #: How likely each of them is struck.
    chance: float = 1.0
    #: The one phone it strikes; empty is every phone.
    phone: str = ""
    seconds: float = 0.0
    #: duplicate: how often the webhook comes in all, and how many seconds apart (0 is at once).
    copies: int = 2
    spacing: float = 0.0
    #: An HTTP status's error code, and a body that is not Twilio's.
    code: int = 0
    body: str | None = None

    @property
    def spoils_the_answer(self) -> bool:
        """Whether the request is taken before it goes wrong."""
        return self.kind in {"lose_answer", "cut", "slow", "no_sid"}


class Faults:
    """The faults still to come, by target."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._waiting: dict[str, list[Fault]] = {}
            self._random = Random(0)  # noqa: S311 -- for repeatable trouble, not for secrets

    def order(self, wanted: dict[str, Any]) -> None:
        """Take orders such as {"messages": {"status": 500, "times": 2}, "sms": [{"kind": "duplicate"}]}.

        A target's new orders replace its earlier ones; "seed" makes chances repeatable. Raises ValueError or
        TypeError.
        """
        wanted = dict(wanted)
        seed = wanted.pop("seed", None)
        orders = {target: _read(target, order) for target, order in wanted.items()}
        with self._lock:
            self._waiting.update(orders)
            if seed is not None:
                self._random = Random(seed)  # noqa: S311

    def waiting(self) -> dict[str, list[dict[str, Any]]]:
        """What is still to come."""
        with self._lock:
            return {target: [asdict(one) for one in some] for target, some in self._waiting.items() if some}

    def strike(self, target: str, phone: str, most: int | None = None) -> list[Fault]:
        """The faults that strike this request, at most so many; each is counted as used."""
        with self._lock:
            orders = self._waiting.get(target)
            if not orders:
                return []
            struck = [
                fault
                for fault in orders
                if fault.phone in ("", phone) and (fault.chance >= 1 or self._random.random() < fault.chance)
            ][:most]
            for fault in struck:
                fault.times = None if fault.times is None else fault.times - 1
            self._waiting[target] = [fault for fault in orders if fault.times is None or fault.times > 0]
            return struck


def _read(target: str, order: Any) -> list[Fault]:
    orders = order if isinstance(order, list) else [order]
    return [fault for one in orders if (fault := _fault(target, dict(one))).times != 0]


def _fault(target: str, given: dict[str, Any]) -> Fault:
    kind = given.pop("kind", None) or given.pop("status", None)
    if target in REST_TARGETS:
        known = kind in REST_KINDS or (isinstance(kind, int) and 400 <= kind <= 599)
    else:
        known = target in WEBHOOK_TARGETS and kind in WEBHOOK_KINDS
    if not known or kind is None:
        kinds = f"{REST_TARGETS}: an HTTP status or {REST_KINDS}; {WEBHOOK_TARGETS}: {WEBHOOK_KINDS}"
        raise ValueError(f"faults are {{target: {{kind, times, ...}}}} with {kinds}")
    fault = Fault(kind, **({"seconds": DEFAULT_SECONDS.get(str(kind), 0.0)} | given))
    fault.seconds, fault.chance = float(fault.seconds), float(fault.chance)
    fault.times = None if fault.times is None else int(fault.times)
    return fault
