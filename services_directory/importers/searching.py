"""Write what a source's search rows, weekday rows, closures and words were found to differ in."""

from typing import Any

from services_directory.importers.bulk import Bulk
from services_directory.importers.comparing import CLOSED, WORDS
from services_directory.importers.listings import SEARCH, WEEKLY
from services_directory.importers.staging import Staging
from services_directory.models import Closure, FullText, ServiceSearch, WeeklyHours

_SEARCH: Any = ServiceSearch.__table__
_WEEKLY: Any = WeeklyHours.__table__
_CLOSURE: Any = Closure.__table__
_FULL_TEXT: Any = FullText.__table__
_AT = "service_at_location_id"


def renew_search(bulk: Bulk, staging: Staging, source: str) -> None:
    """Write the listings that differ anew, and take away those of what is no longer listed."""
    known = f"SELECT DISTINCT {_AT} FROM relisted WHERE {_AT} IN (SELECT {_AT} FROM known_search)"  # noqa: S608
    for batch in staging.batches(known):
        ids = [row[0] for row in batch]
        bulk.delete(_WEEKLY, _AT, ids)
        bulk.delete(_SEARCH, _AT, ids)
    for table, name, columns, own in (
        (_SEARCH, "search", SEARCH, {"directory_source": source}),
        (_WEEKLY, "weekly", WEEKLY, {}),
    ):
        # What another source lists under the very same id stays its listing.
        query = (
            f"SELECT * FROM {name} WHERE {_AT} IN (SELECT {_AT} FROM relisted)"  # noqa: S608
            f" AND {_AT} NOT IN (SELECT id FROM theirs) ORDER BY rowid"
        )
        for batch in staging.batches(query):
            bulk.insert(table, (*columns, *own), [(*row, *own.values()) for row in batch] if own else batch)


def renew_closures(bulk: Bulk, staging: Staging, source: str) -> None:
    """Write the source's closures anew if they differ."""
    columns = ", ".join(CLOSED)
    known = staging.db.execute(f"SELECT id, {columns} FROM known_closure").fetchall()  # noqa: S608
    wanted = set(staging.db.execute(f"SELECT {columns} FROM closure"))  # noqa: S608
    if wanted != {row[1:] for row in known} or len(wanted) != len(known):
        bulk.delete(_CLOSURE, "id", [row[0] for row in known])
        rows = [(*row, source) for row in sorted(wanted, key=str)]
        bulk.insert(_CLOSURE, (*CLOSED, "directory_source"), rows)


def renew_words(bulk: Bulk, staging: Staging, source: str) -> None:
    """Write the words of the rows that differ, and forget those of rows that are gone."""
    known = "SELECT DISTINCT id, entity FROM reworded JOIN known_words USING (id, entity) ORDER BY entity"
    for batch in staging.batches(known):
        for entity in sorted({row[1] for row in batch}):
            bulk.delete(_FULL_TEXT, "id", [row[0] for row in batch if row[1] == entity], entity=entity)
    new = (
        "SELECT * FROM words WHERE (id, entity) IN (SELECT id, entity FROM reworded)"
        " AND id NOT IN (SELECT id FROM theirs) ORDER BY entity, id"
    )
    for batch in staging.batches(new):
        bulk.insert(_FULL_TEXT, (*WORDS, "directory_source"), [(*row, source) for row in batch])
