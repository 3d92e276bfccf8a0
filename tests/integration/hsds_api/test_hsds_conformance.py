"""Every answer fits the standard's own schemas and our OpenAPI document; the example comes back as it is."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from services_directory.schemas import datapackage, schema, tables
from tests.integration.hsds_api.conftest import BASE, SCHEMAS, application, example, official


@pytest.fixture(scope="module")
def openapi(directory):
    return schemathesis.openapi.from_wsgi("/hsds/openapi.json", application(directory))


def errors_of(name, value):
    return [f"{error.json_path}: {error.message}" for error in official(name).iter_errors(value)]


@pytest.mark.parametrize("path", SCHEMAS)
@pytest.mark.parametrize("asked", [{}, {"full": "true"}, {"full_service": "true"}, {"minimal": "true"}])
def test_every_list_holds_what_the_standard_says(api, path, asked):
    item, whole = SCHEMAS[path]
    takes = path in {"services", "service_at_locations", "organizations"}
    page = api.page(path, **asked)
    assert page["total_items"] > 0
    for one in page["contents"]:
        assert errors_of(item, one) == []
        if takes and "minimal" not in asked:
            assert errors_of(whole, one) == []


@pytest.mark.parametrize("path", SCHEMAS)
def test_every_object_alone_holds_what_the_standard_says(api, path):
    ids = api.ids(path)
    assert ids
    for row_id in ids:
        assert errors_of(SCHEMAS[path][1], api.page(f"{path}/{row_id}")) == []


def test_what_organizations_and_services_at_locations_hold_more_are_whole_services(api):
    for row_id in api.ids("organizations"):
        for service in api.page(f"organizations/{row_id}", full_service="true").get("services", []):
            assert errors_of("service", service) == []
    for row_id in api.ids("service_at_locations"):
        assert errors_of("service", api.page(f"service_at_locations/{row_id}")["service"]) == []


#: What the import mends in the example: a trailing space, quotes around a number, a latitude of 100; and
#: words that name no table, where the object stands in a service.
MENDED = {"latitude", "longitude", "link_entity", "resource_type"}


def compared(value):
    if isinstance(value, dict):
        return {name: compared(inner) for name, inner in value.items() if name not in MENDED}
    if isinstance(value, list):
        return [compared(inner) for inner in value]
    return value.strip(' "') if isinstance(value, str) else value


def test_the_official_service_comes_back_as_the_standard_shows_it(api):
    expected = example("service_full")
    got = api.page(f"services/{expected['id']}")
    assert compared(got) == compared(expected)
    assert list(got) == list(expected)


def test_the_official_organization_comes_back_as_the_standard_shows_it(api):
    expected = example("organization_full")
    got = api.page(f"organizations/{expected['id']}", full_service="true")
    assert compared(got) == compared(expected)


def test_the_official_service_at_location_comes_back_as_the_standard_shows_it(api):
    expected = example("service_at_location_full")
    got = api.page(f"service_at_locations/{expected['id']}")
    assert compared(got) == compared(expected)


def test_the_official_service_in_a_list_is_as_the_standard_shows_it(api):
    expected = example("service_list")["contents"][0]
    got = api.page("services", search=expected["name"], organization_id=expected["organization"]["id"])
    assert compared(got["contents"]) == [compared(expected)]


def test_the_root_says_what_the_api_is_and_what_it_names_resolves(client):
    about = client.get("/hsds/").json
    assert about["version"] == "3.2"
    for name in ("profile", "openapi_url", "data_guide"):
        assert about[name].startswith(f"{BASE}/hsds/")
        assert client.get(about[name].removeprefix(BASE)).status_code == 200
    assert about["publisher"]["name"]


def test_the_profile_names_its_parameters_its_changes_and_its_schemas(client):
    profile = client.get("/hsds/profile").json
    ours = {one["name"] for one in profile["parameters"]}
    assert {"open_now", "open_at", "language", "need", "age", "gender"} <= ours
    assert {"search", "page", "taxonomy_id"} & ours == set()
    changes = client.get(profile["modifications"][0].removeprefix(BASE)).json
    assert changes["components"]["parameters"].keys() == ours
    for name in tables():
        assert client.get(f"/hsds/profile/schema/{name}.json").json == schema(name)


def references_in(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from references_in(inner)


def test_the_openapi_document_needs_no_other_address(client):
    document = client.get("/hsds/openapi.json").json
    assert document["openapi"].startswith("3.1")
    for reference in set(references_in(document)):
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_the_openapi_document_has_the_paths_and_parameters_of_the_standard_and_marks_ours(client):
    document = client.get("/hsds/openapi.json").json
    lists = {f"/{path}" for path in SCHEMAS}
    assert document["paths"].keys() == {"/"} | lists | {f"{path}/{{id}}" for path in lists}
    for path in lists:
        assert {"get", "post"} <= document["paths"][path].keys()
    assert document["paths"]["/services"]["get"]["tags"] == ["required"]
    operations = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(operations) == len(set(operations))
    marked = {name for name, one in document["components"]["parameters"].items() if one.get("x-hsds-profile")}
    assert "open_now" in marked
    assert "search" not in marked


def test_the_schema_files_of_3_1_have_the_columns_of_the_datapackage_of_3_2_3():
    for resource in datapackage()["resources"]:
        properties = schema(resource["name"])["properties"]
        columns = {one["name"] for one in resource["schema"]["fields"]}
        plain = {name for name, form in properties.items() if form.get("type") in {"string", "number"}}
        assert columns == plain


QUICKLY = settings(
    max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
OPERATIONS = [("get", "/"), *((method, f"/{path}") for path in SCHEMAS for method in ("get", "post"))]
OPERATIONS += [("get", f"/{path}/{{id}}") for path in SCHEMAS]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_asked_well_or_badly_the_answer_is_what_the_document_says(openapi, method, path):
    operation = openapi[path][method.upper()]
    modes = [GenerationMode.POSITIVE]
    if list(operation.iter_parameters()) and "{id}" not in path:
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:

        @QUICKLY
        @given(case=operation.as_strategy(mode))
        def answers(case):
            case.call_and_validate()

        answers()


def test_what_lists_link_to_is_there(openapi):
    openapi.as_state_machine().run(settings=settings(QUICKLY, max_examples=15, stateful_step_count=4))
