"""Objects of JSON files, one at a time, out of whatever pages and envelopes they stand in."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import ijson  # type: ignore[import-untyped]

from services_directory.importers.naming import plain_name, table_named
from services_directory.importers.package import PackageFile

#: Deeper than any envelope: {"data": {"services": {"edges": [{"node": {...}}]}}}.
DEEPEST = 7
#: So many objects of one place show what such objects hold.
LOOKED_AT = 500
#: No object of ours has so many keys.
MOST_KEYS = 100
#: A single object that holds more than this of one thing is an envelope with a name.
MANY = 100
#: An object with one of these is something itself, not an envelope.
_OWN = {"id", "name", "name1", "uuid", "address_1", "number", "postal_code", "opens_at", "location_type"}
_ENVELOPES = {
    "contents",
    "content",
    "data",
    "results",
    "result",
    "items",
    "item",
    "rows",
    "records",
    "features",
}
_ENVELOPES |= {
    "edges",
    "node",
    "nodes",
    "value",
    "hits",
    "response",
    "output",
    "entries",
    "list",
    "resources",
}


class Item(NamedTuple):
    """One object: the name of the array or key it stood under ("" for none), its position, and itself."""

    array: str
    number: int
    value: dict[str, Any]


@dataclass
class Level:
    """What stands at one place of a file: kinds of values, and the keys of the objects there by kind."""

    kinds: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)
    seen: int = 0


def layout(file: PackageFile) -> dict[str, Level]:
    """What stands where near the top of a strict JSON file, by ijson's prefix."""
    levels: dict[str, Level] = defaultdict(Level)
    path: list[str] = []
    #: How deep the object stands that is like enough others already seen; what is in it is passed over.
    passed = DEEPEST
    with file.open() as raw:
        for event, value in ijson.basic_parse(raw, multiple_values=True):
            depth = len(path)
            if event == "map_key":
                if depth <= passed:
                    path[-1] = value
                continue
            if event in {"end_map", "end_array"}:
                path.pop()
                if depth <= passed + 1:
                    passed = DEEPEST
                continue
            if depth <= passed and _note(levels, path, event) > LOOKED_AT:
                passed = depth
            if event in {"start_map", "start_array"}:
                path.append("item")
    return dict(levels)


def items(file: PackageFile, levels: dict[str, Level]) -> Iterator[Item]:
    """Every object that is something itself, of a strict JSON file laid out so."""
    for place in _places(levels, "", ""):
        with file.open() as raw:
            found: Iterator[Any] = (
                (value for _key, value in ijson.kvitems(raw, place.prefix, multiple_values=True))
                if place.keyed
                else ijson.items(raw, place.prefix, multiple_values=True)
            )
            number = 0
            for value in found:
                if isinstance(value, dict):
                    number += 1
                    yield Item(place.name, number, value)


class _Place(NamedTuple):
    """Where objects to take stand, and under which name. `keyed`: they are the values of an object's keys."""

    prefix: str
    name: str
    keyed: bool = False


def _note(levels: dict[str, Level], path: list[str], event: str) -> int:
    """Note a value where it stands. Returns how many objects have stood there, if it is one."""
    kind = event.removeprefix("start_")
    if path and path[-1] != "item":
        above = levels[".".join(path[:-1])]
        if path[-1] not in above.keys and len(above.keys) >= MOST_KEYS:
            # Keys that are ids: each more of them would be a place of its own.
            return LOOKED_AT + 1
        if above.keys.get(path[-1]) not in {"map", "array"}:
            above.keys[path[-1]] = kind
    level = levels[".".join(path)]
    level.kinds.add(kind)
    if kind != "map":
        return 0
    level.seen += 1
    return level.seen


def _places(levels: dict[str, Level], prefix: str, name: str) -> Iterator[_Place]:
    level = levels.get(prefix)
    if level is None or len(prefix.split(".")) > DEEPEST:
        return
    if "array" in level.kinds:
        yield from _places(levels, _under(prefix, "item"), name)
    if "map" not in level.kinds:
        return
    if _is_keyed(level, name):
        yield _Place(prefix, name, keyed=True)
        return
    inside = {
        plain_name(key): levels[_under(_under(prefix, key), "item")].seen
        for key, kind in level.keys.items()
        if kind == "array" and _under(_under(prefix, key), "item") in levels
    }
    if _is_something(level, name, defaultdict(int, inside)):
        yield _Place(prefix, name)
        return
    for key, kind in level.keys.items():
        if kind in {"array", "map"}:
            inner = plain_name(key)
            yield from _places(levels, _under(prefix, key), name if inner in _ENVELOPES else inner)


def _is_keyed(level: Level, name: str) -> bool:
    """Whether the objects of a table stand in an object under their ids."""
    if not level.keys or set(level.keys.values()) != {"map"}:
        return False
    known = any(table_named(key) or plain_name(key) in _ENVELOPES for key in level.keys)
    return len(level.keys) >= MOST_KEYS or bool(table_named(name) and not known)


def _is_something(level: Level, name: str, inside: dict[str, int]) -> bool:
    keys = {plain_name(key): kind for key, kind in level.keys.items()}
    holds = {key for key, kind in keys.items() if kind in {"array", "map"}}
    if holds & _ENVELOPES and not keys.keys() & (_OWN - {"id", "name"}):
        return False
    if level.seen == 1 and "id" not in keys and any(table_named(key) and inside[key] > MANY for key in holds):
        # The name is the collection's own.
        return False
    scalars = keys.keys() - holds
    if scalars & _OWN or any(key.endswith("_id") for key in scalars):
        return True
    # An organization, a service and a location side by side belong together, if there are many such.
    together = {table_named(key) for key in holds} & {"organization", "service", "location"}
    if len(together) > 1 and (level.seen > 1 or all(keys[key] == "map" for key in holds if table_named(key))):
        return True
    return bool(name and table_named(name) and not any(table_named(key) for key in holds))


def _under(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key
