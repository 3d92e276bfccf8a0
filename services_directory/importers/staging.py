"""Cleaned rows of one package in a database of their own on disk, until all is read and worked out.

The line's database is not touched meanwhile: a package that breaks half-way changes nothing, and the lock
that every text needs is held for the writing alone. Memory stays flat, whatever the package's size.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from services_directory.importers.columns import columns_of
from services_directory.models import TABLES

BATCH = 1000
#: Kilobytes of pages kept in memory; the rest waits on disk.
CACHE_KILOBYTES = 24_000
#: So many rows are remembered, to drop one that is nested again and again as soon as it comes.
REMEMBERED = 20_000


def digest_of(values: Sequence[Any]) -> str:
    """A short digest of a row's values: the same values, the same digest."""
    return blake2b(repr(tuple(values)).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class Staging:
    """Rows by table. Use as a context; what is in it is gone afterwards.

    Each table has the standard's columns after `seq` (the order they came in), `at_file` (a number),
    `at_line` (the row in the file) and `digest`.
    """

    def __init__(self) -> None:
        # Without a name SQLite keeps it in a file that nobody else can open.
        self.db = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KILOBYTES}"):
            self.db.execute(f"PRAGMA {pragma}")
        for table in TABLES:
            columns = ", ".join(f'"{column.name}"' for column in columns_of(table))
            self.db.execute(
                f"CREATE TABLE {table}"
                f" (seq INTEGER PRIMARY KEY, at_file INTEGER, at_line INTEGER, digest TEXT, {columns})"
            )
        for made in _OWN_TABLES:
            self.db.execute(made)
        self._inserts = {table: _insert(table, 3 + len(columns_of(table))) for table in TABLES}
        self._waiting: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._remembered: dict[str, str] = {}
        self._files: dict[str, int] = {}
        self._names: list[str] = []
        #: Tables that have rows.
        self.filled: set[str] = set()

    def __enter__(self) -> "Staging":
        self.db.execute("BEGIN")
        return self

    def __exit__(self, *_exception: object) -> None:
        self.db.close()

    def put(self, table: str, row: tuple[Any, ...], file: str, number: int) -> None:
        """Keep a row of one of the standard's tables."""
        digest = digest_of(row)
        key = f"{table}/{row[0]}"
        if self._remembered.get(key) == digest:
            return
        if len(self._remembered) > REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = digest
        waiting = self._waiting[table]
        waiting.append((self._file(file), number, digest, *row))
        if len(waiting) >= BATCH:
            self._write(table)

    def put_part(self, table: str, row_id: str, column: str, value: Any) -> None:
        """Keep what a row elsewhere says about a row's column."""
        self.db.execute("INSERT INTO part VALUES (?, ?, ?, ?)", (table, row_id, column, value))

    def put_closure(self, row: tuple[Any, ...]) -> None:
        """Keep days of closing: link_entity is not needed, an id says it."""
        self.db.execute("INSERT INTO closure VALUES (?, ?, ?, ?)", row)

    def spelt(self, table: str, row_id: str, text: str, plain_id: str) -> None:
        """Remember how the source writes an id, and what the id would be in small letters."""
        row = (table, row_id, text, plain_id)
        self.db.execute("INSERT OR IGNORE INTO spelling VALUES (?, ?, ?, ?)", row)

    def append(self, table: str, row: Sequence[Any], file: int, number: int) -> None:
        """Add one row after reading, as if it had stood where another does."""
        self.db.execute(self._inserts[table], (file, number, digest_of(row), *row))
        self.filled.add(table)

    def coded(self, code_id: str, term_id: str) -> None:
        """Remember the id a term would have if its code were it: some sources point at terms so."""
        self.db.execute("INSERT OR IGNORE INTO coded VALUES (?, ?)", (code_id, term_id))

    def finish_reading(self) -> None:
        """Write what still waits, and make ids quick to find."""
        for table in list(self._waiting):
            self._write(table)
        self._remembered.clear()
        for table in TABLES:
            self.db.execute(f"CREATE INDEX {table}_id ON {table} (id)")

    def count(self, table: str) -> int:
        """How many rows of a table there are."""
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def file_named(self, number: int) -> str:
        """The name of a file by the number kept with a row."""
        return self._names[number]

    def batches(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[list[Any]]:
        """The rows of a query, a thousand at a time."""
        cursor = self.db.execute(query, parameters)
        while rows := cursor.fetchmany(BATCH):
            yield rows

    def _file(self, name: str) -> int:
        if name not in self._files:
            self._files[name] = len(self._names)
            self._names.append(name)
        return self._files[name]

    def _write(self, table: str) -> None:
        rows, self._waiting[table] = self._waiting[table], []
        if rows:
            self.filled.add(table)
        self.db.executemany(self._inserts[table], rows)


def _insert(table: str, values: int) -> str:
    return f"INSERT INTO {table} VALUES (NULL, {', '.join('?' * values)})"  # noqa: S608


_OWN_TABLES = (
    "CREATE TABLE part (tbl TEXT, id TEXT, col TEXT, value)",
    "CREATE TABLE closure (link_id TEXT, starts_on TEXT, ends_on TEXT, reason TEXT)",
    "CREATE TABLE spelling (tbl, id, text, plain_id, PRIMARY KEY (tbl, id)) WITHOUT ROWID",
    "CREATE TABLE coded (id TEXT PRIMARY KEY, term_id TEXT) WITHOUT ROWID",
    "CREATE TABLE term_kind (id TEXT PRIMARY KEY, own TEXT, sure TEXT, broad TEXT) WITHOUT ROWID",
)
