"""The lists the API has, read from resources.yml and parameters.yml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services_directory.taxonomy import every_category


@dataclass(frozen=True)
class Parameter:
    """What one parameter takes. `profile`: it is ours and not the standard's."""

    name: str
    description: str
    schema: dict[str, Any]
    profile: bool = False


@dataclass(frozen=True)
class Resource:
    """One kind of object: its table, its schemas and what its list takes.

    `item` is the schema of its flat form in lists, `whole` of the object with everything inside.
    """

    name: str
    table: str
    item: str
    whole: str
    list: str
    one: str
    takes: tuple[Parameter, ...]
    takes_one: tuple[Parameter, ...]
    required: bool = False


@cache
def needs() -> tuple[str, ...]:
    """What people can be said to need: our needs, and each category, which is one too."""
    text = (files("services_directory") / "taxonomy.yml").read_text("utf-8")
    return tuple(sorted({*yaml.safe_load(text)["needs"], *every_category()}))


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by its name."""
    page = _page("parameters.yml")
    page["need"]["schema"] = {**page["need"]["schema"], "enum": list(needs())}
    return {name: Parameter(name, **entry) for name, entry in page.items()}


@cache
def resources() -> dict[str, Resource]:
    """Every list by its name in the path."""
    found = {}
    for name, entry in _page("resources.yml").items():
        ours = [Parameter(**{**vars(parameters()[one]), "profile": True}) for one in entry.pop("profile", ())]
        entry["takes"] = (*(parameters()[one] for one in entry["takes"]), *ours)
        entry["takes_one"] = tuple(parameters()[one] for one in entry.get("takes_one", ()))
        found[name] = Resource(name, **entry)
    return found


def _page(name: str) -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load((files("services_directory.api") / name).read_text("utf-8"))
    return page
