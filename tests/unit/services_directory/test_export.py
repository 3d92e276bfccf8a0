"""What goes out comes back in: every row, every value, and the same bytes the next time."""

import csv
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from services_directory.errors import DirectoryExportError
from services_directory.export import export_directory
from services_directory.importing import import_directory
from services_directory.models import TABLES, Base, Closure, DirectoryImport, Phone, Schedule, Service
from services_directory.schemas import datapackage

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "services_directory" / "data" / "sample"
EXAMPLES = ROOT / "tests" / "fixtures" / "directories" / "hsds-3.2.3"
TOWN = ROOT / "tests" / "integration" / "hsds_api" / "town"
TODAY = date(2026, 11, 25)
OURS = {"directory_source", "import_id", "digest"}


@pytest.fixture
def directory():
    """Makes empty directories in memory."""
    made = []

    def make():
        engine = create_engine("sqlite://")
        Base.metadata.create_all(engine)
        made.append(Session(engine))
        return made[-1]

    yield make
    for session in made:
        session.close()
        session.get_bind().dispose()


def rows_of(session):
    found = {}
    for name, model in TABLES.items():
        columns = [column for column in model.__table__.columns if column.name not in OURS]
        live = select(*columns).where(model.retired_on.is_(None)).order_by(model.id)
        found[name] = [tuple(row) for row in session.execute(live)]
    closures = select(Closure.link_id, Closure.starts_on, Closure.ends_on, Closure.reason)
    found["closure"] = sorted(tuple(row) for row in session.execute(closures))
    return found


@pytest.mark.parametrize("ending", [".zip", ""])
@pytest.mark.parametrize(
    "package",
    [
        SAMPLE,
        EXAMPLES / "csv",
        EXAMPLES / "service_full.json",
        EXAMPLES / "service_at_location_full.json",
        TOWN,
    ],
    ids=lambda path: path.name,
)
def test_an_export_imports_back_identically_and_exports_to_the_same_bytes(
    directory, tmp_path, package, ending
):
    first, second = directory(), directory()
    import_directory(first, package, "one", TODAY)
    counts = export_directory(first, tmp_path / f"out{ending}")
    report = import_directory(second, tmp_path / f"out{ending}", "two", TODAY)
    assert report.refused == []
    assert rows_of(second) == rows_of(first)
    assert counts == {
        **{name: len(rows) for name, rows in rows_of(first).items() if name != "closure"},
        "holiday_schedule": len(rows_of(first)["closure"]),
    }
    export_directory(second, tmp_path / f"again{ending}")
    assert bytes_of(tmp_path / f"again{ending}") == bytes_of(tmp_path / f"out{ending}")


def bytes_of(path):
    if path.is_file():
        return path.read_bytes()
    return {file.name: file.read_bytes() for file in path.iterdir()}


#: What spreadsheets and careless readers break.
HARD = [
    "",
    " ",
    "NULL",
    "a\nb",
    "a\r\nb",
    'a "b", c',
    "a;b\tc|d",
    "=1+1",
    "né\u2028ü 🍲",
    "\ufeffa",
    "'",
    "007",
]
TEXTS = st.one_of(st.sampled_from(HARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
AGES = st.one_of(st.none(), st.floats(0, 150), st.integers(0, 99))
DAYS = st.one_of(st.none(), st.dates().map(date.isoformat))
TIMES = st.sampled_from([None, "09:00", "24:00", "9:30 pm", "10:00Z", "23:59:59+02:00", "soon"])
SERVICES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["active", "temporarily closed"]),
        "name": TEXTS.map("Soup {}".format),
        **dict.fromkeys(("description", "alert", "url", "email", "fees_description"), TEXTS),
        **dict.fromkeys(("minimum_age", "maximum_age"), AGES),
        "assured_date": DAYS,
        "organization": st.fixed_dictionaries({"name": TEXTS.map("Org {}".format), "description": TEXTS}),
        "phones": st.lists(st.fixed_dictionaries({"number": TEXTS.map("1 {}".format), "extension": AGES})),
        "schedules": st.lists(
            st.fixed_dictionaries({"byday": TEXTS, "valid_to": DAYS, "opens_at": TIMES, "closes_at": TIMES})
        ),
        "cost_options": st.lists(
            st.fixed_dictionaries({"amount": st.floats(-1e300, 1e300), "option": TEXTS})
        ),
    }
)


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(services=st.lists(SERVICES, min_size=4, max_size=12))
def test_any_value_a_source_may_hold_comes_back_as_it_was_kept(directory, tmp_path, services):
    (tmp_path / "source.json").write_text(json.dumps(services), "utf-8")
    first, second = directory(), directory()
    import_directory(first, tmp_path / "source.json", "one", TODAY)
    export_directory(first, tmp_path / "out.zip")
    import_directory(second, tmp_path / "out.zip", "two", TODAY)
    assert rows_of(second) == rows_of(first)


def test_a_package_has_the_standards_tables_and_describes_every_column(directory, tmp_path):
    session = directory()
    import_directory(session, TOWN, "town", TODAY)
    export_directory(session, tmp_path / "out")
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert described["version"] == "3.2.3"
    assert described["profile"] == "tabular-data-package"
    assert described["resources"][:24] == datapackage()["resources"]
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "datapackage.json",
        *(resource["path"] for resource in described["resources"]),
    }
    for resource in described["resources"]:
        with (tmp_path / "out" / resource["path"]).open(encoding="utf-8", newline="") as sheet:
            rows = list(csv.DictReader(sheet))
            assert all(row.keys() == {one["name"] for one in resource["schema"]["fields"]} for row in rows)


def test_times_are_written_with_seconds_as_the_standard_has_them(directory, tmp_path):
    session = directory()
    import_directory(session, TOWN, "town", TODAY)
    export_directory(session, tmp_path / "out")
    sheet = (tmp_path / "out" / "schedules.csv").read_text("utf-8")
    assert ",19:00:00,02:00:00," in sheet


def test_what_is_retired_does_not_go_out(directory, tmp_path):
    session = directory()
    import_directory(session, SAMPLE, "sample", TODAY)
    kept = session.scalars(select(Service.id).order_by(Service.id)).first()
    session.execute(update(Service).where(Service.id != kept).values(retired_on=TODAY))
    session.execute(update(Phone).values(retired_on=TODAY))
    counts = export_directory(session, tmp_path / "out.zip")
    assert (counts["service"], counts["phone"], counts["organization"]) == (1, 0, 61)


def test_closed_days_go_out_with_their_reasons(directory, tmp_path):
    first, second = directory(), directory()
    import_directory(first, TOWN, "town", TODAY)
    assert [row[3] for row in rows_of(first)["closure"]] == ["Thanksgiving, and the day after"]
    export_directory(first, tmp_path / "out.zip")
    import_directory(second, tmp_path / "out.zip", "again", TODAY)
    assert rows_of(second)["closure"] == rows_of(first)["closure"]


def test_what_bare_times_of_the_source_mean_goes_out_too(directory, tmp_path):
    first, second = directory(), directory()
    import_directory(first, SAMPLE, "in utc", TODAY, times="utc")
    export_directory(first, tmp_path / "out.zip")
    import_directory(second, tmp_path / "out.zip", "again", TODAY)
    assert second.scalar(select(DirectoryImport.times)) == "utc"
    assert rows_of(second) == rows_of(first)


def test_sources_of_different_times_go_out_together_and_come_back_as_one(directory, tmp_path):
    first, second = directory(), directory()
    import_directory(first, SAMPLE, "local", TODAY)
    import_directory(first, TOWN, "in utc", TODAY, times="utc")
    export_directory(first, tmp_path / "out.zip")
    import_directory(second, tmp_path / "out.zip", "together", TODAY)
    before, after = rows_of(first), rows_of(second)
    assert {name: rows for name, rows in after.items() if name != "schedule"} == {
        name: rows for name, rows in before.items() if name != "schedule"
    }
    was, now = (
        {row.id: row.opens_at for row in session.execute(select(Schedule.id, Schedule.opens_at))}
        for session in (first, second)
    )
    marked = {one for one in was if now[one] == f"{was[one]}Z"}
    assert all(now[one] == was[one] for one in was.keys() - marked)
    assert len(marked) == 4
    assert second.scalar(select(DirectoryImport.times)) == "local"


def test_one_source_goes_out_alone_when_it_is_named(directory, tmp_path):
    session = directory()
    import_directory(session, SAMPLE, "sample", TODAY)
    import_directory(session, TOWN, "town", TODAY)
    assert export_directory(session, tmp_path / "town.zip", source="town")["service"] == 5
    assert export_directory(session, tmp_path / "sample.zip", source="sample")["service"] == 61
    assert export_directory(session, tmp_path / "all.zip")["service"] == 66
    with pytest.raises(DirectoryExportError, match="no source is called county: there are sample, town"):
        export_directory(session, tmp_path / "county.zip", source="county")
    assert not (tmp_path / "county.zip").exists()


@pytest.mark.parametrize("ending", [".zip", ""])
def test_an_export_takes_the_place_of_an_earlier_one(directory, tmp_path, ending):
    session = directory()
    import_directory(session, SAMPLE, "sample", TODAY)
    for _ in range(2):
        export_directory(session, tmp_path / f"out{ending}")
    assert [file.name for file in tmp_path.iterdir()] == [f"out{ending}"]


@pytest.mark.parametrize("ending", [".zip", ""])
def test_an_export_that_breaks_leaves_what_was_there_and_nothing_half(directory, tmp_path, ending):
    session = directory()
    import_directory(session, SAMPLE, "sample", TODAY)
    session.commit()
    export_directory(session, tmp_path / f"out{ending}")
    before = bytes_of(tmp_path / f"out{ending}")
    session.execute(text("DROP TABLE cost_option"))
    for path in (tmp_path / f"out{ending}", tmp_path / f"new{ending}"):
        with pytest.raises(Exception, match="cost_option"):
            export_directory(session, path)
    assert bytes_of(tmp_path / f"out{ending}") == before
    assert [file.name for file in tmp_path.iterdir()] == [f"out{ending}"]


def test_an_export_does_not_touch_what_is_no_export(directory, tmp_path):
    session = directory()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder.zip").mkdir()
    for name in ("mine", "file", "folder.zip", "file/under"):
        with pytest.raises(DirectoryExportError):
            export_directory(session, tmp_path / name)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"
    assert {file.name for file in tmp_path.iterdir()} == {"mine", "file", "folder.zip"}


def test_an_empty_directory_is_an_empty_package(directory, tmp_path):
    assert set(export_directory(directory(), tmp_path / "out.zip").values()) == {0}
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 26


def test_closed_days_of_what_is_not_in_the_directory_are_left_out(directory, tmp_path):
    session = directory()
    import_directory(session, TOWN, "town", TODAY)
    session.execute(delete(Closure))
    closed = {"starts_on": TODAY, "ends_on": TODAY, "directory_source": "town"}
    session.execute(insert(Closure).values(link_id="nothing", **closed))
    assert export_directory(session, tmp_path / "out.zip")["holiday_schedule"] == 0
