"""The OpenAPI document of this API: the standard's paths, our profile's parameters, the standard's schemas.

It holds every schema itself, so that a client needs no other address.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services_directory.api.resources import Parameter, Resource, parameters, resources
from services_directory.schemas import HSDS_RELEASE, LISTS, schema, tables

#: Words of the schema files that say how to make CSV files and documentation of them, and nothing of JSON.
_NOT_JSON = {
    "name",
    "path",
    "constraints",
    "core",
    "datapackage_metadata",
    "tabular_required",
    "datapackage_type",
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROFILE_VERSION = "1.0.0"


@cache
def document(home: str, publisher: str) -> dict[str, Any]:
    """The document for an API at an address. Do not change what it returns."""
    paths: dict[str, Any] = {"/": {"get": _about()}}
    for name, resource in resources().items():
        paths[f"/{name}"] = {"get": _list(resource), "post": _list(resource, post=True)}
        paths[f"/{name}/{{id}}"] = {"get": _one(resource)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{publisher}: HSDS API",
            "version": PROFILE_VERSION,
            "summary": f"A directory of human services by HSDS {HSDS_RELEASE}",
            "description": f"Read only. {home}/guide explains it, {home}/profile what it adds to HSDS.",
            "license": {
                "name": "Schemas: Creative Commons Attribution-ShareAlike 4.0 (Open Referral)",
                "url": "https://creativecommons.org/licenses/by-sa/4.0/",
            },
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": home}],
        "tags": [
            {"name": "required", "description": "This endpoint is REQUIRED by the HSDS API Specification"},
            {"name": "optional", "description": "This endpoint is OPTIONAL in the HSDS API Specification"},
        ],
        "paths": paths,
        "components": {
            "parameters": {name: parameter(one) for name, one in parameters().items()},
            "responses": _responses(),
            "schemas": _schemas(),
        },
    }


def parameter(one: Parameter) -> dict[str, Any]:
    """A parameter's OpenAPI object. `x-hsds-profile` marks ours."""
    described = {
        "name": one.name,
        "in": "query",
        "required": False,
        "description": one.description,
        "schema": one.schema,
    }
    return {**described, "x-hsds-profile": True} if one.profile else described


def list_parameters(resource: Resource) -> list[dict[str, Any]]:
    """References to what a list takes, those of our profile marked."""
    return [_reference(one) for one in resource.takes]


def _reference(one: Parameter) -> dict[str, Any]:
    if one.profile and not parameters()[one.name].profile:
        # The standard has it for other lists.
        return parameter(one)
    return {"$ref": f"#/components/parameters/{one.name}"}


def _list(resource: Resource, *, post: bool = False) -> dict[str, Any]:
    item = {"$ref": f"#/components/schemas/{resource.item}"}
    contents = {"type": "object", "properties": {"contents": {"type": "array", "items": item}}}
    page = {"allOf": [{"$ref": "#/components/schemas/Page"}, {**contents, "required": ["contents"]}]}
    media = {
        "application/json": {"schema": page},
        "application/x-ndjson": {"schema": {"type": "string", "description": "One object on each line."}},
    }
    return {
        "summary": f"Paginated listing of {resource.name.replace('_', ' ')}",
        "operationId": resource.list + ("ByPost" if post else ""),
        "tags": ["required" if resource.required and not post else "optional"],
        "parameters": list_parameters(resource),
        "responses": {
            "200": {
                "description": f"A page of {resource.name.replace('_', ' ')}.",
                "content": media,
                "links": {"first": _first(resource)},
            },
            "400": {"$ref": "#/components/responses/BadParameters"},
            **_always(),
        },
    }


def _first(resource: Resource) -> dict[str, Any]:
    return {"operationId": resource.one, "parameters": {"id": "$response.body#/contents/0/id"}}


def _one(resource: Resource) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{resource.whole}"}}}
    bad = {"400": {"$ref": "#/components/responses/BadParameters"}} if resource.takes_one else {}
    return {
        "summary": f"One {resource.table.replace('_', ' ')} with all that belongs to it",
        "operationId": resource.one,
        "tags": ["required" if resource.required else "optional"],
        "parameters": [_ID, *(_reference(one) for one in resource.takes_one)],
        "responses": {
            "200": {"description": f"The {resource.table.replace('_', ' ')}.", "content": content},
            **bad,
            "404": {"$ref": "#/components/responses/NotFound"},
            **_always(),
        },
    }


def _about() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/About"}}}
    return {
        "summary": "Information about this API and its relationship with HSDS",
        "operationId": "getAPIMetaInformation",
        "tags": ["required"],
        "responses": {"200": {"description": "What this API is.", "content": content}, **_always()},
    }


def _always() -> dict[str, Any]:
    return {
        "304": {"description": "The client has just this (If-None-Match)."},
        "429": {"$ref": "#/components/responses/TooMany"},
        "503": {"$ref": "#/components/responses/Unavailable"},
    }


def _responses() -> dict[str, Any]:
    told = {
        "BadParameters": "Some parameters cannot be used; `invalid_params` says which and why.",
        "NotFound": "Nothing has this id, or no longer.",
        "TooMany": "Too many requests at once; `Retry-After` says when to try again.",
        "Unavailable": "The directory cannot be read just now.",
    }
    return {name: {"description": description, "content": _PROBLEM} for name, description in told.items()}


def _schemas() -> dict[str, Any]:
    found = {name: _json(schema(name)) for name in (*tables(), *LISTS)}
    service = {"$ref": "#/components/schemas/service"}
    found["organization_whole"] = _with(
        found["organization"],
        services={
            "type": "array",
            "description": "Flat services, or whole ones when `full_service`.",
            "items": service,
        },
    )
    found["service_at_location_whole"] = _with(found["service_at_location"], service=service)
    return {**found, **_ours()}


def _with(base: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {**base, "properties": {**base["properties"], **properties}}


def _json(form: Any) -> Any:
    """A schema file's part without what is not JSON Schema, its references made local."""
    if isinstance(form, list):
        return [_json(one) for one in form]
    if not isinstance(form, dict):
        return form
    if "$ref" in form:
        name = form["$ref"].removesuffix(".json")
        return {"$ref": f"#/components/schemas/{name}", "description": form.get("description", name)}
    kept = {key: value for key, value in form.items() if key not in _NOT_JSON}
    if "properties" in kept:
        kept["properties"] = {name: _json(one) for name, one in kept["properties"].items()}
    return {key: value if key == "properties" else _json(value) for key, value in kept.items()}


@cache
def _ours() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load(
        (files("services_directory.api") / "schemas.yml").read_text("utf-8")
    )
    return page
