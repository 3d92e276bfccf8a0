"""The one-sheet template: a row for each service, in words a small agency would use (template.yml)."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services_directory.folding import folded
from services_directory.importers.extras import parts_of, weekly_rows, words_of
from services_directory.importers.identity import external
from services_directory.importers.rows import Fault, Row
from services_directory.importers.text import tidy
from services_directory.taxonomy import category_named

TAXONOMY = "warmline"


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load(
        (files("services_directory.importers") / "template.yml").read_text("utf-8")
    )
    return page


@cache
def _meanings() -> dict[str, str]:
    page = _page()["columns"]
    return {other: name for name, others in page.items() for other in others} | {name: name for name in page}


def is_template(columns: set[str]) -> bool:
    """Whether a sheet with these columns lists services, one in each row, and where they are."""
    found = {_meanings().get(column) for column in columns}
    placed = found & {"address", "zip"} or {"latitude", "longitude"} <= found or {"city", "state"} <= found
    return bool(found & {"service", "organization"} and placed)


def listing(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    """One line of the sheet as HSDS rows, and what could not be read of it."""
    said = _said(row)
    organization = said.get("organization") or said.get("service") or ""
    service = said.get("service") or organization
    place = "/".join(folded(said.get(name, "")) for name in ("address", "city", "zip"))
    if not service:
        yield Fault(file, number, "service", "it names neither a service nor an organization", refused=True)
        return
    key = "/".join((folded(organization), folded(service), place))
    home = {"id": folded(organization), "name": organization, "website": said.get("website")}
    yield Row("organization", {**home, "description": ""}, file, number)
    yield Row("service", {"id": key, "organization_id": home["id"], **_service(said, service)}, file, number)
    yield Row("service_at_location", {"id": key, "service_id": key, "location_id": place}, file, number)
    yield from _place(said, place, file, number)
    if said.get("phone"):
        phone = {"id": key, "service_at_location_id": key, "number": said["phone"]}
        yield Row("phone", phone, file, number)
    for language in parts_of(said.get("languages")):
        spoken = {"id": f"{key}/{language}", "service_id": key, "name": language}
        yield Row("language", spoken, file, number)
    yield from _kinds(said, key, file, number)
    if said.get("hours"):
        yield from weekly_rows(said["hours"], "service_at_location_id", key, file, number)


def _said(row: dict[str, Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    for column, value in row.items():
        name = _meanings().get(column)
        # A column of ours goes before one that only means the same.
        if name and value not in (None, "") and (name == column or name not in said):
            text = tidy(external(value) if isinstance(value, float) else str(value))
            if text:
                said[name] = text
    return said


def _place(said: dict[str, str], place: str, file: str, number: int) -> Iterator[Row]:
    where = {"id": place, "location_type": "physical", "name": said.get("place_name")}
    position = {"latitude": said.get("latitude"), "longitude": said.get("longitude")}
    yield Row("location", {**where, **position}, file, number)
    address = {
        "address_1": said.get("address"),
        "address_2": said.get("address_2"),
        "city": said.get("city"),
        "state_province": said.get("state"),
        "postal_code": _zip(said),
    }
    yield Row("address", {"id": place, "location_id": place, **address}, file, number)
    if folded(said.get("wheelchair", "")) in _page()["yes"]:
        usable = {"id": place, "location_id": place, "description": "wheelchair"}
        yield Row("accessibility", usable, file, number)


def _zip(said: dict[str, str]) -> str | None:
    code = said.get("zip", "")
    if not code:
        # "100 Main St, Seattle, WA 98104" in one cell.
        found = re.search(r"\b(\d{5})(?:-\d{4})?\s*$", said.get("address", ""))
        return found[1] if found and said.get("address") != found[0] else None
    # A spreadsheet drops the zeros that New England's begin with.
    return code.zfill(5) if code.isdigit() and len(code) in {3, 4} else code


def _service(said: dict[str, str], name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": said.get("description"),
        "status": said.get("status") or "active",
        "eligibility_description": said.get("who"),
        "minimum_age": said.get("minimum_age"),
        "maximum_age": said.get("maximum_age"),
        "fees_description": said.get("cost"),
        "application_process": said.get("how_to_start"),
        "assured_date": said.get("last_checked"),
        "email": said.get("email"),
        "url": said.get("website"),
    }


def _kinds(said: dict[str, str], key: str, file: str, number: int) -> Iterator[Row | Fault]:
    others = []
    for word in parts_of(said.get("kind")):
        category = category_named(word)
        if category is None:
            others.append(word)
            continue
        term = {"id": category, "code": category, "name": category.replace("_", " "), "taxonomy": TAXONOMY}
        yield Row("taxonomy_term", {**term, "description": ""}, file, number)
        link = {"link_id": key, "link_entity": "service", "taxonomy_term_id": category}
        yield Row("attribute", {"id": f"{key}/{category}", **link}, file, number)
    # Its own words may still say its kind: they are looked at like any directory's terms.
    yield from words_of(others, key, file, number)
