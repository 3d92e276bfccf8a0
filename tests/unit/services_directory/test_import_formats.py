"""Every named format comes in from files, folders and zips, and what is in it can be found."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from services_directory.errors import DirectoryImportError
from tests.unit.services_directory.taking_in import (
    FIXTURES,
    PANTRY,
    Directory,
    folder,
    kinds,
    sheet,
    written,
    zipped,
)

SAMPLE = Path("services_directory/data/sample")
FILES = {f"{name}.csv": sheet(rows) for name, rows in PANTRY.items()}


def is_found(report, directory, name="Food Pantry"):
    assert report.refused == []
    return name in directory.found()


@pytest.mark.parametrize(
    "names",
    [
        "{}.csv",
        "{}s.csv",
        "hsds_{}.csv",
        "{}_2026-01-05.csv",
        "EXPORT-{}.CSV",
        "data/{}.csv",
        "King County - {} (1).csv",
        "tbl_{}.csv",
    ],
)
def test_table_files_are_known_by_name_however_it_is_dressed(tmp_path, names):
    for table, rows in PANTRY.items():
        file = tmp_path / "package" / names.format(table)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sheet(rows))
    directory = Directory()
    assert is_found(directory.take_in(tmp_path / "package"), directory)


def test_camel_case_names_and_columns_are_understood(tmp_path):
    for name, said in {
        "Organizations.csv": "ID,Name,Description\n1,Sample Aid,Helps\n",
        "Services.csv": "ID,OrganizationID,Name,Status\n1,1,Food Pantry,Active\n",
        "Locations.csv": "ID,Location Type,Latitude,Longitude\n1,Physical,47.6,-122.33\n",
        "ServiceAtLocation.csv": "id,serviceId,locationId\n1,1,1\n",
    }.items():
        (tmp_path / name).write_text(said)
    directory = Directory()
    assert is_found(directory.take_in(tmp_path), directory)


def test_a_zip_with_a_wrapping_folder_and_what_macs_add(tmp_path):
    files = {f"county/{name}": said for name, said in FILES.items()}
    files |= {f"__MACOSX/county/._{name}": b"\0\5\x16\7" for name in FILES} | {"county/.DS_Store": b"\0"}
    directory = Directory()
    assert is_found(directory.take_in(zipped(tmp_path / "county.zip", files)), directory)


def test_zips_in_a_zip_and_in_a_folder(tmp_path):
    inner = zipped(tmp_path / "inner.zip", FILES)
    outer = zipped(tmp_path / "outer.zip", {"parts/inner.zip": inner.read_bytes()})
    directory = Directory()
    assert is_found(directory.take_in(outer), directory)
    (tmp_path / "folder").mkdir()
    inner.rename(tmp_path / "folder" / "inner.zip")
    again = Directory()
    assert is_found(again.take_in(tmp_path / "folder"), again)


def test_several_packages_at_once_are_refused_since_they_number_their_rows_alike(tmp_path):
    inner = zipped(tmp_path / "inner.zip", FILES).read_bytes()
    both = zipped(tmp_path / "both.zip", {"north.zip": inner, "south.zip": inner})
    with pytest.raises(DirectoryImportError, match=r"several packages \(north\.zip, south\.zip\)"):
        Directory().take_in(both)


def test_a_zip_in_a_zip_without_end_is_refused(tmp_path):
    said = zipped(tmp_path / "x.zip", FILES).read_bytes()
    for _depth in range(6):
        said = zipped(tmp_path / "x.zip", {"x.zip": said}).read_bytes()
    with pytest.raises(DirectoryImportError, match="unpack it first"):
        Directory().take_in(tmp_path / "x.zip")


def test_a_descriptor_says_which_file_is_which_table(tmp_path):
    named = {name: f"part-{number}.csv" for number, name in enumerate(PANTRY)}
    for table, rows in PANTRY.items():
        (tmp_path / named[table]).write_text(sheet(rows))
    resources = [{"name": table, "path": path} for table, path in named.items()]
    descriptor = written(tmp_path / "datapackage.json", {"name": "x", "resources": resources})
    for path in (tmp_path, descriptor):
        directory = Directory()
        assert is_found(directory.take_in(path), directory)


def test_a_descriptor_that_is_broken_or_lies_does_not_matter(tmp_path):
    folder(tmp_path, PANTRY)
    resources = [
        {"name": "service", "path": "gone.csv"},
        {"name": 5},
        "x",
        {"name": "phone", "path": ["a", 3]},
    ]
    for said in ("{not json", {"resources": resources}, {"resources": "all"}, []):
        written(tmp_path / "datapackage.json", said)
        directory = Directory()
        assert is_found(directory.take_in(tmp_path), directory)


def test_a_workbook_with_a_sheet_for_each_table(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "read me"
    book.active.append(["This workbook was made by hand."])
    for table, rows in PANTRY.items():
        page = book.create_sheet(table)
        page.append(list(rows[0]))
        page.append(list(rows[0].values()))
    book.save(tmp_path / "county.xlsx")
    directory = Directory()
    report = directory.take_in(tmp_path / "county.xlsx")
    assert report.format == "HSDS 3.x CSV"
    assert is_found(report, directory)


def test_json_files_for_each_table_in_a_folder(tmp_path):
    for table, rows in PANTRY.items():
        written(tmp_path / f"{table}s.json", rows)
    directory = Directory()
    assert is_found(directory.take_in(tmp_path), directory)


def test_the_standards_own_examples_come_in_from_every_shape_of_theirs():
    examples = FIXTURES / "hsds-3.2.3"
    known = None
    for name in ("service_full.json", "organization_full.json", "service_at_location_full.json"):
        directory = Directory()
        directory.take_in(examples / name)
        live = {
            table: [row["id"] for row in directory.rows(table)] for table in ("service", "location", "phone")
        }
        assert live == (known or live)
        known = live
    directory = Directory()
    report = directory.take_in(examples / "csv")
    assert (report.read, report.added, report.refused) == (24, 24, [])
    assert directory.only("service")["name"] == "Community Counselling"
    # Its position (100, 101) and its postcode are nowhere: said, and kept all the same.
    assert "position out of range: left out" in kinds(report.warnings)


def test_what_holds_no_service_is_refused_in_one_sentence(tmp_path):
    for name in ("taxonomy.json", "taxonomy_term_list.json", "base.json", "location.json"):
        with pytest.raises(DirectoryImportError, match="no service"):
            Directory().take_in(FIXTURES / "hsds-3.2.3" / name)
    header_only = folder(tmp_path / "empty", {**PANTRY})
    (header_only / "service.csv").write_text("id,organization_id,name,status\n")
    with pytest.raises(DirectoryImportError, match="no service"):
        Directory().take_in(header_only)
    without = folder(tmp_path / "without", {k: v for k, v in PANTRY.items() if k != "service"})
    with pytest.raises(DirectoryImportError, match="no table of services"):
        Directory().take_in(without)


def test_empty_and_header_only_files_beside_the_others_do_not_matter(tmp_path):
    folder(tmp_path, PANTRY)
    (tmp_path / "contacts.csv").write_text("")
    (tmp_path / "phones.csv").write_text("id,service_id,number\n")
    (tmp_path / "program.csv").write_text("\n\n")
    directory = Directory()
    assert is_found(directory.take_in(tmp_path), directory)


def test_files_that_are_no_table_are_named_and_passed_over(tmp_path):
    folder(tmp_path, PANTRY)
    (tmp_path / "budget.csv").write_text("year,amount\n2025,1\n")
    written(tmp_path / "notes.json", {"note": "see budget"})
    directory = Directory()
    report = directory.take_in(tmp_path)
    assert is_found(report, directory)
    assert {one.file for one in report.warnings if one.kind == "not read"} == {"budget.csv", "notes.json"}


def test_a_table_in_two_parts_is_one_table_and_an_old_copy_is_none(tmp_path):
    second = {**PANTRY["service"][0], "id": "s2", "name": "Night Shelter"}
    folder(tmp_path / "parts", {k: v for k, v in PANTRY.items() if k != "service"})
    (tmp_path / "parts" / "services_1.csv").write_text(sheet(PANTRY["service"]))
    (tmp_path / "parts" / "services_2.csv").write_text(sheet([second]))
    directory = Directory()
    directory.take_in(tmp_path / "parts")
    assert {row["name"] for row in directory.rows("service")} == {"Food Pantry", "Night Shelter"}
    folder(tmp_path / "copies", PANTRY)
    (tmp_path / "copies" / "old_services_2019.csv").write_text(sheet([second]))
    again = Directory()
    again.take_in(tmp_path / "copies")
    assert again.only("service")["name"] == "Food Pantry"


def test_a_single_file_without_an_ending_or_with_a_wrong_one(tmp_path):
    directory = Directory()
    archive = zipped(tmp_path / "county.zip", FILES).rename(tmp_path / "county")
    assert zipfile.is_zipfile(archive)
    assert is_found(directory.take_in(archive), directory)


def test_the_format_is_named_in_the_report(tmp_path):
    expected = {
        "ohana": "Ohana CSV",
        "hsds-1.1": "HSDS 1.x/2.x CSV",
        "hsds-2.0": "HSDS 1.x/2.x CSV",
        "findtreatment": "FindTreatment JSON",
        "flat-json/nested-organization.json": "HSDS JSON",
    }
    for path, name in expected.items():
        assert Directory().take_in(FIXTURES / path).format == name
    assert Directory().take_in(folder(tmp_path, PANTRY)).format == "HSDS 3.x CSV"


def test_a_table_missing_but_not_needed_is_not_missed(tmp_path):
    only = {name: PANTRY[name] for name in ("service", "service_at_location", "location")}
    directory = Directory()
    report = directory.take_in(folder(tmp_path, only))
    assert is_found(report, directory)
    assert "organization_id points at no organization" in kinds(report.warnings)


def test_the_sample_directory_comes_in_without_a_word_of_warning():
    report = Directory().take_in(SAMPLE)
    assert (report.refused, report.warnings, report.services, report.listed) == ([], [], 61, 61)
    # `make run` tells the last line: with nothing wrong there is only one.
    assert str(report) == report.summary
