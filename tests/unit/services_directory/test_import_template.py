"""The one-sheet template, as it is given out and as small agencies fill it in."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import yaml

from tests.unit.services_directory.taking_in import NOON, Directory, kinds, sheet

TEMPLATE = Path("services_directory/data")
LINE = {
    "organization": "Sample Aid",
    "service": "Saturday Table",
    "kind": "meal",
    "address": "1 Sample St",
    "city": "Seattle",
    "state": "WA",
    "zip": "98104",
    "phone": "206-555-0100",
    "hours": "Mon-Fri 9am-5pm",
    "who": "Everyone",
    "cost": "Free",
    "languages": "English, Spanish",
    "wheelchair": "yes",
    "last_checked": "2026-11-01",
}


def taken(tmp_path, *lines, name="list.csv"):
    path = tmp_path / name
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        columns = list(dict.fromkeys(column for line in lines for column in line))
        book.active.append(columns)
        for line in lines:
            book.active.append([line.get(column) for column in columns])
        book.save(path)
    else:
        path.write_text(sheet(list(lines)))
    directory = Directory()
    return directory.take_in(path), directory


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "services.csv", "LIST.TSV"])
def test_a_line_is_a_service_that_can_be_found(tmp_path, name):
    report, directory = taken(tmp_path, LINE, name=name)
    assert (report.format, report.read, report.refused) == ("one-sheet template", 1, [])
    assert kinds(report.warnings) == {"no position: the middle of its ZIP is used"}
    (match,) = directory.near("food", "98104", NOON)
    assert (match.service_name, match.organization_name, match.phone) == (
        "Saturday Table",
        "Sample Aid",
        "206-555-0100",
    )
    assert (match.hours.kind, match.hours.until) == ("open", time(17, 0))
    row = directory.listing()
    assert (row["category"], row["free"], row["wheelchair"], row["languages"]) == ("meal", 1, 1, ",en,es,")
    assert str(row["assured_date"]) == "2026-11-01"


def test_the_files_given_out_are_the_template_and_hold_only_an_example():
    known = set(yaml.safe_load(Path("services_directory/importers/template.yml").read_text())["columns"])
    filled = []
    for file in ("template.csv", "template.xlsx"):
        directory = Directory()
        report = directory.take_in(TEMPLATE / file)
        assert report.refused == []
        assert kinds(report.warnings) == {"no position: the middle of its ZIP is used"}
        assert all("Sample" in str(row["name"]) for row in directory.rows("service"))
        assert report.listed == report.read == 2
        filled.append(directory.dump())
    assert filled[0] == filled[1]
    header = (TEMPLATE / "template.csv").read_text("utf-8-sig").splitlines()[0]
    assert set(header.split(",")) == known
    shelter = next(row for row in directory.rows("service_search") if row["category"] == "shelter")
    assert (shelter["gender"], shelter["pets"], shelter["minimum_age"]) == ("women", 0, 18)


@pytest.mark.parametrize(
    "columns",
    [
        {
            "Agency": "Sample Aid",
            "Program Name": "Table",
            "Type of Service": "meal",
            "Street Address": "1 Sample St",
            "ZIP Code": "98104",
        },
        {
            "Organización": "Sample Aid",
            "Servicio": "Table",
            "Tipo": "comidas",
            "Dirección": "1 Sample St",
            "Código Postal": "98104",
        },
        {"name": "Sample Soup Kitchen", "address": "1 Sample St, Seattle, WA 98104"},
        {"SITE NAME": "Sample Soup Kitchen", "Postcode": 98104},
        {"Zip": "98104", "Service": "Sample Meals", "Notes": "x", "Nobody asked": "y"},
        {"pantry name": "Sample Lunch", "lat": "47.6", "lng": "-122.33"},
        {"name": "Sample Mission Dinner", "city": "Seattle", "state": "WA"},
    ],
)
def test_columns_in_other_words_letters_order_and_spanish(tmp_path, columns):
    report, directory = taken(tmp_path, columns)
    assert report.refused == []
    assert [row["category"] for row in directory.rows("service_search")] == ["meal"]


def test_titles_above_the_columns_and_blank_rows_between(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Services of Sample County"])
    page.append(["Please fill in the yellow cells", None, "thanks"])
    page.append([])
    page.append(list(LINE))
    page.append([None] * len(LINE))
    page.append(list(LINE.values()))
    page.append([" "])
    book.save(tmp_path / "list.xlsx")
    directory = Directory()
    report = directory.take_in(tmp_path / "list.xlsx")
    assert report.listed == 1
    assert [one.row for one in report.refused] in ([], [7])


def test_cells_that_are_numbers_days_and_times(tmp_path):
    line = {
        **LINE,
        "zip": 2134,
        "phone": 6175550100.0,
        "last_checked": date(2026, 11, 1),
        "minimum_age": 18.0,
    }
    _report, directory = taken(tmp_path, {**line, "state": "MA", "city": "Allston"}, name="list.xlsx")
    assert directory.only("address")["postal_code"] == "02134"
    assert directory.only("phone")["number"] == "6175550100"
    assert directory.listing()["timezone"] == "America/New_York"
    assert directory.listing()["minimum_age"] == 18
    assert str(directory.listing()["assured_date"]) == "2026-11-01"


def test_the_sheet_with_the_columns_is_found_among_others(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["How to fill this in"])
    page = book.create_sheet("Our services")
    page.append(list(LINE))
    page.append(list(LINE.values()))
    book.save(tmp_path / "list.xlsx")
    directory = Directory()
    assert directory.take_in(tmp_path / "list.xlsx").listed == 1


def test_two_services_of_one_organization_at_one_address_share_them(tmp_path):
    _report, directory = taken(tmp_path, LINE, {**LINE, "service": "Showers", "kind": "hygiene"})
    assert (len(directory.rows("organization")), len(directory.rows("location"))) == (1, 1)
    assert directory.found() == {"Saturday Table": {"meal"}, "Showers": {"hygiene"}}


def test_a_line_without_a_name_is_refused_whole(tmp_path):
    report, directory = taken(tmp_path, LINE, {**LINE, "organization": "", "service": ""})
    assert [(one.file, one.row) for one in report.refused] == [("list.csv", 3)]
    assert len(directory.rows("location")) == 1


@pytest.mark.parametrize(
    ("kind", "categories"),
    [
        ("meal", {"meal"}),
        ("Food pantry", {"food_pantry"}),
        ("meal; shelter", {"meal", "shelter"}),
        ("Showers and laundry", {"hygiene"}),
        ("Methadone", {"medication_treatment"}),
        ("Despensa", {"food_pantry"}),
        ("something else", {"meal"}),
        ("", {"meal"}),
    ],
)
def test_kinds_in_our_words_or_theirs_and_else_by_name(tmp_path, kind, categories):
    _report, directory = taken(tmp_path, {**LINE, "service": "Hot Meals", "kind": kind})
    assert directory.found()["Hot Meals"] == categories


def test_hours_that_cannot_be_read_for_sure_are_unknown_and_kept_as_prose(tmp_path):
    report, directory = taken(tmp_path, {**LINE, "hours": "most mornings"})
    assert directory.near("food", "98104", NOON)[0].hours.kind == "unknown"
    assert "hours could not be read: hours unknown" in kinds(report.warnings)
    assert directory.only("schedule")["description"] == "most mornings"


def test_hours_of_every_weekday_in_one_cell(tmp_path):
    _report, directory = taken(tmp_path, {**LINE, "hours": "Mon 9-5, Tue 10-6, Wed closed; Sat 6pm-2am"})
    assert {(row["weekday"], row["opens"], row["closes"]) for row in directory.rows("weekly_hours")} == {
        (0, 540, 1020),
        (1, 600, 1080),
        (5, 1080, 1560),
    }


def test_filling_in_a_line_again_changes_that_service_alone(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(sheet([LINE, {**LINE, "service": "Showers", "kind": "hygiene"}]))
    directory = Directory()
    directory.take_in(path)
    path.write_text(
        sheet([{**LINE, "phone": "206-555-0111"}, {**LINE, "service": "Showers", "kind": "hygiene"}])
    )
    report = directory.take_in(path, on=date(2026, 11, 26))
    assert (report.added, report.changed, report.gone) == (0, 1, 0)


def test_a_place_that_moved_is_new_and_the_old_one_is_gone(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(sheet([LINE]))
    directory = Directory()
    directory.take_in(path)
    path.write_text(sheet([{**LINE, "address": "2 Sample St"}]))
    report = directory.take_in(path)
    assert report.gone > 0
    (match,) = directory.near("food", "98104", datetime(2026, 11, 25, 20, tzinfo=UTC))
    assert "2 Sample St" in match.address
