"""JSON however it is wrapped and nested: what belongs together stays together."""

import json

import pytest

from services_directory.errors import DirectoryImportError
from tests.unit.services_directory.taking_in import FIXTURES, NOON, Directory, kinds, written

ADDRESS = {
    "id": "d1",
    "address_1": "1 Sample St",
    "city": "Seattle",
    "state_province": "WA",
    "postal_code": "98104",
}
LOCATION = {
    "id": "l1",
    "location_type": "physical",
    "name": "Hall",
    "latitude": 47.6,
    "longitude": -122.33,
    "addresses": [ADDRESS],
}
SERVICE = {
    "id": "s1",
    "name": "Food Pantry",
    "status": "active",
    "organization": {"id": "o1", "name": "Sample Aid", "description": "Helps."},
    "service_at_locations": [{"id": "a1", "location": LOCATION}],
    "phones": [{"id": "p1", "number": "206-555-0100"}],
    "schedules": [
        {"id": "h1", "freq": "WEEKLY", "byday": ["WE", "TH"], "opens_at": "09:00", "closes_at": "17:00"}
    ],
    "languages": [{"id": "g1", "name": "Spanish", "code": "es"}],
    "attributes": [{"id": "t1", "taxonomy_term": {"id": "x1", "code": "FOO", "name": "Food Pantries"}}],
}


def whole(directory):
    """Everything of the one service came in and hangs together."""
    (match,) = directory.near("food", "98104", NOON)
    assert (match.service_name, match.organization_name) == ("Food Pantry", "Sample Aid")
    assert (match.phone, match.hours.kind) == ("206-555-0100", "open")
    assert "1 Sample St" in match.address
    assert directory.listing()["languages"] == ",es,"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"total_items": 1, "page_number": 1, "size": 1, "empty": False, "contents": [one]},
        lambda one: [{"page_number": 1, "contents": [one]}, {"page_number": 2, "contents": []}],
        lambda one: {"data": [one]},
        lambda one: {"results": [one], "next": None},
        lambda one: {"services": [one]},
        lambda one: {"data": {"services": {"edges": [{"node": one}]}}},
        lambda one: {"meta": {"version": "3.0"}, "response": {"items": [one]}},
        lambda one: {
            "name": "Export of a county",
            "services": [one] + [{**one, "id": f"s{n}"} for n in range(150)],
        },
        lambda one: {"content": [one], "totalElements": 1, "last": True},
        lambda one: {"services.json": [one]},
        lambda one: {"services": {"s1": one, "s2": {**one, "id": "s2"}}},
        lambda one: {"services": {f"-N{n}": {**one, "id": f"s{n}"} for n in range(150)}},
    ],
)
def test_pages_and_envelopes(tmp_path, wrap):
    directory = Directory()
    report = directory.take_in(written(tmp_path / "x.json", wrap(SERVICE)))
    assert report.refused == []
    assert directory.near("food", "98104", NOON)[0].organization_name == "Sample Aid"


def test_lines_of_json_and_objects_one_after_another(tmp_path):
    second = {
        "id": "s2",
        "name": "Night Shelter",
        "organization_id": "o1",
        "service_at_locations": [{"id": "a2", "location": LOCATION}],
    }
    for name, glue in (("x.ndjson", "\n"), ("x.jsonl", "\r\n"), ("x.json", "")):
        directory = Directory()
        directory.take_in(written(tmp_path / name, json.dumps(SERVICE) + glue + json.dumps(second)))
        assert set(directory.found()) == {"Food Pantry", "Night Shelter"}


def test_a_service_with_all_that_is_its(tmp_path):
    directory = Directory()
    assert directory.take_in(written(tmp_path / "x.json", SERVICE)).warnings == []
    whole(directory)
    assert directory.only("schedule")["byday"] == "WE,TH"


def test_an_organization_with_its_services_and_their_places(tmp_path):
    inner = {key: value for key, value in SERVICE.items() if key != "organization"}
    directory = Directory()
    directory.take_in(written(tmp_path / "x.json", {**SERVICE["organization"], "services": [inner]}))
    whole(directory)


def test_an_organization_with_its_places_and_what_is_given_there(tmp_path):
    inner = {
        key: value for key, value in SERVICE.items() if key not in {"organization", "service_at_locations"}
    }
    said = {**SERVICE["organization"], "locations": [{**LOCATION, "services": [inner]}]}
    directory = Directory()
    directory.take_in(written(tmp_path / "x.json", [said]))
    whole(directory)
    assert directory.only("location")["organization_id"] == directory.only("organization")["id"]


def test_a_service_at_a_location_with_both_ends_inside(tmp_path):
    inner = {key: value for key, value in SERVICE.items() if key != "service_at_locations"}
    directory = Directory()
    directory.take_in(written(tmp_path / "x.json", [{"id": "a1", "service": inner, "location": LOCATION}]))
    whole(directory)


def test_a_service_with_locations_and_no_word_of_service_at_location(tmp_path):
    inner = {key: value for key, value in SERVICE.items() if key != "service_at_locations"}
    for places in ({"locations": [LOCATION]}, {"location": LOCATION}):
        directory = Directory()
        directory.take_in(written(tmp_path / "x.json", {**inner, **places}))
        whole(directory)


def test_without_ids_things_are_known_by_what_they_are_called(tmp_path):
    def bare(one):
        if isinstance(one, dict):
            return {key: bare(value) for key, value in one.items() if key != "id"}
        return [bare(inner) for inner in one] if isinstance(one, list) else one

    directory = Directory()
    path = written(tmp_path / "x.json", bare(SERVICE))
    directory.take_in(path)
    whole(directory)
    written(path, bare({**SERVICE, "description": "Now with bread."}))
    report = directory.take_in(path)
    assert (report.added, report.changed, report.gone) == (0, 1, 0)


def test_what_is_nested_in_many_places_is_one_row_with_all_that_is_said_of_it(tmp_path):
    second = {
        "id": "s2",
        "name": "Night Shelter",
        "service_at_locations": [{"id": "a2", "location": LOCATION}],
        "organization": {"id": "o1", "name": "Sample Aid", "website": "http://example.org"},
    }
    directory = Directory()
    report = directory.take_in(written(tmp_path / "x.json", [SERVICE, second]))
    row = directory.only("organization")
    assert (row["description"], row["website"]) == ("Helps.", "http://example.org")
    assert len(directory.rows("location")) == len(directory.rows("address")) == 1
    assert (report.listed, report.warnings) == (2, [])


def test_older_json_with_older_names(tmp_path):
    said = {
        "id": "s1",
        "name": "Food Pantry",
        "organization": {"id": "o1", "name": "Sample Aid", "url": "http://example.org"},
        "eligibilitys": [{"id": "e1", "eligibility": "adults", "minimum_age": 18}],
        "regular_schedules": [
            {"id": "r1", "weekday": "Wednesday", "opens_at": "09:00", "closes_at": "17:00"}
        ],
        "holiday_schedules": [
            {"id": "r1", "closed": True, "start_date": "2026-12-25", "end_date": "2026-12-25"}
        ],
        "service_taxonomys": [
            {"id": "t1", "taxonomy": {"id": "x1", "name": "Food Pantries", "vocabulary": "211"}}
        ],
        "languages": [{"id": "g1", "language": "Spanish"}],
        "contacts": [{"id": "c1", "name": None, "phones": [{"id": "p1", "number": "206-555-0100"}]}],
        "phones": ["206-555-0100"],
        "service_at_locations": [
            {
                "id": "a1",
                "location": {
                    "id": "l1",
                    "latitude": "47.6",
                    "longitude": "-122.33",
                    "physical_addresses": [{**ADDRESS, "id": "1"}],
                    "postal_addresses": [{**ADDRESS, "id": "1", "address_1": "PO Box 1"}],
                    "accessibility_for_disabilities": [{"id": "z", "accessibility": "ramp"}],
                },
            }
        ],
    }
    directory = Directory()
    report = directory.take_in(written(tmp_path / "x.json", {"content": [said]}))
    assert report.refused == []
    whole(directory)
    assert (directory.listing()["minimum_age"], directory.listing()["wheelchair"]) == (18, 1)
    assert directory.only("organization")["website"] == "http://example.org"
    assert {row["address_type"] for row in directory.rows("address")} == {"physical", "postal"}
    assert str(directory.only("closure")["starts_on"]) == "2026-12-25"


def test_lists_of_plain_words_and_an_address_in_the_service_itself(tmp_path):
    said = {
        "name": "Food Pantry",
        "organization": {"name": "Sample Aid"},
        "languages": ["Spanish", "English"],
        "phones": [{"number": "206-555-0100"}],
        "physical_address": ADDRESS,
        "location": {"latitude": 47.6, "longitude": -122.33},
        "regular_schedule": [{"weekday": "Wednesday", "opens_at": "09:00", "closes_at": "17:00"}],
        "categories": ["Food Pantry"],
    }
    directory = Directory()
    assert directory.take_in(written(tmp_path / "x.json", [said])).refused == []
    assert len(directory.rows("location")) == 1
    assert directory.listing()["languages"] == ",en,es,"
    assert directory.near("food", "98104", NOON)[0].hours.kind == "open"


def test_scraped_directories_in_their_shapes(tmp_path):
    nested = Directory()
    report = nested.take_in(FIXTURES / "flat-json" / "nested-organization.json")
    assert nested.found() == {"Food Pantry": {"food_pantry"}}
    row = nested.listing()
    assert (round(row["latitude"], 2), round(row["longitude"], 2), row["monday"]) == (39.05, -77.03, None)
    assert "position was in web-mercator metres" in kinds(report.warnings)
    beside = Directory()
    beside.take_in(FIXTURES / "flat-json" / "side-by-side.json")
    assert beside.found() == {"Soup Kitchen": {"meal"}}
    assert beside.only("service")["organization_id"] == beside.only("organization")["id"]
    assert beside.listing()["timezone"] == "America/New_York"
    flat = Directory()
    flat.take_in(FIXTURES / "flat-json" / "flat-arrays.json")
    assert flat.found() == {"Grocery Distribution": {"food_pantry"}}
    listing = Directory()
    listing.take_in(FIXTURES / "flat-json" / "listing.json")
    assert listing.found() == {"Sample Apartments Food Bank": {"food_pantry"}}
    assert listing.only("weekly_hours")["opens"] == 15 * 60


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (json.dumps(SERVICE).encode("utf-8-sig"), "x.json"),
        (json.dumps(SERVICE).encode("utf-16"), "x.json"),
        (json.dumps({**SERVICE, "description": "Café"}, ensure_ascii=False).encode("cp1252"), "x.json"),
        (json.dumps({**SERVICE, "maximum_age": float("nan")}).encode(), "x.json"),
        (json.dumps(SERVICE).replace('"]', '",]').encode(), "x.json"),
        (f"export const list = {json.dumps(SERVICE)};".encode(), "x.js"),
        (
            b"// saved\nvar a = "
            + json.dumps([SERVICE]).replace('"id"', "id").replace('"name"', "'name'").encode(),
            "x.js",
        ),
    ],
)
def test_json_that_is_not_quite_strict(tmp_path, said, name):
    directory = Directory()
    directory.take_in(written(tmp_path / name, said))
    whole(directory)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("1e400", None),
        ("123456789012345678901234567890", None),
        ('"12"', 12),
        ("null", None),
        ("true", None),
        ("12.5", 12.5),
    ],
)
def test_numbers_of_any_size_and_kind(tmp_path, value, kept):
    said = json.dumps(SERVICE)[:-1] + f', "minimum_age": {value}}}'
    directory = Directory()
    assert directory.take_in(written(tmp_path / "x.json", said)).refused == []
    assert directory.only("service")["minimum_age"] == kept


def test_characters_that_are_none_do_not_stop_anything(tmp_path):
    said = json.dumps({**SERVICE, "description": "x"}).replace('"x"', r'"a\ud800b\u0000c\u00e9"')
    directory = Directory()
    directory.take_in(written(tmp_path / "x.json", said))
    assert str(directory.only("service")["description"]).endswith("cé")


def test_an_object_nobody_knows_is_named_and_passed_over(tmp_path):
    directory = Directory()
    report = directory.take_in(
        written(tmp_path / "x.json", {"services": [SERVICE], "audit": [{"id": 1, "by": "me"}]})
    )
    whole(directory)
    assert [str(one) for one in report.warnings] == [
        "x.json, row 1 (audit): it is no kind of object we know: left out"
    ]


@pytest.mark.parametrize(
    "said", ["[]", "{}", "[1, 2]", '"services"', "null", "[[[]]]", '{"contents": []}', '[{"x": {"y": [{}]}}]']
)
def test_json_without_a_service_is_refused(tmp_path, said):
    with pytest.raises(DirectoryImportError, match="no service"):
        Directory().take_in(written(tmp_path / "x.json", said))


def test_json_nested_without_end_is_refused(tmp_path):
    with pytest.raises(DirectoryImportError):
        Directory().take_in(written(tmp_path / "x.json", '{"services": ' + "[" * 100_000))


@pytest.mark.parametrize("name", ["service_full", "service_at_location_full", "organization_full"])
def test_the_official_service_at_location_keeps_its_own_id_and_hours_wherever_it_stands(name):
    directory = Directory()
    directory.take_in(FIXTURES / "hsds-3.2.3" / f"{name}.json")
    own_id = "e94c9f38-1e8f-4564-91d4-d53501ab1765"
    assert directory.only("service_at_location")["id"] == own_id
    assert directory.only("schedule")["service_at_location_id"] == own_id
