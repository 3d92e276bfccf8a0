"""Write the directory as an HSDS datapackage that imports back just as it was."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Select, case, func, literal, null, select
from sqlalchemy.orm import Session

from services_directory.errors import DirectoryExportError
from services_directory.exported_package import Package, new_package
from services_directory.models import TABLES, Closure, DirectoryImport
from services_directory.schemas import HSDS_RELEASE, datapackage, holiday_schedule
from services_directory.standard_values import clock_text, plain_number

BATCH = 1000
#: Of the ids that closed days are given.
NAMESPACE = UUID("1b6f0c52-6a3e-5d0f-9c5e-2f1f7f0a5b11")
DESCRIPTOR = "datapackage.json"
#: How a value of a column's type is written. `zone` is what bare clock times of its source are in.
_WRITTEN: dict[str, Callable[[Any, str], Any]] = {
    "time": clock_text,
    "number": lambda value, _zone: plain_number(value),
    "date": lambda value, _zone: value.isoformat(),
}


def export_directory(session: Session, path: Path, *, source: str | None = None) -> dict[str, int]:
    """Write every live row of all sources, or of one, and return the rows written by table.

    `path` becomes a zip if it ends in .zip, else a folder. The same rows make the same bytes. What HSDS 3.2
    has no place for stands beside its 24 tables: closed days in HSDS 1.1's `holiday_schedule`, and in the
    descriptor's `clock_times` whether bare opening times are "local" or "utc". On PostgreSQL give a session
    that has not begun, so that all tables are of one instant. Raises DirectoryExportError; nothing half is
    left.
    """
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    in_utc, times = _clock_times(session, source)
    if source is not None:
        _check_source(session, source)
    resources = [*datapackage()["resources"], holiday_schedule()]
    names = frozenset({DESCRIPTOR, *(resource["path"] for resource in resources)})
    counts = {}
    with new_package(path, names) as package:
        for resource in resources:
            live = resource["name"] in TABLES
            rows = _live_rows(session, resource, in_utc, source) if live else _closed_days(session, source)
            counts[resource["name"]] = _write(package, resource, rows)
        with package.open(DESCRIPTOR) as file:
            file.write(json.dumps(_descriptor(times), ensure_ascii=False, indent=1).encode() + b"\n")
    return counts


def _check_source(session: Session, source: str) -> None:
    every = sorted(session.scalars(select(DirectoryImport.directory_source).distinct()))
    if source not in every:
        known = ", ".join(every) or "none"
        raise DirectoryExportError(f"no source is called {source}: there are {known}")


def _descriptor(times: str) -> dict[str, Any]:
    described = deepcopy(datapackage())
    described["version"] = HSDS_RELEASE
    described["clock_times"] = times
    described["resources"].append(holiday_schedule())
    return described


def _clock_times(session: Session, source: str | None) -> tuple[frozenset[str], str]:
    """The sources whose bare times must be marked as UTC, and what bare times of the package mean."""
    latest = select(func.max(DirectoryImport.id)).group_by(DirectoryImport.directory_source)
    meant = select(DirectoryImport.directory_source, DirectoryImport.times)
    meant = meant.where(DirectoryImport.id.in_(latest))
    if source is not None:
        meant = meant.where(DirectoryImport.directory_source == source)
    by_source: dict[str, str] = {row[0]: row[1] for row in session.execute(meant)}
    in_utc = frozenset(name for name, times in by_source.items() if times == "utc")
    if in_utc and len(in_utc) == len(by_source):
        return frozenset(), "utc"
    return in_utc, "local"


def _live_rows(
    session: Session, resource: dict[str, Any], in_utc: frozenset[str], source: str | None
) -> Iterator[list[Any]]:
    table, fields = TABLES[resource["name"]].__table__, resource["schema"]["fields"]
    zone = case((table.c.directory_source.in_(in_utc), "Z"), else_="") if in_utc else literal("")
    live = select(*(table.c[field["name"]] for field in fields), zone.label("zone"))
    live = live.where(table.c.retired_on.is_(None)).order_by(table.c.id)
    if source is not None:
        live = live.where(table.c.directory_source == source)
    writers = [_WRITTEN.get(field["type"], _as_it_is) for field in fields]
    for *values, zone_of_row in _streamed(session, live):
        yield [
            None if value is None else write(value, zone_of_row)
            for write, value in zip(writers, values, strict=True)
        ]


def _closed_days(session: Session, source: str | None) -> Iterator[list[Any]]:
    owners = [
        case((select(1).where(TABLES[name].id == Closure.link_id).exists(), Closure.link_id), else_=null())
        for name in ("service", "location", "service_at_location")
    ]
    days = (Closure.starts_on, Closure.ends_on, Closure.reason)
    closures = select(*owners, *days).order_by(Closure.link_id, *days)
    if source is not None:
        closures = closures.where(Closure.directory_source == source)
    for service, location, there, starts, ends, reason in _streamed(session, closures):
        own = uuid5(NAMESPACE, f"{service or location or there}/{starts}/{ends}/{reason or ''}")
        if service or location or there:
            yield [own, service, location, there, "true", starts.isoformat(), ends.isoformat(), reason]


def _streamed(session: Session, wanted: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    for batch in session.execute(wanted.execution_options(yield_per=BATCH)).partitions():
        yield from batch


def _write(package: Package, resource: dict[str, Any], rows: Iterator[list[Any]]) -> int:
    count = 0
    with package.open(resource["path"]) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        sheet = csv.writer(text, lineterminator="\r\n")
        sheet.writerow([field["name"] for field in resource["schema"]["fields"]])
        for row in rows:
            sheet.writerow(row)
            count += 1
    return count


def _as_it_is(value: Any, _zone: str) -> Any:
    return value
