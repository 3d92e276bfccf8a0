"""How many write transactions a text costs on SQLite, where only one can be open at a time.

`.venv/bin/python benchmarks/write_transactions.py [--texts 40] [--check-ins 200]`
The real line with the simulator for Twilio, status callbacks included. Texts come one after the other, the
next when the one before is answered; check-ins are all due at once. Commits are counted in SQLite's
write-ahead log, by whichever process; those of an idle line (heartbeats) are taken off.
"""

import argparse
import collections
import sqlite3
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.chaos_world.settling import line_of, settle, waiting  # noqa: E402
from benchmarks.promises_world import people_of, promise  # noqa: E402
from bot.bootstrap import Line, now  # noqa: E402
from tests.e2e.running_line import Phone, RunningLine, wait_for  # noqa: E402

IDLE_SECONDS = 10.0
#: What is said after a text has been answered: status callbacks, the end of durable work.
SETTLES_SECONDS = 6.0
TEXTS = ("im hungry", "98104", "thanks", "treatment")
#: SQLite's file format, "The Write-Ahead Log": a header, then frames, each with one of its own before a page.
WAL_HEADER, FRAME_HEADER = 32, 24


class WriteAheadLog:
    """The commits since it was opened. Whoever reads keeps the log from being begun anew."""

    def __init__(self, database: Path) -> None:
        self._database, self._log = database, database.with_name(database.name + "-wal")
        self._reader = sqlite3.connect(database, isolation_level=None)
        self._reader.execute("BEGIN")
        self._reader.execute("SELECT count(*) FROM message").fetchone()
        self._salt, before = self._read()
        self._before = len(before)

    def commits(self) -> list[set[int]]:
        """The pages of each transaction that was committed, in order."""
        salt, commits = self._read()
        # One with nothing left to copy into the database is begun anew by the next who writes.
        return commits[self._before :] if salt == self._salt else commits

    def _read(self) -> tuple[bytes, list[set[int]]]:
        log = self._log.read_bytes()
        if len(log) < WAL_HEADER:
            return b"", []
        size, salt = struct.unpack(">I", log[8:12])[0] + FRAME_HEADER, log[16:24]
        found: list[set[int]] = []
        pages: set[int] = set()
        for start in range(WAL_HEADER, len(log) - size + 1, size):
            page, committed = struct.unpack(">II", log[start : start + 8])
            if log[start + 8 : start + 16] != salt:
                # Left from before it was begun anew.
                break
            pages.add(page)
            if committed:
                found.append(pages)
                pages = set()
        return salt, found

    def tables(self) -> dict[int, str]:
        """Which table each page belongs to; indexes count as their table."""
        with closing(sqlite3.connect(self._database)) as connection:
            owners = dict(connection.execute("SELECT name, tbl_name FROM sqlite_master"))
            return {
                page: owners.get(name, name)
                for page, name in connection.execute("SELECT pageno, name FROM dbstat")
            }

    def close(self) -> None:
        self._reader.close()


@contextmanager
def log_of(line: RunningLine) -> Iterator[WriteAheadLog]:
    log = WriteAheadLog(line.var / "warmline.db")
    try:
        yield log
    finally:
        log.close()


def counted(running: RunningLine, work: Callable[[], None]) -> tuple[list[frozenset[str]], float]:
    """The tables that each transaction wrote while work was done, and the seconds it took."""
    began = time.monotonic()
    with log_of(running) as log:
        work()
        time.sleep(SETTLES_SECONDS)
        tables = log.tables()
        commits = [frozenset(tables.get(page, "?") for page in pages) for pages in log.commits()]
        commits = [found - {"sqlite_schema"} for found in commits]
    return commits, time.monotonic() - began


def report(name: str, count: int, found: tuple[list[frozenset[str]], float], idle: float) -> None:
    """How many there were for each text, and what they wrote."""
    commits, seconds = found
    each = (len(commits) - idle * seconds) / count
    print(f"\n{name}: {each:.1f} write transactions each, {count} of them")
    for tables, times in collections.Counter(commits).most_common(12):
        print(f"{times / count:8.2f}  {', '.join(sorted(tables))}")


def texts(running: RunningLine, count: int) -> Callable[[], None]:
    """So many texts, each sent when the one before is answered."""
    phones = [Phone(running) for _ in range(max(1, count // len(TEXTS)))]
    for phone in phones:
        phone.says("hi", "STOP")

    def work() -> None:
        for number in range(count):
            phone = phones[number // len(TEXTS) % len(phones)]
            phone.new_replies()
            phone.send(TEXTS[number % len(TEXTS)])
            wait_for("an answer", phone.new_replies)

    return work


def check_ins(line: Line, count: int) -> Callable[[], None]:
    """So many check-ins, all due at once."""
    people = people_of(line, count)
    promise(line, people, [now() + timedelta(seconds=2)] * count)

    def work() -> None:
        time.sleep(3)
        wait_for("all check-ins to be sent", lambda: not waiting(line), 120)

    return work


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--check-ins", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        running = RunningLine(Path(folder))
        try:
            line = line_of(running)
            answering = texts(running, asked.texts)
            settle(running, line)
            nothing, seconds = counted(running, lambda: time.sleep(IDLE_SECONDS))
            idle = len(nothing) / seconds
            print(f"idle: {idle:.1f} write transactions a second")
            report("texts, answered", asked.texts, counted(running, answering), idle)
            settle(running, line)
            report(
                "check-ins, sent", asked.check_ins, counted(running, check_ins(line, asked.check_ins)), idle
            )
        finally:
            running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
