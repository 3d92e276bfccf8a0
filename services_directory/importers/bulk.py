"""Many rows in and out of a table at once, as fast as each database does it.

Rows are tuples as SQLite keeps them: dates are ISO 8601 text, truth values 1 and 0.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Table

#: Of the lock that makes imports on PostgreSQL take turns, as SQLite's own does: two sources may share ids.
TURN = 7_264_110_013
#: Kilobytes of pages SQLite keeps while an import writes; its usual 2,000 make indexes of UUIDs crawl.
CACHE_KILOBYTES = 64_000
BATCH = 1000


class Bulk:
    """Reads and writes rows within one transaction of a connection. Use as a context."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._quote = connection.dialect.identifier_preparer.quote
        self._mark = "?" if self._sqlite else "%s"
        self._cache = 0

    def __enter__(self) -> "Bulk":
        if self._sqlite:
            self._cache = int(self._connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
            self._connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")
        else:
            self._connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (TURN,))
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._sqlite:
            self._connection.exec_driver_sql(f"PRAGMA cache_size={self._cache}")

    def source_rows(
        self, table: Table, columns: Sequence[str], source: str
    ) -> Iterator[list[tuple[Any, ...]]]:
        """A source's rows of a table, a thousand at a time."""
        query = f"SELECT {self._names(columns)} FROM {table.name} WHERE directory_source = {self._mark}"  # noqa: S608
        yield from self._read(table, columns, query, (source,))

    def rows_of(
        self, table: Table, columns: Sequence[str], key: str, keys: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """The rows of a table with one of some keys."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(keys), BATCH):
            some = tuple(keys[start : start + BATCH])
            query = f"SELECT {self._names(columns)} FROM {table.name} WHERE {self._quote(key)} IN ({self._marks(some)})"  # noqa: S608, E501
            for batch in self._read(table, columns, query, some):
                found += batch
        return found

    def has_others(self, table: Table, source: str) -> bool:
        """Whether another source has rows of a table."""
        query = f"SELECT 1 FROM {table.name} WHERE directory_source <> {self._mark} LIMIT 1"  # noqa: S608
        return self._connection.exec_driver_sql(query, (source,)).first() is not None

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows."""
        if not rows:
            return
        if self._sqlite:
            statement = f"INSERT INTO {table.name} ({self._names(columns)}) VALUES ({self._marks(columns)})"  # noqa: S608
            self._connection.exec_driver_sql(statement, list(rows))
            return
        cursor: Any = self._connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table.name} ({self._names(columns)}) FROM STDIN") as copy:
            for row in self._for_postgresql(table, columns, rows):
                copy.write_row(row)

    def update(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Give rows new values; the last value of each is its id."""
        if not rows:
            return
        sets = ", ".join(f"{self._quote(name)} = {self._mark}" for name in columns)
        statement = f"UPDATE {table.name} SET {sets} WHERE id = {self._mark}"  # noqa: S608
        values = rows if self._sqlite else self._for_postgresql(table, [*columns, "id"], rows)
        self._connection.exec_driver_sql(statement, list(values))

    def delete(self, table: Table, key: str, keys: Sequence[str], **also: str) -> None:
        """Take away the rows with one of some keys, and with every value `also` names."""
        others = "".join(f" AND {self._quote(name)} = {self._mark}" for name in also)
        for start in range(0, len(keys), BATCH):
            some = tuple(keys[start : start + BATCH])
            statement = f"DELETE FROM {table.name} WHERE {self._quote(key)} IN ({self._marks(some)}){others}"  # noqa: S608
            self._connection.exec_driver_sql(statement, (*some, *also.values()))

    def _read(
        self, table: Table, columns: Sequence[str], query: str, parameters: tuple[Any, ...]
    ) -> Iterator[list[tuple[Any, ...]]]:
        # A cursor of the server's: a driver must not take a million rows into memory.
        # For this query alone: a connection with the option would make cursors of every statement.
        options = {"stream_results": True, "max_row_buffer": BATCH}
        dates = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, Date)]
        with self._connection.exec_driver_sql(query, parameters, execution_options=options) as result:
            for batch in result.partitions(BATCH):
                rows = [tuple(row) for row in batch]
                yield rows if self._sqlite or not dates else [_as_text(row, dates) for row in rows]

    def _names(self, columns: Sequence[str]) -> str:
        return ", ".join(self._quote(name) for name in columns)

    def _marks(self, values: Sequence[Any]) -> str:
        return ", ".join([self._mark] * len(values))

    def _for_postgresql(
        self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[Any, ...]]:
        dates = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, Date)]
        truths = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, Boolean)]
        if not dates and not truths:
            yield from rows
            return
        for row in rows:
            values = list(row)
            for place in dates:
                values[place] = date.fromisoformat(values[place]) if values[place] else None
            for place in truths:
                values[place] = None if values[place] is None else bool(values[place])
            yield tuple(values)


def _as_text(row: tuple[Any, ...], dates: Sequence[int]) -> tuple[Any, ...]:
    values = list(row)
    for place in dates:
        values[place] = values[place].isoformat() if values[place] else None
    return tuple(values)
