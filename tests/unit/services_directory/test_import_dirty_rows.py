"""Rows as they come: a bad one is refused or warned about, and the rest goes in."""

import pytest

from tests.unit.services_directory.taking_in import PANTRY, Directory, changed, folder, kinds, sheet

NAMES = ["Food Pantry"]


def taken(tmp_path, **tables):
    directory = Directory()
    return directory.take_in(folder(tmp_path / "package", changed(**tables))), directory


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    folder(tmp_path, PANTRY)
    said = sheet(
        [{**PANTRY["service"][0], "description": "Café, “señora”" if encoding != "latin-1" else "Café"}],
        delimiter,
    )
    (tmp_path / "service.csv").write_bytes(said.encode(encoding))
    directory = Directory()
    report = directory.take_in(tmp_path)
    assert report.refused == []
    assert str(directory.only("service")["description"]).startswith("Café")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_quoted_newlines_and_trailing_commas(tmp_path, ends):
    folder(tmp_path, PANTRY)
    said = 'id,organization_id,name,status,description,,{}s1,o1,Food Pantry,active,"Two{}lines, "", more",,{}'
    (tmp_path / "service.csv").write_bytes(said.format(ends, ends, ends).encode())
    directory = Directory()
    assert directory.take_in(tmp_path).refused == []
    assert directory.only("service")["description"] == 'Two\nlines, ", more'


def test_excels_own_line_about_the_delimiter_and_lines_of_nothing(tmp_path):
    folder(tmp_path, PANTRY)
    (tmp_path / "service.csv").write_text(
        "sep=;\nid;organization_id;name;status\n;;;\n\ns1;o1;Food Pantry;active\n"
    )
    directory = Directory()
    assert directory.take_in(tmp_path).refused == []
    assert directory.found() == {"Food Pantry": {"food_pantry"}}


def test_columns_in_other_letters_with_spaces_or_too_many(tmp_path):
    folder(tmp_path, PANTRY)
    (tmp_path / "service.csv").write_text(
        " ID ,Organization ID,NAME,Status,Internal Notes,name\ns1,o1,Food Pantry,ACTIVE,secret,\n"
        "s2,o1,Night Shelter,active,x,y,z\n"
    )
    directory = Directory()
    report = directory.take_in(tmp_path)
    assert {row["name"] for row in directory.rows("service")} == {"Food Pantry", "Night Shelter"}
    assert {
        "internal_notes is none of the standard's columns and was left out",
        "more values than columns: those past the last are left out",
    } <= kinds(report.warnings)


def test_a_row_without_what_is_needed_is_refused_with_file_row_and_reason(tmp_path):
    rows = [*PANTRY["service"], {"id": "s2", "organization_id": "o1", "name": "", "status": "active"}]
    report, directory = taken(tmp_path, service=rows)
    assert [(one.file, one.row, one.table, one.reason) for one in report.refused] == [
        ("service.csv", 3, "service", "name is missing")
    ]
    assert len(directory.rows("service")) == 1
    assert "Refused 1 x service: name is missing (such as service.csv, row 3)" in str(report)


def test_a_service_without_an_organization_is_kept_under_its_own_name(tmp_path):
    report, directory = taken(tmp_path, service={"organization_id": ""})
    assert "Food Pantry" in directory.found()
    assert {row["name"] for row in directory.rows("organization")} == {"Sample Aid", "Food Pantry"}
    assert "organization_id is missing: the service stands for its own organization" in kinds(report.warnings)


def test_references_to_nothing_are_warnings_with_a_count(tmp_path):
    phones = [{"id": f"p{n}", "service_id": "gone", "number": "206-555-0100"} for n in range(7)]
    report, directory = taken(tmp_path, phone=phones)
    assert report.warned.kinds["phone: service_id points at no service"] == 7
    assert len(directory.rows("phone")) == 7


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<p>Hot <b>meals</b>.</p><p>Call&nbsp;us &amp; come</p>", "Hot meals.\nCall us & come"),
        ("line<br/>break", "line\nbreak"),
        ("<script>alert(1)</script>Ok", "Ok"),
        ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("Ages <18 and >65, R&D, AT&T", "Ages <18 and >65, R&D, AT&T"),
        ("mail <joe@example.org>", "mail <joe@example.org>"),
        ("a\0b\x07c\u200bd\ufeff", "abcd"),
        ("  much   space\t here  ", "much space here"),
        ("it\x92s", "it’s"),
        ("N/A", None),
        ("null", None),
        ("-", None),
    ],
)
def test_texts_are_freed_of_markup_and_control_characters(tmp_path, said, kept):
    _report, directory = taken(tmp_path, service={"description": said})
    assert directory.only("service")["description"] == kept


def test_what_is_far_too_long_is_cut_or_left_out_with_a_warning(tmp_path):
    long = {"description": "x" * 100_000, "last_modified": "2026-01-01T00:00:00" + "0" * 40}
    report, directory = taken(tmp_path, service=long)
    assert len(str(directory.only("service")["description"])) == 20_000
    assert directory.only("service")["last_modified"] is None
    assert {"last_modified is too long and was left out"} <= kinds(report.warnings)


def test_the_same_id_again_the_first_row_is_kept(tmp_path):
    twice = [PANTRY["service"][0], {**PANTRY["service"][0], "name": "Night Shelter", "description": "Beds."}]
    report, directory = taken(tmp_path, service=twice)
    kept = directory.only("service")
    assert (kept["name"], kept["description"]) == ("Food Pantry", None)
    assert "its id was there before with other values: the first row is kept" in kinds(report.warnings)
    assert next(one for one in report.warnings if one.table == "service").row == 3


def test_the_very_same_row_again_is_no_complaint(tmp_path):
    report, directory = taken(tmp_path, service=PANTRY["service"] * 3)
    assert report.warnings == []
    assert len(directory.rows("service")) == 1


def test_ids_are_uuids_the_same_ones_every_time_and_for_every_table_their_own(tmp_path):
    # One number in every table, written as a number, as text and as a spreadsheet's 1.0.
    rows = {
        "organization": [{"id": 1, "name": "Sample Aid", "description": ""}],
        "service": [{"id": "1", "organization_id": "1.0", "name": "Food Pantry", "status": "active"}],
        "location": [{"id": "1.0", "location_type": "physical", "latitude": 47.6, "longitude": -122.33}],
        "service_at_location": [{"id": 1, "service_id": 1, "location_id": "1"}],
    }
    directory = Directory()
    assert directory.take_in(folder(tmp_path, rows)).warnings == []
    ids = {table: str(directory.only(table)["id"]) for table in rows}
    assert all(len(one) == 36 for one in ids.values())
    assert len(set(ids.values())) == 4
    again = Directory()
    again.take_in(tmp_path)
    assert ids == {table: str(again.only(table)["id"]) for table in rows}
    other = Directory()
    other.take_in(tmp_path, "another source")
    assert set(ids.values()).isdisjoint(str(other.only(table)["id"]) for table in rows)


def test_uuids_stay_as_they_are_whatever_their_letters(tmp_path):
    uuid = "AC148810-D857-441C-9679-408F346DE14B"
    _report, directory = taken(
        tmp_path, service={"id": uuid}, service_at_location={"service_id": "{" + uuid.lower() + "}"}
    )
    assert directory.only("service")["id"] == uuid.lower()
    assert "Food Pantry" in directory.found()


def test_a_reference_in_other_letters_than_its_id_is_found(tmp_path):
    report, directory = taken(
        tmp_path,
        organization={"id": "ORG-1"},
        service={"organization_id": "org-1"},
        location={"id": "loc-9"},
        service_at_location={"location_id": "LOC-9"},
        address={"location_id": "Loc-9"},
    )
    assert "Food Pantry" in directory.found()
    assert report.warnings == []
    # Ids that differ in letters alone are two ids where both are there.
    both = [
        {**PANTRY["service"][0], "id": "a1"},
        {**PANTRY["service"][0], "id": "A1", "name": "Night Shelter"},
    ]
    _report, directory = taken(tmp_path / "two", service=both, service_at_location={"service_id": "A1"})
    assert set(directory.found()) == {"Night Shelter"}


@pytest.mark.parametrize(
    ("said", "number", "extension"),
    [
        ("206-555-0100 ext. 12", "206-555-0100", 12),
        ("(206) 555-0100 x7", "(206) 555-0100", 7),
        ("206.555.0100, extension 345", "206.555.0100", 345),
        ('"+1 206 555 0100"', "+1 206 555 0100", None),
        ("1-800-RUNAWAY (786-2929)", "1-800-RUNAWAY (786-2929)", None),
        ("211", "211", None),
        ("206-555-0100 #5", "206-555-0100", 5),
    ],
)
def test_phone_numbers_lose_their_extension_to_its_column(tmp_path, said, number, extension):
    _report, directory = taken(tmp_path, phone=[{"id": "p", "service_id": "s1", "number": said}])
    assert (directory.only("phone")["number"], directory.only("phone")["extension"]) == (number, extension)


def test_a_phone_that_is_none_is_refused(tmp_path):
    phones = [{"id": n, "service_id": "s1", "number": said} for n, said in enumerate(("N/A", "", "call us"))]
    report, directory = taken(tmp_path, phone=phones)
    assert directory.rows("phone") == []
    assert [one.reason for one in report.refused] == [
        "number is missing",
        "number is missing",
        "number is no phone number",
    ]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("active", "active"),
        ("Active", "active"),
        ("", "active"),
        ("Published", "active"),
        ("1", "active"),
        ("inactive", "inactive"),
        ("closed", "inactive"),
        ("Archived", "inactive"),
        ("pending", "inactive"),
        ("defunct", "defunct"),
        ("temporarily closed", "temporarily closed"),
        ("Temporarily Closed", "temporarily closed"),
    ],
)
def test_words_for_a_status(tmp_path, said, status):
    _report, directory = taken(tmp_path, service={"status": said})
    assert directory.only("service")["status"] == status
    assert ("Food Pantry" in directory.found()) == (status == "active")


def test_a_status_nobody_knows_is_not_listed_and_said(tmp_path):
    report, directory = taken(tmp_path, service={"status": "grandfathered"})
    assert directory.found() == {}
    assert "status is none of the standard's: taken as inactive" in kinds(report.warnings)


@pytest.mark.parametrize(
    ("column", "said", "kept"),
    [
        ("minimum_age", "18+", 18),
        ("minimum_age", "12 years", 12),
        ("minimum_age", "6 months", 0.5),
        ("maximum_age", "under 24", 24),
        ("maximum_age", "65 and older", None),
        ("maximum_age", "0", None),
        ("minimum_age", "any", None),
        ("assured_date", "05/17/2026", "2026-05-17"),
        ("assured_date", "soon", None),
        ("assured_date", "2026-05-17T10:00:00Z", "2026-05-17"),
        ("fees", "None", "None"),
    ],
)
def test_numbers_and_days_in_words(tmp_path, column, said, kept):
    _report, directory = taken(tmp_path, service={column: said})
    found = directory.only("service")[column]
    assert (found.isoformat() if hasattr(found, "isoformat") else found) == kept


def test_a_year_is_taken_out_of_a_day(tmp_path):
    _report, directory = taken(tmp_path, organization={"year_incorporated": "January 01, 1970"})
    assert directory.only("organization")["year_incorporated"] == 1970


def test_the_same_service_at_the_same_location_twice_is_listed_once(tmp_path):
    at = [PANTRY["service_at_location"][0], {**PANTRY["service_at_location"][0], "id": "a2"}]
    report, directory = taken(tmp_path, service_at_location=at)
    assert report.listed == len(directory.rows("service_search")) == 1
    assert "the same service is at the same location twice: it is listed once" in kinds(report.warnings)


def test_services_and_places_without_a_tie_are_tied_by_their_organization_where_that_is_clear(tmp_path):
    at_home = changed(location={"organization_id": "o1"})
    del at_home["service_at_location"]
    directory = Directory()
    report = directory.take_in(folder(tmp_path / "one", at_home))
    assert "Food Pantry" in directory.found()
    assert "no row says where it is given: taken as at its organization's location" in kinds(report.warnings)
    # Two services and two places: only where they bear one name.
    second = {**at_home["location"][0], "id": "l2", "name": "Night Shelter"}
    shelter = {**at_home["service"][0], "id": "s2", "name": "Night shelter"}
    unclear = {
        **at_home,
        "location": [at_home["location"][0], second],
        "service": [at_home["service"][0], shelter],
    }
    directory = Directory()
    report = directory.take_in(folder(tmp_path / "two", unclear))
    assert set(directory.found()) == {"Night shelter"}
    assert "it is at no location: it cannot be found by distance" in kinds(report.warnings)
    # One service at all of an organization's places.
    several = {**at_home, "location": [at_home["location"][0], second]}
    directory = Directory()
    assert directory.take_in(folder(tmp_path / "three", several)).listed == 2


def test_address_phone_and_hours_in_the_services_own_row_are_read(tmp_path):
    (tmp_path / "services.csv").write_text(
        "id,organization_name,organization_id,name,status,address,city,state,zip,phone,hours\n"
        '1,x,1,Food Pantry,active,1 Sample St,Seattle,WA,98104,206-555-0100,"Mon-Fri 9am-5pm"\n'
    )
    (tmp_path / "organizations.csv").write_text("id,name\n1,Sample Aid\n")
    directory = Directory()
    directory.take_in(tmp_path)
    (match,) = directory.near("food", "98104")
    assert (match.phone, match.hours.kind) == ("206-555-0100", "open")
    assert "1 Sample St" in match.address
