"""Check-ins and using-alone timers while workers are killed outright at random: none lost, none doubled.

`.venv/bin/python benchmarks/killed.py [--check-ins 2000] [--timers 200] [--seconds 60] [--seed 1]`
Exits 1 if a text was lost or came twice. A shorter run is a test (tests/e2e/test_killed.py).
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.promises_world import Killer, World, at_share, late, now, spread  # noqa: E402

#: Time for a worker that was just killed to come back, to find what it left, and to send it.
SETTLES_WITHIN = 90.0
WORKERS = 2


def run(
    folder: Path,
    check_ins: int,
    timers: int,
    seconds: float,
    seed: int,
    database_url: str | None = None,
) -> dict[str, float]:
    """One run; how many were lost and doubled, and how late they came."""
    world = World(folder, database_url)
    killer = None
    try:
        people = world.people(check_ins + timers)
        starts_in = 3.0 + len(people) / 400
        due = spread(check_ins, seconds, starts_in)
        ends = spread(timers, seconds, starts_in)
        world.promise(people[:check_ins], due)
        world.time(people[check_ins:], ends)
        when = dict(zip([number for _, _, number in people], [*due, *ends], strict=True))
        killer = Killer(world, WORKERS, seed, (0.5, 3.0))
        while now() < max(when.values()):
            killer.tend(kill=True)
            time.sleep(0.05)
        kills = killer.kills
        end = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < end and len(_first(world)) < len(people):
            killer.tend(kill=False)
            time.sleep(0.5)
        # Long enough for a second text of the same promise to show.
        time.sleep(3)
        got = _counts(world)
        timer_phones = [number for _, _, number in people[check_ins:]]
        lateness = late(world.texts(), when)
        timers_late = late([t for t in world.texts() if t["phone"] in set(timer_phones)], when)
        return {
            "kills": kills,
            "lost": sum(1 for _, _, number in people if number not in got),
            "doubled": sum(1 for number, count in got.items() if count > 1),
            "p50": at_share(lateness, 0.5),
            "p99": at_share(lateness, 0.99),
            "most": lateness[-1] if lateness else float("nan"),
            "timers_p99": at_share(timers_late, 0.99),
        }
    finally:
        if killer:
            killer.stop()
        world.close()


def _first(world: World) -> set[str]:
    return {text["phone"] for text in world.texts()}


def _counts(world: World) -> dict[str, int]:
    """How often each phone got its first text. What a timer asks later are other texts."""
    counts: dict[tuple[str, str], int] = {}
    for text in world.texts():
        key = (text["phone"], text["body"])
        counts[key] = counts.get(key, 0) + 1
    worst: dict[str, int] = {}
    for (phone, _), count in counts.items():
        worst[phone] = max(count, worst.get(phone, 0))
    return worst


def main() -> int:
    """Print one row and say whether every promise was kept once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-ins", type=int, default=2000)
    parser.add_argument("--timers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(
            Path(folder), asked.check_ins, asked.timers, asked.seconds, asked.seed, asked.database_url
        )
    print(
        f"{asked.check_ins} check-ins and {asked.timers} timers over {asked.seconds:g} s, seed {asked.seed}"
    )
    print(
        f"{'kills':>6} {'lost':>6} {'doubled':>8} {'late p50':>9} {'p99':>7} {'most':>7} {'timers p99':>11}"
    )
    print(
        f"{found['kills']:>6.0f} {found['lost']:>6.0f} {found['doubled']:>8.0f} {found['p50']:>8.2f}s"
        f" {found['p99']:>6.2f}s {found['most']:>6.2f}s {found['timers_p99']:>10.2f}s"
    )
    return 1 if found["lost"] or found["doubled"] else 0


if __name__ == "__main__":
    sys.exit(main())
