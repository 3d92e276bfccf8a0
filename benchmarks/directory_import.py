"""How fast a directory comes in, how much memory that takes, and how long the database is locked for it.

HSDS 3 packages of 10,000 and 100,000 invented services (nine tables of CSV in a zip) are imported into empty
databases, SQLite and PostgreSQL, as `python -m bot import-directory` does; then the same again, when nothing
changes; then with one description in a hundred changed. Each in a process of its own. "Locked" is how long
the write transaction lasts: on SQLite nobody else writes meanwhile, and texts wait. "CPU s" is what the
import itself computed, whatever else the machine did.

`.venv/bin/python benchmarks/directory_import.py [--seconds N] [--services N ...]`
(N seconds is not used: an import takes as long as it takes.)
"""

import argparse
import csv
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from uuid import UUID

import zipcodes
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.directory_world import databases  # noqa: E402
from bot.db import make_engine, reading  # noqa: E402
from services_directory.importing import compare_with, prepare, write  # noqa: E402
from services_directory.models import Base  # noqa: E402

SIZES = (10_000, 100_000)
TODAY = date(2026, 11, 25)
SOURCE = "bench"
KINDS = (
    ("BD-1800", "Food Pantries", "Community Food Pantry"),
    ("BD-5000", "Meals", "Hot Meals Program"),
    ("BH-1800", "Emergency Shelter", "Night Shelter"),
    ("RX-1700", "Detoxification", "Detox Center"),
    ("LN-0000", "Community Clinics", "Health Center"),
    ("FT-0000", "Legal Services", "Legal Aid Office"),
)
WORDS = (
    "provides",
    "offers",
    "residents",
    "county",
    "weekly",
    "program",
    "families",
    "support",
    "available",
    "registration",
    "required",
    "documents",
    "staff",
    "community",
    "volunteers",
    "center",
    "helps",
    "adults",
)
DAYS = ("MO,TU,WE,TH,FR", "MO,WE,FR", "TU,TH", "SA", "MO,TU,WE,TH,FR,SA,SU")
HEADERS = {
    "organization": "id,name,description,website",
    "service": "id,organization_id,name,description,status,eligibility_description,fees_description,"
    "application_process,assured_date,last_modified",
    "location": "id,location_type,name,latitude,longitude",
    "service_at_location": "id,service_id,location_id",
    "address": "id,location_id,address_1,city,state_province,postal_code,country,address_type",
    "phone": "id,service_id,number,type",
    "schedule": "id,service_at_location_id,freq,byday,opens_at,closes_at",
    "attribute": "id,link_id,link_entity,taxonomy_term_id",
    "taxonomy_term": "id,code,name,description",
}


def package(path: Path, services: int, changed: bool = False) -> Path:
    """A zip of an invented directory; `changed`: one description in a hundred is another."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table, rows in _tables(services, changed).items():
            with (
                archive.open(f"{table}.csv", "w", force_zip64=True) as raw,
                io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
            ):
                sheet = csv.writer(text)
                sheet.writerow(HEADERS[table].split(","))
                sheet.writerows(rows)
    return path


def _tables(services: int, changed: bool) -> dict[str, Iterable[tuple[object, ...]]]:
    """The rows of each table, made as they are asked for."""
    numbers = range(services)
    places = [row for row in zipcodes.list_all() if float(row["lat"]) and "/" in (row["timezone"] or "")]

    def place(number: int) -> dict:
        return places[number * 7919 % len(places)]

    def near(number: int) -> tuple[str, str]:
        dice = random.Random(number)  # noqa: S311 - made-up places
        return tuple(f"{float(place(number)[one]) + dice.uniform(-0.1, 0.1):.6f}" for one in ("lat", "long"))

    def words(number: int, count: int) -> str:
        said = random.Random(f"{number} {count}").choices(WORDS, k=count)  # noqa: S311 - made-up words
        said[::9] = [f"{one}." for one in said[::9]]
        return " ".join(said) + (" anew" if changed and count == 40 and number % 100 == 0 else "")

    return {
        "organization": (
            (_id("organization", n), f"Organization {n}", words(n, 12), "https://example.org")
            for n in range(-(-services // 3))
        ),
        "service": (
            (
                _id("service", n),
                _id("organization", n // 3),
                f"{KINDS[n % len(KINDS)][2]} {n}",
                words(n, 40),
                "active",
                "Residents of the county, adults 18 and over",
                "Free",
                "Walk in",
                "2026-05-01",
                "2026-05-01T10:00:00Z",
            )
            for n in numbers
        ),
        "location": ((_id("location", n), "physical", f"Site {n}", *near(n)) for n in numbers),
        "service_at_location": ((_id("at", n), _id("service", n), _id("location", n)) for n in numbers),
        "address": (
            (
                _id("address", n),
                _id("location", n),
                f"{n} Main St",
                place(n)["city"],
                place(n)["state"],
                place(n)["zip_code"],
                "US",
                "physical",
            )
            for n in numbers
        ),
        "phone": ((_id("phone", n), _id("service", n), f"206-555-{n % 10000:04}", "voice") for n in numbers),
        "schedule": (
            (
                _id("schedule", n),
                _id("at", n),
                "WEEKLY",
                DAYS[n % len(DAYS)],
                f"{7 + n % 5:02}:00",
                f"{15 + n % 5:02}:30",
            )
            for n in numbers
        ),
        "attribute": (
            (_id("attribute", n), _id("service", n), "service", _id("term", n % len(KINDS))) for n in numbers
        ),
        "taxonomy_term": ((_id("term", n), code, name, "") for n, (code, name, _said) in enumerate(KINDS)),
    }


def _id(table: str, number: int) -> str:
    made = random.Random(f"{table}{number}").randbytes(16)  # noqa: S311 - the same every time
    return str(UUID(bytes=made, version=4))


def one_import(url: str, path: str) -> None:
    """Import in this process and print the figures as JSON."""
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    began, used = time.monotonic(), time.process_time()
    with prepare(Path(path), SOURCE, TODAY) as prepared:
        with reading(engine) as session:
            compare_with(session, prepared)
        read = time.monotonic()
        with Session(engine) as session, session.begin():
            report = write(session, prepared)
        ended = time.monotonic()
    figures = {
        "rows": report.read,
        "services": report.services,
        "listed": report.listed,
        "written": report.added + report.changed + report.gone,
        "read": read - began,
        "locked": ended - read,
        "processor": time.process_time() - used,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def measured(url: str, path: Path) -> dict[str, float]:
    """The figures of one import in a process of its own."""
    command = [sys.executable, __file__, "--one", url, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="A directory coming in.")
    parser.add_argument("--seconds", type=float, default=0, help="not used")
    parser.add_argument("--services", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("URL", "PACKAGE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one_import(*given.one)
        return 0
    lines = []
    with tempfile.TemporaryDirectory() as folder, databases.sqlite(Path(folder)) as sqlite:
        packages = {}
        for size in given.services:
            print(f"Writing packages of {size:,} services ...", flush=True)
            packages[size] = (
                package(Path(folder) / f"{size}.zip", size),
                package(Path(folder) / f"{size}-changed.zip", size, changed=True),
            )
        makers = {"SQLite": sqlite}
        if given.sqlite_only:
            lines += _contest(makers, packages)
        else:
            with databases.postgresql(Path(folder)) as postgresql:
                lines += _contest({**makers, "PostgreSQL": postgresql}, packages)
    print(
        f"\n{'database':11}{'services':>9}{'rows':>9}  {'import':14}{'seconds':>8}{'services/s':>11}"
        f"{'rows/s':>8}{'locked s':>9}{'CPU s':>7}{'written':>9}{'peak MB':>8}"
    )
    print("\n".join(lines))
    return 0


def _contest(makers: dict[str, databases.Make], packages: dict[int, tuple[Path, Path]]) -> list[str]:
    lines = []
    for name, make in makers.items():
        for size, (first, changed) in packages.items():
            engine = make(f"import_{size}")
            url = engine.url.render_as_string(hide_password=False)
            for what, path in (("the first", first), ("the same again", first), ("1 % changed", changed)):
                print(f"{name}, {size:,} services, {what} ...", flush=True)
                got = measured(url, path)
                seconds = got["read"] + got["locked"]
                lines.append(
                    f"{name:11}{size:9,}{got['rows']:9,}  {what:14}{seconds:8.1f}{size / seconds:11,.0f}"
                    f"{got['rows'] / seconds:8,.0f}{got['locked']:9.1f}{got['processor']:7.1f}"
                    f"{got['written']:9,}{got['peak']:8.0f}"
                )
    return lines


if __name__ == "__main__":
    sys.exit(main())
