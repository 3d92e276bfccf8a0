"""Several sources, several times: nothing is stolen, nothing deleted, and the same again changes nothing."""

import pytest

from services_directory.errors import DirectoryImportError
from services_directory.models import TABLES
from tests.unit.services_directory.taking_in import NOON, PANTRY, Directory, changed, folder, kinds

UUIDS = {
    "o1": "00000000-0000-4000-8000-000000000001",
    "s1": "00000000-0000-4000-8000-000000000002",
    "l1": "00000000-0000-4000-8000-000000000003",
    "a1": "00000000-0000-4000-8000-000000000004",
    "d1": "00000000-0000-4000-8000-000000000005",
    "p1": "00000000-0000-4000-8000-000000000006",
}


def with_uuids(tables):
    return {
        name: [{key: UUIDS.get(value, value) for key, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def live(directory, source=None):
    """How many rows are live, by table."""
    counts = {}
    for table in TABLES:
        rows = [
            row
            for row in directory.rows(table)
            if row["retired_on"] is None and source in {None, row["directory_source"]}
        ]
        if rows:
            counts[table] = len(rows)
    return counts


def many(count, start=0):
    """So many pantries of one organization at one place."""
    numbers = range(start, start + count)
    return changed(
        service=[{**PANTRY["service"][0], "id": f"s{n}", "name": f"Food Pantry {n}"} for n in numbers],
        service_at_location=[{"id": f"a{n}", "service_id": f"s{n}", "location_id": "l1"} for n in numbers],
    )


@pytest.fixture
def directory():
    return Directory()


def test_the_same_again_changes_nothing(tmp_path, directory):
    package = folder(
        tmp_path,
        changed(
            schedule=[
                {
                    "id": "h",
                    "service_id": "s1",
                    "freq": "WEEKLY",
                    "byday": "MO",
                    "opens_at": "9",
                    "closes_at": "17",
                }
            ]
        ),
    )
    directory.take_in(package)
    before = directory.dump()
    report = directory.take_in(package)
    assert (report.added, report.changed, report.gone, report.read) == (0, 0, 0, 6)
    assert directory.dump() == before
    assert [row["rows_added"] for row in directory.rows("directory_import")] == [6, 0]


def test_one_row_changed_is_one_row_changed_and_searched_anew(tmp_path, directory):
    directory.take_in(folder(tmp_path, PANTRY))
    report = directory.take_in(folder(tmp_path, changed(service={"name": "Night Shelter"})))
    assert (report.added, report.changed, report.gone) == (0, 1, 0)
    assert directory.found() == {"Night Shelter": {"shelter"}}
    report = directory.take_in(
        folder(tmp_path, changed(service={"name": "Night Shelter"}, location={"latitude": "47.7"}))
    )
    assert (report.changed, round(directory.listing()["latitude"], 1)) == (1, 47.7)


def test_what_vanished_is_retired_not_deleted_and_comes_back_when_it_does(tmp_path, directory):
    two = folder(tmp_path / "two", many(2))
    one = folder(tmp_path / "one", many(1))
    directory.take_in(two)
    report = directory.take_in(one)
    assert report.gone == 2
    assert set(directory.found()) == {"Food Pantry 0"}
    gone = next(row for row in directory.rows("service") if row["name"] == "Food Pantry 1")
    assert str(gone["retired_on"]) == "2026-11-25"
    report = directory.take_in(two)
    assert (report.added, report.changed) == (0, 2)
    assert set(directory.found()) == {"Food Pantry 0", "Food Pantry 1"}
    assert all(row["retired_on"] is None for row in directory.rows("service"))


def test_a_second_source_never_touches_the_firsts_rows(tmp_path, directory):
    directory.take_in(folder(tmp_path / "one", PANTRY), "county")
    before = {name: rows for name, rows in directory.dump().items() if name != "service_search"}
    listed = directory.near("food", "98104", NOON)
    directory.take_in(folder(tmp_path / "two", many(3)), "agency")
    directory.take_in(folder(tmp_path / "two", many(2)), "agency")
    after = directory.dump()
    assert all(set(rows) <= set(after[name]) for name, rows in before.items())
    assert live(directory, "county") == dict.fromkeys(PANTRY, 1)
    assert len(directory.near("food", "98104", NOON, limit=9)) == len(listed) + 2


def test_rows_two_sources_share_stay_the_firsts_until_it_gives_them_up(tmp_path, directory):
    county, agency = with_uuids(PANTRY), with_uuids(changed(service={"name": "Soup Kitchen"}))
    # The agency tells of one service more at the very same place.
    agency["service"].append({**agency["service"][0], "id": "own", "name": "Showers"})
    agency["service_at_location"].append({"id": "own", "service_id": "own", "location_id": UUIDS["l1"]})
    directory.take_in(folder(tmp_path / "county", county), "county")
    report = directory.take_in(folder(tmp_path / "agency", agency), "agency")
    assert (report.added, report.changed) == (2, 0)
    assert report.warned.kinds["service: another source has it already: theirs is kept"] == 1
    assert directory.found() == {"Food Pantry": {"food_pantry"}, "Showers": {"hygiene"}}
    assert live(directory, "agency") == {"service": 1, "service_at_location": 1}
    # The same again: still nothing of the county's.
    again = directory.take_in(tmp_path / "agency", "agency")
    assert (again.added, again.changed, again.gone) == (0, 0, 0)
    # The county drops all it shared: the agency's next import takes it over.
    directory.take_in(folder(tmp_path / "county2", many(1)), "county")
    assert directory.found().keys() == {"Food Pantry 0", "Showers"}
    report = directory.take_in(tmp_path / "agency", "agency")
    assert report.added == 5
    assert directory.found().keys() == {"Food Pantry 0", "Showers", "Soup Kitchen"}
    # And the county does not get them back while the agency has them.
    report = directory.take_in(tmp_path / "county", "county")
    assert "another source has it already: theirs is kept" in kinds(report.warnings)
    assert "Soup Kitchen" in directory.found()


def test_a_source_that_shrinks_by_more_than_half_is_refused_unless_told(tmp_path, directory):
    directory.take_in(folder(tmp_path / "many", many(20)))
    before = directory.dump()
    few = folder(tmp_path / "few", many(9))
    with pytest.raises(DirectoryImportError, match="20 services.*only 9.*--allow-shrinking"):
        directory.take_in(few)
    assert directory.dump() == before
    assert directory.take_in(few, allow_shrinking=True).gone == 22
    # Ten of twenty is half, and goes; fewer than ten say nothing.
    directory.take_in(folder(tmp_path / "nine", many(4)))
    assert len(directory.found()) == 4


def test_the_shrinking_of_another_source_does_not_matter(tmp_path, directory):
    directory.take_in(folder(tmp_path / "many", many(20)), "county")
    assert directory.take_in(folder(tmp_path / "few", many(1)), "agency").added


@pytest.mark.parametrize("name", ["", "   ", "x" * 65])
def test_a_source_needs_a_name_that_fits(tmp_path, directory, name):
    with pytest.raises(DirectoryImportError, match="name"):
        directory.take_in(folder(tmp_path, PANTRY), name)


def test_a_service_that_closes_for_a_while_is_no_longer_listed(tmp_path, directory):
    directory.take_in(folder(tmp_path, PANTRY))
    report = directory.take_in(folder(tmp_path, changed(service={"status": "temporarily closed"})))
    assert (report.changed, report.gone, directory.found()) == (1, 0, {})


def test_numbers_of_an_import_are_kept_with_it(tmp_path, directory):
    rows = [*PANTRY["service"], {"id": "s2", "name": ""}]
    report = directory.take_in(folder(tmp_path, changed(service=rows)))
    row = directory.only("directory_import")
    assert (row["directory_source"], row["format"], row["times"]) == ("sample", "HSDS 3.x CSV", "local")
    assert (row["rows_read"], row["rows_refused"]) == (report.read, 1) == (6, 1)
