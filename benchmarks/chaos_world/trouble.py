"""Everything that goes wrong: faults at the simulated Twilio, and parts of the line killed outright."""

import random
import time
from collections import Counter, deque
from datetime import UTC, datetime
from typing import Any

import psutil

from benchmarks.chaos_world.journal import journal
from benchmarks.chaos_world.recovery import Kill
from tests.e2e.running_line import RunningLine

PARTS = ("web", "worker", "rasa", "actions")
#: A kernel short of memory takes one process of several; the others are then nobody's children.
LEFT_ALONE = 0.3


def _always(kind: str | int, chance: float, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "chance": chance, "times": None, **more}


def faults(seed: int, *, slow: bool) -> dict[str, Any]:
    """Orders for the simulator. `slow` adds those that hold a connection for 12 and 16 seconds."""
    held = [_always("timeout", 0.005), _always("slow", 0.005)] if slow else []
    return {
        "seed": seed,
        "sms": [
            _always("duplicate", 0.1),
            _always("reorder", 0.08, seconds=2),
            _always("delay", 0.08, seconds=2),
            _always("replay", 0.08),
            _always("bad_signature", 0.03),
            _always("cut", 0.04),
        ],
        "status": [
            _always("duplicate", 0.1),
            _always("reorder", 0.1, seconds=2),
            _always("lost", 0.1),
        ],
        "messages": [
            _always(429, 0.04),
            _always(500, 0.02),
            _always("lose_answer", 0.03),
            _always("cut", 0.03),
            _always("cut_before", 0.02),
            _always("no_sid", 0.02),
            *held,
        ],
        "lists": [_always(500, 0.15)],
    }


def order(line: RunningLine, orders: dict[str, Any]) -> None:
    """Let things go wrong from now on."""
    answer = line.http.post(f"{line.simulator_url}/simulator/faults", json=orders, timeout=20)
    answer.raise_for_status()


def no_more(line: RunningLine) -> None:
    """All faults off."""
    line.http.delete(f"{line.simulator_url}/simulator/faults", timeout=20).raise_for_status()


def struck(line: RunningLine) -> Counter[str]:
    """How many requests were struck, by target and kind, as the simulator's journal has it."""
    found: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    for entry in journal(line):
        kinds = [entry["fault"]] if entry.get("fault") else entry.get("faults", [])
        if entry["target"] == "sms":
            # Copies, the fallback and second attempts are of one webhook.
            one = [(*entry["sids"], kind) for kind in kinds]
            kinds = [kind for kind, key in zip(kinds, one, strict=True) if entry["sids"] and key not in seen]
            seen.update(one)
        found.update(f"{entry['target']} {kind}" for kind in kinds)
    found["status duplicate"] //= 2
    return found


class Killer:
    """Kills one part outright now and then; its keeper starts it again, as it does for `make run`."""

    def __init__(self, line: RunningLine, seed: int, between: tuple[float, float]) -> None:
        self._line, self._between = line, between
        self._random = random.Random(seed)  # noqa: S311
        self._next_up: deque[str] = deque()
        self._at = time.monotonic() + self._random.uniform(*between)
        self.kills: list[Kill] = []

    def tend(self) -> None:
        """Kill if it is time to. Every part has its turn before one has another."""
        now = time.monotonic()
        if now < self._at:
            return
        self._at = now + self._random.uniform(*self._between)
        if not self._next_up:
            self._next_up.extend(self._random.sample(PARTS, len(PARTS)))
        part = self._next_up.popleft()
        alone = self._random.random() < LEFT_ALONE
        try:
            at = datetime.now(UTC)
            self._line.kill(part, children=not alone)
        except (psutil.NoSuchProcess, FileNotFoundError):
            # It is being started again this moment.
            return
        self.kills.append(Kill(part, at))
