"""The words that full-text search looks in, worked out in the staging."""

from services_directory.full_text import words_in
from services_directory.importers.staging import Staging

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


def _words(texts: list[str | None]) -> str:
    return " ".join(["", *words_in("\n".join(text for text in texts if text))])
