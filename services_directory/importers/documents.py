"""Objects of JSON files as HSDS rows: which table's each is, and what is in it."""

from collections.abc import Iterator
from typing import Any

from services_directory.importers.findtreatment import facility, is_facility
from services_directory.importers.naming import plain_name, table_named, table_within
from services_directory.importers.nested import unfold, unfold_together
from services_directory.importers.package import PackageFile
from services_directory.importers.rows import Fault, Row
from services_directory.importers.template import is_template, listing

#: Columns of terms in a table called "taxonomy", as HSDS before 3.0 calls it.
TERM_COLUMNS = {"parent_id", "parent_name", "vocabulary", "taxonomy_id", "term", "code"}
#: What only objects of these tables have.
_SERVICE_ONLY = {
    "service_at_locations", "eligibility_description", "fees_description", "application_process", "wait_time",
    "cost_options", "required_documents", "service_areas", "interpretation_services", "assured_date",
    "capacities", "eligibilitys", "eligibilities", "service_taxonomys", "service_taxonomies",
}  # fmt: skip
_ORGANIZATION_ONLY = {
    "programs", "legal_status", "year_incorporated", "tax_status", "tax_id", "additional_websites",
    "organization_identifiers", "parent_organization_id",
}  # fmt: skip


def document_rows(
    array: str, value: dict[str, Any], file: PackageFile, number: int
) -> Iterator[Row | Fault | None]:
    """What one object says; `array` is the name it stood under. None once for every row there is in it."""
    if is_facility(value):
        yield None
        yield from facility(value, file.name, number)
        return
    keys = {plain_name(key) for key in value}
    table = table_named(array) if array else None
    if table is None and "id" in keys and _table_like(keys) == "service_at_location":
        # It holds one service and one location, and has an id of its own.
        table = "service_at_location"
    if table is None:
        together = {table_named(key) for key, inner in value.items() if isinstance(inner, dict | list)}
        if (
            "name" not in keys
            and len(together & {"organization", "service", "location"}) > 1
            and "service_id" not in keys
        ):
            yield from _counted(unfold_together(value, file.name, number))
            return
        table = _table_like(keys) or (table_named(file.table) if file.table else None)
        table = table or table_named(file.stem) or _template_or_table(keys, file)
    if table == "template":
        flat = {plain_name(key): _flat(inner) for key, inner in value.items()}
        yield None
        yield from listing(flat, file.name, number)
        return
    if table == "taxonomy" and keys & TERM_COLUMNS:
        table = "taxonomy_term"
    if table is None:
        yield Fault(file.name, number, array or "document", "it is no kind of object we know: left out")
        return
    yield from _counted(unfold(table, value, file.name, number))


def _counted(rows: list[Row | Fault]) -> Iterator[Row | Fault | None]:
    for row in rows:
        if isinstance(row, Row):
            yield None
        yield row


def _flat(inner: Any) -> Any:
    if isinstance(inner, list):
        return ", ".join(str(one) for one in inner if not isinstance(one, dict | list))
    return None if isinstance(inner, dict) else inner


def _template_or_table(keys: set[str], file: PackageFile) -> str | None:
    if is_template(keys):
        return "template"
    return table_within(file.stem)


def _table_like(keys: set[str]) -> str | None:
    """The table whose objects have such keys, where those tell."""
    listed = bool(keys & {"address", "zip", "address_1", "street", "postal_code"})
    if "location_type" in keys or ("addresses" in keys and "services" not in keys):
        return "location"
    if keys & {"service_id", "service"} and keys & {"location_id", "location"} and "name" not in keys:
        return "service_at_location"
    if keys & _SERVICE_ONLY:
        return "service"
    if keys & _ORGANIZATION_ONLY:
        return "organization"
    if "name" not in keys or listed:
        return None
    if keys & {"organization_id", "organization"} and not keys & {"latitude", "number"}:
        return "service"
    if {"latitude", "longitude"} <= keys:
        return "location"
    if keys & {"services", "locations"}:
        return "organization"
    return "service" if keys & {"status", "schedules", "location", "taxonomy_terms", "attributes"} else None
