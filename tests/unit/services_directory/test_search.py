"""Which places are told, in which order, and what is said when none fits. The directory is a sheet."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from services_directory import places, search
from services_directory.hours import OpenKind
from services_directory.importing import import_directory
from services_directory.models import Base, Closure, ServiceAtLocation
from services_directory.search import Who, find
from services_directory.verification import close_task, open_tasks, report_closed

ON = date(2026, 11, 18)
#: A Wednesday, noon in Seattle.
NOON = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
HERE = places.zip_place("98104")
DEGREES_PER_MILE = 1 / 69.0


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def directory(session, tmp_path):
    """Takes in a sheet with one line for each place: its name, how many miles north, and what it says."""

    def take_in(*places_: dict[str, object], source: str = "sheet") -> Session:
        columns = ["organization", "service", "kind", "address", "city", "state", "zip", "phone", "hours"]
        columns += ["latitude", "longitude", "who", "minimum_age", "maximum_age", "cost", "how_to_start"]
        columns += ["languages", "wheelchair", "last_checked"]
        path = tmp_path / f"{source}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            sheet = csv.DictWriter(file, columns)
            sheet.writeheader()
            for number, said in enumerate(places_):
                name, miles = said.pop("name"), said.pop("miles")
                where = {"latitude": HERE.latitude + miles * DEGREES_PER_MILE, "longitude": HERE.longitude}
                usual = {"kind": "meal", "address": f"{number} Main St", "city": "Seattle", "state": "WA"}
                usual |= {"zip": "98104", "phone": "206-555-0143", "hours": "daily 9am-5pm"}
                sheet.writerow({**usual, **where, "organization": name, "service": name, **said})
        report = import_directory(session, path, source, ON)
        assert report.listed == len(places_), report
        session.commit()
        return session

    return take_in


def names(results) -> list[str]:
    return [match.service_name for match in results]


def test_open_now_comes_first_then_later_today_then_unknown_then_closed(directory):
    session = directory(
        {"name": "Closed on Wednesdays", "miles": 0.1, "hours": "Mon 9am-5pm"},
        {"name": "Unknown", "miles": 0.2, "hours": ""},
        {"name": "Tonight", "miles": 0.3, "hours": "daily 5pm-7pm"},
        {"name": "Open far", "miles": 9},
        {"name": "Open near", "miles": 3},
    )
    expected = ["Open near", "Open far", "Tonight", "Unknown", "Closed on Wednesdays"]
    assert names(find(session, "food", HERE, NOON, limit=5)) == expected
    assert names(find(session, "food", HERE, NOON, limit=3)) == expected[:3]


def test_all_that_is_told_is_told_of_each_place(directory):
    session = directory({"name": "Table", "miles": 2, "cost": "free", "last_checked": "2026-10-01"})
    match = find(session, "food", HERE, NOON)[0]
    assert (match.service_name, match.address, match.phone) == (
        "Table",
        "0 Main St, Seattle 98104",
        "206-555-0143",
    )
    assert match.miles == pytest.approx(2, abs=0.05)
    assert match.hours.kind is OpenKind.OPEN
    assert (match.free, match.stale, match.closed_reports) == (True, False, 0)
    assert search.get(session, match.service_at_location_id, HERE, NOON) == replace(
        match, category=match.category
    )


def test_more_goes_on_beyond_what_was_told(directory):
    session = directory(*({"name": f"Place {number}", "miles": number} for number in range(1, 8)))
    first = find(session, "food", HERE, NOON)
    told = [match.service_at_location_id for match in first]
    second = find(session, "food", HERE, NOON, beyond=told)
    assert names(first) + names(second) == [f"Place {number}" for number in range(1, 7)]
    told += [match.service_at_location_id for match in second]
    assert names(find(session, "food", HERE, NOON, beyond=told)) == ["Place 7"]


def test_a_place_of_two_kinds_is_told_once(directory):
    session = directory(
        {"name": "Both", "miles": 1, "kind": "meal, food_pantry"}, {"name": "Other", "miles": 2}
    )
    assert names(find(session, "food", HERE, NOON)) == ["Both", "Other"]


def test_nothing_beyond_the_radius_is_listed_and_the_distance_of_the_next_is_said(directory):
    session = directory({"name": "Far", "miles": 60})
    found = find(session, "food", HERE, NOON)
    assert (names(found), found.radius_miles, found.drop) == ([], 25.0, None)
    assert found.next_miles == pytest.approx(60, abs=1)
    assert names(find(session, "food", HERE, NOON, radius_miles=100)) == ["Far"]


def test_a_place_the_directory_knows_nothing_around_is_not_covered(directory):
    session = directory({"name": "Detox", "miles": 1, "kind": "detox"})
    assert find(session, "food", HERE, NOON).covered
    assert not find(session, "food", places.zip_place("60601"), NOON).covered


def test_an_unknown_need_finds_nothing(directory):
    assert names(find(directory({"name": "Table", "miles": 1}), "rocket science", HERE, NOON)) == []


@pytest.mark.parametrize(
    ("who", "left_out"),
    [
        (Who(age=16), "Adults"),
        (Who(age=40), "Youth"),
        (Who(gender="men"), "Women"),
        (Who(veteran=False), "Veterans"),
        (Who(with_children=True), "No children"),
        (Who(with_pet=True), "No pets"),
        (Who(free=True), "Ten dollars"),
        (Who(walk_in=True), "Appointment"),
        (Who(language="es"), "English only"),
    ],
)
def test_a_place_that_says_no_is_left_out_and_one_that_says_nothing_is_not(directory, who, left_out):
    session = directory(
        {"name": "Says nothing", "miles": 9},
        {"name": "Adults", "miles": 1, "minimum_age": 18},
        {"name": "Youth", "miles": 1, "maximum_age": 24},
        {"name": "Women", "miles": 1, "who": "Women only"},
        {"name": "Veterans", "miles": 1, "who": "Veterans only"},
        {"name": "No children", "miles": 1, "who": "No children"},
        {"name": "No pets", "miles": 1, "who": "No pets"},
        {"name": "Ten dollars", "miles": 1, "cost": "$10"},
        {"name": "Appointment", "miles": 1, "how_to_start": "By appointment only"},
        {"name": "English only", "miles": 1, "languages": "English"},
    )
    found = names(find(session, "food", HERE, NOON, who, limit=20))
    assert left_out not in found
    assert "Says nothing" in found
    assert left_out in names(find(session, "food", HERE, NOON, limit=20))


def test_it_is_said_which_wishes_are_met_and_which_nobody_knows(directory):
    session = directory(
        {"name": "Spanish", "miles": 1, "languages": "Spanish, English"}, {"name": "Quiet", "miles": 2}
    )
    spanish, quiet = find(session, "food", HERE, NOON, Who(language="es", with_pet=True))
    assert (spanish.why, spanish.unknown) == (("language",), ("with_pet",))
    assert (quiet.why, quiet.unknown) == ((), ("language", "with_pet"))


def test_when_no_place_fits_it_says_which_wish_to_drop_and_how_far_that_is(directory):
    session = directory({"name": "No pets", "miles": 4, "who": "No pets", "languages": "English"})
    found = find(session, "food", HERE, NOON, Who(with_pet=True, free=True))
    assert (names(found), found.drop) == ([], "with_pet")
    assert found.next_miles == pytest.approx(4, abs=0.1)


def test_who_somebody_is_is_never_to_be_dropped(directory):
    session = directory({"name": "Women", "miles": 4, "who": "Women only"})
    assert find(session, "food", HERE, NOON, Who(gender="men")).drop is None


def test_a_report_that_it_was_closed_lowers_a_place_and_asks_somebody_to_make_sure(directory):
    session = directory(
        {"name": "Near", "miles": 1}, {"name": "Next", "miles": 2}, {"name": "Last", "miles": 3}
    )
    near = find(session, "food", HERE, NOON)[0].service_at_location_id
    assert report_closed(session, near, "somebody", ON)
    assert not report_closed(session, near, "somebody", ON)
    found = find(session, "food", HERE, NOON, limit=3)
    assert names(found) == ["Next", "Last", "Near"]
    assert found[2].closed_reports == 1
    assert [task.service_at_location_id for task in open_tasks(session)] == [near]
    assert close_task(session, near, ON)
    assert names(find(session, "food", HERE, NOON)) == ["Near", "Next", "Last"]
    assert open_tasks(session) == []


def test_a_report_on_a_place_nobody_lists_counts_for_nothing(directory):
    assert not report_closed(directory({"name": "Near", "miles": 1}), "no-such-place", "somebody", ON)


def test_old_reports_count_no_more(directory):
    session = directory({"name": "Near", "miles": 1}, {"name": "Next", "miles": 2})
    report_closed(
        session, find(session, "food", HERE, NOON)[0].service_at_location_id, "x", date(2026, 11, 1)
    )
    assert names(find(session, "food", HERE, NOON)) == ["Near", "Next"]


def test_a_listing_nobody_made_sure_of_for_a_year_is_stale_and_loses_to_one_as_near(directory):
    session = directory(
        {"name": "Old", "miles": 1.0, "last_checked": "2025-01-01"},
        {"name": "Fresh", "miles": 1.2, "last_checked": "2026-11-01"},
    )
    fresh, old = find(session, "food", HERE, NOON)
    assert (fresh.service_name, fresh.stale, old.stale) == ("Fresh", False, True)
    assert old.assured_date == date(2025, 1, 1)


def test_a_closure_takes_a_place_from_the_open_ones(directory):
    session = directory({"name": "Near", "miles": 1}, {"name": "Next", "miles": 2})
    at = session.scalars(select(ServiceAtLocation).order_by(ServiceAtLocation.id)).all()
    near = next(one for one in at if one.id == find(session, "food", HERE, NOON)[0].service_at_location_id)
    session.add(Closure(directory_source="sheet", link_id=near.location_id, starts_on=ON, ends_on=ON))
    session.flush()
    assert names(find(session, "food", HERE, NOON)) == ["Next", "Near"]


def test_however_many_near_places_are_closed_for_the_day_the_open_one_is_found(directory):
    session = directory(
        *({"name": f"Closed {number}", "miles": 1 + number / 100} for number in range(40)),
        {"name": "Open", "miles": 20},
    )
    for at in session.scalars(select(ServiceAtLocation)).all():
        if search.get(session, at.id, HERE, NOON).service_name != "Open":
            session.add(Closure(directory_source="sheet", link_id=at.id, starts_on=ON, ends_on=ON))
    session.flush()
    assert names(find(session, "food", HERE, NOON))[0] == "Open"


def test_late_at_night_what_is_open_is_found_however_far_within_reach(directory):
    night = datetime(2026, 11, 18, 23, 30, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)
    session = directory(
        *({"name": f"Day {number}", "miles": 0.1 + number / 50} for number in range(60)),
        {"name": "Night", "miles": 21, "hours": "daily 8pm-7am"},
        {"name": "All day", "miles": 24, "hours": "24/7"},
    )
    found = find(session, "food", HERE, night, limit=3)
    assert names(found) == ["Night", "All day", "Day 0"]
    assert [match.hours.until for match in found][:2] == [time(7), None]
