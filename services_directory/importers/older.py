"""HSDS 1.x and 2.x, Open Referral UK and Ohana: what their rows say, in HSDS 3.2's rows."""

from collections.abc import Callable, Iterator
from typing import Any

from services_directory.importers.extras import (
    ADDRESS,
    address_of,
    hours_of,
    joined,
    lists_of,
    parts_of,
    phone_of,
    words_of,
)
from services_directory.importers.holidays import holiday
from services_directory.importers.naming import FOLDED, weekday
from services_directory.importers.rows import Fault, Row

_SAID_BESIDE = {"phone", "phone_number", "hours", "hours_of_operation", "opening_hours"}
#: Columns by which a row says more than a row of 3.2 can.
_MORE: dict[str, set[str]] = {
    "organization": {"funding_sources", "phone", "phone_number"},
    "service": {
        "location_id", "languages", "required_documents", "service_areas", "taxonomy_ids", "taxonomy_id",
        "keywords", "categories", "funding_sources", "accepted_payments", "audience", "short_desc",
        "latitude", "longitude", *_SAID_BESIDE, *ADDRESS,
    },
    "location": {"virtual", "languages", "accessibility", "short_desc", "email", *_SAID_BESIDE, *ADDRESS},
    "phone": {"language", "languages", "department", "country_prefix", "vanity_number"},
    "schedule": {"weekday"},
    "taxonomy_term": {"taxonomy_id", "parent_name"},
    "attribute": {"service_id", "service_at_location_id", "label", "value"},
}  # fmt: skip
_YES = {"true", "t", "1", "yes", "y"}


def needs_spreading(table: str, columns: set[str]) -> bool:
    """Whether rows of a table with these columns say more than a row of 3.2 can."""
    return table in FOLDED or bool(_MORE.get(table, set()) & columns)


def spread(table: str, row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    """What one row says, its columns being renamed already. The row of its own table comes first."""
    if needs_spreading(table, set(row)):
        yield from _SPREADING[table](dict(row), file, number)
    else:
        yield Row(table, row, file, number)


def _organization(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    funding, phones = row.pop("funding_sources", None), list(phone_of(row, "organization", file, number))
    yield Row("organization", row, file, number)
    if funding:
        said = {"id": f"{row.get('id')}/funding", "organization_id": row.get("id"), "source": funding}
        yield Row("funding", said, file, number)
    yield from phones


def _service(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    service, location = row.get("id"), row.pop("location_id", None)
    beside: list[Row | Fault] = [
        *lists_of(row, "service", file, number),
        *phone_of(row, "service", file, number),
        *hours_of(row, "service", file, number),
    ]
    place = f"{service}/place"
    position: dict[str, Any] = {name: row.pop(name) for name in ("latitude", "longitude") if name in row}
    addresses = list(address_of(row, location or place, file, number))
    if location in (None, "") and (addresses or any(value not in (None, "") for value in position.values())):
        location = place
        beside.append(Row("location", {"id": place, "location_type": "physical", **position}, file, number))
    terms = parts_of(row.pop("taxonomy_ids", None)) + parts_of(row.pop("taxonomy_id", None))
    words = parts_of(row.pop("keywords", None)) + parts_of(row.pop("categories", None))
    funding, payments = row.pop("funding_sources", None), row.pop("accepted_payments", None)
    short = row.pop("short_desc", None)
    row["eligibility_description"] = joined(row.get("eligibility_description"), row.pop("audience", None))
    row["description"] = row.get("description") or short
    yield Row("service", row, file, number)
    yield from [*addresses, *beside]
    if location not in (None, ""):
        at = {"id": f"{service}@{location}", "service_id": service, "location_id": location}
        yield Row("service_at_location", at, file, number)
    for term in terms:
        linked = {"link_id": service, "link_entity": "service", "taxonomy_term_id": term}
        yield Row("attribute", {"id": f"{service}/{term}", **linked}, file, number)
    yield from words_of(words, service, file, number)
    if payments not in (None, "", []):
        accepted = f"Accepted: {', '.join(parts_of(payments))}"
        said = {"id": f"{service}/payment", "service_id": service, "amount_description": accepted}
        yield Row("cost_option", said, file, number)
    if funding not in (None, "", []):
        said = {"id": f"{service}/funding", "service_id": service, "source": ", ".join(parts_of(funding))}
        yield Row("funding", said, file, number)


def _location(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    location = row.get("id")
    virtual = str(row.pop("virtual", "") or "").strip().casefold() in _YES
    row["location_type"] = row.get("location_type") or ("virtual" if virtual else "physical")
    access, email, short = (row.pop(name, None) for name in ("accessibility", "email", "short_desc"))
    row["description"] = row.get("description") or short
    beside: list[Row | Fault] = [
        *address_of(row, location, file, number),
        *lists_of(row, "location", file, number),
        *phone_of(row, "location", file, number),
        *hours_of(row, "location", file, number),
    ]
    yield Row("location", row, file, number)
    yield from beside
    if access:
        said = {"id": f"{location}/accessibility", "location_id": location, "description": access}
        yield Row("accessibility", said, file, number)
    if email:
        yield Row(
            "contact", {"id": f"{location}/email", "location_id": location, "email": email}, file, number
        )


def _phone(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    languages = parts_of(row.pop("language", None)) + parts_of(row.pop("languages", None))
    prefix = str(row.pop("country_prefix", None) or "").strip().lstrip("+")
    if prefix and row.get("number") and not str(row["number"]).strip().startswith("+"):
        row["number"] = f"+{prefix} {row['number']}"
    row["description"] = joined(
        row.get("description"), row.pop("department", None), row.pop("vanity_number", None)
    )
    yield Row("phone", row, file, number)
    for value in languages:
        said = {"id": f"{row.get('id')}/language/{value}", "phone_id": row.get("id"), "name": value}
        yield Row("language", said, file, number)


def _schedule(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    said = str(row.pop("weekday", None) or "").strip()
    if said and not row.get("byday"):
        # A word that is no weekday stays, to be reported.
        row["byday"] = weekday(said.removesuffix(".0")) or said
        row["freq"] = row.get("freq") or "WEEKLY"
    yield Row("schedule", row, file, number)


def _term(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    row.pop("parent_name", None)
    if row.get("id") in (None, "") and row.get("taxonomy_id") not in (None, ""):
        # Ohana's terms are known by taxonomy_id alone.
        row["id"] = row.pop("taxonomy_id")
        row["code"] = row.get("code") or row["id"]
    yield Row("taxonomy_term", row, file, number)


def _attribute(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    for table in ("service", "service_at_location"):
        owner = row.pop(f"{table}_id", None)
        if owner not in (None, "") and row.get("link_id") in (None, ""):
            row |= {"link_id": owner, "link_entity": table}
    said = row.get("label") or row.get("value")
    lacking = row.get("taxonomy_term_id") in (None, "") and said not in (None, "")
    if lacking:
        # HSDS 1.x: a detail without a term is the term.
        row["taxonomy_term_id"] = f"keyword:{str(said).casefold()}"
    yield Row("attribute", row, file, number)
    if lacking:
        term = {"id": row["taxonomy_term_id"], "name": said, "taxonomy": "keywords"}
        yield Row("taxonomy_term", term, file, number)


def _eligibility(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    said = {name: row.get(name) for name in ("minimum_age", "maximum_age")}
    said |= {"id": row.get("service_id"), "eligibility_description": row.get("eligibility")}
    yield Row("service", said, file, number, partial=True)


def _payment(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    service, payment = row.get("service_id"), row.get("payment")
    said = {
        "id": f"{service}/payment/{payment}",
        "service_id": service,
        "amount_description": f"Accepted: {payment}",
    }
    yield Row("cost_option", said, file, number)


def _holiday(row: dict[str, Any], file: str, number: int) -> Iterator[Row | Fault]:
    yield Row("closure", holiday(row), file, number)


_SPREADING: dict[str, Callable[[dict[str, Any], str, int], Iterator[Row | Fault]]] = {
    "attribute": _attribute,
    "eligibility": _eligibility,
    "holiday_schedule": _holiday,
    "location": _location,
    "organization": _organization,
    "payment_accepted": _payment,
    "phone": _phone,
    "schedule": _schedule,
    "service": _service,
    "taxonomy_term": _term,
}
