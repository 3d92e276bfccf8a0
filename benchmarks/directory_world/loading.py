"""Load a made-up directory as fast as each database can; the indexes are made when the rows are in."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.schema import CreateTable

from benchmarks.directory_world.rows import Table, tables
from benchmarks.directory_world.world import World
from services_directory.models import Base

BATCH = 20_000


def load(engine: Engine, world: World) -> int:
    """Make the directory's tables in an empty database and fill them. Returns how many rows went in."""
    sqlite = engine.dialect.name == "sqlite"
    # An engine of its own: the line's keeps every commit safe from a power cut, which only slows this down.
    loading = create_engine(engine.url)
    with loading.connect() as connection:
        if sqlite:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.commit()
        for table in Base.metadata.sorted_tables:
            connection.execute(CreateTable(table))
        done = fill(connection, world)
        if not sqlite:
            connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        for table in Base.metadata.sorted_tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                index.create(connection)
        connection.commit()
    if not sqlite:
        # As autovacuum does on a live server. SQLite has no statistics unless asked, and nobody asks.
        with loading.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    loading.dispose()
    return done


def fill(connection: Connection, world: World) -> int:
    """Put a made-up directory into tables that are there and empty. Returns how many rows went in."""
    put = _insert if connection.dialect.name == "sqlite" else _copy
    return sum(put(connection, table) for table in tables(world))


def _insert(connection: Connection, table: Table) -> int:
    marks = ", ".join("?" for _ in table.columns)
    # The names are this package's own.
    insert = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"  # noqa: S608
    done = 0
    for batch in _batches(table.rows):
        connection.exec_driver_sql(insert, batch)
        done += len(batch)
    return done


def _copy(connection: Connection, table: Table) -> int:
    cursor: Any = connection.connection.cursor()
    done = 0
    with cursor.copy(f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN") as copy:
        for row in table.rows:
            copy.write_row(row)
            done += 1
    return done


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
