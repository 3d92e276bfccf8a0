"""The words that full-text search looks in, worked out in the staging and brought to the directory."""

from typing import Any

from services_directory.full_text import words_in
from services_directory.importers.bulk import Bulk
from services_directory.importers.staging import Staging
from services_directory.models import FullText

_FULL_TEXT: Any = FullText.__table__
COLUMNS = ("id", "entity", "words")
#: By table: its rows' ids and the texts in which they are found.
_TEXTS = {
    "service": "SELECT t.id, t.name, t.alternate_name, organization.name, t.description FROM service AS t"
    " LEFT JOIN organization ON organization.id = t.organization_id",
    "organization": "SELECT t.id, t.name, t.alternate_name, t.description FROM organization AS t",
    "taxonomy_term": "SELECT t.id, t.name, t.code, t.description FROM taxonomy_term AS t",
    "taxonomy": "SELECT t.id, t.name, t.description FROM taxonomy AS t",
}


def work_out_words(staging: Staging) -> None:
    """Fill the staging's table of words."""
    staging.db.execute("CREATE TABLE words (id TEXT, entity TEXT, words TEXT)")
    for entity, texts in _TEXTS.items():
        for batch in staging.batches(texts):
            rows = [(row_id, entity, _words(said)) for row_id, *said in batch]
            staging.db.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)


def renew_words(bulk: Bulk, staging: Staging, source: str) -> None:
    """Write the words of the source's rows that differ, and forget those of rows that are gone."""
    db = staging.db
    db.execute("DELETE FROM words WHERE id IN (SELECT id FROM theirs)")
    db.execute("CREATE TABLE known_words (id TEXT, entity TEXT, words TEXT)")
    for batch in bulk.source_rows(_FULL_TEXT, COLUMNS, source):
        db.executemany("INSERT INTO known_words VALUES (?, ?, ?)", batch)
    for entity in _TEXTS:
        gone = "SELECT id FROM (SELECT * FROM known_words EXCEPT SELECT * FROM words) WHERE entity = ?"
        for batch in staging.batches(gone, (entity,)):
            bulk.delete(_FULL_TEXT, "id", [row[0] for row in batch], entity=entity)
    new = "SELECT *, ? FROM words EXCEPT SELECT *, ? FROM known_words ORDER BY entity, id"
    for batch in staging.batches(new, (source, source)):
        bulk.insert(_FULL_TEXT, (*COLUMNS, "directory_source"), batch)


def _words(texts: list[str | None]) -> str:
    return " ".join(["", *words_in("\n".join(text for text in texts if text))])
