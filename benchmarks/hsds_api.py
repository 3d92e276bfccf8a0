"""How long the HSDS API takes with 100,000 services, and how fast the directory goes out as a datapackage.

A package of invented services is imported into SQLite and into PostgreSQL; each question is then asked
through the Flask application, without a network, in as many forms as there is time for. "new" questions were
not asked before, so nothing remembered helps. The export runs in a process of its own, whose peak memory is
told.

`.venv/bin/python benchmarks/hsds_api.py [--seconds N] [--services N] [--quick]`
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.directory_import import WORDS, package  # noqa: E402
from benchmarks.directory_world import databases  # noqa: E402
from bot.db import make_engine, reading, writing  # noqa: E402
from services_directory.api import blueprint  # noqa: E402
from services_directory.export import export_directory  # noqa: E402
from services_directory.importing import import_directory  # noqa: E402
from services_directory.models import Base, Service  # noqa: E402

#: A Wednesday, noon in Seattle.
NOON = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
ZIPS = ("98104", "10001", "60601", "77002", "90012", "59801", "33101", "02108")
Ask = Callable[[int], str]


def questions(services: int, ids: list[str]) -> dict[str, Ask]:
    """What is asked: the path of the n-th form of each question."""
    dice = random.Random(1)  # noqa: S311
    pages = max(services // 50, 1)

    def words(number: int, count: int) -> str:
        return "+".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, count + 1))

    return {
        "minimal page of 50, anywhere": lambda _n: (
            f"services?minimal=true&per_page=50&page={dice.randint(1, pages)}"
        ),
        "page of 50, anywhere": lambda _n: f"services?page={dice.randint(1, pages)}",
        "full page of 50, anywhere": lambda _n: f"services?full=true&page={dice.randint(1, pages)}",
        "one service": lambda number: f"services/{ids[number % len(ids)]}",
        "search for one word, new": lambda number: f"services?search={number:03}",
        "search for two words, new": lambda number: f"services?search=detox+{number}",
        "search for three words, new": lambda number: f"services?search={words(number, 2)}+{number}",
        "next page of a search": lambda number: f"services?search=pantry&page={number % 20 + 2}",
        "within 2 km of a ZIP, new": lambda number: (
            f"service_at_locations?postcode={ZIPS[number % 8]}&proximity={2000 + number}"
        ),
        "within 50 km of a ZIP, new": lambda number: (
            f"service_at_locations?postcode={ZIPS[number % 8]}&proximity={50_000 + number}"
        ),
        "open food in 20 km, new": lambda number: (
            f"service_at_locations?postcode={ZIPS[number % 8]}&proximity={20_000 + number}&need=food"
            "&open_now=true"
        ),
        "all that is open, new": lambda number: (
            f"services?open_at={(NOON + timedelta(minutes=number)).isoformat().replace('+', '%2B')}"
        ),
    }


def measured(client: FlaskClient, ask: Ask, seconds: float, most: int) -> list[float]:
    """Milliseconds of each form asked."""
    took = []
    began = time.monotonic()
    while len(took) < most and (len(took) < 3 or time.monotonic() - began < seconds):
        path = ask(len(took))
        start = time.perf_counter()
        answer = client.get(f"/hsds/{path}")
        took.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, (path, answer.text)
    return took


def asked(engine: Engine, services: int, seconds: float, most: int) -> dict[str, list[float]]:
    """Every question's times on one database."""
    app = Flask("bench")
    app.register_blueprint(blueprint(lambda: reading(engine), lambda: NOON, "https://line.example.org"))
    client = app.test_client()
    with reading(engine) as session:
        ids = list(session.scalars(select(Service.id).limit(500)))
    # The ZIP codes are read once in a process.
    client.get("/hsds/service_at_locations?postcode=98104&proximity=1")
    client.get("/hsds/services?page=1000&per_page=50")
    found = questions(services, ids)
    return {name: measured(client, ask, seconds / len(found), most) for name, ask in found.items()}


def one_export(url: str, path: str) -> None:
    """Export in this process and print the figures as JSON."""
    engine = make_engine(url)
    began = time.monotonic()
    with reading(engine) as session:
        rows = sum(export_directory(session, Path(path)).values())
    took = time.monotonic() - began
    print(json.dumps({"rows": rows, "seconds": took, "peak": _peak_kilobytes()}))


def _peak_kilobytes() -> int:
    # What getrusage tells is the parent's when that was larger.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def _analyze(engine: Engine) -> None:
    """What autovacuum does on a live PostgreSQL server. SQLite gathers no statistics by itself."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def exported(engine: Engine, path: Path) -> str:
    """A line about an export in a process of its own."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, __file__, "--export", url, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    got = json.loads(done.stdout.strip().splitlines()[-1])
    rate = got["rows"] / got["seconds"]
    size = sum(one.stat().st_size for one in ([path] if path.is_file() else path.iterdir())) / 1e6
    return (
        f"{got['rows']:,} rows in {got['seconds']:.1f} s, {rate:,.0f} rows/s, {size:,.0f} MB written,"
        f" peak {got['peak'] / 1024:.0f} MB"
    )


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="The HSDS API and the export.")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each database is asked")
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="2,000 services: only to see it run")
    parser.add_argument("--export", nargs=2, metavar=("URL", "PATH"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.export:
        one_export(*given.export)
        return 0
    services, seconds, most = (2000, 2.0, 20) if given.quick else (given.services, given.seconds, 300)
    took: dict[str, dict[str, list[float]]] = {}
    lines = []
    with tempfile.TemporaryDirectory() as name, ExitStack() as used:
        folder = Path(name)
        packed = package(folder / "package.zip", services)
        makers = {
            "SQLite": used.enter_context(databases.sqlite(folder)),
            "PostgreSQL": used.enter_context(databases.postgresql(folder)),
        }
        for database, make in makers.items():
            engine = make("hsds_api")
            Base.metadata.create_all(engine)
            began = time.monotonic()
            with writing(engine) as session:
                import_directory(session, packed, "bench", date(2026, 11, 25))
            _analyze(engine)
            print(f"{database}: {services:,} services in after {time.monotonic() - began:.0f} s", flush=True)
            took[database] = asked(engine, services, seconds, most)
            for kind, path in (("zip", folder / f"{database}.zip"), ("folder", folder / database)):
                lines.append(f"export from {database:10} to a {kind:6}: {exported(engine, path)}")
    print(
        f"\n{f'milliseconds, {services:,} services':32}"
        + "".join(f"{f'{name} p50':>16}{'p95':>8}" for name in took)
    )
    for question in next(iter(took.values())):
        cells = (np.percentile(times[question], cut) for times in took.values() for cut in (50, 95))
        print(
            f"{question:32}"
            + "".join(f"{cell:{width}.1f}" for cell, width in zip(cells, (16, 8) * 2, strict=True))
        )
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
