"""Memory and idle CPU of the line's processes, and what its database takes on the disk."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.e2e.running_line import RunningLine

PARTS = ("web", "worker", "rasa", "actions", "simulator")
EVERY_SECONDS = 5.0


class Memory:
    """Resident memory of each part with its children, looked at every few seconds."""

    def __init__(self, line: RunningLine) -> None:
        self._line = line
        self._seen: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
        self._next = 0.0
        self.look()

    def look(self) -> None:
        """Look, unless it was a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_SECONDS
        for part in PARTS:
            every = _processes(self._line, part)
            self._seen[part].append((now, sum(one.memory_info().rss for one in every) / 1e6))

    def rows(self) -> Iterator[tuple[str, float, float, float]]:
        """Each part: megabytes at the beginning, at the end, and more an hour by the second half."""
        for part, seen in self._seen.items():
            half = seen[len(seen) // 2 :]
            slope = statistics.linear_regression(*zip(*half, strict=True)).slope if len(half) > 1 else 0.0
            yield part, seen[0][1], seen[-1][1], slope * 3600


def _processes(line: RunningLine, part: str) -> list[psutil.Process]:
    first = psutil.Process(line.pid(part))
    return [first, *first.children(recursive=True)]


def cpu_percent(line: RunningLine, seconds: float) -> dict[str, float]:
    """How much of one core each part takes over so many seconds, in percent."""
    before, began = _cpu_seconds(line), time.monotonic()
    time.sleep(seconds)
    after, took = _cpu_seconds(line), time.monotonic() - began
    return {part: (after[part] - before[part]) / took * 100 for part in PARTS}


def _cpu_seconds(line: RunningLine) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in PARTS:
        for process in _processes(line, part):
            times = process.cpu_times()
            found[part] += times.user + times.system
    return found


def database_bytes(folder: Path) -> int:
    """What the database files take, with their logs."""
    return sum(file.stat().st_size for file in folder.glob("*.db*"))
