"""The directory on a real SQLite file, loaded from the sample package."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from services_directory import hours, places, search
from services_directory.crisis_lines import load_crisis_lines
from services_directory.errors import DirectoryImportError
from services_directory.importers.hsds import import_directory
from services_directory.models import Base, Organization, Phone, Service, ServiceSearch
from services_directory.taxonomy import categories_for

SAMPLE = Path("services_directory/data/sample")
#: A Wednesday, noon in Seattle.
NOON = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


@pytest.fixture
def session(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/directory.db")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def loaded(session):
    import_directory(session, SAMPLE, "sample")
    session.commit()
    return session


def test_importing_the_same_package_twice_changes_nothing(loaded):
    report = import_directory(loaded, SAMPLE, "sample")
    assert (report.added, report.changed, report.refused) == (0, 0, [])


def test_a_zip_of_the_package_imports_alike(session, tmp_path):
    with zipfile.ZipFile(tmp_path / "sample.zip", "w") as archive:
        for file in SAMPLE.glob("*.csv"):
            archive.write(file, file.name)
    assert import_directory(session, tmp_path / "sample.zip", "sample").added > 300


def test_a_file_that_is_no_directory_changes_nothing(session, tmp_path):
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DirectoryImportError):
        import_directory(session, tmp_path, "notes")
    assert session.scalars(select(Organization)).first() is None


def test_every_sample_says_that_it_is_one(loaded):
    assert all("Sample" in name for name in loaded.scalars(select(Service.name)))
    assert all("206 555 01" in number for number in loaded.scalars(select(Phone.number)))


def test_search_agrees_with_looking_at_every_service(loaded):
    for zip_code in ("98104", "98133", "98118", "97201"):
        place = places.zip_place(zip_code)
        found = search.find(loaded, "food", place, NOON, limit=100)
        rows = loaded.scalars(
            select(ServiceSearch).where(ServiceSearch.category.in_(categories_for("food")))
        ).all()
        reach = {
            r.service_at_location_id
            for r in rows
            if search.miles_between(place, r.latitude, r.longitude) <= 200
        }
        assert {match.service_at_location_id for match in found} == reach


def test_what_can_be_used_today_comes_first_and_nearest_of_that(loaded):
    found = search.find(loaded, "food", places.zip_place("98104"), NOON)
    assert len(found) == 3
    assert [match.miles for match in found] == sorted(match.miles for match in found)
    assert all(match.hours.usable_today for match in found)


class Opening:
    def __init__(self, weekday, opens, closes):
        self.weekday, self.opens, self.closes = weekday, opens, closes


OVERNIGHT = [Opening(2, 19 * 60, 31 * 60)]


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        (datetime(2026, 11, 26, 3, 0, tzinfo=UTC), "open"),  # Wednesday 19:00
        (datetime(2026, 11, 26, 14, 59, tzinfo=UTC), "open"),  # Thursday 6:59
        (datetime(2026, 11, 26, 15, 0, tzinfo=UTC), "closed_today"),  # Thursday 7:00
        (NOON, "opens_later"),
    ],
)
def test_overnight_hours_belong_to_the_evening_they_began(at, kind):
    assert hours.today(OVERNIGHT, at, "America/Los_Angeles").kind == kind


def test_no_hours_means_unknown_and_never_closed():
    assert hours.today([], NOON, "America/Los_Angeles").kind == "unknown"


def test_every_crisis_line_says_where_it_was_read_and_when():
    assert {"emergency", "suicide_crisis", "help_near_you"} <= set(load_crisis_lines())
    assert all(line.source and line.verified_on for line in load_crisis_lines().values())
