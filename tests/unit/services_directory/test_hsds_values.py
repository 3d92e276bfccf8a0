"""Values as the standard's JSON has them, and service areas as programs can read them."""

import json

import pytest
from jsonschema import Draft202012Validator

from services_directory.api.coverage import Area, covers
from services_directory.api.remembered import Ids, Remembered
from services_directory.api.values import email, instant, plain_fields, uri
from services_directory.full_text import words_in
from services_directory.schemas import tables
from services_directory.standard_values import clock_text, plain_number

CHECKER = Draft202012Validator.FORMAT_CHECKER


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("www.example.org", "http://www.example.org"),
        ("example.org/comida y más", "http://example.org/comida%20y%20m%C3%A1s"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/%7Eone#a#b", "http://example.org/%7Eone#a%23b"),
        ("mailto:info@example.org", "mailto:info@example.org"),
        ("http://example.org:port/", None),
        ("see our page", None),
        ("none", None),
        ("http://", None),
        ("//example.org", None),
    ],
)
def test_a_web_address_is_mended_or_left_out(given, told):
    assert uri(given) == told
    assert told is None or CHECKER.conforms(told, "uri")


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ("info@example.org", True), ("a.b+c@mail.example.org", True), ("a@b", True),
        ("info at example.org", False), ("a@example.org, b@example.org", False), ("@example.org", False),
        ("a..b@example.org", False), ("niña@example.org", False), ("info@", False),
    ],
)  # fmt: skip
def test_an_email_address_is_one_or_left_out(given, fits):
    assert email(given) == (given if fits else None)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2023-03-15T10:30:45.123Z", "2023-03-15T10:30:45.123Z"),
        ("2024-09-25T14:23:06.5+01:00", "2024-09-25T14:23:06.5+01:00"),
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        ("2026-11-20 08:30", "2026-11-20T08:30:00Z"),
        ("2026-11-20T08:30-08:00", "2026-11-20T08:30:00-08:00"),
        ("2026-13-40T10:30:45Z", None),
        ("last week", None),
    ],
)
def test_an_instant_is_rfc_3339_or_left_out(given, told):
    assert instant(given) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [("09:00", "09:00:00"), ("24:00", "24:00:00"), ("09:00Z", "09:00:00Z"), ("09:00+02:00", "09:00:00+02:00"),
     ("9 o'clock", "9 o'clock")],
)  # fmt: skip
def test_clock_times_have_seconds(given, told):
    assert clock_text(given) == told


def test_a_zone_is_put_to_a_time_without_one():
    assert (clock_text("09:00", "Z"), clock_text("09:00+02:00", "Z")) == ("09:00:00Z", "09:00:00+02:00")


@pytest.mark.parametrize(
    ("given", "told"), [(12.0, "12"), (12.5, "12.5"), (1e300, "1e+300"), (7, "7"), (0.0, "0")]
)
def test_whole_numbers_are_written_whole(given, told):
    assert str(plain_number(given)) == told


def test_every_table_has_its_id_first():
    for table in tables():
        assert plain_fields(table)[0].name == "id"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Médico, MÉDICO familia", ["medico", "familia"]),
        ("it's 50% off_now", ["it", "s", "50", "off", "now"]),
        ("Straße", ["strasse"]),
        ("食品 pantry", ["食品", "pantry"]),
        ("%_'\"\\\x00", []),
    ],
)
def test_words_are_folded_and_told_once(text, words):
    assert words_in(text) == words


def square(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


#: 98104 is in Seattle, King County, Washington; its middle is at 47.60, -122.33.
AROUND = square(-123, 47, -122, 48)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("98104", True), ("98101, 98104 and 98107", True), ("98101 only", False),
        ("King County", True), ("Snohomish and King County", True), ("Spokane County", False),
        ("King County, WA", True), ("Seattle", True), ("City of Seattle and Burien", True),
        ("Portland", False), ("The north end", None), ("", None),
        ("Washington", True), ("Washington State, statewide", True), ("WA", True), ("Statewide", True),
        ("Oregon", False), ("Oregon statewide", None), ("Nationwide", True), ("United States", True),
        ("Washington County", False), ("Residents of the MyCity area", None),
    ],
)  # fmt: skip
def test_an_area_in_words_holds_a_zip_or_not_or_does_not_say(name, holds):
    assert covers(Area(name, None, None, None), "98104") is holds
    assert covers(Area("Our area", name, None, None), "98104") is holds


@pytest.mark.parametrize(
    ("shape", "holds"),
    [
        (AROUND, True),
        (square(-118, 47, -117, 48), False),
        ({"type": "Feature", "properties": {}, "geometry": AROUND}, True),
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": AROUND}]}, True),
        ({"type": "GeometryCollection", "geometries": [square(0, 0, 1, 1), AROUND]}, True),
        ({"type": "MultiPolygon", "coordinates": [AROUND["coordinates"], [[[0, 0], [1, 0], [1, 1]]]]}, True),
        (
            {
                "type": "Polygon",
                "coordinates": [
                    AROUND["coordinates"][0],
                    square(-122.5, 47.5, -122.2, 47.7)["coordinates"][0],
                ],
            },
            False,
        ),
    ],
)
def test_a_shape_holds_what_lies_inside_it_and_not_in_its_holes(shape, holds):
    assert covers(Area("Spokane County", None, json.dumps(shape), "geojson"), "98104") is holds


@pytest.mark.parametrize(
    "extent",
    ["extent", "{", '{"type": "Point"}', '{"type": "Polygon", "coordinates": [["a"]]}', '{"a": 1}',
     '{"type": "Polygon", "coordinates": 3}', '{"type": "FeatureCollection", "features": {}}',
     "[" * 9999, "{" * 9999, '{"a":' * 9999],
)  # fmt: skip
def test_a_shape_that_cannot_be_read_says_nothing_and_the_name_counts(extent):
    assert covers(Area("Spokane County", None, extent, "geojson"), "98104") is False
    assert covers(Area("Somewhere", None, extent, "geojson"), "98104") is None


def test_ids_are_given_back_in_their_order_whether_uuids_or_not():
    uuids = [f"0000000{n}-0000-4000-8000-00000000000{n}" for n in range(8)]
    for ids in (uuids, ["b", "a", "c"], []):
        kept = Ids(ids)
        assert len(kept) == len(ids)
        assert kept.slice(0, 100) == ids
        assert kept.slice(1, 2) == ids[1:3]
        assert [one for batch in kept.batches(3) for one in batch] == ids


def test_lists_are_remembered_for_one_state_of_the_directory():
    remembered = Remembered()
    found = []

    def find():
        found.append(1)
        return Ids(["a"])

    for state in ("one", "one", "two", "two"):
        assert remembered.ids(state, "key", find).slice(0, 1) == ["a"]
        assert remembered.total(state, "key", lambda: 1) == 1
    assert len(found) == 2
