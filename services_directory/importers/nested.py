"""JSON objects with all that belongs to them inside, in either direction, as flat rows of the tables."""

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from services_directory.importers.identity import told_apart
from services_directory.importers.naming import (
    FOLDED,
    address_type,
    column_named,
    names,
    plain_name,
    table_named,
)
from services_directory.importers.older import spread
from services_directory.importers.rows import Fault, Row
from services_directory.models import TABLES

#: Names of nested things that do not say their table.
_TABLES = {"taxonomy_detail": "taxonomy", "parent_organization": "organization", "parent": "taxonomy_term"}
_POINTS_BY = {
    ("taxonomy_term", "taxonomy_detail"): "taxonomy_id",
    ("taxonomy_term", "taxonomy"): "taxonomy_id",
    ("taxonomy_term", "parent"): "parent_id",
    ("organization", "parent_organization"): "parent_organization_id",
}
#: What a nested row takes from the rows around it when it does not say itself.
_INHERITED = {"service": ("organization", "program"), "program": ("organization",)}
_IDS = ("id", "uuid", "guid", "identifier")
#: What tells two rows of a table apart when the file gives them no id, and does not change with the rest.
_KEYS = {
    "organization": ("name",),
    "service": ("name",),
    "program": ("name",),
    "taxonomy": ("name",),
    "taxonomy_term": ("code", "name"),
    "unit": ("name",),
}
#: Shared by all of a file, wherever they stand in it.
_SHARED = {"taxonomy", "taxonomy_term", "unit"}
#: Inside an object, these are taken first: what follows may need their ids.
_FIRST = ("organization", "program", "location", "service_at_location")


def unfold(table: str, value: dict[str, Any], file: str, number: int) -> list[Row | Fault]:
    """One object of a table and all inside it as flat rows."""
    return _Unfolding(file, number).rows_of(table, value, {})[1]


def unfold_together(value: dict[str, Any], file: str, number: int) -> list[Row | Fault]:
    """Organizations, services and locations that stand side by side in one object, as flat rows.

    What is not said is taken as meant: the one organization gives the services, at the one location.
    """
    unfolding = _Unfolding(file, number)
    parts: dict[str, list[dict[str, Any]]] = {}
    for name, inner in value.items():
        table = table_named(name)
        if table and table not in FOLDED:
            held = inner if isinstance(inner, list) else [inner]
            parts.setdefault(table, []).extend(one for one in held if isinstance(one, dict))
    around: dict[str, str] = {}
    ids: dict[str, list[str]] = {}
    rows: list[Row | Fault] = []
    for table in sorted(parts, key=lambda one: (_FIRST.index(one) if one in _FIRST else len(_FIRST), one)):
        for one in parts[table]:
            own_id, found = unfolding.rows_of(table, one, around)
            ids.setdefault(table, []).append(own_id)
            rows += found
        if table == "organization" and len(ids.get(table, [])) == 1:
            around = {"organization": ids[table][0]}
    services, places = ids.get("service", []), ids.get("location", [])
    linked = any(isinstance(row, Row) and row.table == "service_at_location" for row in rows)
    if not linked and 1 in {len(services), len(places)}:
        rows += [unfolding.link(service, place) for service in services for place in places]
    return rows


@dataclass
class _Owner:
    """What something nested stands in: its row, and the ids of all around it by table.

    `places` are the ids of the locations a service is at, as far as they are told.
    """

    table: str
    id: str
    flat: dict[str, Any]
    around: dict[str, str]
    places: list[str] = field(default_factory=list)


class _Unfolding:
    """The rows of one object of a file."""

    def __init__(self, file: str, number: int) -> None:
        self._file, self._number = file, number

    def rows_of(
        self, table: str, value: dict[str, Any], around: dict[str, str], called: str = ""
    ) -> tuple[str, list[Row | Fault]]:
        """The object's id and its rows. `around` has the ids of what it stands in, by table."""
        flat, inside = self._split(table, value)
        for above in _INHERITED.get(table, ()):
            if above in around and flat.get(f"{above}_id") in (None, ""):
                flat[f"{above}_id"] = around[above]
        owner = _Owner(
            table, told_apart(table, called, self._identify(table, flat, around)), flat, dict(around)
        )
        flat["id"] = owner.around[table] = owner.id
        rows: list[Row | Fault] = []
        for name, inner in inside:
            rows += self._inside(owner, name, inner)
        kind = address_type(called) if table == "address" else None
        own = spread(table, {"address_type": kind, **flat} if kind else flat, self._file, self._number)
        return owner.id, [*own, *rows]

    def link(self, service: str, location: str) -> Row:
        """A service at a location, under an id of its own."""
        ids = {"service_id": service, "location_id": location}
        return Row("service_at_location", {"id": f"{service}@{location}", **ids}, self._file, self._number)

    def _split(self, table: str, value: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
        flat: dict[str, Any] = {}
        inside: list[tuple[str, Any]] = []
        for key, inner in value.items():
            name = plain_name(key)
            if isinstance(inner, dict) or (isinstance(inner, list) and _table_of(table, name)):
                if inner:
                    inside.append((name, inner))
            elif inner is not None:
                flat.setdefault(column_named(table, name), inner)

        def turn(pair: tuple[str, Any]) -> int:
            child = _table_of(table, pair[0])
            return _FIRST.index(child) if child in _FIRST else len(_FIRST)

        return flat, sorted(inside, key=turn)

    def _identify(self, table: str, flat: dict[str, Any], around: dict[str, str]) -> str:
        given = next(
            (flat[name] for name in (*_IDS, f"{table}_id") if flat.get(name) not in (None, "")), None
        )
        if given is None:
            owners = [around[one] for one in ("organization", "service", "location") if one in around]
            key = [flat.get(name) for name in _KEYS.get(table, ())]
            said = key if any(key) else sorted((name, str(one)) for name, one in flat.items())
            written = json.dumps([table, [] if table in _SHARED else owners, said], default=str)
            given = f"content:{blake2b(written.encode(), digest_size=12).hexdigest()}"
        for name in ("uuid", "guid"):
            flat.pop(name, None)
        flat["id"] = given
        return str(given)

    def _inside(self, owner: _Owner, name: str, inner: Any) -> list[Row | Fault]:
        child = _table_of(owner.table, name)
        if child is None:
            owner.flat[name] = inner
            return []
        rows: list[Row | Fault] = []
        for one in inner if isinstance(inner, list) else [inner]:
            said = one if isinstance(one, dict) else _in_a_word(child, one)
            if said is None:
                continue
            if child == "address" and owner.table == "service" and not owner.places:
                rows += self._place(owner)
            pointing = _pointing(owner, child, name)
            child_id, found = self.rows_of(child, _under(said, pointing, child), owner.around, name)
            rows += found
            if not isinstance(inner, list) and not pointing:
                _point_at(owner, child, name, child_id)
            rows += self._tied(owner, child, child_id)
        return rows

    def _tied(self, owner: _Owner, child: str, child_id: str) -> list[Row | Fault]:
        """The row that ties a nested row to its owner where the standard has a table for it."""
        if {owner.table, child} == {"service", "location"}:
            owner.places.append(child_id)
            service, place = (owner.id, child_id) if child == "location" else (child_id, owner.id)
            return [self.link(service, place)]
        if child == "taxonomy_term" and owner.table not in {"attribute", "taxonomy_term"}:
            ids = {"link_id": owner.id, "link_entity": owner.table, "taxonomy_term_id": child_id}
            return [Row("attribute", {"id": f"{owner.id}/{child_id}", **ids}, self._file, self._number)]
        return []

    def _place(self, owner: _Owner) -> list[Row | Fault]:
        """A location for an address that stands in a service itself."""
        owner.places.append(f"{owner.id}/place")
        location = {"id": owner.places[0], "location_type": "physical"}
        return [Row("location", location, self._file, self._number), self.link(owner.id, owner.places[0])]


def _in_a_word(child: str, one: Any) -> dict[str, Any] | None:
    """A plain word in a list of things as the thing it names."""
    column = names()["only_column"].get(child)
    return None if column is None or one in (None, "") or isinstance(one, list) else {column: one}


def _point_at(owner: _Owner, child: str, name: str, child_id: str) -> None:
    """Fill the owner's own column that points at what stands in it."""
    column = _POINTS_BY.get((owner.table, name), f"{child}_id")
    if owner.table in TABLES and column in TABLES[owner.table].__table__.columns:
        if owner.flat.get(column) in (None, ""):
            owner.flat[column] = child_id
        if child in {"organization", "program"}:
            owner.around[child] = child_id


def _pointing(owner: _Owner, child: str, name: str) -> dict[str, str]:
    """The columns by which a nested row points back at its owner."""
    table, own_id = owner.table, owner.id
    if child == "address" and table == "service":
        return {"location_id": owner.places[0]}
    if child == "attribute":
        return {"link_id": own_id, "link_entity": table}
    if child == "metadata":
        return {"resource_id": own_id, "resource_type": table}
    if child in {"organization", "taxonomy_term"} or (table, name) in _POINTS_BY:
        return {}
    if child in FOLDED or f"{table}_id" in TABLES[child].__table__.columns:
        return {f"{table}_id": own_id}
    return {}


def _under(one: dict[str, Any], pointing: dict[str, str], child: str) -> dict[str, Any]:
    """The object with the columns that its place in the file fills; what it says itself wins, mostly."""
    if child in {"attribute", "metadata"}:
        # Even the standard's own example says nonsense there.
        return {**one, **pointing}
    said = {plain_name(key) for key, value in one.items() if value not in (None, "")}
    return {**one, **{name: value for name, value in pointing.items() if name not in said}}


def _table_of(owner: str, name: str) -> str | None:
    if name in _TABLES:
        return _TABLES[name]
    found = table_named(name)
    if found == "taxonomy" and owner != "taxonomy_term":
        # Terms, as HSDS 1.x and Open Referral UK call them.
        return "taxonomy_term"
    return found
