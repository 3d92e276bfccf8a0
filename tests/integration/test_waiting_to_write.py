"""SQLite has one write lock: who waits has it within a moment of its being free, DBOS's engine too."""

import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.adapters.durable import make_durable_engine
from bot.db import make_engine, writing

#: SQLite's own waiting looks 0.43 s and then 0.53 s after it began.
HELD_SECONDS = 0.45
A_MOMENT = 0.04
#: A machine that is busy with something else may miss a moment, not all of them.
TRIES = 3


@pytest.fixture
def path(tmp_path):
    with closing(sqlite3.connect(tmp_path / "line.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (what TEXT)")
    return tmp_path / "line.db"


@contextmanager
def held(path):
    """The write lock, held by another connection for a while; gives what tells when it was let go."""
    let_go: list[float] = []
    taken = threading.Event()

    def hold():
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            taken.set()
            time.sleep(HELD_SECONDS)
            let_go.append(time.monotonic())
            other.execute("ROLLBACK")

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(5)
    yield let_go
    thread.join()


def shortest_wait(path, write):
    """From when the lock was let go to when it was had."""
    waits = []
    for _ in range(TRIES):
        with held(path) as let_go:
            write()
            waits.append(time.monotonic() - let_go[0])
    return min(waits)


@pytest.mark.parametrize("eager", [True, False])
def test_our_writers_have_the_lock_a_moment_after_it_is_free(path, eager):
    engine = make_engine(f"sqlite:///{path}", eager=eager)

    def write():
        with writing(engine) as session:
            session.execute(text("INSERT INTO kept VALUES ('ours')"))

    assert shortest_wait(path, write) < A_MOMENT
    engine.dispose()


def test_dbos_has_the_lock_a_moment_after_it_is_free(path):
    engine = make_durable_engine(f"sqlite:///{path}")

    def write():
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO kept VALUES ('of DBOS')"))

    assert shortest_wait(path, write) < A_MOMENT
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept")) == TRIES
    engine.dispose()


def test_what_dbos_only_reads_waits_for_nobody(path):
    engine = make_durable_engine(f"sqlite:///{path}")
    with held(path) as let_go, engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept")) == 0
        assert let_go == []
    engine.dispose()


def test_a_lock_that_is_not_free_in_time_is_an_error_and_the_connection_is_good_again(path):
    engine = make_engine(f"sqlite:///{path}")
    with held(path), pytest.raises(OperationalError), writing(engine, within=0.05) as session:
        session.execute(text("INSERT INTO kept VALUES ('now')"))
    with writing(engine) as session:
        session.execute(text("INSERT INTO kept VALUES ('later')"))
        assert session.scalar(text("SELECT group_concat(what) FROM kept")) == "later"
    engine.dispose()
