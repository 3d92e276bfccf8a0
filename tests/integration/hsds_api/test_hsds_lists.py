"""Lists: pages, lines, full-text search, the standard's filters; retired rows; how many queries it takes."""

import json
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.integration.hsds_api.conftest import SCHEMAS, Api, application, town


@pytest.mark.parametrize("path", SCHEMAS)
@pytest.mark.parametrize("asked", [{}, {"search": "sample"}], ids=["all", "searched"])
def test_pages_hold_every_object_once(api, path, asked):
    first = api.page(path, per_page=7, **asked)
    pages = [
        api.page(path, per_page=7, page=number, **asked) for number in range(1, first["total_pages"] + 1)
    ]
    ids = [one["id"] for page in pages for one in page["contents"]]
    assert len(ids) == len(set(ids)) == first["total_items"]
    assert set(ids) == set(api.ids(path, **asked))
    for number, page in enumerate(pages, 1):
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"]) > 0
        assert page["first_page"] == (number == 1)
        assert page["last_page"] == (number == len(pages))
        assert page["empty"] is False


@pytest.mark.parametrize("number", [4000, 10**9, 10**40])
def test_a_page_after_the_last_is_empty(api, number):
    page = api.page("services", page=number)
    assert (page["empty"], page["size"], page["contents"]) == (True, 0, [])
    assert page["last_page"]
    assert page["total_items"] > 0


def test_an_empty_list_is_one_empty_page(api):
    page = api.page("services", search="no such words anywhere")
    assert (page["total_items"], page["total_pages"], page["empty"]) == (0, 0, True)
    assert page["first_page"]
    assert page["last_page"]


@pytest.mark.parametrize(
    ("asked", "most"), [({}, 500), ({"full": "true"}, 50), ({"minimal": "true"}, 10_000)]
)
def test_a_page_holds_so_much_at_most_and_says_so(api, asked, most):
    page = api.page("services", per_page=1_000_000, **asked)
    assert page["size"] == min(most, page["total_items"])
    assert page["warnings"] == [f"per_page is at most {most} here"]


def test_minimal_services_say_who_they_are_and_when_they_were_modified(api):
    page = api.page("services", minimal="true")
    assert page["total_pages"] == 1
    supper = next(one for one in page["contents"] if one["name"] == "Late supper")
    assert supper == {
        "id": town("service", "supper"),
        "name": "Late supper",
        "status": "active",
        "modified_date": "2026-11-01T08:00:00-08:00",
    }


@pytest.mark.parametrize("path", SCHEMAS)
@pytest.mark.parametrize("asked", [{}, {"search": "sample"}, {"page": 3, "per_page": 2}])
def test_lines_are_all_objects_without_pages(api, path, asked):
    answer = api.client.get(f"/hsds/{path}", query_string={**asked, "format": "ndjson"})
    assert answer.content_type == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    wanted = {name: value for name, value in asked.items() if name == "search"}
    assert lines == api.page(path, per_page=500, **wanted)["contents"]


def test_lines_can_be_whole_objects(api):
    answer = api.client.get("/hsds/services", query_string={"format": "ndjson", "full": "true"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {one["id"] for one in lines} == set(api.ids("services"))
    assert any(one.get("schedules") for one in lines)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("late supper", {"Late supper"}),
        ("SUPPER Late", {"Late supper"}),
        ("la supp", {"Late supper"}),
        ("medico", {"Médico de familia"}),
        ("MÉDICO FAMILIA", {"Médico de familia"}),
        ("family doctor", {"Médico de familia"}),
        ("clínica buena", {"Médico de familia", "Old clinic"}),
        ("night kitchen questions", {"Late supper"}),
        ("women's", {"Women's shelter"}),
        ("supper doctor", set()),
        ("upper", set()),
        ("%", set()),
        ("late_supper", {"Late supper"}),
    ],
)
def test_every_word_must_stand_in_the_names_the_description_or_the_organizations_name(api, words, names):
    assert api.names("services", search=words) == names


def test_search_finds_services_at_locations_organizations_and_terms_too(api):
    assert set(api.ids("service_at_locations", search="late supper")) == {
        town("service_at_location", "supper-hall"),
        town("service_at_location", "supper-annex"),
    }
    assert api.names("organizations", search="clinica") == {"Clínica Buena Salud"}
    assert api.names("taxonomy_terms", search="t1.1") == {"Free meals"}
    assert api.names("taxonomies", search="town") == {"Town list"}


def test_more_words_than_anybody_means_are_cut_and_it_says_so(api):
    for _ in range(2):
        page = api.page("services", search=" ".join(["supper", "late"] + [f"no{n}" for n in range(30)]))
        assert page["warnings"] == ["search looks for the first 20 words"]
        assert page["empty"]


def test_a_term_on_the_service_or_on_it_at_a_location_counts(api):
    meals = town("taxonomy_term", "meals")
    assert api.names("services", taxonomy_term_id=meals) == {"Late supper", "Breakfast for veterans"}
    assert set(api.ids("service_at_locations", taxonomy_term_id=meals)) == {
        town("service_at_location", word) for word in ("supper-hall", "supper-annex", "breakfast-hall")
    }
    assert api.names("organizations", taxonomy_term_id=meals) == {"Night Kitchen"}
    food = town("taxonomy_term", "food")
    assert api.names("services", taxonomy_term_id=food) == set()
    assert api.names("organizations", taxonomy_term_id=food) == {"Night Kitchen"}


def test_a_taxonomy_means_any_of_its_terms(api):
    list_ = town("taxonomy", "town")
    assert api.names("services", taxonomy_id=list_) == {"Late supper", "Breakfast for veterans"}
    assert api.names("taxonomy_terms", taxonomy_id=list_) == {"Food", "Free meals"}


def test_terms_by_their_parents(api):
    assert api.names("taxonomy_terms", parent_id=town("taxonomy_term", "food")) == {"Free meals"}
    assert "Free meals" not in api.names(
        "taxonomy_terms", taxonomy_id=town("taxonomy", "town"), top_only="true"
    )


def test_an_organizations_services(api):
    clinic = town("organization", "clinica")
    assert api.names("services", organization_id=clinic) == {"Médico de familia", "Old clinic"}
    assert api.names("services", organization_id=clinic.upper()) == {"Médico de familia", "Old clinic"}
    assert len(api.ids("service_at_locations", organization_id=clinic)) == 3


@pytest.mark.parametrize("name", ["taxonomy_term_id", "taxonomy_id", "organization_id"])
@pytest.mark.parametrize("value", ["nobody", "x" * 300, "00000000-0000-0000-0000-000000000000", "a\x00b"])
def test_an_id_of_nothing_finds_nothing(api, name, value):
    assert api.page("services", **{name: value})["empty"]


def test_filters_add_up(api):
    kitchen = town("organization", "kitchen")
    meals = town("taxonomy_term", "meals")
    assert api.names("services", organization_id=kitchen, taxonomy_term_id=meals, search="veterans") == {
        "Breakfast for veterans"
    }


@pytest.mark.parametrize(
    ("after", "names"),
    [
        ("2026-10-31T00:00:00Z", {"Late supper", "Breakfast for veterans"}),
        ("2026-11-01T16:00:00Z", {"Late supper"}),
        ("2026-11-01T08:00:00-08:00", {"Late supper"}),
        ("2026-11-01T16:00:01Z", set()),
        ("0001-01-01T00:00:00+14:00", {"Late supper", "Breakfast for veterans"}),
        ("9999-12-31T23:59:59Z", set()),
    ],
)
def test_modified_after_knows_offsets_and_leaves_out_what_does_not_say(api, after, names):
    asked = {"modified_after": after, "organization_id": town("organization", "kitchen")}
    assert api.names("services", **asked) == names
    assert len(api.ids("service_at_locations", **asked)) == len(names) + ("Late supper" in names)


def test_a_retired_service_is_nowhere(api):
    gone = town("service", "gone")
    assert api.client.get(f"/hsds/services/{gone}").status_code == 404
    assert gone not in api.ids("services")
    assert "Lunch of last year" not in api.client.get("/hsds/services?format=ndjson").text
    assert api.page("services", search="lunch of last year")["empty"]
    assert (
        api.client.get(f"/hsds/service_at_locations/{town('service_at_location', 'gone-hall')}").status_code
        == 404
    )
    supper = api.page(f"services/{town('service', 'supper')}")
    assert [phone["number"] for phone in supper["phones"]] == ["+1 206 555 0171"]
    kitchen = api.page(f"organizations/{town('organization', 'kitchen')}")
    assert len(kitchen["services"]) == 3


def test_values_the_schema_would_refuse_are_mended_or_left_out(api):
    clinic = api.page(f"organizations/{town('organization', 'clinica')}")
    assert clinic["website"] == "http://www.example.org/cl%C3%ADnica"
    assert "email" not in clinic
    shelter = api.page(f"services/{town('service', 'women')}")
    assert "last_modified" not in shelter
    assert [one["updated"] for one in shelter["capacities"]] == ["2026-11-20T00:00:00Z"]
    assert shelter["capacities"][0]["unit"]["name"] == "Bed"
    doctor = api.page(f"services/{town('service', 'doctor')}")
    assert doctor["url"] == "http://example.org/a%20b"


def test_an_organizations_services_are_flat_unless_asked_for_whole(api):
    kitchen = town("organization", "kitchen")
    flat = api.page(f"organizations/{kitchen}")["services"]
    whole = api.page(f"organizations/{kitchen}", full_service="true")["services"]
    assert [one["id"] for one in flat] == [one["id"] for one in whole]
    assert not any("schedules" in one for one in flat)
    assert all("schedules" in one for one in whole)
    assert any("location" in at for one in whole for at in one["service_at_locations"])


@contextmanager
def counted(engine):
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["services", "service_at_locations", "organizations"])
def test_a_page_of_many_whole_objects_takes_no_more_queries_than_one_of_few(directory, path):
    def queries(size):
        fresh = Api(application(directory).test_client())
        with counted(directory) as statements:
            assert fresh.page(path, per_page=size, full="true", full_service="true")["size"] == size
        return len(statements)

    few, many = queries(10), queries(50)
    assert many <= 50
    # An edge that leads nowhere is not asked: what ten rows have none of, fifty may have.
    assert many - few <= 10
