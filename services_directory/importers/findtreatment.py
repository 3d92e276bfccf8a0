"""The FindTreatment.gov locator's JSON: rows of facilities with groups of what they offer (f1, f2, f3)."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services_directory.importers.naming import plain_name
from services_directory.importers.rows import Fault, Row

TAXONOMY = "warmline"
_PHONES = ("phone", "intake1", "intake2", "hotline1", "hotline2")
_HANDLED = {
    "irow", "frid", "name1", "name2", "street1", "street2", "city", "state", "zip", "type_facility",
    "website", "latitude", "longitude", "miles", "services", *_PHONES,
    *(f"{name}_ext" for name in _PHONES), *(f"{name}ext" for name in _PHONES),
}  # fmt: skip


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load(
        (files("services_directory.importers") / "findtreatment.yml").read_text("utf-8")
    )
    return page


def is_facility(value: dict[str, Any]) -> bool:
    """Whether an object is a row of the locator."""
    return "name1" in value and bool(value.keys() & {"frid", "typeFacility", "street1", "zip"})


def facility(value: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    """One facility as an organization, a service, a location and all that belongs to them."""
    row = {plain_name(name): inner for name, inner in value.items()}
    name, site = (" ".join(str(row.get(one) or "").split()) for one in ("name1", "name2"))
    if not name:
        yield Fault(file, number, "service", "name1 is missing", refused=True)
        return
    key = str(row.get("frid") or f"{name}|{site}|{row.get('street1')}|{row.get('zip')}")
    groups = _groups(row)
    yield Row("organization", {"id": name, "name": name, "description": ""}, file, number)
    own = {"id": key, "organization_id": name, "url": row.get("website")}
    yield Row("service", {**own, **_service(name, site, groups)}, file, number)
    yield Row("location", {"id": key, "location_type": "physical", **_position(row, site)}, file, number)
    yield Row("service_at_location", {"id": key, "service_id": key, "location_id": key}, file, number)
    yield Row("address", {"id": key, "location_id": key, **_address(row)}, file, number)
    yield from _phones(row, key, file, number)
    for category in _categories(row, groups):
        term = {"id": category, "code": category, "name": category.replace("_", " "), "taxonomy": TAXONOMY}
        yield Row("taxonomy_term", {**term, "description": ""}, file, number)
        link = {"link_id": key, "link_entity": "service", "taxonomy_term_id": category}
        yield Row("attribute", {"id": f"{key}/{category}", **link}, file, number)
    spoken = "; ".join([*groups.get("SL", []), *groups.get("OL", [])])
    for pattern, code in _page()["languages"].items():
        if re.search(pattern, spoken, re.I):
            yield Row("language", {"id": f"{key}/{code}", "service_id": key, "code": code}, file, number)
    paid = "; ".join([*groups.get("PAY", []), *groups.get("PYAS", [])])
    if re.search(_page()["free"], paid, re.I):
        price = {"id": f"{key}/free", "service_id": key, "amount": 0, "currency": "USD"}
        yield Row("cost_option", price, file, number)
    for other in row.keys() - _HANDLED:
        if row[other] not in (None, "", [], {}):
            reason = f"the locator's {other} is none we know and was left out"
            yield Fault(file, number, "service", reason)


def _groups(row: dict[str, Any]) -> dict[str, list[str]]:
    """What the facility says by group code."""
    found: dict[str, list[str]] = {}
    services = row.get("services")
    for group in services if isinstance(services, list) else []:
        if isinstance(group, dict) and group.get("f2"):
            parts = [part.strip() for part in str(group.get("f3") or "").split(";") if part.strip()]
            found.setdefault(str(group["f2"]).strip().upper(), []).extend(parts)
    return found


def _service(name: str, site: str, groups: dict[str, list[str]]) -> dict[str, Any]:
    youngest, oldest = _ages(groups.get("AGE", []))
    paid = [*groups.get("PAY", []), *groups.get("PYAS", [])]
    gender = [part.casefold() for part in groups.get("GN", [])]
    only = [_page()["groups_only"].get(gender[0], "")] if len(gender) == 1 else []
    return {
        "name": f"{name}, {site}" if site and site.casefold() != name.casefold() else name,
        "status": "active",
        "description": "; ".join([part for code in ("TC", "SET", "OT") for part in groups.get(code, [])])
        or None,
        "fees_description": "; ".join(paid) or None,
        "eligibility_description": "; ".join(part for part in [*only, *groups.get("SG", [])] if part) or None,
        "minimum_age": youngest,
        "maximum_age": oldest,
    }


def _position(row: dict[str, Any], site: str) -> dict[str, Any]:
    return {"name": site or None, "latitude": row.get("latitude"), "longitude": row.get("longitude")}


def _address(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "address_1": row.get("street1"),
        "address_2": row.get("street2"),
        "city": row.get("city"),
        "state_province": row.get("state"),
        "postal_code": row.get("zip"),
    }


def _phones(row: dict[str, Any], key: str, file: str, number: int) -> Iterator[Row]:
    said = set()
    for column in _PHONES:
        value = str(row.get(column) or "").strip()
        if value and value not in said:
            said.add(value)
            # The number somebody answers comes first: ids sort by it.
            what = None if column == "phone" else column.rstrip("12")
            extension = row.get(f"{column}_ext") or row.get(f"{column}ext")
            phone = {"id": f"{key}/{column}", "service_id": key, "number": value, "extension": extension}
            yield Row("phone", {**phone, "type": "voice", "description": what}, file, number)


def _ages(parts: list[str]) -> tuple[int | None, int | None]:
    # "Young adults" alone are adults too: each age group is looked for in a part of its own.
    said = [part.casefold() for part in parts]
    spans = [span for words, span in _page()["ages"].items() for part in said if re.fullmatch(words, part)]
    if not spans:
        return None, None
    oldest = None if any(span[1] is None for span in spans) else max(span[1] for span in spans)
    return min(span[0] for span in spans) or None, oldest


def _categories(row: dict[str, Any], groups: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    for rule in _page()["categories"]:
        for part in (part for group in rule["group"] for part in groups.get(group, [])):
            ruled_out = "not" in rule and re.search(rule["not"], part, re.I)
            if re.search(rule["says"], part, re.I) and not ruled_out and rule["category"] not in found:
                found.append(rule["category"])
    kinds = _page()["when_nothing_fits"]
    return found or [kinds.get(str(row.get("type_facility") or "").upper(), kinds["SA"])]
