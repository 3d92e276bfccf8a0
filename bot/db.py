"""Engines and sessions, the same for SQLite and PostgreSQL."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from typing import Any

from sqlalchemy import DateTime, Engine, create_engine, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from bot.sealing import FieldCipher, seal_with

BUSY_TIMEOUT_MS = 30_000
#: A server that is away is known to be within this; the operating system would wait for two minutes.
CONNECT_SECONDS = 5
#: How long a writer sleeps between looks at SQLite's write lock, in seconds; the last one again and again.
#: Who looks more often mostly gets it first: at the door somebody waits.
EAGER_PAUSES = (0.0003, 0.0005, 0.001)
PATIENT_PAUSES = (0.001, 0.002, 0.003, 0.004, 0.006, 0.008)
CHECKPOINT_MS = 500
#: So long is a free connection of the pool waited for.
POOL_SECONDS = 10


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive datetimes going in, gives aware UTC coming out (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def make_engine(database_url: str, cipher: FieldCipher | None = None, *, eager: bool = False) -> Engine:
    """An engine for the line's database, with SQLite made safe for several processes.

    An eager one's writers go before others who wait for SQLite's one write lock.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
            # An error's text goes to logs: it must not carry what was being stored.
            hide_parameters=True,
            pool_timeout=POOL_SECONDS,
            execution_options={"warmline_pauses": EAGER_PAUSES if eager else PATIENT_PAUSES},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,
            pool_timeout=POOL_SECONDS,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
        event.listen(engine, "begin", _begin_postgresql)
    if cipher:
        seal_with(engine, cipher)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Python's own transaction control would begin late and deferred; the begin event below does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        # NORMAL can lose the last commits when the power goes: a lost text (measured cost: 30 %).
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        # What is deleted is overwritten with zeros, not only let go of: docs/adr/0022.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once with SQLITE_BUSY, ignoring
    # busy_timeout; taking the write lock first makes writers queue instead.
    options = connection.get_execution_options()
    if options.get("warmline_reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    within = options.get("warmline_within_ms", BUSY_TIMEOUT_MS)
    sqlite: Any = connection.connection.driver_connection
    if not take_write_lock(sqlite, within / 1000, options["warmline_pauses"]):
        # Once more without waiting, so that the error is SQLAlchemy's own.
        sqlite.execute("PRAGMA busy_timeout=0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            sqlite.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def take_write_lock(sqlite: Any, within: float, every: Sequence[float]) -> bool:
    """Begin a transaction that writes within so many seconds; False when others have kept the lock.

    `sqlite` is the driver's connection, in no transaction; `every` are the seconds between looks.

    SQLite's own waiting sleeps up to 0.1 s between looks and lets newcomers go first: at 190 texts a second
    one in a hundred waited half a second.
    """
    end, pauses = time.monotonic() + within, iter(every)
    pause = 0.0
    sqlite.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                sqlite.execute("BEGIN IMMEDIATE")
                return True
            except OperationalError as error:
                if error.sqlite_errorcode & 0xFF != SQLITE_BUSY or time.monotonic() >= end:
                    return False
            pause = next(pauses, pause)
            time.sleep(pause)
    finally:
        sqlite.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begin_postgresql(connection: Connection) -> None:
    within = connection.get_execution_options().get("warmline_within_ms")
    if within is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout={within}")


@contextmanager
def writing(engine: Engine, within: float | None = None) -> Iterator[Session]:
    """A session whose work is committed when the block ends well, and undone when it does not.

    `within` is how many seconds to wait for others who write; by default 30 on SQLite, and as long as it
    takes on PostgreSQL. Raises sqlalchemy.exc.OperationalError when that was not enough.
    """
    if within is not None:
        engine = engine.execution_options(warmline_within_ms=int(within * 1000))
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session to look only: on SQLite it takes no write lock, so it waits for nobody."""
    with Session(engine.execution_options(warmline_reading=True), expire_on_commit=False) as session:
        yield session


def leave_no_trace(engine: Engine) -> bool:
    """Bring SQLite's journal into its file and empty it: it holds what was deleted. False when others read.

    What PostgreSQL keeps of deleted rows its autovacuum clears away (docs/privacy.md).
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    sqlite: Any = connection.driver_connection
    try:
        # Writers wait meanwhile, so it does not wait long for whoever reads an older state.
        sqlite.execute(f"PRAGMA busy_timeout={CHECKPOINT_MS}")
        busy, _, _ = sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        sqlite.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.close()
