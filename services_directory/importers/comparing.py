"""What the directory has from a source already, and what in a staged package differs from it.

Only reads the directory: done before the write lock is taken, it leaves nothing but the writing for then.
"""

from collections.abc import Sequence
from typing import Any

from services_directory.importers.bulk import Bulk
from services_directory.importers.listings import SEARCH, WEEKLY
from services_directory.importers.staging import Staging
from services_directory.models import TABLES, Closure, FullText, ServiceSearch, WeeklyHours

CLOSED = ("link_id", "starts_on", "ends_on", "reason")
WORDS = ("id", "entity", "words")
_AT = "service_at_location_id"
#: What the directory has: rows of the standard's tables, and ours.
_KNOWN = {
    "known": "tbl TEXT, id TEXT, digest TEXT, retired INTEGER, PRIMARY KEY (tbl, id)",
    "known_search": ", ".join(SEARCH),
    "known_weekly": ", ".join(WEEKLY),
    "known_closure": ", ".join(("id", *CLOSED)),
    "known_words": ", ".join(WORDS),
}
#: What differs: rows to write, rows that are gone, listings and words to write anew.
_DIFFERENT = {
    "fresh": "tbl TEXT, seq INTEGER, known INTEGER",
    "gone": "tbl TEXT, id TEXT",
    "relisted": _AT,
    "reworded": "id TEXT, entity TEXT",
}


def compare(bulk: Bulk, staging: Staging, source: str) -> None:
    """Fill the staging's tables of what is known and what differs, whatever they held."""
    db = staging.db
    for name, columns in (_KNOWN | _DIFFERENT).items():
        db.execute(f"DROP TABLE IF EXISTS {name}")
        db.execute(f"CREATE TABLE {name} ({columns})")
    for name in TABLES:
        _compare_rows(bulk, staging, name, source)
    _know_ours(bulk, staging, source)
    for one, other in (("search", "known_search"), ("weekly", "known_weekly")):
        for here, there in ((one, other), (other, one)):
            db.execute(
                f"INSERT INTO relisted SELECT DISTINCT {_AT}"  # noqa: S608
                f" FROM (SELECT * FROM {here} EXCEPT SELECT * FROM {there})"
            )
    db.execute(
        "INSERT INTO reworded SELECT id, entity FROM (SELECT * FROM words EXCEPT SELECT * FROM known_words)"
    )
    db.execute(
        "INSERT INTO reworded SELECT id, entity FROM (SELECT * FROM known_words EXCEPT SELECT * FROM words)"
    )


def _compare_rows(bulk: Bulk, staging: Staging, name: str, source: str) -> None:
    table: Any = TABLES[name].__table__
    for batch in bulk.source_rows(table, ("id", "digest", "retired_on"), source):
        known = [(name, row_id, digest, retired is not None) for row_id, digest, retired in batch]
        staging.db.executemany("INSERT INTO known VALUES (?, ?, ?, ?)", known)
    staging.db.execute(
        f"INSERT INTO fresh SELECT ?1, t.seq, known.id IS NOT NULL FROM {name} AS t"  # noqa: S608
        " LEFT JOIN known ON known.tbl = ?1 AND known.id = t.id"
        " WHERE known.digest IS NULL OR known.digest <> t.digest OR known.retired ORDER BY t.seq",
        (name,),
    )
    staging.db.execute(
        "INSERT INTO gone SELECT tbl, id FROM known"  # noqa: S608
        f" WHERE tbl = ? AND NOT retired AND id NOT IN (SELECT id FROM {name})",
        (name,),
    )


def _know_ours(bulk: Bulk, staging: Staging, source: str) -> None:
    for name, model, columns in (
        ("known_search", ServiceSearch, SEARCH),
        ("known_closure", Closure, ("id", *CLOSED)),
        ("known_words", FullText, WORDS),
    ):
        for batch in bulk.source_rows(_table(model), columns, source):
            _keep(staging, name, columns, batch)
    staging.db.execute(f"CREATE INDEX known_at ON known_search ({_AT})")
    for batch in staging.batches(f"SELECT DISTINCT {_AT} FROM known_search"):  # noqa: S608
        rows = bulk.rows_of(_table(WeeklyHours), WEEKLY, _AT, [row[0] for row in batch])
        _keep(staging, "known_weekly", WEEKLY, rows)


def _table(model: Any) -> Any:
    return model.__table__


def _keep(staging: Staging, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    staging.db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
