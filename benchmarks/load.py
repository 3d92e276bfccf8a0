"""A steady stream of texts through the whole line: how long people wait, what piles up, what it costs.

`.venv/bin/python benchmarks/load.py [--rate 50] [--seconds 60] [--soak SECONDS] [--search 2,4,6,8]`
The real line with the simulator for Twilio; benchmarks/webhooks.py measures the door alone, and its texts are
sent here. First the line is left alone for half a minute: what each process takes of a core then. --search
tries one rate after another, each for so many seconds, until texts pile up: at the end of a rate that is kept
up with no more is unanswered than came in the last five seconds. --soak goes on for so long instead and tells
how memory grows an hour, by the second half of the run. Exits 1 if a text was lost, stored twice, answered
twice or never answered; no time is gated.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.chaos_world.books import Books, balance  # noqa: E402
from benchmarks.chaos_world.journal import journal  # noqa: E402
from benchmarks.chaos_world.settling import line_of, missing, settle, waiting  # noqa: E402
from benchmarks.chaos_world.usage import Memory, cpu_percent, database_bytes  # noqa: E402
from benchmarks.chaos_world.waits import waits  # noqa: E402
from benchmarks.webhooks import TEXTS_A_PHONE, form_of  # noqa: E402
from bot.bootstrap import Line  # noqa: E402
from tests.e2e.running_line import RunningLine  # noqa: E402

SENDERS = 6
WARM_UP_TEXTS = 20
#: A phone rests so long between two texts, so that none is a flood.
REST_SECONDS = 8.0
IDLE_SECONDS = 30.0
#: The line is quiet this long after the last text (bot/adapters/poll_rate.py).
RESTS_SECONDS = 25.0
#: Texts of these last seconds may still be without an answer when a rate is kept up with.
UNDER_WAY_SECONDS = 5.0
#: Room for what piles up at a rate that this machine cannot answer.
DRAINS_WITHIN = 1_800.0


@dataclass
class Stream:
    """One rate; seconds."""

    rate: float
    sent: int
    took: float
    webhooks: list[float]
    answers: list[float]
    backlog: int
    drained: float

    @property
    def kept_up_with(self) -> bool:
        """Whether nothing piles up."""
        return self.backlog <= max(3.0, self.rate * UNDER_WAY_SECONDS)


@dataclass
class Run:
    """What was measured; percent of a core, and bytes."""

    streams: list[Stream]
    idle: dict[str, float]
    memory: Memory
    database: int
    books: Books


def send(running: RunningLine, first: int, step: int, start: float, rate: float, count: int) -> None:
    """One sender's share of the schedule."""
    phones = max(TEXTS_A_PHONE, int(rate * REST_SECONDS))
    for number in range(first, count, step):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        path = f"/simulator/phones/+1{2_065_600_000 + number % phones}/texts"
        body = {"body": form_of(number)[1]["Body"], "wait": False}
        running.http.post(running.simulator_url + path, json=body, timeout=60).raise_for_status()


def stream(running: RunningLine, rate: float, count: int, memory: Memory) -> float:
    """All senders at once; the seconds it took."""
    start = time.monotonic() + 0.2
    with ThreadPoolExecutor(SENDERS) as pool:
        runs = [pool.submit(send, running, n, SENDERS, start, rate, count) for n in range(SENDERS)]
        while not all(run.done() for run in runs):
            memory.look()
            time.sleep(1)
        for run in runs:
            run.result()
    return time.monotonic() - start


def run(folder: Path, rates: Sequence[float], seconds: float) -> Run:
    """Warm up, rest, and stream at one rate after another until one is too much."""
    running = RunningLine(folder)
    try:
        line = line_of(running)
        stream(running, 5.0, WARM_UP_TEXTS, Memory(running))
        settle(running, line, quiet=0.0)
        time.sleep(RESTS_SECONDS)
        idle = cpu_percent(running, IDLE_SECONDS)
        memory = Memory(running)
        streams: list[Stream] = []
        for rate in rates:
            streams.append(_measured(running, line, rate, seconds, memory))
            if not streams[-1].kept_up_with:
                break
        memory.look()
        settle(running, line)
        return Run(streams, idle, memory, database_bytes(folder), balance(running, line))
    finally:
        running.stop()


def _measured(running: RunningLine, line: Line, rate: float, seconds: float, memory: Memory) -> Stream:
    entries, before = sum(1 for _ in journal(running)), len(waits(running, line))
    count = int(rate * seconds)
    took = stream(running, rate, count, memory)
    backlog = missing(running, line) + waiting(line)
    drained = _drain(running, line)
    webhooks = [
        entry.get("seconds", 0.0)
        for number, entry in enumerate(journal(running))
        if number >= entries and entry["target"] == "sms"
    ]
    return Stream(rate, count, took, webhooks, waits(running, line)[before:], backlog, drained)


def _drain(running: RunningLine, line: Line) -> float:
    began = time.monotonic()
    while time.monotonic() - began < DRAINS_WITHIN and missing(running, line) + waiting(line):
        time.sleep(0.5)
    return time.monotonic() - began


def shares(name: str, values: Sequence[float], unit: str) -> None:
    """One row of percentiles."""
    cuts = statistics.quantiles(values, n=100) if len(values) > 1 else [float("nan")] * 99
    print(f"{name:20}{len(values):7}{cuts[49]:10.2f}{cuts[94]:10.2f}{cuts[98]:10.2f} {unit}")


def report(found: Run, *, soak: bool) -> None:
    """The tables."""
    for one in found.streams:
        print(f"{one.sent} texts, {one.sent / one.took:.1f} a second; load {os.getloadavg()[0]:.1f}")
        print(f"{'':20}{'count':>7}{'p50':>10}{'p95':>10}{'p99':>10}")
        shares("webhook answered", [value * 1000 for value in one.webhooks], "ms")
        shares("person answered", one.answers, "s")
        speed = one.backlog / one.drained if one.drained else 0.0
        print(f"backlog at the end {one.backlog}, gone in {one.drained:.0f} s ({speed:.1f} a second)\n")
    if len(found.streams) > 1:
        sustained = max((one.rate for one in found.streams if one.kept_up_with), default=0.0)
        print(f"sustained: {sustained:g} texts a second of those tried\n")
    print(f"{'':20}{'idle CPU':>10}{'memory':>10}{'end':>10}" + (f"{'an hour':>10}" if soak else ""))
    for part, begin, end, hourly in found.memory.rows():
        cpu = f"{found.idle[part]:8.1f} %"
        print(f"{part:20}{cpu}{begin:7.0f} MB{end:7.0f} MB" + (f"{hourly:+7.0f} MB" if soak else ""))
    sent = sum(one.sent for one in found.streams)
    print(f"\ndatabase {found.database / 1e6:.1f} MB, {found.database / max(1, sent) / 1e3:.1f} kB a text")
    books = found.books
    print(
        f"lost {len(books.lost)}, stored twice {len(books.stored_twice)}, answered twice "
        f"{len(books.sent_twice) + len(books.strangers)}, unanswered {len(books.unanswered)}"
    )


def main() -> int:
    """One run; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rate", type=float, default=50.0, help="texts a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--search", help="rates to try one after another, such as 2,4,6,8")
    parser.add_argument("--soak", type=float, help="go on for so many seconds instead")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rates = [float(rate) for rate in asked.search.split(",")] if asked.search else [asked.rate]
        found = run(Path(folder), rates, asked.soak or asked.seconds)
    report(found, soak=bool(asked.soak))
    return 0 if found.books.well and not found.books.unanswered else 1


if __name__ == "__main__":
    sys.exit(main())
