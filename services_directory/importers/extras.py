"""What rows say beside their own table's columns: addresses, phones, hours and lists in one cell."""

from collections.abc import Iterator
from typing import Any

from services_directory.importers.hours_text import read_hours
from services_directory.importers.naming import column_named
from services_directory.importers.rows import Fault, Row

#: Columns of an address, under all their names.
ADDRESS = {
    "address", "address_1", "address1", "address_2", "address2", "street", "street_address", "city", "state",
    "state_province", "zip", "zipcode", "zip_code", "postal_code", "postcode", "county", "region",
}  # fmt: skip
#: Enough of an address to find a place by.
_ENOUGH = {"address_1", "postal_code", "city"}
_LISTS = {
    "languages": ("language", "name"),
    "required_documents": ("required_document", "document"),
    "service_areas": ("service_area", "name"),
}


def parts_of(text: Any) -> list[str]:
    """The parts of a cell that holds a list, between commas or semicolons; each once."""
    if isinstance(text, list):
        said = [str(part).strip() for part in text if not isinstance(part, dict | list) and part is not None]
    else:
        said = [part.strip() for part in str(text if text is not None else "").replace(";", ",").split(",")]
    return list(dict.fromkeys(part for part in said if part))


def joined(*parts: Any) -> str | None:
    """The parts that say something, each once, or None."""
    said = [str(part).strip() for part in parts if part not in (None, "") and str(part).strip()]
    return "; ".join(dict.fromkeys(said)) or None


def address_of(row: dict[str, Any], location: Any, file: str, number: int) -> Iterator[Row]:
    """Takes an address's columns out of another table's row, as the address of a location."""
    said = {column_named("address", name): row.pop(name) for name in ADDRESS & row.keys()}
    said = {name: value for name, value in said.items() if value not in (None, "")}
    if said.keys() & _ENOUGH:
        yield Row("address", {"id": f"{location}/address", "location_id": location, **said}, file, number)


def phone_of(row: dict[str, Any], table: str, file: str, number: int) -> Iterator[Row]:
    """Takes a phone number out of another table's row."""
    said = row.pop("phone", None) or row.pop("phone_number", None)
    if said not in (None, "") and not isinstance(said, dict | list):
        owner = row.get("id")
        yield Row("phone", {"id": f"{owner}/phone", f"{table}_id": owner, "number": said}, file, number)


def hours_of(row: dict[str, Any], table: str, file: str, number: int) -> Iterator[Row | Fault]:
    """Takes opening hours in words out of another table's row."""
    said = row.pop("hours", None) or row.pop("hours_of_operation", None) or row.pop("opening_hours", None)
    if said in (None, "") or isinstance(said, dict | list):
        return
    yield from weekly_rows(str(said), f"{table}_id", row.get("id"), file, number)


def weekly_rows(said: str, column: str, owner: Any, file: str, number: int) -> Iterator[Row | Fault]:
    """Opening hours in words as schedules, or what is wrong with the words."""
    openings = read_hours(said)
    if openings is None:
        # Kept as the standard's own prose, for whoever looks.
        yield Row("schedule", {"id": f"{owner}/hours", column: owner, "description": said}, file, number)
        yield Fault(file, number, "schedule", "hours could not be read: hours unknown")
        return
    for days, opens, closes in openings:
        rule = {"freq": "WEEKLY", "byday": ",".join(days), "opens_at": opens, "closes_at": closes}
        yield Row("schedule", {"id": f"{owner}/{rule['byday']}/{opens}", column: owner, **rule}, file, number)


def lists_of(row: dict[str, Any], table: str, file: str, number: int) -> Iterator[Row]:
    """Takes lists of languages, documents and areas out of a service's or location's row."""
    owner = row.get("id")
    for name, (child, column) in _LISTS.items():
        for value in parts_of(row.pop(name, None)):
            said = {"id": f"{owner}/{child}/{value}", f"{table}_id": owner, column: value}
            yield Row(child, said, file, number)


def words_of(words: list[str], service: Any, file: str, number: int) -> Iterator[Row]:
    """A service's own words for what it is, kept as terms, for its kind to be known by."""
    for word in words:
        term = f"keyword:{word.casefold()}"
        yield Row("taxonomy_term", {"id": term, "name": word, "taxonomy": "keywords"}, file, number)
        linked = {"link_id": service, "link_entity": "service", "taxonomy_term_id": term}
        said = {"id": f"{service}/{term}", "link_type": "keyword", **linked}
        yield Row("attribute", said, file, number)
