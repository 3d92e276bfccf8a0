"""The inbox with 50,000 conversations and a million texts: what each question costs, on both databases.

`.venv/bin/python benchmarks/inbox.py [--conversations 50000] [--texts 1000000] [--seconds 60]`
Ratios say what matters: a page deep in the list against the first, a thread of 10,000 texts against another.
`--seconds` bounds the measuring of each database; making the rows comes before.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Engine, text  # noqa: E402

from benchmarks.directory_world.databases import postgresql, size_mb, sqlite  # noqa: E402
from benchmarks.inbox_world import Shape, World, make_world  # noqa: E402
from bot import conversations, search  # noqa: E402
from bot.conversations import Filter  # noqa: E402
from bot.db import reading  # noqa: E402
from bot.models import ThreadState  # noqa: E402

ROUNDS = 40


def questions(world: World) -> dict[str, Callable[[object, random.Random], object]]:
    """What is asked, by name; each with a session and chance."""

    def page(wanted: Filter, cursor: str | None = None):
        return lambda session, _: conversations.page(session, wanted, world.worker_id, world.now, cursor)

    def thread(rows: list[int], cursor: str | None = None):
        return lambda session, chance: conversations.thread_page(session, chance.choice(rows), cursor)

    def words(wanted: str):
        return lambda session, _: search.search(session, wanted)

    return {
        # What a question costs that finds nothing out: the rest is measured on the same machine.
        "nothing": lambda session, _: session.execute(text("SELECT 1")).all(),
        "list: newest": page(Filter()),
        "list: deep": page(Filter(), world.deep),
        "list: needs a person": page(Filter(needs_person=True)),
        "list: emergency": page(Filter(emergency=True)),
        "list: waiting": page(Filter(state=ThreadState.WAITING)),
        "list: closed": page(Filter(state=ThreadState.CLOSED)),
        "list: mine": page(Filter(assigned_to=world.worker_id)),
        "list: missed check-in": page(Filter(missed_check_in=True)),
        "list: unanswered": page(Filter(unanswered=True)),
        "list: Spanish": page(Filter(language="es")),
        "list: rare need": page(Filter(need="rare")),
        "list: rare need, Spanish": page(Filter(need="rare", language="es")),
        "list: none at all": page(Filter(need="nobody")),
        "list: last 7 days": page(Filter(days=7)),
        "list: tag": page(Filter(tag="rare")),
        "list: changed?": lambda session, _: conversations.list_token(session),
        "thread: short": thread(world.short),
        "thread: 10,000 texts": thread([world.long]),
        "thread: 10,000, in the middle": thread([world.long], world.middle),
        "thread: changed?": lambda session, _: conversations.thread_token(session, world.long),
        "search: common word": words("shelter"),
        "search: rare word": words("marigold"),
        "search: two words": words("shelter tonight"),
        "search: misspelt": words("shleter"),
        "search: none": words("xylophone"),
    }


def measure(engine: Engine, world: World, seconds: float) -> dict[str, list[float]]:
    """Milliseconds of every question, sorted."""
    chance, asked = random.Random(7), questions(world)  # noqa: S311
    end = time.monotonic() + seconds
    found: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(ROUNDS + 2):
        if number > 5 and time.monotonic() > end:
            break
        for name, ask in asked.items():
            began = time.perf_counter()
            with reading(engine) as session:
                ask(session, chance)
            # The first rounds fill the caches.
            if number >= 2:
                found[name].append((time.perf_counter() - began) * 1000)
    return {name: sorted(times) for name, times in found.items()}


def at_share(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--conversations", type=int, default=50_000)
    asked.add_argument("--texts", type=int, default=1_000_000)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--only", choices=("sqlite", "postgresql"))
    given = asked.parse_args()
    shape = Shape(given.conversations, given.texts)
    table: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="warmline-inbox-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for kind, databases in (("sqlite", sqlite), ("postgresql", postgresql)):
            if given.only and given.only != kind:
                continue
            with databases(folder) as make:
                began = time.monotonic()
                engine, world = make_world(make, shape)
                print(
                    f"{kind}: made in {time.monotonic() - began:.0f} s, {size_mb(engine):.0f} MB", flush=True
                )
                table[kind] = measure(engine, world, given.seconds)
    print_table(table)
    slow = [name for times in table.values() for name, one in times.items() if at_share(one, 0.95) >= 100]
    print(f"\nOver 100 ms at the 95th percentile: {', '.join(sorted(set(slow))) or 'none'}")
    return 1 if slow else 0


def print_table(table: dict[str, dict[str, list[float]]]) -> None:
    print(f"\n{'milliseconds':32}" + "".join(f"{kind + ' p50':>16}{'p95':>8}" for kind in table))
    for name in next(iter(table.values())):
        row = "".join(
            f"{at_share(times[name], 0.5):16.1f}{at_share(times[name], 0.95):8.1f}"
            for times in table.values()
        )
        print(f"{name:32}{row}")
    print()
    for above, below in (
        ("list: deep", "list: newest"),
        ("thread: 10,000 texts", "thread: short"),
        ("thread: 10,000, in the middle", "thread: short"),
    ):
        ratios = ", ".join(
            f"{kind} {at_share(times[above], 0.5) / at_share(times[below], 0.5):.2f}"
            for kind, times in table.items()
        )
        print(f"{above} / {below}: {ratios}")


if __name__ == "__main__":
    sys.exit(main())
