"""Everything goes wrong at once: faults at Twilio, parts killed outright, and people who text on.

`.venv/bin/python benchmarks/chaos.py [--texts 600] [--phones 30] [--seed 1] [--rate 5] [--full]`
--full is 2,000 texts from 200 phones, slower, so that what piles up is what the kills leave and not the rate.
The real line (web, worker, Rasa, actions) with the simulator for Twilio. Webhooks come twice, late, in the
wrong order, badly signed and cut off; Twilio refuses, fails, and takes texts without saying so; and every few
seconds web, worker, Rasa or actions is killed with SIGKILL. Then all is well again, the line has time to do
what it owes, and its database is compared with the simulator's list.

Exits 1 if a text was lost, stored twice, answered twice or out of order, or an emergency was left without its
words. Out of order is a part of an answer that came to the phone after a later part, or an answer that came
after that to a text stored later; what was put aside for an emergency and said afterwards is not. A shorter
run is tests/e2e/test_chaos.py.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.chaos_world import trouble  # noqa: E402
from benchmarks.chaos_world.books import Books, balance  # noqa: E402
from benchmarks.chaos_world.journal import journal  # noqa: E402
from benchmarks.chaos_world.journal import texts as texts_of  # noqa: E402
from benchmarks.chaos_world.people import People  # noqa: E402
from benchmarks.chaos_world.recovery import Kill, Readiness, table  # noqa: E402
from benchmarks.chaos_world.settling import line_of, settle  # noqa: E402
from benchmarks.chaos_world.waits import answered_texts  # noqa: E402
from tests.e2e.running_line import RunningLine  # noqa: E402

FULL_TEXTS, FULL_PHONES = 2_000, 200
FULL_RATE, FULL_BETWEEN = 3.0, (12.0, 24.0)
BETWEEN = (4.0, 7.0)
#: What of the books must be empty; the rows and SIDs are printed when they are not.
FAILINGS = (
    "lost",
    "stored_twice",
    "sent_twice",
    "strangers",
    "parts_out_of_order",
    "answers_out_of_order",
    "never_sent",
    "emergencies_without_words",
)


@dataclass
class Run:
    """What came of it."""

    books: Books
    kills: list[Kill]
    readiness: list[tuple[datetime, bool]]
    answers: list[tuple[datetime, datetime]]
    struck: Counter[str]
    texting_seconds: float
    settling_seconds: float


def run(
    folder: Path,
    texts: int,
    seed: int,
    rate: float = 5.0,
    phones: int = 30,
    between: tuple[float, float] = BETWEEN,
    *,
    slow: bool = True,
) -> Run:
    """So many texts at a rate, a kill between so many seconds; `slow` as in trouble.faults."""
    running = RunningLine(folder)
    try:
        line = line_of(running)
        people = People(running, phones, seed)
        trouble.order(running, trouble.faults(seed, slow=slow))
        killer = trouble.Killer(running, seed, between)
        readiness = Readiness(running.url)
        began = due = time.monotonic()
        for _ in people.texts(texts):
            due += 1 / rate
            while True:
                killer.tend()
                left = due - time.monotonic()
                if left <= 0:
                    break
                time.sleep(min(left, 0.1))
        texting = time.monotonic() - began
        trouble.no_more(running)
        settling = settle(running, line)
        readiness.stop()
        (folder / "texts.json").write_text(json.dumps(texts_of(running)))
        (folder / "journal.json").write_text(json.dumps(list(journal(running))))
        return Run(
            balance(running, line),
            killer.kills,
            readiness.seen,
            answered_texts(running, line),
            trouble.struck(running),
            texting,
            settling,
        )
    finally:
        running.stop()


def report(found: Run) -> None:
    """The table."""
    books = found.books
    rows = {
        "texts": books.texts,
        "stored once": books.stored_once,
        "stored twice": len(books.stored_twice),
        "lost": len(books.lost),
        "answered": books.answered,
        "  of those, nothing said": len(books.without_words),
        "listed as unanswered": len(books.unanswered),
        "answered twice": len(books.sent_twice) + len(books.strangers),
        "parts out of order": len(books.parts_out_of_order),
        "answers out of order": len(books.answers_out_of_order),
        "answers that never left": len(books.never_sent),
        "emergencies caught": books.emergencies,
        "  without their words": len(books.emergencies_without_words),
        "kills": len(found.kills),
        "faults struck": found.struck.total(),
    }
    for name, count in rows.items():
        print(f"{name:26}{count:6}")
    print()
    print(*table(found.kills, found.readiness, found.answers), sep="\n")
    print("\nfaults: " + ", ".join(f"{kind} {count}" for kind, count in sorted(found.struck.items())))
    print(f"\n{found.texting_seconds:.0f} s of texting, {found.settling_seconds:.0f} s until quiet")
    for name in FAILINGS:
        if which := getattr(books, name):
            print(f"{name}: {which[:10]}")


def main() -> int:
    """One run; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--texts", type=int, default=600)
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--full", action="store_true", help=f"{FULL_TEXTS} texts from {FULL_PHONES} phones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=5.0, help="texts a second")
    parser.add_argument("--keep", type=Path, help="leave the database and the log in this folder")
    asked = parser.parse_args()
    between = BETWEEN
    if asked.full:
        asked.texts, asked.phones, asked.rate, between = FULL_TEXTS, FULL_PHONES, FULL_RATE, FULL_BETWEEN
    with tempfile.TemporaryDirectory() as folder:
        found = run(asked.keep or Path(folder), asked.texts, asked.seed, asked.rate, asked.phones, between)
    print(f"{asked.texts} texts of {asked.phones} phones, {asked.rate:g} a second, seed {asked.seed}\n")
    report(found)
    return 0 if found.books.well else 1


if __name__ == "__main__":
    sys.exit(main())
