"""The door: wrong requests, headers, caching, too many at once, no database; and the line opens it."""

import pytest
from sqlalchemy import create_engine

from bot.db import make_engine, writing
from services_directory.importing import import_directory
from tests.integration.conftest import migrate
from tests.integration.hsds_api.conftest import SAMPLE, SCHEMAS, TODAY, application, town


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("page=0", "page"), ("page=-1", "page"), ("page=one", "page"), ("page=", "page"),
        ("page=1.5", "page"), ("page=1&page=2", "page"), ("per_page=0", "per_page"),
        ("per_page=٣", "per_page"),
        ("format=xml", "format"), ("full=yes", "full"), ("minimal=1", "minimal"),
        ("modified_after=yesterday", "modified_after"), ("modified_after=2026-11-25", "modified_after"),
        ("open_at=2026-11-25T09:00:00", "open_at"), ("open_now=maybe", "open_now"),
        ("postcode=9810", "postcode"), ("postcode=98104%20", "postcode"), ("proximity=far", "proximity"),
        ("proximity=-1", "proximity"), ("proximity=nan", "proximity"), ("age=-1", "age"), ("age=200", "age"),
        ("gender=any", "gender"), ("language=Spanish", "language"), ("need=love", "need"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_used_is_named_with_the_reason(client, asked, name):
    answer = client.get(f"/hsds/services?{asked}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert [one["name"] for one in answer.json["invalid_params"]] == [name]
    assert answer.json["invalid_params"][0]["reason"]
    assert name in answer.json["detail"]


def test_all_wrong_parameters_are_named_at_once(client):
    answer = client.get("/hsds/services?page=0&full=x&age=y")
    assert {one["name"] for one in answer.json["invalid_params"]} == {"page", "full", "age"}


def test_a_parameter_we_do_not_know_is_left_aside_and_it_says_so(client):
    page = client.get("/hsds/services?openow=true").json
    assert page["warnings"] == ["'openow' is no parameter here: it was left aside"]
    assert page["contents"] == client.get("/hsds/services").json["contents"]


@pytest.mark.parametrize("path", SCHEMAS)
@pytest.mark.parametrize(
    "row_id", ["nobody", "00000000-0000-0000-0000-000000000000", "%00", "a" * 500, "%F0%28"]
)
def test_an_unknown_id_is_404(client, path, row_id):
    answer = client.get(f"/hsds/{path}/{row_id}")
    assert (answer.status_code, answer.json["status"]) == (404, 404)


def test_ids_are_found_in_capitals_too(client):
    assert client.get(f"/hsds/services/{town('service', 'supper').upper()}").json["name"] == "Late supper"


@pytest.mark.parametrize("path", ["/hsds/nothing", "/hsds/services/a/b", "/hsds/profile/schema/nothing.json"])
def test_an_unknown_path_is_404_in_json(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/hsds", "/hsds/", *(f"/hsds/{path}" for path in SCHEMAS), "/hsds/profile"])
def test_a_slash_at_the_end_makes_no_difference(client, path):
    plain, slashed = client.get(path.rstrip("/")), client.get(path.rstrip("/") + "/")
    assert plain.status_code == slashed.status_code == 200
    assert plain.data == slashed.data


def test_two_slashes_lead_to_one(client):
    assert client.get("/hsds//services", follow_redirects=True).json == client.get("/hsds/services").json


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_can_be_written(client, method):
    for path in ("/hsds/", "/hsds/services", f"/hsds/services/{town('service', 'supper')}"):
        answer = getattr(client, method)(path)
        assert answer.status_code == 405
        assert answer.content_type == "application/problem+json"
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", SCHEMAS)
def test_a_list_can_be_asked_for_by_post_as_the_standard_has_it(client, path):
    asked = {"search": "sample", "per_page": 3}
    got, posted = (
        client.get(f"/hsds/{path}", query_string=asked),
        client.post(f"/hsds/{path}", query_string=asked),
    )
    assert posted.status_code == 200
    assert posted.json == got.json


def test_head_has_the_headers_and_no_body(client):
    for path in ("/hsds/services", "/hsds/services?format=ndjson", "/hsds/"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == 200
        assert head.data == b""
        assert head.headers["ETag"] == got.headers["ETag"]


def test_any_page_on_the_web_may_read_it(client):
    for path in ("/hsds/", "/hsds/services", "/hsds/services?page=0", "/hsds/nothing"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options("/hsds/services", headers={"Origin": "https://example.org"})
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "path", ["/hsds/", "/hsds/services", "/hsds/services?search=supper", "/hsds/openapi.json"]
)
def test_who_has_the_same_already_gets_304(client, path):
    first = client.get(path)
    assert "max-age" in first.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_tags_tell_requests_apart(client):
    paths = ["/hsds/services", "/hsds/services?page=2", "/hsds/organizations", "/hsds/services?full=true"]
    assert len({client.get(path).headers["ETag"] for path in paths}) == len(paths)


def test_after_an_import_everything_is_asked_anew(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'changing.db'}")
    migrate(engine)
    client = application(engine).test_client()
    before = client.get("/hsds/services?search=sample")
    assert before.json["total_items"] == 0
    with writing(engine) as session:
        import_directory(session, SAMPLE, "sample", TODAY)
    after = client.get("/hsds/services?search=sample", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json["total_items"] == 61
    engine.dispose()


def test_more_requests_at_once_than_it_may_take_are_sent_away_and_room_is_made_again(directory):
    client = application(directory, at_once=1).test_client()
    slow = client.get("/hsds/services?format=ndjson", buffered=False)
    assert slow.status_code == 200
    away = client.get("/hsds/services")
    assert (away.status_code, away.json["status"]) == (429, 429)
    assert away.headers["Retry-After"]
    slow.close()
    for _ in range(3):
        assert client.get("/hsds/services?page=0").status_code == 400
        assert client.get("/hsds/services").status_code == 200
        assert client.get("/hsds/services?format=ndjson").status_code == 200
        assert client.head("/hsds/services?format=ndjson").status_code == 200


def test_without_its_tables_it_says_that_it_cannot_answer_now(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    client = application(engine).test_client()
    answer = client.get("/hsds/services")
    assert (answer.status_code, answer.json["status"]) == (503, 503)
    assert answer.headers["Retry-After"]
    assert client.get("/hsds/").status_code == 200
    engine.dispose()


def test_the_line_opens_it_beside_the_webhooks_and_leaves_their_errors_alone(app):
    client = app.test_client()
    assert client.get("/hsds/").json["openapi_url"] == "https://line.example.org/hsds/openapi.json"
    assert client.get("/hsds/services?open_now=true").json["empty"]
    assert client.post("/twilio/sms", data={"Body": "food"}).status_code == 403
    assert client.get("/nothing").content_type.startswith("text/html")
    too_big = client.post("/hsds/services", data=b"x" * 1_000_000, content_type="text/plain")
    assert too_big.status_code in {200, 413}
