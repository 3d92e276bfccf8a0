"""What is somebody's in every table, and how it goes: read from reach.yml, found along foreign keys."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import yaml
from sqlalchemy import Column, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.models import Base
from services_directory.models import Base as DirectoryBase

#: Stands in reach.yml for the conversation's public id.
PSEUDONYM = "pseudonym"
#: Named in one statement; SQLite takes 32,766 variables, and older ones 999.
AT_ONCE = 500

Keys = Collection[Any]


@dataclass(frozen=True)
class Reach:
    """reach.yml."""

    deleted: Mapping[str, Mapping[str, str]]
    emptied: Mapping[str, Mapping[str, str]]
    kept: Mapping[str, Mapping[str, str]]
    directory: tuple[str, ...]
    durable: Mapping[str, Collection[str]]


@cache
def reach() -> Reach:
    """What is deleted, emptied and kept."""
    page: dict[str, Any] = yaml.safe_load((files("bot.forgetting") / "reach.yml").read_text("utf-8"))
    return Reach(page["deleted"], page["emptied"], page["kept"], tuple(page["directory"]), page["durable"])


def tables() -> dict[str, Table]:
    """Every table of the line's and the directory's models, by name; what is pointed to comes first."""
    sorted_tables = (*Base.metadata.sorted_tables, *DirectoryBase.metadata.sorted_tables)
    return {table.name: table for table in sorted_tables}


def theirs(session: Session, found: Mapping[str, Keys]) -> dict[str, set[Any]]:
    """The keys of all rows that are somebody's, by table, from those known to be (and pseudonyms)."""
    keys: dict[str, set[Any]] = {name: set(some) for name, some in found.items()}
    for name, table in tables().items():
        if name not in reach().deleted:
            continue
        key, mine = _key(table), keys.setdefault(name, set())
        for column, of in reach().deleted[name].items():
            if (name, column) == (of, "id"):
                # Those known from the beginning.
                continue
            for some in chunks(keys.get(of, ())):
                rows = session.execute(select(*key).where(table.c[column].in_(some)))
                mine.update(row[0] if len(key) == 1 else tuple(row) for row in rows)
    return keys


def delete_all(session: Session, keys: Mapping[str, Keys]) -> dict[str, int]:
    """Delete these rows, and let go of them whoever else points there. Returns how many went, by table."""
    counts: dict[str, int] = {}
    every = tables()
    for table in every.values():
        for column in table.c:
            _let_go(session, table, column, keys)
    for name in reversed(every):
        if name in reach().deleted and keys.get(name):
            counts[name] = sum(
                _rowcount(session, delete(every[name]).where(_is_one_of(every[name], some)))
                for some in chunks(keys[name])
            )
    return counts


def _let_go(session: Session, table: Table, column: Column[Any], keys: Mapping[str, Keys]) -> None:
    """Empty what points to rows that go: other people's, and their own, which may point in a circle."""
    if not column.nullable:
        return
    for pointer in column.foreign_keys:
        for some in chunks(keys.get(pointer.column.table.name, ())):
            session.execute(update(table).where(column.in_(some)).values({column.name: None}))


def _is_one_of(table: Table, some: Keys) -> Any:
    key = _key(table)
    if len(key) == 1:
        return key[0].in_(some)
    return or_(*[_all_equal(key, one) for one in some])


def _all_equal(key: list[Column[Any]], values: Any) -> Any:
    condition: Any = key[0] == values[0]
    for column, value in zip(key[1:], values[1:], strict=True):
        condition = condition & (column == value)
    return condition


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def chunks(some: Keys) -> Iterator[list[Any]]:
    """Keys in order, so many at a time as one statement takes."""
    rest = iter(sorted(some))
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk


def _rowcount(session: Session, statement: Any) -> int:
    done: Any = session.execute(statement)
    return int(done.rowcount)
