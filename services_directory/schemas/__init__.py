"""The standard's own schema files, as the Open Referral project publishes them (README.md beside this)."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

#: The release of HSDS whose tables and API these are.
HSDS_RELEASE = "3.2.3"
#: How the standard's own examples name a version.
HSDS_VERSION = "3.2"
#: Objects with everything inside them, and the flat forms that lists hold.
LISTS = ("service_list", "organization_list", "service_at_location_list")


@cache
def schema(name: str) -> dict[str, Any]:
    """One schema file by its name without ending, such as "service". Do not change what it returns."""
    found: dict[str, Any] = json.loads((files(__name__) / "hsds" / f"{name}.json").read_text("utf-8"))
    return found


@cache
def datapackage() -> dict[str, Any]:
    """The tabular form: every table's file, columns, keys and references. Do not change what it returns."""
    return schema("datapackage")


@cache
def holiday_schedule() -> dict[str, Any]:
    """HSDS 1.1's table of closed days, described as the datapackage describes its own: 3.x has none."""
    found: dict[str, Any] = json.loads((files(__name__) / "holiday_schedule.json").read_text("utf-8"))
    return found


@cache
def tables() -> tuple[str, ...]:
    """The standard's 24 tables, in its own order."""
    return tuple(resource["name"] for resource in datapackage()["resources"])
