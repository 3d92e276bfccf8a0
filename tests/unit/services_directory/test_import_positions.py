"""Positions as they come, and what is searched by instead; whose clocks a place keeps."""

import pytest

from tests.unit.services_directory.taking_in import PANTRY, Directory, changed, folder, kinds

#: Pioneer Square.
HERE = (47.6, -122.33)


def placed(tmp_path, location=None, address=None, **tables):
    directory = Directory()
    said = changed(location=location or {}, **tables)
    said["address"] = [{**said["address"][0], **address}] if address is not None else said["address"]
    report = directory.take_in(folder(tmp_path / "package", said))
    rows = directory.rows("service_search")
    where = (round(rows[0]["latitude"], 1), round(rows[0]["longitude"], 1)) if rows else None
    return where, kinds(report.warnings), rows[0]["timezone"] if rows else None


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [
        ("47.6", "-122.33", None),
        ("-122.33", "47.6", "latitude and longitude were swapped"),
        ("6043000", "-13618000", "position was in web-mercator metres"),
        ("-13618000", "6043000", "position was in web-mercator metres"),
        ("47.6", "122.33", "its longitude had lost its minus sign"),
        ("122.33", "47.6", "latitude and longitude were swapped"),
        ("47,6", "-122,33", None),
        ("47.6° N", "122.33° W", None),
        (" 47.6 ", "-122.33\u00a0", None),
        ("0", "0", "position 0, 0: left out"),
        ("47.6", "", "half a position: left out"),
        ("", "", "no position: the middle of its ZIP is used"),
        ("north", "west", "latitude is not a coordinate"),
        ("500", "900", "position out of range: left out"),
        ("40.7", "-74.0", "its position is far from its ZIP: the middle of its ZIP is used"),
        ("NaN", "NaN", "no position: the middle of its ZIP is used"),
    ],
)
def test_positions_are_mended_or_the_zip_counts(tmp_path, latitude, longitude, said):
    where, warned, zone = placed(tmp_path, {"latitude": latitude, "longitude": longitude})
    assert abs(where[0] - HERE[0]) <= 0.11
    assert abs(where[1] - HERE[1]) <= 0.11
    assert zone == "America/Los_Angeles"
    assert said in warned if said else warned == set()


def test_the_eastern_states_the_other_way_round(tmp_path):
    where, warned, zone = placed(
        tmp_path,
        {"latitude": "-77.03", "longitude": "38.9"},
        {"postal_code": "20005", "state_province": "DC"},
    )
    assert (where, zone) == ((38.9, -77.0), "America/New_York")
    assert warned == {"latitude and longitude were swapped"}


def test_without_a_zip_the_nearest_one_gives_the_clocks(tmp_path):
    for latitude, longitude, zone in (
        ("40.01", "-105.27", "America/Denver"),
        ("41.88", "-87.63", "America/Chicago"),
        ("33.45", "-112.07", "America/Phoenix"),
        ("21.31", "-157.86", "Pacific/Honolulu"),
        ("18.47", "-66.11", "America/Puerto_Rico"),
        ("41.88", "87.63", "America/Chicago"),
    ):
        found = placed(
            tmp_path / zone.replace("/", "") / longitude,
            {"latitude": latitude, "longitude": longitude},
            {"postal_code": ""},
        )
        assert found[2] == zone


def test_nowhere_near_any_zip_cannot_be_found(tmp_path):
    where, warned, _zone = placed(tmp_path, {"latitude": "48.85", "longitude": "2.35"}, {"postal_code": ""})
    assert where is None
    assert "its position is far from every ZIP of the United States: it cannot be found" in warned


def test_without_position_and_zip_the_middle_of_the_city(tmp_path):
    nothing = {"latitude": "", "longitude": ""}
    for state in ("WA", "Washington", "wa."):
        where, warned, zone = placed(tmp_path / state, nothing, {"postal_code": "", "state_province": state})
        assert (where[0], zone) == (47.6, "America/Los_Angeles")
        assert "no position and no known ZIP: the middle of its city is used" in warned
    where, warned, _zone = placed(tmp_path / "x", nothing, {"postal_code": "00000", "city": "Nowhere"})
    assert where is None
    assert "no position and no known ZIP: it cannot be found by distance" in warned


@pytest.mark.parametrize("code", ["98104-1234", " 98104 ", "981041234", "98104.0"])
def test_zips_with_more_to_them(tmp_path, code):
    assert placed(tmp_path, {"latitude": "", "longitude": ""}, {"postal_code": code})[0][0] == 47.6


def test_a_zip_that_lost_its_zero(tmp_path):
    where, _warned, zone = placed(
        tmp_path,
        {"latitude": "", "longitude": ""},
        {"postal_code": "2134", "state_province": "MA", "city": "Allston"},
    )
    assert (where[0], zone) == (42.4, "America/New_York")


def test_the_physical_address_counts_before_the_postal_one(tmp_path):
    two = [
        {**PANTRY["address"][0], "id": "d0", "postal_code": "10001", "address_type": "postal"},
        PANTRY["address"][0],
    ]
    assert placed(tmp_path, {"latitude": "", "longitude": ""}, address=None) is not None
    directory = Directory()
    directory.take_in(
        folder(tmp_path / "two", changed(location={"latitude": "", "longitude": ""}, address=two))
    )
    assert round(directory.listing()["latitude"], 1) == 47.6


def test_a_virtual_location_is_not_found_by_distance_even_with_an_address(tmp_path):
    where, warned, _zone = placed(
        tmp_path, {"location_type": "virtual", "latitude": "", "longitude": ""}, {"postal_code": "98104"}
    )
    assert where is None
    assert "it is virtual, and cannot be found by distance" in warned


def test_a_service_with_only_an_area_is_kept_and_said_not_to_be_found_by_distance(tmp_path):
    tables = changed(service_area=[{"id": "r1", "service_id": "s1", "name": "King County"}])
    del tables["service_at_location"]
    directory = Directory()
    report = directory.take_in(folder(tmp_path, tables))
    assert directory.only("service_area")["name"] == "King County"
    assert "it is at no location: it cannot be found by distance" in kinds(report.warnings)
