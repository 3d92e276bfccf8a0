"""Rows gathered with all that belongs to them, in a bounded number of queries, and made into objects."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory.api.plans import LINKED, Edge, Plan
from services_directory.api.values import plain_fields
from services_directory.models import REFERENCES, TABLES
from services_directory.schemas import schema

#: Ids in one query: SQLite takes 32,766 values, PostgreSQL 65,535.
MOST_IDS = 10_000
_NO_EDGE = Edge("", "", "", False)


class Property(NamedTuple):
    """One property of an object: how its column is written, or else which rows stand in it."""

    name: str
    edge: Edge
    written: Callable[[Any], Any] | None = None


def objects(session: Session, plan: Plan, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The live rows of the plan's top table with these ids, in this order, with everything inside them.

    At most one query for each edge of the plan, however many ids there are (up to ten thousand).
    """
    gathered = _Gathered(session, plan)
    gathered.load(ids)
    return [gathered.made(plan.top, one) for one in ids if one in gathered.rows[plan.top]]


class _Gathered:
    def __init__(self, session: Session, plan: Plan) -> None:
        self.rows: dict[str, dict[str, Any]] = defaultdict(dict)
        self._session = session
        self._plan = plan
        self._children: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._made: dict[tuple[str, str], dict[str, Any]] = {}
        self._properties = {table: _properties(table, plan.edges.get(table, ())) for table in plan.order}

    def load(self, ids: Sequence[str]) -> None:
        self._by_id(self._plan.top, ids)
        for owner in self._plan.order:
            if owner in LINKED:
                # What may belong to any row is asked for once, when all other rows are there.
                self._linked(owner)
            for edge in self._plan.edges.get(owner, ()):
                if not edge.many:
                    self._by_id(edge.child, {row[edge.column] for row in self.rows[owner].values()} - {None})
                elif edge.child not in LINKED:
                    for row in self._select(edge.child, edge.column, self.rows[owner]):
                        self.rows[edge.child][row["id"]] = row
                        self._children[owner, edge.name][row[edge.column]].append(row["id"])

    def made(self, table: str, row_id: str) -> dict[str, Any]:
        """The object of one row. A row that stands in several places is made once."""
        key = (table, row_id)
        if key not in self._made:
            row = self.rows[table][row_id]
            values = ((one.name, self._value(table, row, one)) for one in self._properties[table])
            self._made[key] = {name: value for name, value in values if value is not None}
        return self._made[key]

    def _value(self, table: str, row: Any, wanted: Property) -> Any:
        if wanted.written:
            value = row[wanted.name]
            return None if value is None else wanted.written(value)
        edge = wanted.edge
        if edge.many:
            made = [self.made(edge.child, one) for one in self._children[table, edge.name].get(row["id"], ())]
            return [one for one in made if _whole(edge.child, one)] or None
        pointed = row[edge.column]
        there = pointed in self.rows[edge.child]
        if wanted.name == edge.column:
            # Said only when it is broken in the source: otherwise the object itself stands there.
            return None if there else pointed
        return self.made(edge.child, pointed) if there else None

    def _by_id(self, table: str, ids: Iterable[str]) -> None:
        for row in self._select(table, "id", [one for one in ids if one not in self.rows[table]]):
            self.rows[table][row["id"]] = row

    def _linked(self, child: str) -> None:
        column, entity = LINKED[child], "link_entity" if child == "attribute" else "resource_type"
        every = ((owner, edge) for owner, edges in self._plan.edges.items() for edge in edges)
        owners = [(owner, edge.name) for owner, edge in every if edge.child == child]
        for row in self._select(child, column, {one for owner, _name in owners for one in self.rows[owner]}):
            self.rows[child][row["id"]] = row
            for owner, name in owners:
                # Tables may share an id, and a word that names no table says nothing.
                if row[column] in self.rows[owner] and (row[entity] == owner or row[entity] not in TABLES):
                    self._children[owner, name][row[column]].append(row["id"])

    def _select(self, table: str, column: str, ids: Iterable[str]) -> Iterator[Any]:
        store = TABLES[table].__table__
        remaining = iter(ids)
        while chunk := list(islice(remaining, MOST_IDS)):
            rows = select(store).where(store.c[column].in_(chunk), store.c.retired_on.is_(None))
            yield from self._session.execute(rows.order_by(store.c.id)).mappings()


def _properties(table: str, edges: Sequence[Edge]) -> list[Property]:
    by_name = {edge.name: edge for edge in edges}
    pointers = {edge.column: edge for edge in edges if not edge.many}
    plain = {field.name: field.written for field in plain_fields(table)}
    properties = []
    for name in dict.fromkeys([*schema(table)["properties"], *by_name]):
        if name in pointers:
            properties.append(Property(name, pointers[name]))
        elif name in by_name:
            properties.append(Property(name, by_name[name]))
        elif name in plain and not _implied(table, name):
            properties.append(Property(name, _NO_EDGE, plain[name]))
    return properties


def _implied(table: str, column: str) -> bool:
    """Whether a column points at what the object stands in, as the standard's examples leave it out."""
    target = REFERENCES.get((table, column))
    return LINKED.get(table) == column or (target is not None and target != table)


def _whole(table: str, made: dict[str, Any]) -> bool:
    """Whether an object has what its schema requires: a capacity whose unit is gone has not."""
    return all(name in made for name in schema(table)["required"])
