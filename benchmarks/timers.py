"""How late using-alone timers ask: alone, with 10,000 others running, and with a worker killed and restarted.

`.venv/bin/python benchmarks/timers.py [--timers 200] [--others 10000] [--seconds 60] [--database-url URL]`
Late is from the end of a timer to its text reaching Twilio. The aim is 2 s at the 99th percentile.
"""

import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.promises_world import Killer, World, at_share, late, now, spread  # noqa: E402

#: Others end so much later that they are only there.
MUCH_LATER = timedelta(hours=2)


def run(
    folder: Path, timers: int, others: int, seconds: float, kill: bool, database_url: str | None
) -> dict[str, float]:
    """One row: how late the timers were, and how many never asked."""
    world = World(folder, database_url)
    killer = None
    try:
        people = world.people(timers + others)
        world.time(people[timers:], [now() + MUCH_LATER] * others)
        ends = spread(timers, seconds, 8.0)
        world.time(people[:timers], ends)
        when = dict(zip([number for _, _, number in people[:timers]], ends, strict=True))
        # Two workers, as two slots of the Procfile; one is killed once, in the middle.
        killer = Killer(world, 2, 1, (seconds / 2 + 8, seconds / 2 + 8))
        while now() < ends[-1] + timedelta(seconds=8):
            killer.tend(kill=kill and killer.kills == 0)
            time.sleep(0.02)
        lateness = late(world.texts(), when)
        return {
            "asked": len(lateness),
            "kills": killer.kills,
            "p50": at_share(lateness, 0.5),
            "p99": at_share(lateness, 0.99),
            "most": lateness[-1] if lateness else float("nan"),
        }
    finally:
        if killer:
            killer.stop()
        world.close()


def main() -> int:
    """Print the table; 1 if a timer never asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timers", type=int, default=200)
    parser.add_argument("--others", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    print(f"{asked.timers} timers over {asked.seconds:g} s, two workers")
    print(f"{'others':>7} {'kills':>6} {'asked':>6} {'late p50':>9} {'p99':>7} {'most':>7}")
    lost = 0
    for others, kill in ((0, False), (asked.others, False), (asked.others, True)):
        with tempfile.TemporaryDirectory() as folder:
            row = run(Path(folder), asked.timers, others, asked.seconds, kill, asked.database_url)
        lost += asked.timers - int(row["asked"])
        print(
            f"{others:>7} {row['kills']:>6.0f} {row['asked']:>6.0f} {row['p50']:>8.2f}s"
            f" {row['p99']:>6.2f}s {row['most']:>6.2f}s",
            flush=True,
        )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
