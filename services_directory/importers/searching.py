"""Bring the search rows, weekday rows and closures of a source to what its staged package says."""

from collections.abc import Sequence
from typing import Any

from services_directory.importers.bulk import Bulk
from services_directory.importers.listings import SEARCH, WEEKLY
from services_directory.importers.staging import Staging
from services_directory.models import Closure, ServiceSearch, WeeklyHours

_SEARCH: Any = ServiceSearch.__table__
_WEEKLY: Any = WeeklyHours.__table__
_CLOSURE: Any = Closure.__table__
_AT = "service_at_location_id"
_CLOSED = ("link_id", "starts_on", "ends_on", "reason")


def renew_search(bulk: Bulk, staging: Staging, source: str) -> None:
    """Write the search and weekday rows that differ, and take away those of what is no longer listed."""
    db = staging.db
    # What another source lists under the very same id stays its listing.
    db.execute(f"DELETE FROM search WHERE {_AT} IN (SELECT id FROM theirs)")  # noqa: S608
    db.execute(f"DELETE FROM weekly WHERE {_AT} IN (SELECT id FROM theirs)")  # noqa: S608
    _know(bulk, staging, source)
    db.execute(
        "CREATE TABLE other AS"  # noqa: S608
        f" SELECT {_AT} FROM (SELECT * FROM search EXCEPT SELECT * FROM known_search)"
        f" UNION SELECT {_AT} FROM (SELECT * FROM known_search EXCEPT SELECT * FROM search)"
        f" UNION SELECT {_AT} FROM (SELECT * FROM weekly EXCEPT SELECT * FROM known_weekly)"
        f" UNION SELECT {_AT} FROM (SELECT * FROM known_weekly EXCEPT SELECT * FROM weekly)"
    )
    known = f"SELECT {_AT} FROM other WHERE {_AT} IN (SELECT {_AT} FROM known_search)"  # noqa: S608
    for batch in staging.batches(known):
        ids = [row[0] for row in batch]
        bulk.delete(_WEEKLY, _AT, ids)
        bulk.delete(_SEARCH, _AT, ids)
    for table, name, columns in ((_SEARCH, "search", SEARCH), (_WEEKLY, "weekly", WEEKLY)):
        own = () if name == "weekly" else (source,)
        written = (*columns, "directory_source") if own else columns
        query = f"SELECT {name}.* FROM other JOIN {name} USING ({_AT}) ORDER BY {name}.rowid"  # noqa: S608
        for batch in staging.batches(query):
            bulk.insert(table, written, [(*row, *own) for row in batch] if own else batch)


def renew_closures(bulk: Bulk, staging: Staging, source: str) -> None:
    """Write the source's closures anew if they differ."""
    columns = ("id", *_CLOSED)
    known = [row for batch in bulk.source_rows(_CLOSURE, columns, source) for row in batch]
    wanted = sorted(
        set(staging.db.execute("SELECT link_id, starts_on, ends_on, reason FROM closure")), key=str
    )
    if wanted != sorted((row[1:] for row in known), key=str):
        bulk.delete(_CLOSURE, "id", [row[0] for row in known])
        bulk.insert(_CLOSURE, (*_CLOSED, "directory_source"), [(*row, source) for row in wanted])


def _know(bulk: Bulk, staging: Staging, source: str) -> None:
    """Note what the directory lists from the source already."""
    db = staging.db
    for name, columns in (("known_search", SEARCH), ("known_weekly", WEEKLY)):
        db.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
    for batch in bulk.source_rows(_SEARCH, SEARCH, source):
        _keep(staging, "known_search", SEARCH, batch)
    db.execute(f"CREATE INDEX known_at ON known_search ({_AT})")
    for batch in staging.batches(f"SELECT DISTINCT {_AT} FROM known_search"):  # noqa: S608
        rows = bulk.rows_of(_WEEKLY, WEEKLY, _AT, [row[0] for row in batch])
        _keep(staging, "known_weekly", WEEKLY, rows)


def _keep(staging: Staging, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    staging.db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
