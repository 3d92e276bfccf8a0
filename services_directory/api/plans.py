"""Which rows stand inside which in an answer: read from the standard's schemas."""

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from services_directory.schemas import schema

#: What belongs to any row, by its id and not by a column of its own.
LINKED = {"attribute": "link_id", "metadata": "resource_id"}


class Edge(NamedTuple):
    """A property of an owner's object that holds rows of another table.

    `many`: rows of `child` whose `column` is the owner's id. Otherwise the one row that the owner's own
    `column` names.
    """

    name: str
    child: str
    column: str
    many: bool


@dataclass(frozen=True)
class Plan:
    """The tables of an answer, each before what stands inside it, and their edges in the schema's order."""

    top: str
    edges: dict[str, tuple[Edge, ...]]
    order: tuple[str, ...]


@cache
def full(top: str, *, services: bool = True, locations: bool = True) -> Plan:
    """Everything inside a service, a service at a location or an organization.

    An organization's services are flat unless `services`; `locations` are left out of organizations when not
    wanted, since every service of one page may repeat hundreds of them.
    """
    edges = {name: list(_edges(name)) for name in _reached(top)}
    if top == "organization":
        edges["organization"].append(Edge("services", "service", "organization_id", True))
        for name in _reached("service") - edges.keys():
            edges[name] = list(_edges(name))
        whole = _without(edges["service"], "organization")
        edges["service"] = whole if services else [edge for edge in whole if edge.name == "program"]
    if top == "service_at_location":
        edges[top].append(Edge("service", "service", "service_id", False))
        for name in _reached("service") - edges.keys():
            edges[name] = list(_edges(name))
        edges["service"] = _without(edges["service"], "service_at_locations")
    if not locations:
        edges["organization"] = _without(edges["organization"], "locations")
    return _plan(top, edges)


@cache
def flat(top: str) -> Plan:
    """What lists hold: the row itself and its one-to-one rows."""
    of_service = [Edge("organization", "organization", "organization_id", False)]
    of_service.append(Edge("program", "program", "program_id", False))
    edges = {
        "service": {"service": of_service},
        "service_at_location": {
            "service_at_location": [
                Edge("location", "location", "location_id", False),
                Edge("service", "service", "service_id", False),
            ],
            "service": of_service,
        },
        "taxonomy_term": {"taxonomy_term": [Edge("taxonomy_detail", "taxonomy", "taxonomy_id", False)]},
    }
    return _plan(top, edges.get(top, {}))


def _edges(owner: str) -> tuple[Edge, ...]:
    edges = []
    for name, form in schema(owner)["properties"].items():
        target = form.get("$ref") or form.get("items", {}).get("$ref")
        if target is None:
            continue
        child = target.removesuffix(".json")
        if "items" not in form:
            column = "taxonomy_id" if name == "taxonomy_detail" else f"{name}_id"
            edges.append(Edge(name, child, column, False))
        else:
            edges.append(Edge(name, child, LINKED.get(child, f"{owner}_id"), True))
    return tuple(edges)


def _reached(top: str) -> set[str]:
    found, waiting = set(), [top]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [edge.child for edge in _edges(name)]
    return found


def _without(edges: list[Edge], name: str) -> list[Edge]:
    return [edge for edge in edges if edge.name != name]


def _plan(top: str, edges: dict[str, Any]) -> Plan:
    order: list[str] = []
    open_: set[str] = set()

    def visit(name: str) -> None:
        if name in open_ or name in order:
            return
        open_.add(name)
        for edge in edges.get(name, ()):
            visit(edge.child)
        order.insert(0, name)

    visit(top)
    return Plan(top, {name: tuple(found) for name, found in edges.items()}, tuple(order))
