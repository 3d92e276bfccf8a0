"""How fast the directory finds the 5 nearest open food services among a million services.

`search.find`, answers filled out, on SQLite and on PostgreSQL in turn, by day and at 23:30; beside a scan of
every row, and beside the limit: scikit-learn's BallTree with everything in memory and who is open worked out
beforehand, which gives row numbers only. Every answer is compared with an exact one. The ZIPs asked about
are 300 drawn as services lie and 100 from anywhere; each is asked several times and the quickest counts.

`.venv/bin/python benchmarks/directory.py [--seconds N] [--rows N] [--quick] [--profile]`
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.directory_world import databases  # noqa: E402
from benchmarks.directory_world.contest import (  # noqa: E402
    NEED,
    Took,
    all_open,
    disagreements,
    finding,
    in_memory,
    measure,
    questions,
    scanning,
    tree_disagreements,
)
from benchmarks.directory_world.ground import ground, sample  # noqa: E402
from benchmarks.directory_world.loading import load  # noqa: E402
from benchmarks.directory_world.oracle import Oracle  # noqa: E402
from benchmarks.directory_world.profiling import profile  # noqa: E402
from benchmarks.directory_world.world import World, build  # noqa: E402

SEED = 1
#: A Wednesday without a holiday.
TIMES = {"13:00": datetime(2026, 12, 2, 13), "23:30": datetime(2026, 12, 2, 23, 30)}
SMALLER = (10_000, 100_000)
#: A scan takes long and always the same: a few are enough.
SCANS = 4
FINDING = {"SQLite": "find() on SQLite", "PostgreSQL": "find() on PostgreSQL"}
LIMIT_NAME = "BallTree in memory"


def main() -> int:
    """Measure every size and print the tables."""
    parser = argparse.ArgumentParser(description="The nearest open food services, of a million services.")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each time of day is measured")
    parser.add_argument("--rows", type=int, default=1_000_000, help="search rows of the largest directory")
    parser.add_argument("--quick", action="store_true", help="5,000 rows and 20 ZIPs: only to see it run")
    parser.add_argument("--profile", action="store_true", help="also say where the time of a search goes")
    given = parser.parse_args()
    rows, zips = (5_000, (15, 5)) if given.quick else (given.rows, (300, 100))
    seconds = 0.0 if given.quick else given.seconds
    asked = {name: questions(sample(ground(), *zips, SEED), local) for name, local in TIMES.items()}
    grown: dict[int, dict[str, dict[str, Took]]] = {}
    wrong = answers = 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as used:
        make = {
            "SQLite": used.enter_context(databases.sqlite(Path(folder))),
            "PostgreSQL": used.enter_context(databases.postgresql(Path(folder))),
        }
        for size in [*(one for one in SMALLER if one < rows), rows]:
            world = build(size, SEED)
            engines = {name: loaded(name, made(f"services_{size}"), world) for name, made in make.items()}
            oracle = Oracle(world, NEED)
            finders = {FINDING[name]: finding(engine) for name, engine in engines.items()}
            contestants = {**finders, LIMIT_NAME: in_memory(oracle)}
            # The made-up world is the benchmark's, not the line's: the collector need not walk it.
            gc.freeze()
            grown[size] = {
                name: measure(contestants, ask, seconds if size == rows else 0) for name, ask in asked.items()
            }
            for ask in asked.values():
                wrong += sum(disagreements(oracle, find, ask) for find in finders.values())
                wrong += tree_disagreements(oracle, contestants[LIMIT_NAME], ask)
                answers += len(contestants) * len(ask)
            gc.unfreeze()
        for name, engine in engines.items():
            scan = {f"every row, {name}": scanning(engine)}
            for when, ask in asked.items():
                grown[rows][when] |= measure(scan, ask[:: max(1, len(ask) // SCANS)], 0)
            if given.profile:
                for when, ask in asked.items():
                    print(f"\n{when}: {profile(engine, finders[FINDING[name]], ask)}")
        for when, ask in asked.items():
            print(f"{when}: {all_open(oracle, ask)} of {len(ask)} ZIPs have as many open within the radius")
    print_growth(grown)
    print_table(rows, grown[rows])
    print(f"answers that differ from the exact one: {wrong} of {answers}")
    return 1 if wrong else 0


def loaded(name: str, engine: Engine, world: World) -> Engine:
    """A database with the directory in it; says how long that took."""
    began = time.monotonic()
    rows = load(engine, world)
    took = time.monotonic() - began
    print(
        f"{name}: {len(world.at_ids):,} services at locations, {rows:,} rows in all,"
        f" loaded in {took:.0f} s, {databases.size_mb(engine):,.0f} MB",
        flush=True,
    )
    return engine


def print_growth(grown: dict[int, dict[str, dict[str, Took]]]) -> None:
    """The middle and the tail for each size."""
    cuts = (50, 95)
    print(f"\n{'milliseconds':24}{'rows':>10}{_heads(cuts)}")
    for name in (*FINDING.values(), LIMIT_NAME):
        for size, took in grown.items():
            cells = [np.percentile(took[when][name], cut) for when in TIMES for cut in cuts]
            print(f"{name:24}{size:10,}{_line(cells)}")


def print_table(rows: int, took: dict[str, dict[str, Took]]) -> None:
    """Everything about the largest size, and how many times as long one takes as another."""
    cuts = (50, 95, 99)
    print(f"\n{f'milliseconds, {rows:,} rows':34}{_heads(cuts)}")
    cells = {
        name: np.array([np.percentile(took[when][name], cut) for when in TIMES for cut in cuts])
        for name in took[next(iter(TIMES))]
    }
    for name, row in cells.items():
        print(f"{name:34}{_line(row)}")
    sqlite, postgresql = FINDING.values()
    for name, one, other in (
        ("PostgreSQL to SQLite", postgresql, sqlite),
        ("find() on SQLite to BallTree", sqlite, LIMIT_NAME),
        ("find() on PostgreSQL to BallTree", postgresql, LIMIT_NAME),
    ):
        print(f"{name:34}{_line(cells[one] / cells[other])}")


def _heads(cuts: Sequence[int]) -> str:
    return "".join(f"{f'{when} p{cut}':>12}" for when in TIMES for cut in cuts)


def _line(cells: Iterable[float]) -> str:
    return "".join(f"{cell:12.2f}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main())
