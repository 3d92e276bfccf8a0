"""Places and our profile's parameters: near a ZIP code, served by an area, open, and for whom."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.db import reading
from services_directory.geometry import miles_between
from services_directory.hours import OpenKind
from services_directory.models import Location, ServiceAtLocation, ServiceSearch
from services_directory.nearby import Near
from services_directory.openness import open_states
from services_directory.places import zip_place
from tests.integration.hsds_api.conftest import NOON, Api, application, town

METRES_PER_MILE = 1609.344
#: Late supper is closed on Thanksgiving and the day after at the hall, and open past midnight otherwise.
TIMES = [
    NOON,
    datetime(2026, 11, 26, 4, 30, tzinfo=UTC),  # Wednesday 20:30
    datetime(2026, 11, 26, 9, 30, tzinfo=UTC),  # Thursday 01:30: Wednesday's supper goes on
    datetime(2026, 11, 27, 5, 0, tzinfo=UTC),  # Thursday 21:00
    datetime(2026, 11, 28, 9, 30, tzinfo=UTC),  # Saturday 01:30: Friday's supper did not begin
    datetime(2026, 11, 25, 15, 30, tzinfo=UTC),  # Wednesday 07:30
    datetime(2026, 11, 18, 18, 0, tzinfo=UTC),  # the third Wednesday, 10:00
    datetime(2026, 11, 29, 8, 30, tzinfo=UTC),
]


def at(*words):
    return {town("service_at_location", word) for word in words}


@pytest.mark.parametrize("metres", [0, 500, 3000, 12_000, 500_000])
def test_proximity_agrees_with_measuring_every_location(api, directory, metres):
    middle = zip_place("98104")
    with reading(directory) as session:
        places = session.execute(
            select(ServiceAtLocation.id, Location.latitude, Location.longitude)
            .join(Location, Location.id == ServiceAtLocation.location_id)
            .where(ServiceAtLocation.retired_on.is_(None), Location.latitude.is_not(None))
        ).all()
    away = {
        row.id: METRES_PER_MILE
        * miles_between(middle.latitude, middle.longitude, row.latitude, row.longitude)
        for row in places
    }
    wanted = {one for one, distance in away.items() if distance <= metres} - at("doctor-spokane")
    page = api.page("service_at_locations", postcode="98104", proximity=metres, per_page=500)
    found = [one["id"] for one in page["contents"]]
    placed = [one for one in found if one in away]
    assert set(placed) == wanted
    assert [away[one] for one in placed] == sorted(away[one] for one in placed)


def test_a_location_without_a_position_is_where_its_zip_is(api):
    there = at("doctor-room", "closed-room")
    assert there <= set(api.ids("service_at_locations", postcode="98101", proximity=10))
    assert not there & set(api.ids("service_at_locations", postcode="98107", proximity=10))


def test_services_are_found_by_where_they_are_given_the_nearest_first(api):
    page = api.page("services", postcode="98107-1234", proximity=2000)
    ids = [one["id"] for one in page["contents"]]
    assert {town("service", "women"), town("service", "supper")} <= set(ids)
    assert len(set(ids)) == len(ids) == page["total_items"]
    places = api.page("service_at_locations", postcode="98107-1234", proximity=2000)["contents"]
    assert ids == list(dict.fromkeys(one["service"]["id"] for one in places))


def test_only_what_serves_the_zip_where_a_service_area_says_so(api):
    seattle = set(api.ids("service_at_locations", postcode="98104"))
    spokane = set(api.ids("service_at_locations", postcode="99201"))
    assert at("supper-hall", "supper-annex", "doctor-room") <= seattle
    assert not at("doctor-spokane") & seattle
    assert at("doctor-spokane", "doctor-room") <= spokane
    assert not at("supper-hall", "supper-annex") & spokane


def test_a_zip_nobody_knows_finds_nothing_and_says_so(api):
    for _ in range(2):
        page = api.page("service_at_locations", postcode="00000", proximity=100)
        assert page["empty"]
        assert page["warnings"] == ["00000 is no ZIP code we know"]


def test_proximity_without_a_postcode_is_left_aside_and_it_says_so(api):
    page = api.page("service_at_locations", proximity=100)
    assert not page["empty"]
    assert page["warnings"] == ["proximity was left aside: it needs a postcode"]


def test_proximity_is_cut_where_it_means_everywhere(api):
    page = api.page("service_at_locations", postcode="98104", proximity="1e300")
    assert page["warnings"] == ["proximity is at most 500000 metres"]


@pytest.mark.parametrize("moment", TIMES)
def test_open_is_what_the_hours_engine_says_of_every_listing(api, directory, moment):
    with reading(directory) as session:
        rows = session.execute(select(ServiceSearch.__table__)).all()
        near = {row.service_at_location_id: Near(row, 0.0) for row in rows}
        states = open_states(session, list(near.values()), moment)
    wanted = {one for one, state in states.items() if state.kind is OpenKind.OPEN}
    assert set(api.ids("service_at_locations", open_at=moment.isoformat())) == wanted
    services = {
        one["service"]["id"]
        for one in api.page("service_at_locations", per_page=500)["contents"]
        if one["id"] in wanted
    }
    assert set(api.ids("services", open_at=moment.isoformat())) == services


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [(TIMES[1], {"supper-hall", "supper-annex"}), (TIMES[2], {"supper-hall", "supper-annex"}),
     (TIMES[3], {"supper-annex"}), (TIMES[4], {"supper-annex"}), (TIMES[5], {"breakfast-hall"}),
     (TIMES[6], {"doctor-room"})],
)  # fmt: skip
def test_open_knows_midnight_closures_and_third_wednesdays(api, moment, wanted):
    found = set(api.ids("service_at_locations", open_at=moment.isoformat()))
    changing = at("supper-hall", "supper-annex", "breakfast-hall", "doctor-room", "doctor-spokane")
    assert found & changing == at(*wanted)


def test_open_now_is_open_at_the_clocks_time(directory):
    for moment in TIMES:
        api = Api(application(directory, moment).test_client())
        now = api.ids("services", open_now="true")
        assert now == api.ids("services", open_at=moment.isoformat())
        assert api.page("services", open_now="false") == api.page("services")


def test_an_offset_whose_plus_was_not_escaped_is_understood(api):
    local = (NOON + timedelta(hours=1)).isoformat().replace("+", " ")
    answer = api.client.get(f"/hsds/services?open_at={local.replace(' ', '+')}")
    assert answer.status_code == 200
    assert answer.json["contents"] == api.page("services", open_at=local)["contents"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_at_the_ends_of_the_calendar_nothing_is_open(api, moment):
    assert api.page("services", open_at=moment)["empty"]


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ({"need": "food"}, {"Late supper", "Breakfast for veterans"}, {"Women's shelter"}),
        ({"need": "shelter"}, {"Women's shelter"}, {"Late supper"}),
        ({"need": "food", "veteran": "false"}, {"Late supper"}, {"Breakfast for veterans"}),
        ({"need": "food", "veteran": "true"}, {"Late supper", "Breakfast for veterans"}, set()),
        ({"gender": "men"}, {"Late supper"}, {"Women's shelter"}),
        ({"gender": "women"}, {"Late supper", "Women's shelter"}, set()),
        ({"age": "17"}, {"Late supper", "Médico de familia"}, {"Women's shelter"}),
        ({"age": "18"}, {"Women's shelter"}, {"Médico de familia"}),
        ({"free": "true"}, {"Late supper"}, {"Médico de familia"}),
        ({"free": "false"}, {"Late supper", "Médico de familia"}, set()),
        ({"language": "es"}, {"Médico de familia", "Women's shelter"}, {"Late supper"}),
        ({"language": "en"}, {"Late supper"}, set()),
    ],
)  # fmt: skip
def test_our_profiles_parameters_leave_out_what_says_no(api, asked, there, not_there):
    found = api.names("services", **asked)
    assert there <= found
    assert not found & not_there
    places = {
        one["service"]["name"] for one in api.page("service_at_locations", per_page=500, **asked)["contents"]
    }
    assert places == found


def test_a_service_that_is_no_more_is_listed_by_the_standard_and_not_told_to_people(api):
    assert "Old clinic" in api.names("services")
    assert "Old clinic" not in api.names("services", need="health_care")
