"""`python -m bot import-directory` on SQLite and on PostgreSQL: what it says, and what it leaves behind."""

import argparse
import csv
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from bot.bootstrap import Line
from bot.db import reading
from bot.directory_commands import import_into
from bot.models import Base as LineBase
from services_directory.importing import compare_with, import_directory, prepare, write
from services_directory.models import Base, DirectoryImport, Organization, Service, ServiceSearch
from tests.integration.conftest import ROOT, SETTINGS
from tests.unit.services_directory.taking_in import FIXTURES, PANTRY, TODAY, Directory, changed, folder, sheet

SAMPLE = Path("services_directory/data/sample")


def asked(path, **more):
    given = {
        "source": None,
        "times": None,
        "allow_shrinking": False,
        "report": None,
        "dry_run": False,
        **more,
    }
    return argparse.Namespace(path=path, **given)


def dump(engine):
    """Everything in the directory, imports too."""
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
        }


def test_a_directory_goes_in_and_the_same_again_changes_nothing(line, capsys):
    assert import_into(line, asked(SAMPLE)) == 0
    first, none = capsys.readouterr()
    assert first == (
        "HSDS 3.x CSV: 492 rows read, 492 added, 0 changed, 0 gone, 0 refused, 0 warned;"
        " 61 services, 61 places to find them\n"
    )
    # Nobody watches: no bar.
    assert none == ""
    before = {name: rows for name, rows in dump(line.engine).items() if name != "directory_import"}
    assert import_into(line, asked(SAMPLE)) == 0
    assert "492 rows read, 0 added, 0 changed, 0 gone" in capsys.readouterr().out
    assert before == {name: rows for name, rows in dump(line.engine).items() if name != "directory_import"}


def test_every_format_goes_in_alike_on_both_databases(engine):
    for path in (
        "hsds-3.2.3/csv",
        "hsds-1.1",
        "hsds-2.0",
        "ohana",
        "findtreatment",
    ):
        here, there = Directory(engine), Directory()
        source = path.replace("/", "-")
        report = here.take_in(FIXTURES / path, source)
        assert str(report) == str(there.take_in(FIXTURES / path, source))
        again = here.take_in(FIXTURES / path, source)
        assert (again.added, again.changed, again.gone) == (0, 0, 0)
        for table in ("service", "schedule", "service_search", "weekly_hours", "closure", "full_text"):
            ours = {"id", "import_id"}
            mine, theirs = (
                sorted(
                    [
                        {key: value for key, value in row.items() if key not in ours}
                        for row in one.rows(table)
                        if row.get("directory_source", source) == source
                    ],
                    key=repr,
                )
                for one in (here, there)
            )
            if table != "weekly_hours":
                assert mine == theirs


def test_changes_retiring_and_coming_back_on_both_databases(engine, tmp_path):
    directory = Directory(engine)
    two = [PANTRY["service"][0], {**PANTRY["service"][0], "id": "s2", "name": "Night Shelter"}]
    at = [PANTRY["service_at_location"][0], {"id": "a2", "service_id": "s2", "location_id": "l1"}]
    both = folder(tmp_path / "two", changed(service=two, service_at_location=at))
    directory.take_in(both)
    directory.take_in(folder(tmp_path / "one", PANTRY))
    assert set(directory.found()) == {"Food Pantry"}
    assert {str(row["retired_on"]) for row in directory.rows("service")} == {"None", str(TODAY)}
    report = directory.take_in(both)
    assert (report.added, report.changed, report.gone) == (0, 2, 0)
    assert set(directory.found()) == {"Food Pantry", "Night Shelter"}
    report = directory.take_in(both, "other", times="utc")
    assert report.listed == 2


@pytest.mark.parametrize("path", ["nothing", "x.zip", "x.json"])
def test_a_bad_file_is_a_sentence_on_standard_error_and_changes_nothing(line, tmp_path, capsys, path):
    assert import_into(line, asked(SAMPLE)) == 0
    before = dump(line.engine)
    capsys.readouterr()
    if "." in path:
        (tmp_path / path).write_text('[{"id": 1, "na')
    assert import_into(line, asked(tmp_path / path)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 2
    assert said.err.endswith("\nNothing was changed.\n")
    assert dump(line.engine) == before


def test_every_refusal_and_warning_is_written_to_a_file(line, tmp_path, capsys):
    rows = [*PANTRY["service"], *({"id": f"x{n}", "organization_id": "o1", "name": ""} for n in range(1500))]
    package = folder(tmp_path / "x", changed(service=rows))
    assert import_into(line, asked(package, report=tmp_path / "report.csv")) == 0
    assert "Refused 1500 x service: name is missing (such as service.csv, row 3)" in capsys.readouterr().out
    with (tmp_path / "report.csv").open() as file:
        told = list(csv.DictReader(file))
    assert len(told) == 1500
    assert told[-1] == {
        "what": "refused",
        "file": "service.csv",
        "row": "1502",
        "table": "service",
        "reason": "name is missing",
    }
    assert import_into(line, asked(package, report=tmp_path / "no" / "such" / "folder.csv")) == 1


def test_a_dry_run_says_what_would_be_and_changes_nothing(line, capsys):
    before = dump(line.engine)
    assert import_into(line, asked(SAMPLE, dry_run=True)) == 0
    assert capsys.readouterr().out.endswith("Nothing was changed: this was a dry run.\n")
    assert dump(line.engine) == before


def test_times_are_remembered_for_a_source(line):
    assert import_into(line, asked(SAMPLE, source="county", times="utc")) == 0
    assert import_into(line, asked(SAMPLE, source="county")) == 0
    assert import_into(line, asked(SAMPLE, source="agency")) == 0
    with Session(line.engine) as session:
        assert list(session.scalars(select(DirectoryImport.times).order_by(DirectoryImport.id))) == [
            "utc",
            "utc",
            "local",
        ]


def test_a_database_nobody_set_up_is_said(line, capsys):
    Base.metadata.drop_all(line.engine)
    assert import_into(line, asked(SAMPLE)) == 1
    assert "migrate" in capsys.readouterr().err


def test_a_database_that_is_away_is_said(line, capsys):
    away = dict(line.settings.__dict__, database_url="postgresql+psycopg://nobody:x@127.0.0.1:9/none")
    elsewhere = Line(type(line.settings)(**away))
    assert import_into(elsewhere, asked(SAMPLE)) == 1
    said = capsys.readouterr().err
    assert said.startswith("The database does not take it: ")
    assert said.endswith("\nNothing was changed.\n")
    elsewhere.engine.dispose()


def test_two_imports_of_one_source_at_once_take_turns(engine, tmp_path):
    numbers = range(300)
    package = folder(
        tmp_path / "x",
        changed(
            service=[
                {"id": n, "organization_id": "o1", "name": f"Food Pantry {n}", "status": "active"}
                for n in numbers
            ],
            service_at_location=[{"id": n, "service_id": n, "location_id": "l1"} for n in numbers],
        ),
    )
    directory = Directory(engine)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _turn: directory.take_in(package), range(4)))
    assert sorted(report.added for report in reports) == [0, 0, 0, 603]
    assert len(directory.rows("service_search")) == 300


def test_reading_a_package_holds_no_lock(engine, tmp_path):
    """While one package is read, others write; only writing waits its turn."""
    package = folder(tmp_path / "x", PANTRY)
    with prepare(package, "slow", TODAY) as prepared:
        Directory(engine).take_in(folder(tmp_path / "y", changed(service={"name": "Night Shelter"})), "quick")
        with Session(engine) as session, session.begin():
            assert write(session, prepared).added == 5


def test_a_source_imported_between_comparing_and_writing_is_compared_again(engine, tmp_path):
    directory = Directory(engine)
    package = folder(tmp_path / "x", PANTRY)
    other = folder(tmp_path / "y", changed(service={"name": "Night Shelter"}))
    with prepare(package, "sample", TODAY) as prepared:
        with reading(engine) as session:
            compare_with(session, prepared)
        directory.take_in(other)
        with Session(engine) as session, session.begin():
            report = write(session, prepared)
    assert (report.added, report.changed) == (0, 1)
    assert set(directory.found()) == {"Food Pantry"}


def test_an_import_leaves_the_lines_other_tables_alone(line):
    assert import_into(line, asked(SAMPLE)) == 0
    names = set(inspect(line.engine).get_table_names())
    assert set(LineBase.metadata.tables) <= names
    with Session(line.engine) as session:
        for table in LineBase.metadata.tables.values():
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_import_that_fails_while_writing_leaves_nothing(engine):
    with Session(engine) as session:
        session.begin()
        assert import_directory(session, SAMPLE, "sample", TODAY).added == 492
        session.rollback()
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Service)) == 0
        assert session.scalar(select(func.count()).select_from(ServiceSearch)) == 0


def test_killed_at_any_moment_nothing_or_everything_is_there(engine, database_url, tmp_path):
    numbers = range(4000)
    package = changed(
        organization=[{"id": n, "name": f"Sample {n}", "description": ""} for n in numbers],
        service=[
            {"id": n, "organization_id": n, "name": f"Food Pantry {n}", "status": "active"} for n in numbers
        ],
        service_at_location=[{"id": n, "service_id": n, "location_id": "l1"} for n in numbers],
    )
    path = tmp_path / "x"
    path.mkdir()
    for name, rows in package.items():
        (path / f"{name}.csv").write_text(sheet(rows))
    env = {**os.environ, **SETTINGS, "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "bot", "import-directory", str(path)]
    counts = set()
    for wait in (0.6, 1.2, 1.8, 2.4):
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Session(engine) as session:
            counts.add(
                tuple(
                    session.scalar(select(func.count()).select_from(one))
                    for one in (Organization, Service, ServiceSearch)
                )
            )
    assert counts <= {(0, 0, 0), (4000, 4000, 4000)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "4000 services, 4000 places to find them" in done.stdout
