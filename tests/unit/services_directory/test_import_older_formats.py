"""HSDS 1.1 and 2.0, Ohana and the FindTreatment locator, in today's tables and words."""

import json
from datetime import UTC, date, datetime

import pytest

from tests.unit.services_directory.taking_in import FIXTURES, Directory, kinds, written

#: A Wednesday, noon in Redwood City.
WEDNESDAY = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


@pytest.fixture
def ohana():
    directory = Directory()
    directory.report = directory.take_in(FIXTURES / "ohana")
    return directory


def test_hsds_1_1(tmp_path):
    directory = Directory()
    report = directory.take_in(FIXTURES / "hsds-1.1")
    assert report.refused == []
    assert directory.found() == {"Evening Soup Kitchen": {"meal"}}
    kitchen = next(row for row in directory.rows("service") if row["name"] == "Evening Soup Kitchen")
    assert kitchen["description"] == "The kitchen serves\ntwo hot meals\n& tea."
    assert set(str(kitchen["eligibility_description"]).split(",")) == {"adult", "homeless"}
    assert {row["amount_description"] for row in directory.rows("cost_option")} == {
        "Accepted: cash",
        "Accepted: credit card",
    }
    row = directory.listing()
    # Without a position: the middle of the ZIP of its physical address, and its clocks.
    assert (row["timezone"], row["wheelchair"], row["languages"]) == ("America/Los_Angeles", 1, ",en,es,")
    assert round(row["latitude"], 1) == 39.5
    assert {(one["address_type"], one["address_1"]) for one in directory.rows("address")} == {
        ("physical", "12 Sample St"),
        ("postal", "PO Box 9"),
    }
    assert {one["weekday"] for one in directory.rows("weekly_hours")} == {0, 6}
    closed = directory.only("closure")
    assert (str(closed["starts_on"]), str(closed["ends_on"])) == ("2026-12-24", "2026-12-26")
    assert {row["name"] for row in directory.rows("taxonomy_term")} == {"Meals", "Crisis line"}
    assert directory.only("organization")["website"] == "http://example.org"
    assert "it is at no location: it cannot be found by distance" in kinds(report.warnings)


def test_hsds_2_0():
    directory = Directory()
    report = directory.take_in(FIXTURES / "hsds-2.0")
    assert [one.reason for one in report.refused] == ["number is missing"]
    assert directory.found() == {"Saturday Distribution": {"food_pantry"}}
    phone = directory.only("phone")
    assert (phone["number"], phone["extension"]) == ("775-555-0110", 12)
    assert {row["name"] for row in directory.rows("language")} == {"English", "Spanish"}
    assert directory.listing()["minimum_age"] == 18
    # "Sat" every week and two Wednesdays a month: the schedules are asked, and know the second is not today.
    assert directory.listing()["weekly"] == 0
    assert directory.near("food", "89501", datetime(2026, 11, 28, 18, 0, tzinfo=UTC))[0].hours.kind == "open"
    assert directory.near("food", "89501", datetime(2026, 11, 26, 1, 30, tzinfo=UTC))[0].hours.kind != "open"
    # Two tables of attributes numbered alike are two attributes.
    assert len(directory.rows("attribute")) == 2


def test_ohana_services_belong_to_the_organization_of_their_location(ohana):
    organization = ohana.only("organization")["id"]
    assert {row["organization_id"] for row in ohana.rows("service")} == {organization}
    assert ohana.found() == {"Noon Table": {"meal"}}


def test_ohana_addresses_and_mail_addresses_are_two_though_numbered_alike(ohana):
    assert {(row["address_type"], row["postal_code"]) for row in ohana.rows("address")} == {
        ("physical", "94063"),
        ("postal", "94401"),
    }


def test_ohana_lists_in_cells(ohana):
    noon = next(row for row in ohana.rows("service") if row["name"] == "Noon Table")

    def mine(table, column):
        return {row[column] for row in ohana.rows(table) if row["service_id"] == noon["id"]}

    assert mine("required_document", "document") == {"Photo ID", "proof of address"}
    assert mine("service_area", "name") == {"Colma", "Belmont"}
    assert mine("language", "name") == {"Spanish"}
    assert mine("funding", "source") == {"City, Donations"}
    assert ohana.listing()["languages"] == ",es,tl,"
    assert {row["name"] for row in ohana.rows("taxonomy_term")} >= {
        "Congregate Meals/Nutrition Sites",
        "Free Meals",
    }


def test_ohana_flags(ohana):
    row = ohana.listing()
    assert (row["free"], row["walk_in"], row["wheelchair"], row["minimum_age"]) == (1, 1, 1, 55)


def test_ohana_regular_and_special_hours(ohana):
    # The service's own rows go before the location's; with special hours to come the schedules are asked.
    assert (ohana.listing()["weekly"], ohana.listing()["monday"], ohana.rows("weekly_hours")) == (
        0,
        0b1 << 12,
        [],
    )
    assert ohana.near("food", "94063", WEDNESDAY)[0].hours.kind == "open"
    special = next(row for row in ohana.rows("schedule") if row["valid_from"])
    assert (str(special["valid_from"]), special["opens_at"], special["closes_at"]) == (
        "2026-12-24",
        "12:00",
        "12:30",
    )
    # The day before Christmas it is open for half an hour at noon only.
    assert (
        ohana.near("food", "94063", datetime(2026, 12, 24, 19, 50, tzinfo=UTC))[0].hours.kind == "opens_later"
    )
    assert ohana.near("food", "94063", datetime(2026, 12, 24, 20, 10, tzinfo=UTC))[0].hours.kind == "open"


def test_ohana_yearly_holidays_are_spelt_out_over_new_year_too(ohana):
    assert {(str(row["starts_on"]), str(row["ends_on"])) for row in ohana.rows("closure")} == {
        ("2027-01-01", "2027-01-01"),
        ("2028-01-01", "2028-01-01"),
        ("2026-12-30", "2027-01-02"),
        ("2027-12-30", "2028-01-02"),
    }
    assert [one.reason for one in ohana.report.refused] == [
        "it says neither when nor where it is closed: left out"
    ]


def test_ohana_columns_without_a_place_are_named_once(ohana):
    left_out = {one.split(" is none")[0] for one in kinds(ohana.report.warnings) if "is none of the" in one}
    assert left_out == {"admin_emails", "accreditations", "licenses"}


def test_ohana_phone_parts(ohana):
    phone = next(row for row in ohana.rows("phone") if row["type"] == "voice")
    assert (phone["number"], phone["extension"]) == ("+1 650 555-0175", 33)
    assert phone["description"] == "Front desk; 650 555-FOOD"


def test_ohana_imports_the_same_on_the_next_day(ohana):
    before = ohana.dump()
    report = ohana.take_in(FIXTURES / "ohana", on=date(2026, 11, 26))
    assert (report.added, report.changed, report.gone) == (0, 0, 0)
    assert ohana.dump() == before


def test_the_locators_facilities():
    directory = Directory()
    report = directory.take_in(FIXTURES / "findtreatment")
    assert [one.reason for one in report.refused] == ["name1 is missing"]
    assert directory.found() == {
        "Sample Opioid Clinic, Uptown Office": {"detox", "medication_treatment", "outpatient_treatment"},
        "Sample Opioid Clinic": {"residential_treatment"},
        "Sample Mind Center": {"mental_health"},
    }
    rows = {row["service_at_location_id"]: row for row in directory.rows("service_search")}
    names = {row["id"]: row["name"] for row in directory.rows("service")}
    at = {row["id"]: names[row["service_id"]] for row in directory.rows("service_at_location")}
    by_name = {at[one]: row for one, row in rows.items()}
    uptown, house = by_name["Sample Opioid Clinic, Uptown Office"], by_name["Sample Opioid Clinic"]
    assert (uptown["free"], uptown["minimum_age"], uptown["languages"], uptown["gender"]) == (
        None,
        18,
        ",ase,es,",
        None,
    )
    assert (house["free"], house["gender"], house["minimum_age"]) == (1, "women", None)
    assert by_name["Sample Mind Center"]["timezone"] == "America/New_York"
    # One organization, two facilities; the number somebody answers first.
    assert len([row for row in directory.rows("organization") if "Opioid" in str(row["name"])]) == 1
    numbers = {row["number"]: row["extension"] for row in directory.rows("phone")}
    assert numbers["434-555-0162"] == 1
    assert "no position: the middle of its ZIP is used" in kinds(report.warnings)


def test_the_locators_rows_alone_and_in_several_pages(tmp_path):
    rows = json.loads((FIXTURES / "findtreatment" / "locator.json").read_text())["rows"]
    for said in (rows, [{"page": 1, "rows": rows[:2]}, {"page": 2, "rows": rows[2:]}]):
        directory = Directory()
        assert directory.take_in(written(tmp_path / "x.json", said)).listed == 3
    directory = Directory()
    script = f"export const locations = {json.dumps({'rows': rows})};\nexport const other = ['a'];"
    assert directory.take_in(written(tmp_path / "x.js", script)).listed == 3


def test_what_the_locator_adds_one_day_is_named(tmp_path):
    rows = json.loads((FIXTURES / "findtreatment" / "locator.json").read_text())["rows"]
    rows[0]["bedsFree"] = 3
    report = Directory().take_in(written(tmp_path / "x.json", {"rows": rows}))
    assert "the locator's beds_free is none we know and was left out" in kinds(report.warnings)
