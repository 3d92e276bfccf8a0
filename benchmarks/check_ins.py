"""Check-ins all due at the same instant: how many a second reach Twilio, and how late.

Beside it, in the same run, APScheduler's own SQLAlchemyJobStore doing the same work: one job for each
check-in, kept and sent by the same code, on a database of the same kind. Its grace is unlimited here; with
its default of one second it throws away what is late (docs/adr/0003). A last row is the line again, its
worker killed outright once half of them are sent, and started again as its keeper does.

`.venv/bin/python benchmarks/check_ins.py [--check-ins 20000] [--seconds 600] [--database-url URL]`
`--seconds` bounds each row; what is not sent by then is counted as not sent.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.promises_world import ROOT, Killer, World, at_share, late, now  # noqa: E402

#: Without news for so long nothing more will come.
QUIET = 20.0
#: Slower than any job store measured: all of its jobs are there before the first is due.
JOBS_ADDED_A_SECOND = 80


def sent_by(
    world: World,
    due: datetime,
    numbers: list[str],
    seconds: float,
    tend: Callable[[int], None] = lambda _: None,
) -> dict[str, float]:
    """Wait till all is sent, or nothing comes any more; the figures of it. `tend` hears how many were."""
    end, seen, news = time.monotonic() + seconds, 0, time.monotonic()
    while time.monotonic() < end:
        texts = world.texts()
        if len(texts) > seen:
            seen, news = len(texts), time.monotonic()
        started = now() > due + timedelta(seconds=5)
        if seen >= len(numbers) or (started and time.monotonic() > news + QUIET):
            break
        tend(seen)
        time.sleep(2.0)
    texts = world.texts()
    lateness = late(texts, dict.fromkeys(numbers, due))
    return {
        "sent": len(lateness),
        "doubled": len(texts) - len(lateness),
        "rate": len(lateness) / lateness[-1] if lateness else 0.0,
        "p50": at_share(lateness, 0.5),
        "p99": at_share(lateness, 0.99),
    }


def ours(folder: Path, count: int, seconds: float, database_url: str | None, kill: bool) -> dict[str, float]:
    """One worker of the line, as it is run."""
    world = World(folder, database_url)
    try:
        people = world.people(count)
        # All of them are promised before the first is due.
        due = now() + timedelta(seconds=20 + count / 250)
        world.promise(people, [due] * count)
        keeper = Killer(world, 1, 1, (0.0, 0.0))

        def tend(seen: int) -> None:
            keeper.tend(kill=kill and keeper.kills == 0 and seen >= count // 2)

        try:
            return sent_by(world, due, [number for _, _, number in people], seconds, tend)
        finally:
            keeper.stop()
    finally:
        world.close()


def job_store(folder: Path, count: int, seconds: float) -> dict[str, float]:
    """One process of APScheduler with its jobs in a database."""
    world = World(folder)
    try:
        people = world.people(count)
        due = now() + timedelta(seconds=20 + count / JOBS_ADDED_A_SECOND)
        world.promise(people, [due] * count)
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.job_store", due.isoformat(), str(folder / "jobs.db")],
            cwd=ROOT,
            env={**world.environment, "PATH": "/usr/bin:/bin"},
        )
        try:
            return sent_by(world, due, [number for _, _, number in people], seconds)
        finally:
            process.terminate()
            process.wait(60)
    finally:
        world.close()


def main() -> int:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-ins", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--database-url", help="for the line; the job store's is always SQLite")
    asked = parser.parse_args()
    rows = {}
    for name in ("Warmline", "SQLAlchemyJobStore", "Warmline, killed"):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            if name == "SQLAlchemyJobStore":
                rows[name] = job_store(folder, asked.check_ins, asked.seconds)
            else:
                kill = name.endswith("killed")
                rows[name] = ours(folder, asked.check_ins, asked.seconds, asked.database_url, kill)
    print(f"{asked.check_ins} check-ins due at one instant, one process each")
    print(f"{'':20} {'sent':>7} {'doubled':>8} {'sent/s':>8} {'late p50':>9} {'late p99':>9}")
    for name, row in rows.items():
        print(
            f"{name:20} {row['sent']:>7.0f} {row['doubled']:>8.0f} {row['rate']:>8.1f}"
            f" {row['p50']:>8.1f}s {row['p99']:>8.1f}s"
        )
    ratio = rows["Warmline"]["rate"] / max(rows["SQLAlchemyJobStore"]["rate"], 0.001)
    print(f"Warmline / SQLAlchemyJobStore: {ratio:.2f} times as many a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
