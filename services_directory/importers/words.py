"""Bring the words that full-text search looks in to what a source's rows say."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, literal, select
from sqlalchemy.orm import aliased

from services_directory.full_text import words_in
from services_directory.models import FullText, Organization, Service, Taxonomy, TaxonomyTerm

BATCH = 1000
#: A query for ids, the words kept so far, and the texts of the rows.
_Texts = Select[*tuple[Any, ...]]


def renew_words(connection: Connection, source: str) -> None:
    """Write the words of the source's live rows that differ, and forget those of rows that are gone."""
    for model, texts in _texts():
        entity = model.__tablename__
        live = (model.directory_source == source, model.retired_on.is_(None))
        mine = (FullText.entity == entity, FullText.directory_source == source)
        gone = FullText.id.not_in(select(model.id).where(*live))
        connection.execute(delete(FullText).where(*mine, gone))
        after = ""
        while rows := _batch(connection, texts.where(*live), model.id, after):
            after = rows[-1][0]
            words = {row[0]: _kept(row[2:]) for row in rows}
            other = [row[0] for row in rows if row[1] != words[row[0]]]
            connection.execute(delete(FullText).where(FullText.entity == entity, FullText.id.in_(other)))
            if other:
                shared = {"entity": entity, "directory_source": source}
                new = [{**shared, "id": one, "words": words[one]} for one in other]
                connection.execute(insert(FullText.__table__), new)  # type: ignore[arg-type]


def _texts() -> list[tuple[Any, _Texts]]:
    columns: list[tuple[Any, tuple[Any, ...]]] = [
        (Service, (Service.name, Service.alternate_name, Organization.name, Service.description)),
        (Organization, (Organization.name, Organization.alternate_name, Organization.description)),
        (TaxonomyTerm, (TaxonomyTerm.name, TaxonomyTerm.code, TaxonomyTerm.description)),
        (Taxonomy, (Taxonomy.name, literal(""), Taxonomy.description)),
    ]
    found = []
    for model, texts in columns:
        kept = aliased(FullText)
        mine = (kept.id == model.id) & (kept.entity == model.__tablename__)
        query: _Texts = select(model.id, kept.words, *texts).outerjoin(kept, mine)
        if model is Service:
            query = query.outerjoin(Organization, Organization.id == Service.organization_id)
        found.append((model, query))
    return found


def _batch(connection: Connection, texts: _Texts, column: Any, after: str) -> list[Any]:
    return list(connection.execute(texts.where(column > after).order_by(column).limit(BATCH)))


def _kept(texts: Iterable[str | None]) -> str:
    return " ".join(["", *words_in("\n".join(text for text in texts if text))])
