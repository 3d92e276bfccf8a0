"""Our HSDS profile: what we add to the standard's API, described for programs and for people."""

from functools import cache
from pathlib import Path
from typing import Any

from services_directory.api.openapi import PROFILE_VERSION, list_parameters, parameter
from services_directory.api.resources import needs, parameters, resources
from services_directory.schemas import HSDS_RELEASE
from services_directory.taxonomy import categories_for

GUIDE = Path(__file__).parents[2] / "docs" / "hsds-api.md"


@cache
def description(home: str) -> dict[str, Any]:
    """What `profile` in the API's root resolves to. Do not change what it returns."""
    return {
        "name": "Warmline",
        "version": PROFILE_VERSION,
        "based_on": f"HSDS {HSDS_RELEASE}",
        "description": "The standard's tables and schemas unchanged, with more parameters for its lists.",
        "guide": f"{home}/guide",
        "openapi_url": f"{home}/openapi.json",
        "modifications": [f"{home}/profile/profile/openapi.json"],
        "schemas": f"{home}/profile/schema/",
        "parameters": [
            {"lists": [list_.name for list_ in resources().values() if one in list_.takes], **parameter(one)}
            for one in parameters().values()
            if one.profile
        ],
        "needs": {need: list(categories_for(need)) for need in needs()},
    }


@cache
def patch() -> dict[str, Any]:
    """What the profile changes in the standard's openapi.json, as a JSON merge patch (RFC 7396)."""
    changed = {}
    for resource in resources().values():
        if any(one.profile for one in resource.takes):
            taken = list_parameters(resource)
            changed[f"/{resource.name}"] = {"get": {"parameters": taken}, "post": {"parameters": taken}}
    ours = {name: parameter(one) for name, one in parameters().items() if one.profile}
    return {"paths": changed, "components": {"parameters": ours}}


@cache
def guide() -> str:
    """The guide for people (Markdown)."""
    return GUIDE.read_text("utf-8")
