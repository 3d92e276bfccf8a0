"""The API over a real directory: the sample, the standard's own example and an odd little town."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot.config import Settings
from bot.db import make_engine, reading, writing
from services_directory.api import blueprint
from services_directory.importers.identity import as_uuid
from services_directory.importing import import_directory
from services_directory.schemas import LISTS, schema, tables
from tests.integration.conftest import ROOT, SETTINGS, migrate

SAMPLE = ROOT / "services_directory" / "data" / "sample"
EXAMPLES = ROOT / "tests" / "fixtures" / "directories" / "hsds-3.2.3"
TOWN = Path(__file__).parent / "town"
TODAY = date(2026, 11, 25)
#: A Wednesday, noon in Seattle.
NOON = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
BASE = SETTINGS["PUBLIC_BASE_URL"]
#: The schema of each path's objects in lists and alone.
SCHEMAS = {
    "services": ("service_list", "service"),
    "service_at_locations": ("service_at_location_list", "service_at_location"),
    "organizations": ("organization_list", "organization"),
    "taxonomies": ("taxonomy", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}


def town(table: str, word: str) -> str:
    """The id that a word of the town's files was given."""
    return as_uuid("town", table, word)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def directory_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of our own of each kind: the other tests empty theirs."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('hsds') / 'directory.db'}"
    given = Settings.from_env(
        {**SETTINGS, "DATABASE_URL": request.getfixturevalue("postgresql_url")}
    ).database_url
    admin = create_engine(given, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS hsds_api"))
        connection.execute(text("CREATE DATABASE hsds_api"))
    admin.dispose()
    return make_url(given).set(database="hsds_api").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def directory(directory_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Three sources, one of which no longer has a service that it had before."""
    engine = make_engine(directory_url)
    migrate(engine)
    before = tmp_path_factory.mktemp("before") / "town"
    shutil.copytree(TOWN, before)
    for file, row in (
        ("services.csv", "gone,kitchen,Lunch of last year,,,active,,,,,,\n"),
        ("service_at_location.csv", "gone-hall,gone,hall,\n"),
        ("phones.csv", "gone,supper,,,,+1 206 555 0179,\n"),
    ):
        with (before / file).open("a") as sheet:
            sheet.write(row)
    for path, source in ((SAMPLE, "sample"), (EXAMPLES / "service_full.json", "example"), (before, "town")):
        with writing(engine) as session:
            import_directory(session, path, source, TODAY)
    with writing(engine) as session:
        import_directory(session, TOWN, "town", TODAY)
    yield engine
    engine.dispose()


def application(engine: Engine, at: datetime = NOON, **wished: Any) -> Flask:
    app = Flask("hsds")
    app.register_blueprint(blueprint(lambda: reading(engine), lambda: at, BASE, **wished))
    return app


@pytest.fixture(scope="session")
def client(directory: Engine) -> FlaskClient:
    return application(directory).test_client()


class Api:
    """Asks for things the short way."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def page(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.client.get(f"/hsds/{path}", query_string=asked)
        assert answer.status_code == 200, answer.text
        return answer.json

    def ids(self, path: str, **asked: Any) -> list[str]:
        return [one["id"] for one in self.page(path, per_page=500, **asked)["contents"]]

    def names(self, path: str, **asked: Any) -> set[str]:
        return {one["name"] for one in self.page(path, per_page=500, **asked)["contents"]}


@pytest.fixture(scope="session")
def api(client: FlaskClient) -> Api:
    return Api(client)


@cache
def official(name: str) -> Draft202012Validator:
    """Checks against the standard's own schema files, formats included."""
    resources = [
        (f"{one}.json", Resource.from_contents(schema(one), default_specification=DRAFT202012))
        for one in (*tables(), *LISTS)
    ]
    return Draft202012Validator(
        {"$ref": f"{name}.json"},
        registry=Registry().with_resources(resources),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return found
