"""Take in an HSDS 3.x datapackage: the same package twice changes nothing the second time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Float, delete
from sqlalchemy.orm import Session

from services_directory.errors import DirectoryImportError
from services_directory.importers.index import rebuild_index
from services_directory.importers.tables import Row, read_tables
from services_directory.models import (
    Address,
    Attribute,
    Location,
    Organization,
    Phone,
    Record,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceSearch,
    TaxonomyTerm,
    WeeklyHours,
)

#: Parents before children.
TABLES: tuple[type[Record], ...] = (
    Organization, Service, Location, ServiceAtLocation, Address, Phone, Schedule, TaxonomyTerm, Attribute,
)  # fmt: skip
#: A reference to a row that is not there: the row is refused when the line could not use it without.
PARENTS = {
    "service": {"organization_id": "organization"},
    "service_at_location": {"service_id": "service", "location_id": "location"},
    "address": {"location_id": "location"},
}


@dataclass
class ImportReport:
    """What an import did, each complaint as table, row and reason."""

    read: int = 0
    added: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.read} rows read, {self.added} added, {self.changed} changed,"
            f" {len(self.refused)} refused, {len(self.warnings)} warnings"
        ]
        return "\n".join(lines + self.refused[:50] + self.warnings[:50])


def import_directory(session: Session, path: Path, source: str) -> ImportReport:
    """Add or renew the rows of one source, in the caller's transaction.

    Raises DirectoryImportError, before anything is changed, when the package as a whole cannot be used.
    """
    tables = read_tables(path)
    if not tables.get("service") or not tables.get("location"):
        raise DirectoryImportError(f"{path} has no service or no location table: is it HSDS 3?")
    report = ImportReport()
    known: dict[str, set[str]] = {}
    for model in TABLES:
        known[model.__tablename__] = _take_in(
            session, model, tables.get(model.__tablename__, []), source, known, report
        )
    session.flush()
    session.execute(delete(WeeklyHours))
    session.execute(delete(ServiceSearch))
    report.warnings += rebuild_index(session)
    return report


def _take_in(
    session: Session,
    model: type[Record],
    rows: Iterable[Row],
    source: str,
    known: dict[str, set[str]],
    report: ImportReport,
) -> set[str]:
    ids: set[str] = set()
    for number, row in enumerate(rows, 2):
        report.read += 1
        reason = _unusable(model, row, known, ids)
        if reason:
            report.refused.append(f"{model.__tablename__} row {number}: {reason}")
            continue
        values = _values(model, row)
        ids.add(str(values["id"]))
        existing = session.get(model, values["id"])
        if existing is None:
            session.add(model(**values, source=source))
            report.added += 1
        elif any(getattr(existing, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(existing, name, value)
            report.changed += 1
    return ids


def _unusable(model: type[Record], row: Row, known: dict[str, set[str]], ids: set[str]) -> str | None:
    needed = [
        column.name
        for column in model.__table__.columns
        if not column.nullable and column.name not in {"source", "description"}
    ]
    for name in needed:
        if not (row.get(name) or "").strip():
            return f"{name} is missing"
    if len(row["id"] or "") > 36:
        return "id is longer than a UUID"
    if row["id"] in ids:
        return "its id has been seen already"
    for name, table in PARENTS.get(model.__tablename__, {}).items():
        if row.get(name) and row[name] not in known[table]:
            return f"{name} points at no {table}"
    for name in ("latitude", "longitude"):
        try:
            float(row.get(name) or 0)
        except ValueError:
            return f"{name} is not a number"
    return None


def _values(model: type[Record], row: Row) -> dict[str, object]:
    values: dict[str, object] = {}
    for column in model.__table__.columns:
        if column.name == "source":
            continue
        text = (row.get(column.name) or "").strip()
        if isinstance(column.type, Float):
            values[column.name] = float(text) if text else None
        else:
            values[column.name] = text or (
                "" if column.name == "description" and not column.nullable else None
            )
    return values
