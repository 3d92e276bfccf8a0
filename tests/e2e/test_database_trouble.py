"""The database fails under the real processes: full disk, a lock for 20 s, connections cut on PostgreSQL."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url, text

from benchmarks.chaos_world.books import balance
from benchmarks.chaos_world.journal import journal
from benchmarks.chaos_world.settling import line_of, settle
from tests.e2e.running_line import Phone, RunningLine, wait_for
from tests.integration.conftest import administering, as_ours, postgresql_url

pytestmark = pytest.mark.e2e
__all__ = ["postgresql_url"]
#: SQLite's first page: whatever is written after it finds no room.
ROOM_BYTES = 4096
TWILIO_WAITS_SECONDS = 15.0


def test_a_full_disk_loses_nothing_says_so_and_is_over_when_there_is_room(own_line):
    phone, other = Phone(own_line), Phone(own_line)
    phone.says("hi", "Warmline")
    with _full_disk(own_line):
        # Twilio tries the fallback and gives up; its list still has the text.
        refused = phone.send("food near 98104")
        assert [attempt["status"] for attempt in refused["attempts"]] == [503, 503]
        began = time.monotonic()
        assert "988" in other.send("i want to kill myself")["twiml"]
        assert time.monotonic() - began < 5
        ready = own_line.http.get(f"{own_line.url}/readyz", timeout=10)
        assert (ready.status_code, ready.json()["database"]["ok"]) == (503, False)
        assert own_line.http.get(f"{own_line.url}/metrics", timeout=10).ok
    wait_for("the line to be ready again", own_line.is_ready, 30)
    phone.says("treatment near 98104", "Near 98104")
    found = _settled(own_line)
    assert (found.texts, found.stored_once, found.unanswered) == (4, 4, [])
    assert found.well, found


def test_a_database_locked_for_20_s_loses_nothing_and_twilio_is_answered_in_time(own_line):
    phones = [Phone(own_line) for _ in range(4)]
    phones[0].says("hi", "Warmline")
    after = max(entry["id"] for entry in journal(own_line))
    with closing(sqlite3.connect(own_line.var / "warmline.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        held = time.monotonic()
        for phone in phones[:3]:
            phone.send("food near 98104", wait=False)
        assert "988" in phones[3].send("i want to kill myself")["twiml"]
        assert not own_line.is_ready()
        time.sleep(max(0.0, held + 20 - time.monotonic()))
        other.execute("ROLLBACK")
    for phone in phones[:3]:
        phone.hears("98104", patience=40)
    webhooks = [e for e in journal(own_line) if e["id"] > after and e["target"] == "sms"]
    assert max(entry["seconds"] for entry in webhooks) < TWILIO_WAITS_SECONDS
    # Refused at the first address, taken at the fallback.
    assert {entry["status"] for entry in webhooks} == {200, 503}
    found = _settled(own_line)
    assert (found.texts, found.stored_once, found.unanswered) == (5, 5, [])
    assert found.well, found


def test_connections_cut_on_postgresql_while_texts_come_in_lose_nothing(postgresql_line):
    line, url = postgresql_line
    phones = [Phone(line) for _ in range(6)]
    over = threading.Event()
    cutting = threading.Thread(target=_cut_connections, args=(url, over))
    cutting.start()
    words = ["hi", "food near 98104", "more", "treatment near 98104"]
    try:
        for number in range(40):
            if number == 20:
                phones[5].send("i want to kill myself", wait=False)
            else:
                phones[number % 5].send(words[number % 4], wait=False)
            time.sleep(0.2)
    finally:
        over.set()
        cutting.join()
    wait_for("the line to be ready again", line.is_ready, 30)
    found = _settled(line)
    assert (found.texts, found.stored_once, found.unanswered, found.emergencies) == (40, 40, [], 1)
    assert found.well, found


@pytest.fixture
def postgresql_line(tmp_path: Path, postgresql_url: str) -> Iterator[tuple[RunningLine, str]]:
    """A line on PostgreSQL, and the address of its database."""
    name = "line_e2e"
    with administering(as_ours(postgresql_url)) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(as_ours(postgresql_url)).set(database=name).render_as_string(hide_password=False)
    running = RunningLine(tmp_path / "line", DATABASE_URL=url)
    yield running, url
    running.stop()


def _cut_connections(url: str, over: threading.Event) -> None:
    cut = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = :name AND pid <> pg_backend_pid()"
    )
    name = make_url(url).database
    admin = make_url(url).set(database="postgres").render_as_string(hide_password=False)
    while not over.wait(0.7):
        with administering(admin) as connection:
            connection.execute(cut, {"name": name})


@contextmanager
def _full_disk(line: RunningLine) -> Iterator[None]:
    """No process but the simulator can make any file longer than a page, or write beyond that."""
    _, hard = psutil.Process().rlimit(psutil.RLIMIT_FSIZE)
    line_of_it = psutil.Process(line.process.pid)
    simulator = psutil.Process(line.pid("simulator"))
    spared = {simulator.pid, *(child.pid for child in simulator.children(recursive=True))}

    def everybody() -> list[psutil.Process]:
        all_of_it = [line_of_it, *line_of_it.children(recursive=True)]
        return [process for process in all_of_it if process.pid not in spared]

    def limit(soft: int) -> None:
        for process in everybody():
            process.rlimit(psutil.RLIMIT_FSIZE, (soft, hard))

    limit(ROOM_BYTES)
    try:
        yield
    finally:
        limit(hard)


def _settled(line: RunningLine):
    parts = line_of(line)
    try:
        settle(line, parts)
        return balance(line, parts)
    finally:
        parts.durably.close()
        parts.engine.dispose()
        parts.durable_engine.dispose()
