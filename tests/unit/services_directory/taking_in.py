"""A directory on SQLite to take packages into, and packages to take in."""

import csv
import io
import json
import zipfile
from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from services_directory import search
from services_directory.importers.report import ImportReport
from services_directory.importing import import_directory
from services_directory.models import Base, Service, ServiceAtLocation, ServiceSearch
from services_directory.places import zip_place

FIXTURES = Path("tests/fixtures/directories")
TODAY = date(2026, 11, 25)
#: Noon in Seattle on that day, a Wednesday.
NOON = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
#: The least that can be found: a pantry in Pioneer Square.
PANTRY = {
    "organization": [{"id": "o1", "name": "Sample Aid", "description": "Helps."}],
    "service": [{"id": "s1", "organization_id": "o1", "name": "Food Pantry", "status": "active"}],
    "location": [
        {"id": "l1", "location_type": "physical", "name": "Hall", "latitude": "47.6", "longitude": "-122.33"}
    ],
    "service_at_location": [{"id": "a1", "service_id": "s1", "location_id": "l1"}],
    "address": [
        {
            "id": "d1",
            "location_id": "l1",
            "address_1": "1 Sample St",
            "city": "Seattle",
            "state_province": "WA",
            "postal_code": "98104",
            "country": "US",
            "address_type": "physical",
        }
    ],
}


@cache
def _empty() -> Engine:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return engine


class Directory:
    """An empty directory; what is asked of it is answered from the database."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or create_engine("sqlite://")
        if engine is None:
            # The tables are made once and copied: making them takes longer than most imports here.
            with self.engine.connect() as mine, _empty().connect() as theirs:
                theirs.connection.driver_connection.backup(mine.connection.driver_connection)

    def take_in(self, path: Path, source: str = "sample", on: date = TODAY, **how: object) -> ImportReport:
        with Session(self.engine) as session, session.begin():
            return import_directory(session, path, source, on, **how)

    def found(self) -> dict[str, set[str]]:
        """The categories of what can be found, by service name."""
        joined = (
            select(Service.name, ServiceSearch.category)
            .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
            .join(ServiceSearch, ServiceSearch.service_at_location_id == ServiceAtLocation.id)
        )
        names: dict[str, set[str]] = defaultdict(set)
        for name, category in self._execute(joined):
            names[name].add(category)
        return dict(names)

    def near(self, need: str, zip_code: str, at: datetime = NOON, **how: object) -> list[search.Match]:
        """What somebody at a ZIP is told."""
        with Session(self.engine) as session:
            return list(search.find(session, need, zip_place(zip_code), at, **how))

    def rows(self, table: str) -> list[dict[str, object]]:
        """Every row of a table, by id."""
        store = Base.metadata.tables[table]
        return [dict(row._mapping) for row in self._execute(select(store).order_by(store.c.id))]

    def only(self, table: str) -> dict[str, object]:
        """The one row of a table."""
        (row,) = self.rows(table)
        return row

    def listing(self) -> dict[str, object]:
        """The one search row."""
        return self.only("service_search")

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything in the database but what tells of imports."""
        with self.engine.connect() as connection:
            return {
                name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for name, table in Base.metadata.tables.items()
                if name != "directory_import"
            }

    def _execute(self, query: object) -> list:
        with self.engine.connect() as connection:
            return list(connection.execute(query))


def sheet(rows: list[dict[str, object]], delimiter: str = ",") -> str:
    """Rows as CSV text."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def folder(path: Path, tables: dict[str, list[dict[str, object]]], **others: str | bytes) -> Path:
    """A folder of CSV files, one for each table."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (path / f"{name}.csv").write_text(sheet(rows), "utf-8", newline="")
    return path


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    """A zip of files by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in files.items():
            archive.writestr(name, said)
    return path


def written(path: Path, said: object) -> Path:
    """A file of text, bytes, or anything else as JSON."""
    if not isinstance(said, str | bytes):
        said = json.dumps(said)
    path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return path


def changed(**tables: object) -> dict[str, list[dict[str, object]]]:
    """The pantry with columns of its rows changed, or with tables put in place of its own."""
    made = {name: [dict(row) for row in rows] for name, rows in PANTRY.items()}
    for name, change in tables.items():
        made[name] = [{**made[name][0], **change}] if isinstance(change, dict) else list(change)
    return made


def kinds(faults: object) -> set[str]:
    """What a report's faults are about, without the tables."""
    return {one.kind or one.reason for one in faults}
